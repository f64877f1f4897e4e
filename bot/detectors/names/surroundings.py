"""What the letters around a place of the text say: that a name stands there, and whose it is.

What people do has more words than rules can name. Here every short piece of letters around a
name has two weights, learnt from labelled lines (`bench/detect/train_surroundings.py`): for a
name rather than other words, and for a patient rather than somebody who works, sells, visits or
is in the news. The sums are for a name, and for a patient, above zero, in hundredths of a nat.
"""

from __future__ import annotations

import gzip
from functools import cache
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


class Said(NamedTuple):
    """How much speaks for a name here, and for a patient's if it is one."""

    named: int
    whose: int


class Weights(NamedTuple):
    """Pieces with their weights: anywhere on that side, close to the name, touching it."""

    always: Said
    before: ahocorasick.Automaton
    behind: ahocorasick.Automaton


class Piece(NamedTuple):
    """Letters on one side of a name, and where they stand there."""

    side: str
    letters: str


def weigh(lowered: str, start: int, end: int) -> Said:
    weights = surrounding_weights()
    before, behind = sides(lowered, start, end)
    (named, whose), last = weights.always, len(before) - 1
    for at, (anywhere, touching) in weights.before.iter(before):
        named += anywhere[0]
        whose += anywhere[1]
        if at == last:
            named += touching[0]
            whose += touching[1]
    for at, (length, anywhere, close, touching) in weights.behind.iter(behind):
        begins = at - length + 1
        named += anywhere[0]
        whose += anywhere[1]
        if begins < _CLOSE:
            near = touching if not begins else close
            named += near[0]
            whose += near[1]
    return Said(named, whose)


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
    always, before, behind = Said(0, 0), ahocorasick.Automaton(), ahocorasick.Automaton()
    for line in gzip.decompress(WEIGHTS.read_bytes()).decode().strip("\n").split("\n"):
        side, letters, *numbers = line.split("\t")
        if side == "before":
            anywhere, touching = _pairs(numbers)
            before.add_word(letters, (anywhere, touching))
        elif side == "behind":
            anywhere, close, touching = _pairs(numbers)
            near = close[0] + touching[0], close[1] + touching[1]
            behind.add_word(letters, (len(letters), anywhere, close, near))
        elif side == "always":
            always = Said(*map(int, numbers))
    before.make_automaton()
    behind.make_automaton()
    return Weights(always, before, behind)


def _pairs(numbers: list[str]) -> Iterator[tuple[int, int]]:
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return ((int(named), int(whose)) for named, whose in pairs)
