"""Learns what the words around a place say (bot/detectors/names/surroundings.py).

    python -m bench.detect.train_surroundings            writes the weights
    python -m bench.detect.train_surroundings --again    makes them once more and compares

Two questions, each its own logistic regression (`logistic.py`) over the same pieces: does a name
stand here, asked of every place where one may; and is it a patient's, asked of the names alone.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import struct
import sys
from collections import Counter
from collections.abc import Sequence

import numpy as np

from bench.detect.logistic import (
    GRADIENT_STEPS,
    NEWTON_STEPS,
    Numbers,
    Rows,
    balanced,
    learn,
)
from bench.detect.name_examples import Example, Labelled, examples, fingerprint, labelled
from bot.detectors.names.belief import HUNDREDTHS
from bot.detectors.names.surroundings import WEIGHTS, Piece, Said

PENALTY_NAMED, PENALTY_WHOSE = 10.0, 2.0
# A message is what is read in the end; a line is one name with little around it.
WEIGHT_OF_MESSAGES = 2.0
FEWEST_PLACES = 3
# What weighs less than this is left out: much of all pieces, and nothing is lost.
LEAST_WEIGHT = 0.03
ALWAYS: Piece = ("always", "")


class Model:
    """Which pieces have a number, and what each of them weighs for either question."""

    def __init__(self, known: Sequence[Example]) -> None:
        places = Counter(piece for example in known for piece in set(example.pieces))
        often = sorted(piece for piece, count in places.items() if count >= FEWEST_PLACES)
        self.number = {piece: i for i, piece in enumerate(often, 1)}
        names = [example for example in known if example.is_name]
        self.named = self._learnt(known, [example.is_name for example in known], PENALTY_NAMED)
        self.whose = self._learnt(names, [example.is_patient for example in names], PENALTY_WHOSE)

    def _learnt(self, known: Sequence[Example], answers: list[bool], penalty: float) -> Numbers:
        rows = Rows.of([self._row(example) for example in known], len(self.number) + 1)
        is_so = np.array(answers, dtype=np.float64)
        weight = balanced(
            is_so, np.array([example.weight(WEIGHT_OF_MESSAGES) for example in known])
        )
        weights = learn(rows, is_so, weight, penalty)
        weights[1:][np.abs(weights[1:]) < LEAST_WEIGHT] = 0
        return weights

    def _row(self, example: Example) -> list[tuple[int, float]]:
        counted = Counter(self.number.get(piece, 0) for piece in example.pieces)
        counted[0] = 1
        return [(number, float(count)) for number, count in counted.items()]

    def weigh(self, example: Example) -> Said:
        """In hundredths, as the detector does."""
        row = self._row(example)
        named, whose = (
            sum(round(float(weights[number]) * HUNDREDTHS) * int(count) for number, count in row)
            for weights in (self.named, self.whose)
        )
        return Said(named, whose)


def made_of(texts: Sequence[Labelled]) -> str:
    """Changes with the texts, with how they are read and with how the weights are made."""
    steps = NEWTON_STEPS, GRADIENT_STEPS
    numbers = repr(
        (steps, PENALTY_NAMED, PENALTY_WHOSE, WEIGHT_OF_MESSAGES, FEWEST_PLACES, LEAST_WEIGHT)
    )
    return hashlib.sha256((numbers + fingerprint(texts)).encode()).hexdigest()


def weights_of(model: Model) -> dict[Piece, Said]:
    """As the detector reads them: whole numbers, pieces that weigh nothing left out."""
    numbered = ((piece, _hundredths(model, at)) for piece, at in sorted(model.number.items()))
    return {ALWAYS: _hundredths(model, 0)} | {piece: said for piece, said in numbered if any(said)}


def _hundredths(model: Model, number: int) -> Said:
    return Said(*(round(float(of[number]) * HUNDREDTHS) for of in (model.named, model.whose)))


def make(texts: Sequence[Labelled]) -> bytes:
    weights = weights_of(Model(examples(texts)))
    print(f"{WEIGHTS.name}: {len(weights)} pieces")
    lines = [f"of\t{made_of(texts)}", *("\t".join(piece) for piece in weights)]
    numbers = (
        struct.pack(f"<{len(weights)}h", *some) for some in zip(*weights.values(), strict=True)
    )
    return "\n".join(lines).encode() + b"\0" + b"".join(numbers)


def compare(made: bytes) -> None:
    if made != gzip.decompress(WEIGHTS.read_bytes()):
        sys.exit("the weights that are kept are others; processors may differ by a hundredth")
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
