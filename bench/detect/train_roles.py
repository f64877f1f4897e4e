"""Learns what the letters around a name say of whose it is (bot/detectors/names/role.py).

    python -m bench.detect.train_roles            writes the weights
    python -m bench.detect.train_roles --check    says how well they do on authors left out
    python -m bench.detect.train_roles --again    makes them once more and compares

It reads `bench/detect/roles`, lines with one name marked in each ('P|' a patient's or a relative's,
'S|' somebody else's), and the patients' names of the labelled corpora that were read. Nothing is
random, so the same lines give the same weights. Logistic regression, made small by its penalty: as
there are fewer lines than pieces, it is solved among the lines (Newton's method on their products).
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.detect.accuracy import Message, read_messages
from bench.detect.train_second_look import CORPORA
from bot.detectors.names.role import WEIGHTS, Piece, pieces
from bot.detectors.normalise import normalise
from bot.domain.findings import Label

LINES = Path(__file__).parent / "roles"
PENALTY = 5.0
# The corpora are many and plainer; a line was written to be hard.
WEIGHT_OF_CORPORA = 0.5
FEWEST_LINES = 3
STEPS = 6
AT_ONCE = 4096
HUNDREDTHS = 100

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    author: str
    is_patient: bool
    weight: float
    pieces: tuple[Piece, ...]


def examples() -> list[Example]:
    return [*_of_lines(), *_of_corpora()]


def _of_lines() -> Iterator[Example]:
    for path in sorted(LINES.glob("*.txt")):
        weight = WEIGHT_OF_CORPORA if path.stem.startswith("of_") else 1.0
        for line in path.read_text(encoding="utf-8").splitlines():
            if line[1:2] == "|":
                yield _of_line(line, path.stem, weight)


def _of_line(line: str, author: str, weight: float) -> Example:
    before, _, rest = line[2:].replace("\\n", "\n").partition("[")
    name, _, behind = rest.partition("]")
    text, start = before + name + behind, len(before)
    return _example(text, (start, start + len(name)), author, weight, is_patient=line[0] == "P")


def _of_corpora() -> Iterator[Example]:
    for path in CORPORA:
        for message in read_messages(path) if path.exists() else ():
            for place in _names(message):
                yield _example(
                    message.text, place, "of_corpora", WEIGHT_OF_CORPORA, is_patient=True
                )


def _names(message: Message) -> Iterator[tuple[int, int]]:
    return ((span[0], span[1]) for span in message.spans if span[2] == Label.PERSON)


def _example(
    text: str, place: tuple[int, int], author: str, weight: float, *, is_patient: bool
) -> Example:
    seen = normalise(text)
    start, end = map(seen.place_of, place)
    lowered = seen.text.lower() if len(seen.text.lower()) == len(seen.text) else seen.text
    return Example(author, is_patient, weight, tuple(pieces(lowered, start, end)))


class Model:
    """Which pieces have a number, and what each of them weighs."""

    def __init__(self, known: Sequence[Example]) -> None:
        lines = Counter(piece for example in known for piece in set(example.pieces))
        often = sorted(piece for piece, count in lines.items() if count >= FEWEST_LINES)
        self.number = {piece: i for i, piece in enumerate(often)}
        rows = [self._row(example) for example in known]
        believed, self.always = _solved(_products(rows, len(often)), known)
        self.weights = np.zeros(len(often))
        for row, belief in zip(rows, believed, strict=True):
            np.add.at(self.weights, row, belief)

    def weigh(self, example: Example) -> float:
        return self.always + float(self.weights[self._row(example)].sum())

    def _row(self, example: Example) -> NDArray[np.int64]:
        numbers = (self.number.get(piece) for piece in example.pieces)
        return np.array([number for number in numbers if number is not None], dtype=np.int64)


def _products(rows: Sequence[NDArray[np.int64]], width: int) -> Numbers:
    """How many pieces each two lines share, counted as often as they stand there."""
    total = np.zeros((len(rows), len(rows)), dtype=np.float64)
    for first in range(0, width, AT_ONCE):
        table = np.zeros((len(rows), AT_ONCE), dtype=np.float32)
        for i, row in enumerate(rows):
            inside = row[(row >= first) & (row < first + AT_ONCE)] - first
            np.add.at(table[i], inside, 1)
        total += table @ table.T
    return total


def _solved(products: Numbers, known: Sequence[Example]) -> tuple[Numbers, float]:
    """What each line adds to the weights of its pieces, and what is always there."""
    is_patient = np.array([example.is_patient for example in known], dtype=np.float64)
    weight = _balanced(is_patient, np.array([example.weight for example in known]))
    size = len(known)
    solution = np.zeros(size + 1)
    for _ in range(STEPS):
        reading = products @ solution[:size] + solution[size]
        likely = 1 / (1 + np.exp(-np.clip(reading, -30, 30)))
        bend = np.maximum(likely * (1 - likely), 1e-9)
        system = np.ones((size + 1, size + 1))
        system[:size, :size] = products + np.diag(PENALTY / (weight * bend))
        system[size, size] = 0.0
        aim = np.append(reading + (is_patient - likely) / bend, 0.0)
        solution = np.linalg.solve(system, aim)
    return solution[:size], float(solution[size])


def _balanced(is_patient: Numbers, weight: Numbers) -> Numbers:
    """Both answers weigh the same: whoever wrote the lines chose how many there are of each."""
    share = float((weight * is_patient).sum() / weight.sum())
    return weight * np.where(is_patient > 0, 0.5 / share, 0.5 / (1 - share))


def made_of(known: Sequence[Example]) -> str:
    """Changes with the lines, with how they are read and with how the weights are made."""
    numbers = repr((PENALTY, FEWEST_LINES, STEPS))
    made = hashlib.sha256(numbers.encode())
    for example in known:
        read = (example.is_patient, example.weight, *map(tuple, example.pieces))
        made.update(repr(read).encode())
    return made.hexdigest()


def lines_of(model: Model) -> list[str]:
    """As the detector reads them: whole numbers, pieces that weigh nothing left out."""
    weight = {
        piece: round(float(model.weights[number]) * HUNDREDTHS)
        for piece, number in model.number.items()
    }
    lines = [f"always\t\t{round(model.always * HUNDREDTHS)}"]
    for side, near in (
        ("before", ("touching before",)),
        ("behind", ("close behind", "touching behind")),
    ):
        for letters in sorted({piece.letters for piece in weight if piece.side == side}):
            numbers = [weight.get(Piece(place, letters), 0) for place in (side, *near)]
            if any(numbers):
                lines.append("\t".join((side, letters, *map(str, numbers))))
    return lines


def check(known: Sequence[Example], say: Callable[[str], None] = print) -> None:
    """Each author is weighed by what all the others taught."""
    say("| Author left out | lines | told apart | patients above 1 nat | others below -1 nat |")
    say("| --- | ---: | ---: | ---: | ---: |")
    for author in sorted({example.author for example in known}):
        model = Model([example for example in known if example.author != author])
        left = [example for example in known if example.author == author]
        pairs = [(model.weigh(example), example.is_patient) for example in left]
        right = sum((weight > 0) == is_patient for weight, is_patient in pairs) / len(pairs)
        for_patients = _share([weight > 1 for weight, is_patient in pairs if is_patient])
        for_others = _share([weight < -1 for weight, is_patient in pairs if not is_patient])
        say(f"| {author} | {len(left)} | {right:.3f} | {for_patients:.3f} | {for_others:.3f} |")


def _share(answers: Sequence[bool]) -> float:
    return sum(answers) / max(1, len(answers))


def make(known: Sequence[Example]) -> bytes:
    lines = [f"of\t{made_of(known)}", *lines_of(Model(known))]
    print(f"{WEIGHTS.name}: {len(lines) - 2} pieces")
    return "\n".join(lines).encode() + b"\n"


def compare(made: bytes) -> None:
    if made != gzip.decompress(WEIGHTS.read_bytes()):
        sys.exit("the weights that are kept are others; processors may differ by a hundredth")
    print("the same as those that are kept")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="leave each author out in turn")
    parser.add_argument("--again", action="store_true", help="make them once more and compare")
    known, options = examples(), parser.parse_args()
    if options.check:
        check(known)
    elif options.again:
        compare(make(known))
    else:
        WEIGHTS.write_bytes(gzip.compress(make(known), mtime=0))


if __name__ == "__main__":
    main()
