"""Whose a name is: a patient's, or somebody's who works, sells, visits or is in the news.

What people do has more words than rules can name. Here every short piece of letters around a
name has a weight, learnt from labelled lines (`bench/detect/train_roles.py`): before it, behind
it, right beside it. The sum is for a patient above zero, in hundredths of a nat.
"""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import ahocorasick

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.detectors.names.setting import Setting

WEIGHTS = Path(__file__).parent / "data" / "roles.txt.gz"
SHORTEST, LONGEST = 2, 5
_BEFORE, _BEHIND = 24, 40
# A piece that begins within so many letters behind a name is close to it.
_CLOSE = 10
_EDGE = "\x01"
# All digits are alike: which bed it is tells nothing. Lines and tabs part the weights' own file.
_ALIKE = str.maketrans("123456789\t\r\n", "000000000  \x02")


class Weights(NamedTuple):
    """Pieces with their weights: anywhere on that side, close to the name, touching it."""

    always: int
    before: ahocorasick.Automaton
    behind: ahocorasick.Automaton


class Piece(NamedTuple):
    """Letters on one side of a name, and where they stand there."""

    side: str
    letters: str


def weigh(setting: Setting, start: int, end: int) -> int:
    """How much speaks for the name of a patient between two places of the text."""
    weights = role_weights()
    before, behind = sides(setting.lowered, start, end)
    total, last = weights.always, len(before) - 1
    for at, (anywhere, touching) in weights.before.iter(before):
        total += anywhere + touching if at == last else anywhere
    for at, (length, anywhere, close, touching) in weights.behind.iter(behind):
        begins = at - length + 1
        total += anywhere
        if begins < _CLOSE:
            total += close + touching if not begins else close
    return total


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
def role_weights() -> Weights:
    """A line is a piece's side, its letters, and its weights there; the first says of what."""
    always, before, behind = 0, ahocorasick.Automaton(), ahocorasick.Automaton()
    for line in gzip.decompress(WEIGHTS.read_bytes()).decode().strip("\n").split("\n"):
        side, letters, *numbers = line.split("\t")
        if side == "before":
            before.add_word(letters, tuple(map(int, numbers)))
        elif side == "behind":
            behind.add_word(letters, (len(letters), *map(int, numbers)))
        elif side == "always":
            always = int(numbers[0])
    before.make_automaton()
    behind.make_automaton()
    return Weights(always, before, behind)
