"""Learns what the words around a place say (bot/detectors/names/surroundings.py).

    python -m bench.detect.train_surroundings            writes the weights (some minutes)
    python -m bench.detect.train_surroundings --again    makes them once more and compares

Two questions, asked of a small network (`recurrent.py`): does a name stand here, of every place
where one may; and is it a patient's, of the names alone.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from bench.detect import recurrent
from bench.detect.name_examples import Example, Labelled, examples, fingerprint, labelled
from bench.detect.recurrent import Batch, Indexes, Letters, Weights
from bot.detectors.names.network import EDGE, MOST_THREES, RARE, THREES, Array, threes_of
from bot.detectors.names.surroundings import (
    AMID,
    HUNDREDTHS,
    KINDS,
    MARKS,
    WEIGHTS,
    Reading,
    Said,
    marks_of,
)

# A message is what is read in the end; a line is one name with little around it.
WEIGHT_OF_MESSAGES = 2.0
FEWEST_TEXTS = 2
LONGEST = 160
SEED = 20261121
# Names are hidden half of the time, so that the words around must tell; some of these with their
# letters. A few other words are hidden as well.
HIDDEN, HIDDEN_WITH_LETTERS, OTHERS_HIDDEN = 0.5, 0.3, 0.08
# Amid words places lie over each other: each of their words is hidden by itself.
HIDDEN_AMID = 0.35
_RARE, _EDGE, _FIRST = 0, 1, 2
_NO_LETTERS = 0
_TABLES = {"words": "i1", "letters": "i1"}
_AT_ONCE = 128
_NOTHING = Said(0, 0)
_AMID = KINDS.index(AMID)


class Prepared(NamedTuple):
    """A row in numbers, and the places in it that are asked about."""

    words: Indexes
    letters: Indexes
    marks: Array
    places: list[tuple[int, int]]
    kinds: list[int]
    answers: list[tuple[float, float]]
    counts: list[tuple[float, float]]


class Model:
    """Which words have a number, and what the network learnt."""

    def __init__(self, known: Sequence[Example]) -> None:
        by_reading = _by_reading(known)
        rows = [reading.row for reading, _ in by_reading]
        met = Counter(word for row in rows for word in set(row.words))
        often = sorted(word for word, texts in met.items() if texts >= FEWEST_TEXTS)
        self.words = {RARE: _RARE, EDGE: _EDGE}
        self.words |= {word: number for number, word in enumerate(often, _FIRST)}
        self.spelt: dict[str, int] = {}
        self.weights = self._learnt([self._prepared(*one) for one in by_reading])

    def _learnt(self, rows: Sequence[Prepared]) -> Weights:
        random, letters = np.random.default_rng(SEED), self._letters()
        rows = [row for row in rows if row.places]
        sizes = recurrent.Sizes(len(self.words), THREES + 1, MARKS, len(KINDS))
        weights = recurrent.fresh(sizes, random)
        steps = recurrent.EPOCHS * -(-len(rows) // recurrent.BATCH)
        learner = recurrent.Learner(weights, steps)
        for _ in range(recurrent.EPOCHS):
            for some in recurrent.shuffled([len(row.words) for row in rows], random):
                batch = _batch([_with_hidden(rows[number], random) for number in some])
                done = recurrent.answers(weights, batch, letters, random)
                learner.step(recurrent.slopes(weights, batch, letters, done))
        return weights

    def said(self, known: Sequence[Example]) -> list[Said]:
        """What is answered for each example; nothing for one that stands too far behind."""
        found: dict[int, Said] = {}
        asked = [(these, self._prepared(reading, these)) for reading, these in _by_reading(known)]
        asked = [(these, row) for these, row in asked if row.places]
        letters = self._letters()
        for start in range(0, len(asked), _AT_ONCE):
            some = asked[start : start + _AT_ONCE]
            within = [one for these, _ in some for one in these if _is_within(one)]
            batch = _batch([row for _, row in some])
            answers = recurrent.answers(self.weights, batch, letters).answers
            found |= {id(one): _said(*answer) for one, answer in zip(within, answers, strict=True)}
        return [found.get(id(one), _NOTHING) for one in known]

    def _prepared(self, reading: Reading, known: Sequence[Example]) -> Prepared:
        row, within = reading.row, [one for one in known if _is_within(one)]
        words = [self.words.get(word, _RARE) for word in row.words[:LONGEST]]
        letters = [self._spelt(spelt) for spelt in row.spelt[:LONGEST]]
        marks = marks_of(row, reading.places)[:LONGEST]
        return Prepared(
            np.array([_EDGE, *words, _EDGE]),
            np.array([_NO_LETTERS, *letters, _NO_LETTERS]),
            np.pad(marks, ((1, 1), (0, 0))),
            [(one.place.first, one.place.behind) for one in within],
            [KINDS.index(one.kind) for one in within],
            [(float(one.is_name), float(one.is_patient)) for one in within],
            [_counts(one) for one in within],
        )

    def _spelt(self, word: str) -> int:
        return self.spelt.setdefault(word, len(self.spelt) + 1)

    def _letters(self) -> Letters:
        threes = np.zeros((len(self.spelt) + 1, MOST_THREES), np.int64)
        for word, number in self.spelt.items():
            found = threes_of(word)
            threes[number, : len(found)] = found
        share = 1 / np.maximum((threes > 0).sum(axis=1, keepdims=True), 1)
        return Letters(threes, share.astype(np.float32))


def _by_reading(known: Sequence[Example]) -> list[tuple[Reading, list[Example]]]:
    found: dict[int, list[Example]] = defaultdict(list)
    for one in known:
        found[id(one.reading)].append(one)
    return [(these[0].reading, these) for these in found.values()]


def _is_within(one: Example) -> bool:
    return one.place.behind <= LONGEST


def _counts(one: Example) -> tuple[float, float]:
    weight = one.weight(WEIGHT_OF_MESSAGES)
    return weight, weight if one.is_name else 0.0


def _said(named: float, whose: float) -> Said:
    return Said(round(float(named) * HUNDREDTHS), round(float(whose) * HUNDREDTHS))


def _with_hidden(row: Prepared, random: np.random.Generator) -> Prepared:
    words, letters = row.words.copy(), row.letters.copy()
    hidden = random.random(len(words)) < OTHERS_HIDDEN
    hidden[[0, -1]] = False
    words[hidden] = _RARE
    for first, behind in _hidden_places(row, random):
        words[first + 1 : behind + 1] = _RARE
        if random.random() < HIDDEN_WITH_LETTERS:
            letters[first + 1 : behind + 1] = _NO_LETTERS
    return row._replace(words=words, letters=letters)


def _hidden_places(row: Prepared, random: np.random.Generator) -> Iterator[tuple[int, int]]:
    amid: set[int] = set()
    for (first, behind), kind in zip(row.places, row.kinds, strict=True):
        if kind == _AMID:
            amid.update(range(first, behind))
        elif random.random() < HIDDEN:
            yield first, behind
    for at in sorted(amid):
        if random.random() < HIDDEN_AMID:
            yield at, at + 1


def _batch(rows: Sequence[Prepared]) -> Batch:
    size = max(len(row.words) for row in rows)
    places = [
        (number * size + first, *(number * size + at for at in (first + 1, behind, behind + 1)))
        for number, row in enumerate(rows)
        for first, behind in row.places
    ]
    return Batch(
        _side_by_side((row.words for row in rows), size),
        _side_by_side((row.letters for row in rows), size),
        np.stack([np.pad(row.marks, ((0, size - len(row.marks)), (0, 0))) for row in rows]),
        np.stack([np.arange(size)[:, None] < len(row.words) for row in rows]).astype(np.float32),
        np.array(places),
        np.array([kind for row in rows for kind in row.kinds]),
        np.array([answer for row in rows for answer in row.answers], np.float32),
        np.array([count for row in rows for count in row.counts], np.float32),
    )


def _side_by_side(rows: Iterable[Indexes], size: int) -> Indexes:
    return np.stack([np.pad(row, (0, size - len(row))) for row in rows])


def made_of(texts: Sequence[Labelled]) -> str:
    """Changes with the texts, with how they are read and with how the weights are made."""
    numbers = repr(
        (
            *(SEED, WEIGHT_OF_MESSAGES, FEWEST_TEXTS, LONGEST),
            *(HIDDEN, HIDDEN_WITH_LETTERS, OTHERS_HIDDEN, HIDDEN_AMID),
            *(recurrent.EPOCHS, recurrent.BATCH, recurrent.STEEPEST, recurrent.DECAY),
        )
    )
    return hashlib.sha256((numbers + fingerprint(texts)).encode()).hexdigest()


def written(model: Model, made: str) -> bytes:
    """As the detector reads it: a byte for each number of words and letters, two for all else."""
    lines, numbers = [f"of\t{made}"], b""
    for name, table in _tables(model):
        kind = np.dtype(_TABLES.get(name, "<f2"))
        scale = float(np.abs(table).max()) / 127 if kind.itemsize == 1 else 1.0
        lines.append("\t".join((name, kind.str, *map(str, table.shape), repr(scale))))
        kept = np.round(table / scale) if kind.itemsize == 1 else table
        numbers += kept.astype(kind).tobytes()
    return "\n".join((*lines, "", *model.words)).encode() + b"\0" + numbers


def _tables(model: Model) -> Iterator[tuple[str, Array]]:
    """With each word stands what its letters say, so that nobody need add them up again."""
    weights, letters = model.weights, model.weights["letters"]
    spelt = [letters[threes_of(word)].mean(axis=0) for word in list(model.words)[_FIRST:]]
    no_letters = np.zeros((_FIRST, letters.shape[1]), np.float32)
    yield "words", np.hstack((weights["words"], np.vstack((no_letters, *spelt))))
    for name, table in weights.items():
        if name != "words":
            yield name, table if table.ndim > 1 else table[None]


def make(texts: Sequence[Labelled]) -> bytes:
    model = Model(examples(texts))
    print(f"{WEIGHTS.name}: {len(model.words)} words")
    return written(model, made_of(texts))


def compare(made: bytes) -> None:
    if made != gzip.decompress(WEIGHTS.read_bytes()):
        sys.exit("the weights that are kept are others; processors may differ a little")
    print("the same as those that are kept")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--again", action="store_true", help="make them once more and compare")
    options = parser.parse_args()
    made = make(tuple(labelled()))
    if options.again:
        compare(made)
    else:
        WEIGHTS.write_bytes(gzip.compress(made, mtime=0))


if __name__ == "__main__":
    main()
