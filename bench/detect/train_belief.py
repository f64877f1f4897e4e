"""Learns what each sign of a patient's name weighs (bot/detectors/names/belief.py).

    python -m bench.detect.train_belief            writes the weights (some minutes)
    python -m bench.detect.train_belief --check    says how well they do on authors left out

It reads the labelled lines and messages of this project (`name_examples.py`) and nothing else.
What the words around a place say is learnt from texts as well (`train_surroundings.py`), so for
each author it is asked of weights that the other authors taught: on its own texts it would seem
surer than it is. Nothing is random. Logistic regression, made small by its penalty.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import repeat

import numpy as np

from bench.detect.logistic import Numbers, Rows, learn
from bench.detect.name_examples import Example, Labelled, examples, labelled
from bench.detect.train_surroundings import Model
from bench.detect.train_surroundings import made_of as of_surroundings
from bot.detectors.names.belief import CLEAR, MOST, WEIGHTS, around
from bot.detectors.names.surroundings import AMID, HUNDREDTHS, Place, Said, likely_names

HEADER = "# What each sign of a name weighs, in hundredths of a nat: bench/detect/train_belief.py"
PENALTY = 5.0
GROUPS = 6
# Lines were written to be hard, half of them somebody else's names; messages come as they come.
WEIGHT_OF_MESSAGES = 3.0
# A wrong name wakes people for nothing: it is believed only where it is so much likelier than not.
THRESHOLD = 0.25
# So much more is asked where nothing speaks of care, and where only the words around saw a name.
CAUTION = {"no care": 0.5, AMID: 0.5}


@dataclass(frozen=True, slots=True)
class Weighed:
    """A place where a name may stand, and what others taught of the words around it."""

    example: Example
    group: int
    said: Said


def crossed(known: Sequence[Example]) -> list[Weighed]:
    """What the words around say of each, by what the other authors taught."""
    authors = sorted({example.author for example in known})
    number = {author: place % GROUPS for place, author in enumerate(authors)}
    groups = [number[example.author] for example in known]
    with ProcessPoolExecutor() as pool:
        bare = [replace(example, signs=()) for example in known]
        said = [*map(iter, pool.map(_said_by_others, range(GROUPS), repeat(bare), repeat(groups)))]
    return [
        Weighed(example, group, next(said[group]))
        for example, group in zip(known, groups, strict=True)
    ]


def looked_at(weighed: Sequence[Weighed]) -> list[Weighed]:
    """As the detector does: in no short talk, and amid words only what is likely to be a name.

    A piece of a name is neither a name nor none.
    """
    likely = _likely_amid(weighed)
    return [
        one
        for one in weighed
        if one.example.is_heard
        and not one.example.is_piece
        and (one.example.kind != AMID or (id(one.example.reading), one.example.place) in likely)
    ]


def _likely_amid(weighed: Sequence[Weighed]) -> set[tuple[int, Place]]:
    answers: dict[int, list[tuple[Place, Said]]] = defaultdict(list)
    for one in weighed:
        if one.example.kind == AMID:
            answers[id(one.example.reading)].append((one.example.place, one.said))
    return {(number, place) for number, of_one in answers.items() for place in likely_names(of_one)}


def _said_by_others(number: int, known: Sequence[Example], groups: Sequence[int]) -> list[Said]:
    pairs = [*zip(known, groups, strict=True)]
    model = Model([example for example, group in pairs if group != number])
    return model.said([example for example, group in pairs if group == number])


class Belief:
    """Which signs have a number, and what each of them weighs."""

    def __init__(self, known: Sequence[Weighed]) -> None:
        rows = [dict(_signs(one)) for one in known]
        names = sorted({sign for row in rows for sign in row})
        self.number = {"": 0} | {name: i for i, name in enumerate(names, 1)}
        numbered = [
            [(0, 1.0), *((self.number[sign], value) for sign, value in row.items())] for row in rows
        ]
        is_so = np.array([one.example.is_patient for one in known], dtype=np.float64)
        weight = np.array([one.example.weight(WEIGHT_OF_MESSAGES) for one in known])
        self.weights = learn(Rows.of(numbered, len(self.number)), is_so, weight, PENALTY)

    def weigh(self, one: Weighed) -> float:
        total = float(self.weights[0])
        for sign, value in _signs(one):
            number = self.number.get(sign)
            total += float(self.weights[number]) * value if number is not None else 0.0
        return total


def _signs(one: Weighed) -> list[tuple[str, float]]:
    terms = around(one.said, one.example.kind)
    return [
        *((sign, 1.0) for sign in one.example.signs),
        *((term, value / HUNDREDTHS) for term, value in terms),
    ]


def check(known: Sequence[Weighed]) -> None:
    """Each group of authors is weighed by what all the others taught."""
    print("| Texts of | patients' names | found | other names | wrong | no names | wrong |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    weights: dict[int, float] = {}
    for number in range(GROUPS):
        belief = Belief([one for one in known if one.group != number])
        weights |= {id(one): belief.weigh(one) for one in known if one.group == number}
    for author in sorted({one.example.author for one in known}):
        _say(author, [one for one in known if one.example.author == author], weights)


def _say(author: str, texts: Sequence[Weighed], weights: dict[int, float]) -> None:
    figures: list[int] = []
    for is_name, is_patient in ((True, True), (True, False), (False, False)):
        these = [
            one
            for one in texts
            if (one.example.is_name, one.example.is_patient) == (is_name, is_patient)
        ]
        figures += [len(these), sum(_is_believed(one, weights[id(one)]) for one in these)]
    print(f"| {author} | " + " | ".join(map(str, figures)) + " |")


def _is_believed(one: Weighed, weight: float) -> bool:
    """As the detector decides."""
    return weight > THRESHOLD + sum(CAUTION.get(sign, 0.0) for sign in one.example.signs)


def made_of(texts: Sequence[Labelled]) -> str:
    """Changes with the texts, with how they are read and with how the weights are made."""
    numbers = repr((PENALTY, GROUPS, WEIGHT_OF_MESSAGES, THRESHOLD, CAUTION, MOST, CLEAR))
    return hashlib.sha256((numbers + of_surroundings(texts)).encode()).hexdigest()


def hundredths(weights: Numbers, number: dict[str, int]) -> dict[str, int]:
    """As the detector reads them: whole numbers, the threshold taken off."""
    found = {sign: float(weights[i]) for sign, i in number.items()}
    found[""] -= THRESHOLD
    for sign, more in CAUTION.items():
        found[sign] = found.get(sign, 0.0) - more
    return {sign: round(found[sign] * HUNDREDTHS) for sign in sorted(found)}


def write(weights: dict[str, int], made: str) -> None:
    lines = (f"{weight}\t{sign}" for sign, weight in weights.items())
    WEIGHTS.write_text("\n".join((HEADER, f"# of {made}", *lines)) + "\n", encoding="utf-8")
    print(f"{WEIGHTS.name}: {len(weights)} signs")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="leave authors out in turn")
    options, texts = parser.parse_args(), tuple(labelled())
    weighed = looked_at(crossed(examples(texts)))
    if options.check:
        check(weighed)
    else:
        belief = Belief(weighed)
        write(hundredths(belief.weights, belief.number), made_of(texts))


if __name__ == "__main__":
    main()
