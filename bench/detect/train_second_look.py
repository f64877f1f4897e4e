"""Learns what each sign of a name weighs (bot/detectors/names/second_look.py).

    python -m bench.detect.train_second_look            writes the weights
    python -m bench.detect.train_second_look --check    says how well they do on authors left out

It reads labelled messages of this project and nothing else: the open set, `tests/corpus`, and
those held-out sets that were read already. Nothing is random, so the same messages give the same
weights. Logistic regression, made small by its penalty; solved by Newton's method.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from bench.detect.accuracy import Message, read_messages
from bot.detectors.cues import Cues
from bot.detectors.engine import ALL_DETECTORS
from bot.detectors.names.proposal import Proposal, Source, Taken
from bot.detectors.names.proposals import propose
from bot.detectors.names.second_look import Candidate, Look, candidates, signs
from bot.detectors.names.setting import Setting
from bot.detectors.names.verdict import judge
from bot.detectors.normalise import normalise
from bot.detectors.scene import Scene
from bot.domain.findings import Label
from bot.domain.text import NormalisedText

ROOT = Path(__file__).parents[2]
CORPORA = (
    ROOT / "../shared/corpus/dev.messages.jsonl",
    ROOT / "tests/corpus/messages.jsonl",
    ROOT / "tests/corpus/blind_a/messages.jsonl",
    ROOT / "tests/corpus/blind_b/messages.jsonl",
    ROOT / "tests/corpus/set_d/messages.jsonl",
    ROOT / "tests/corpus/set_e/messages.jsonl",
    ROOT / "tests/corpus/set_f/messages.jsonl",
    ROOT / "tests/corpus/set_g/messages.jsonl",
    ROOT / "tests/corpus/set_h/messages.jsonl",
)
WEIGHTS = ROOT / "bot/detectors/names/data/second_look.txt"
HEADER = (
    "# What each sign of a name weighs, in hundredths of a nat: bench/detect/train_second_look.py"
)
PENALTY = 1.0
STEPS = 30
# A wrong name wakes people for nothing: it is believed only where it is so much likelier than not.
THRESHOLD = 1.0
HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class Example:
    """One candidate of one message: is it a patient's name, and what are its signs?"""

    author: str
    message: str
    is_name: bool
    is_new: bool
    """No rule found it, and no colleague is named there."""
    signs: tuple[str, ...]


def examples(paths: Iterable[Path]) -> list[Example]:
    return [
        example
        for path in paths
        if path.exists()
        for message in read_messages(path)
        for example in _examples_of(message, path.parent.name)
    ]


def _examples_of(message: Message, corpus: str) -> Iterator[Example]:
    text = normalise(message.text)
    setting = Setting(_before_names(text))
    if not setting.speaks_of_care:
        return
    proposed = propose(setting)
    found = [(p.start, p.end) for p in proposed if judge(p, setting) is not None]
    staff = [(p.start, p.end) for p in proposed if p.source is Source.STAFF]
    names = [span[:2] for span in message.spans if span[2] == Label.PERSON]
    others = [span[:2] for span in message.spans if span[2] != Label.PERSON]
    look = Look(setting, found)
    author = f"{corpus} {message.id.rpartition('-')[0]}"
    for candidate in candidates(setting, Taken(len(text.text))):
        start, end = candidate.name.start, candidate.name.end
        place = text.original_span(start, end)
        is_name = any(place[0] == name[0] for name in names)
        is_piece = _overlaps(place, names) and not is_name
        if is_piece or _overlaps(place, others) or _is_excused(candidate, setting):
            continue
        is_new = not _overlaps((start, end), [*found, *staff])
        seen = tuple(sorted(set(signs(candidate, look))))
        yield Example(author, message.id, is_name, is_new, seen)


def _is_excused(candidate: Candidate, setting: Setting) -> bool:
    """Whatever it weighs, the rules say that it is nobody's, or a colleague's."""
    weighed = Proposal.of(candidate.name, Source.WEIGHED, cue_start=candidate.begins)
    return judge(weighed, setting) is None


