"""What a pattern sleeps without: the letters with which each match of it begins.

A text is gone through once, by an automaton that knows the beginnings of all patterns (Aho and
Corasick 1975), in time that grows with the text and not with the number of patterns. What it heard
is a number with a bit for each pattern. A pattern whose bit is missing would find nothing, so it
is not tried; of some sixty patterns an ordinary message wakes two or three.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

import ahocorasick

# For a text that was not listened to: every pattern may find something.
EVERYTHING = -1
# A pattern with more beginnings is told by shorter ones.
_MOST_BEGINNINGS = 400
_LOOKS_AROUND = re.compile(r"\(\?<?[=!]")
_GROUP = re.compile(r"\((?:\?:|\?P<\w+>|(?!\?))")
_MAY_BE_MISSING = frozenset("?*{")
_NO_LETTER = frozenset("[]().+*?{}|^$")
_pieces: dict[str, int] = {}
# Heard in every text, also in an empty one: who sleeps without nothing is awake.
_ALWAYS = 1
_bits = iter(1 << place for place in range(1, 10_000))


# Heard in a text that is longer than what people say in passing.
LONG = next(_bits)
SHORT_TALK = 40


def bit_of(pieces: Iterable[str]) -> int:
    """The bit that `listen` sets where one of these (lower-case) pieces stands in a text."""
    bit = next(_bits)
    for piece in pieces:
        _pieces[piece] = _pieces.get(piece, 0) | bit
    _automaton.cache_clear()
    return bit


def listen(lower: str) -> int:
    """The bits of all patterns that may find something in this lower-case text."""
    heard = _ALWAYS | LONG if len(lower) > SHORT_TALK else _ALWAYS
    for _, bits in _automaton().iter(lower):
        heard |= bits
    return heard


@cache
def _automaton() -> ahocorasick.Automaton:
    return _finder_of(_pieces)


def _finder_of(pieces: dict[str, int]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for piece, bits in pieces.items():
        automaton.add_word(piece, bits)
    automaton.make_automaton()
    return automaton


class Sleeper:
    """A pattern for lower-case text, and the bit that it sleeps without."""

    __slots__ = ("bit", "match", "pieces", "search")

    def __init__(self, pattern: re.Pattern[str], *, is_light: bool = False) -> None:
        """A light sleeper begins with no plain letter, and is always awake."""
        self.pieces = frozenset[str]() if is_light else beginnings(pattern)
        self.bit = EVERYTHING if is_light else bit_of(self.pieces)
        self.search = pattern.search
        self.match = pattern.match


class ListedWords:
    """Words of a list, within whatever other letters, heard as a `Sleeper` hears its pattern.

    A list is made ready in a twentieth of the time that a pattern of its words would take.
    """

    __slots__ = ("_finder", "_lengths", "_words", "bit", "pieces")

    def __init__(self, words: frozenset[str]) -> None:
        self.pieces = frozenset(piece for piece in words if not _holds_another(piece, words))
        self.bit = bit_of(self.pieces)
        self._words = words
        self._lengths = sorted({len(word) for word in words})
        self._finder = _finder_of(dict.fromkeys(words, 1))

    def stand_in(self, lower: str, first: int = 0, last: int = sys.maxsize) -> bool:
        """Whether one of them stands between two places."""
        last = min(last, len(lower))
        return first < last and next(self._finder.iter(lower, first, last), None) is not None

    def begin_at(self, lower: str, at: int) -> bool:
        return any(lower[at : at + length] in self._words for length in self._lengths)


class _Start(NamedTuple):
    """How a match may begin, and whether what follows would still belong to the beginning."""

    letters: str
    is_open: bool


_ANYTHING = (_Start("", is_open=False),)
_NOTHING = (_Start("", is_open=True),)


def beginnings(pattern: re.Pattern[str]) -> frozenset[str]:
    """Pieces of plain letters, in lower case; with one of them every match begins."""
    found = beginnings_at(pattern)
    return frozenset(piece for piece in found if not _holds_another(piece, found))


def first_letters(pattern: re.Pattern[str]) -> frozenset[str]:
    """With one of these letters every match begins."""
    return frozenset(piece[0] for piece in beginnings_at(pattern))


@cache
def beginnings_at(pattern: re.Pattern[str]) -> frozenset[str]:
    """As `beginnings`, and each match begins just where one of them does."""
    source = pattern.pattern
    if pattern.flags & re.VERBOSE:
        source = re.sub(r"\s+", "", source)
    found = frozenset(start.letters.lower() for start in _of_branches(source))
    if "" in found:
        raise ValueError(f"an alternative does not begin with a plain letter: {source[:60]}")
    return found


def _holds_another(piece: str, pieces: frozenset[str]) -> bool:
    size = len(piece)
    inner = ((i, j) for i in range(size) for j in range(i + 1, size + 1) if (i, j) != (0, size))
    return any(piece[i:j] in pieces for i, j in inner)


def _of_branches(source: str) -> tuple[_Start, ...]:
    return tuple(start for branch in branches(source) for start in _of_sequence(branch))


def _of_sequence(branch: str) -> Iterable[_Start]:
    starts: list[_Start] = [*_NOTHING]
    at = 0
    while at < len(branch) and any(start.is_open for start in starts):
        following, at = _unit(branch, at)
        longer = list(_continued(starts, following))
        if len(longer) > _MOST_BEGINNINGS:
            break
        starts = longer
    return starts


def _continued(starts: list[_Start], following: tuple[_Start, ...]) -> Iterator[_Start]:
    for start in starts:
        if start.is_open:
            yield from (_Start(start.letters + more.letters, more.is_open) for more in following)
        else:
            yield start


def _unit(branch: str, at: int) -> tuple[tuple[_Start, ...], int]:
    """The letter or group that stands here, with what says how often, and where that ends."""
    starts, end = _letter_or_group(branch, at)
    quantifier = branch[end : end + 1]
    if quantifier and quantifier in _MAY_BE_MISSING:
        return _ANYTHING, end
    if quantifier == "+":
        return tuple(start._replace(is_open=False) for start in starts), end
    return starts, end


def _letter_or_group(branch: str, at: int) -> tuple[tuple[_Start, ...], int]:
    if _LOOKS_AROUND.match(branch, at):
        return _NOTHING, _closing(branch, at)
    group = _GROUP.match(branch, at)
    if group is not None:
        end = _closing(branch, at)
        return _of_branches(branch[group.end() : end - 1]), end
    if branch[at] == "\\" and not branch[at + 1].isalnum():
        return (_Start(branch[at + 1], is_open=True),), at + 2
    if branch[at] == "\\" or branch[at] in _NO_LETTER:
        return _ANYTHING, len(branch)
    return (_Start(branch[at], is_open=True),), at + 1


def _closing(source: str, at: int) -> int:
    level = 0
    for place, sign in _signs(source, at):
        level += (sign == "(") - (sign == ")")
        if not level:
            return place + 1
    raise ValueError(f"a bracket is left open: {source[at : at + 60]}")


def branches(source: str) -> list[str]:
    """The alternatives of a pattern: what stands between the bars that are in no bracket."""
    found, level, start = [], 0, 0
    for place, sign in _signs(source, 0):
        level += (sign == "(") - (sign == ")")
        if sign == "|" and not level:
            found.append(source[start:place])
            start = place + 1
    return [*found, source[start:]]


def _signs(source: str, at: int) -> Iterator[tuple[int, str]]:
    """Brackets and bars that mean what they are: neither escaped nor in a class."""
    in_class = False
    while at < len(source):
        sign = source[at]
        if sign == "\\":
            at += 1
        elif in_class:
            in_class = sign != "]"
        elif sign == "[":
            in_class = True
        elif sign in "()|":
            yield at, sign
        at += 1
