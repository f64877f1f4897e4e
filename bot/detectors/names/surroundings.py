"""What the letters around a place of the text say: that a name stands there, and whose it is.

What people do has more words than rules can name. Here every short piece of letters around a
name has two weights, learnt from labelled lines (`bench/detect/train_surroundings.py`): for a
name rather than other words, and for a patient rather than somebody who works, sells, visits or
is in the news. The sums are for a name, and for a patient, above zero, in hundredths of a nat.
"""

from __future__ import annotations

import gzip
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import ahocorasick

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WEIGHTS = Path(__file__).parent / "data" / "surroundings.txt.gz"
SHORTEST, LONGEST = 2, 4
_BEFORE, _BEHIND = 24, 40
# A piece that begins within so many letters behind a name is close to it.
_CLOSE = 10
_EDGE = "\x01"
# All digits are alike: which bed it is tells nothing. Lines and tabs part the weights' own file.
_ALIKE = str.maketrans("123456789\t\r\n", "000000000  \x02")
# Far more than all weights of a text can come to.
_APART = 1 << 32
_WEIGHT = itemgetter(1)


class Said(NamedTuple):
    """How much speaks for a name here, and for a patient's if it is one."""

    named: int
    whose: int


class Weights(NamedTuple):
    """Pieces anywhere on a side, close behind, and touching; each pair of weights in one number."""

    always: int
    before: ahocorasick.Automaton
    behind: ahocorasick.Automaton
    close: ahocorasick.Automaton
    touching_before: dict[str, int]
    touching_behind: dict[str, int]


class Piece(NamedTuple):
    """Letters on one side of a name, and where they stand there."""

    side: str
    letters: str


def weigh(lowered: str, start: int, end: int) -> Said:
    weights = surrounding_weights()
    before, behind = sides(lowered, start, end)
    total = weights.always + _sum(weights.before, before) + _sum(weights.behind, behind)
    # Those that begin close, and none that only reach into what is close.
    total += _sum(weights.close, behind[: _CLOSE + LONGEST - 1])
    total -= _sum(weights.close, behind[_CLOSE : _CLOSE + LONGEST - 1])
    for length in range(SHORTEST, LONGEST + 1):
        if len(before) >= length:
            total += weights.touching_before.get(before[-length:], 0)
        if len(behind) >= length:
            total += weights.touching_behind.get(behind[:length], 0)
    return _unpacked(total)


def _sum(weights: ahocorasick.Automaton, letters: str) -> int:
    return sum(map(_WEIGHT, weights.iter(letters)))


def _packed(named: int, whose: int) -> int:
    """Both in one number, which adds up as they do."""
    return named * _APART + whose


def _unpacked(total: int) -> Said:
    whose = (total + _APART // 2) % _APART - _APART // 2
    return Said((total - whose) // _APART, whose)


def sides(lowered: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and behind, with a mark where the text begins or ends there."""
    before = lowered[max(0, start - _BEFORE) : start].translate(_ALIKE)
    behind = lowered[end : end + _BEHIND].translate(_ALIKE)
    if start <= _BEFORE:
        before = _EDGE + before
    if end + _BEHIND >= len(lowered):
        behind += _EDGE
    return before, behind


def pieces(lowered: str, start: int, end: int) -> Iterator[Piece]:
    """Every piece that may have a weight; one that is close counts as such once more."""
    before, behind = sides(lowered, start, end)
    for first, last in _windows(len(before)):
        yield Piece("before", before[first:last])
        if last == len(before):
            yield Piece("touching before", before[first:])
    for first, last in _windows(len(behind)):
        yield Piece("behind", behind[first:last])
        if first < _CLOSE:
            yield Piece("close behind", behind[first:last])
        if not first:
            yield Piece("touching behind", behind[:last])


def _windows(size: int) -> Iterable[tuple[int, int]]:
    return (
        (first, first + length)
        for length in range(SHORTEST, LONGEST + 1)
        for first in range(size - length + 1)
    )


@cache
def surrounding_weights() -> Weights:
    """A line is a side, letters, and for each nearness two weights; the first says of what."""
    before, behind, close = (ahocorasick.Automaton() for _ in range(3))
    weights = Weights(0, before, behind, close, {}, {})
    for line in gzip.decompress(WEIGHTS.read_bytes()).decode().strip("\n").split("\n"):
        side, letters, *numbers = line.split("\t")
        if side == "before":
            anywhere, touching = _pairs(numbers)
            _keep(before, letters, anywhere)
            weights.touching_before[letters] = touching
        elif side == "behind":
            anywhere, near, touching = _pairs(numbers)
            _keep(behind, letters, anywhere)
            _keep(close, letters, near)
            weights.touching_behind[letters] = touching
        elif side == "always":
            weights = weights._replace(always=_packed(*map(int, numbers)))
    for automaton in (before, behind, close):
        automaton.make_automaton()
    return weights


def _keep(automaton: ahocorasick.Automaton, letters: str, weight: int) -> None:
    if weight:
        automaton.add_word(letters, weight)


def _pairs(numbers: list[str]) -> Iterator[int]:
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return (_packed(int(named), int(whose)) for named, whose in pairs)