def _before_names(text: NormalisedText) -> Scene:
    scene = Scene(text.text, Cues(text.text))
    for detector in ALL_DETECTORS:
        if detector.label is Label.PERSON:
            break
        scene = scene.with_found(tuple(detector.find(scene)))
    return scene


def _overlaps(place: tuple[int, int], places: Iterable[tuple[int, int]]) -> bool:
    return any(place[0] < end and start < place[1] for start, end in places)


def learn(known: Sequence[Example]) -> dict[str, float]:
    """The weight of each sign; the empty one is what every candidate begins with."""
    names = sorted({sign for example in known for sign in example.signs})
    number = {"": 0} | {name: i for i, name in enumerate(names, 1)}
    rows = [[0, *(number[sign] for sign in example.signs)] for example in known]
    weights = [0.0] * len(number)
    for _ in range(STEPS):
        for i, step in enumerate(_newton_step(rows, known, weights)):
            weights[i] -= step
    return dict(zip(number, weights, strict=True))


def _newton_step(
    rows: list[list[int]], known: Sequence[Example], weights: list[float]
) -> list[float]:
    size = len(weights)
    slope = [PENALTY * weight for weight in weights]
    slope[0] = 0.0
    bend = [[0.0] * size for _ in range(size)]
    for i in range(size):
        bend[i][i] = PENALTY if i else 1e-6
    for row, example in zip(rows, known, strict=True):
        p = _likelihood(sum(weights[i] for i in row))
        for i in row:
            slope[i] += p - example.is_name
            for j in row:
                bend[i][j] += p * (1 - p)
    return _solved(bend, slope)


def _likelihood(weight: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, weight))))


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """By elimination; the matrix is symmetric and positive, so no rows need change places."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for i, pivot in enumerate(rows):
        for row in rows[i + 1 :]:
            factor = row[i] / pivot[i]
            if factor:
                for j in range(i, size + 1):
                    row[j] -= factor * pivot[j]
    found = [0.0] * size
    for i in range(size - 1, -1, -1):
        rest = sum(rows[i][j] * found[j] for j in range(i + 1, size))
        found[i] = (rows[i][size] - rest) / rows[i][i]
    return found


def weigher(weights: dict[str, float]) -> Callable[[Example], float]:
    return lambda example: weights[""] + sum(weights.get(sign, 0.0) for sign in example.signs)


def check(known: list[Example]) -> None:
    """Each author is weighed by what all the others taught."""
    print("| Author left out | new names | found | wrong |\n| --- | ---: | ---: | ---: |")
    totals = [0, 0, 0]
    for author, group in groupby(sorted(known, key=_author), _author):
        weigh = weigher(learn([example for example in known if example.author != author]))
        new = [example for example in group if example.is_new]
        believed = [example for example in new if weigh(example) > THRESHOLD]
        figures = (
            sum(example.is_name for example in new),
            sum(example.is_name for example in believed),
            sum(not example.is_name for example in believed),
        )
        totals = [total + figure for total, figure in zip(totals, figures, strict=True)]
        print(f"| {author} | " + " | ".join(map(str, figures)) + " |")
    print("| all | " + " | ".join(map(str, totals)) + " |")


def _author(example: Example) -> str:
    return example.author


def hundredths(weights: dict[str, float]) -> dict[str, int]:
    """As the detector reads them: whole numbers, the threshold taken off."""
    weights = weights | {"": weights[""] - THRESHOLD}
    return {sign: round(weights[sign] * HUNDREDTHS) for sign in sorted(weights)}


def write(weights: dict[str, int]) -> None:
    lines = (f"{weight}\t{sign}" for sign, weight in weights.items())
    WEIGHTS.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
    print(f"{WEIGHTS.relative_to(ROOT)}: {len(weights)} signs")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="leave each author out in turn")
    parser.add_argument("messages", type=Path, nargs="*", default=CORPORA)
    options = parser.parse_args()
    known = examples(options.messages)
    if options.check:
        check(known)
    else:
        write(hundredths(learn(known)))


if __name__ == "__main__":
    main()
