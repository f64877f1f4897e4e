"""Reads a line with two readers, and takes from each what it is good at.

One knows Latin letters and digits, on bad photos too, and sees noise in a Thai word; the other
knows Thai, and sees noise in a Latin word. Each says how sure it is, and noise is unsure.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from itertools import groupby
from typing import TYPE_CHECKING

from bot.seeing.eyes.latin import HEIGHT, LatinReader
from bot.seeing.eyes.letters import sureness_of, text_of
from bot.seeing.eyes.thai import ThaiReader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.seeing.eyes.letters import Letter, Word
    from bot.seeing.eyes.models import Picture
    from bot.seeing.eyes.strips import Strip

# Tall vowels and tones stand above the box that the finder draws.
_ALONG, _ACROSS = 0.1, 0.12
# A line whose every letter the Latin reader is so sure of has no Thai in it.
_ALL_LATIN, _EACH_LATIN = 0.93, 0.6
_GAP_MOST = 0.8
# A word of which the Thai reader is less sure may be a Latin one.
_SURE_THAI = 0.86
_SURE_LATIN = 0.75
_CERTAIN_LATIN = 0.9
_SAME_PLACE = 0.6
_LONG_NUMBER = 3
_THAI_DIGITS = "๐๑๒๓๔๕๖๗๘๙"
_MARGIN = 0.15


class _Script(Enum):
    THAI = auto()
    THAI_DIGITS = auto()
    OTHER = auto()


# How sure the Latin reader must be to be believed; Thai it is not even asked about. Thai digits are
# what the other one makes of 'xxx'.
_LEAST = {_Script.THAI: None, _Script.THAI_DIGITS: _CERTAIN_LATIN, _Script.OTHER: _SURE_LATIN}


@dataclass(frozen=True, eq=False)
class Line:
    """A line that was read. `strip` is what the places of its letters are shares of."""

    strip: Strip
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return text_of(self.words)

    @property
    def sureness(self) -> float:
        return _sureness(self.words)


class LineReader:
    def __init__(self) -> None:
        self._latin = LatinReader()
        self._thai = ThaiReader()

    def read(self, picture: Picture, found: Strip) -> Line:
        strip = found.grown(_ALONG, _ACROSS)
        cut = strip.cut_from(picture, HEIGHT)
        latin = self._latin.read(cut)
        if _is_all_latin(latin, strip):
            return Line(strip, latin)
        pieces = (piece for word in self._thai.read(cut) for piece in _pieces(word))
        sure = [word for word in latin if _is_sure_latin(word)]
        words: list[Word] = []
        for script, group in groupby(pieces, lambda word: _script(word, sure)):
            run = tuple(group)
            least = _LEAST[script]
            words += run if least is None else self._read_again(picture, strip, run, least)
        return Line(strip, tuple(words))

    def _read_again(
        self, picture: Picture, strip: Strip, run: Sequence[Word], least: float
    ) -> Sequence[Word]:
        """What is no Thai, by the Latin reader, alone: with Thai beside it, that one is unsure."""
        margin = _MARGIN * strip.height / strip.length
        start = max(0.0, run[0][0].start - margin)
        end = min(1.0, max(letter.end for word in run for letter in word) + margin)
        if end <= start:
            return run
        latin = self._latin.read(strip.part(start, end).cut_from(picture, HEIGHT))
        if _sureness(latin) < least:
            return run
        return [tuple(_moved(letter, start, end) for letter in word) for word in latin]


def _pieces(word: Word) -> Iterator[Word]:
    """A Thai word and the number that is written onto it."""
    if sureness_of(word) < _SURE_THAI:
        yield word
        return
    runs = [tuple(run) for _, run in groupby(word, lambda letter: letter.text.isascii())]
    if all(len(run) < _LONG_NUMBER for run in runs if run[0].text.isascii()):
        yield word
    else:
        yield from runs


def _script(word: Word, sure_latin: Sequence[Word]) -> _Script:
    """'HN' can look like two Thai letters, too: what the other reader is sure of wins."""
    if sureness_of(word) < _SURE_THAI or not any(letter.is_thai for letter in word):
        return _Script.OTHER
    if any(_shared(word, latin) > _SAME_PLACE for latin in sure_latin):
        return _Script.OTHER
    is_number = all(letter.text in _THAI_DIGITS for letter in word)
    return _Script.THAI_DIGITS if is_number else _Script.THAI


def _is_sure_latin(word: Word) -> bool:
    return len(word) > 1 and min(letter.sureness for letter in word) >= _CERTAIN_LATIN


def _shared(one: Word, other: Word) -> float:
    """How much of the longer one they have in common, by their places."""
    (start, end), (first, last) = _ends(one), _ends(other)
    longest = max(end - start, last - first)
    return (min(end, last) - max(start, first)) / longest if longest > 0 else 0.0


def _ends(word: Word) -> tuple[float, float]:
    return word[0].start, max(letter.end for letter in word)


def _sureness(words: Sequence[Word]) -> float:
    return sureness_of(tuple(letter for word in words for letter in word))


def _moved(letter: Letter, start: float, end: float) -> Letter:
    """From shares of a part to shares of the whole."""
    width = end - start
    return letter._replace(start=start + letter.start * width, end=start + letter.end * width)


def _is_all_latin(words: Sequence[Word], strip: Strip) -> bool:
    """Every letter is sure, and nothing is left over that may be Thai: to this reader, a short
    Thai word can look like no letters at all."""
    letters = [letter for word in words for letter in word]
    if not letters or min(letter.sureness for letter in letters) < _EACH_LATIN:
        return False
    starts = [*(letter.start for letter in letters), 1.0]
    ends = [0.0, *(letter.end for letter in letters)]
    widest = max(start - end for start, end in zip(starts, ends, strict=True))
    is_full = widest * strip.length < _GAP_MOST * strip.height
    return is_full and _sureness(words) >= _ALL_LATIN
