"""Reads a line with two readers, and takes from each what it is good at.

One knows Latin letters and digits, on bad photos too, and sees noise in a Thai word; the other
knows Thai, and sees noise in a Latin word. Each says how sure it is, and noise is unsure. Where
the second sees Thai digits, a third reads them: it sees that there are some, but not which.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from bot.seeing.eyes import glyphs
from bot.seeing.eyes.latin import HEIGHT, LatinReader
from bot.seeing.eyes.letters import sureness_of, text_of
from bot.seeing.eyes.thai import ThaiReader
from bot.seeing.eyes.thai_digits import DIGITS, ThaiDigitReader

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
_MARGIN = 0.15
# So many Thai digits are worth a third reading: fewer are no number of a patient.
_DIGITS_LEAST = 3


class _Script(Enum):
    THAI = auto()
    THAI_DIGITS = auto()
    OTHER = auto()


# How sure the Latin reader must be to be believed. Thai digits are what the other one makes of
# 'xxx'; Thai it is not even asked about.
_LEAST = {_Script.THAI_DIGITS: _CERTAIN_LATIN, _Script.OTHER: _SURE_LATIN}


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


_Scripted = tuple[_Script, "Word"]


class LineReader:
    def __init__(self) -> None:
        self._latin = LatinReader()
        self._thai = ThaiReader()
        self._thai_digits = ThaiDigitReader()

    def read(self, picture: Picture, found: Strip) -> Line:
        strip = found.grown(_ALONG, _ACROSS)
        cut = strip.cut_from(picture, HEIGHT)
        latin = self._latin.read(cut)
        if _is_all_latin(latin, strip):
            return Line(strip, latin)
        pieces = (piece for word in self._thai.read(cut) for piece in _pieces(word))
        sure = [word for word in latin if _is_sure_latin(word)]
        scripts = ((_script(word, sure), word) for word in pieces)
        runs = [tuple(run) for _, run in groupby(scripts, lambda one: one[0] is _Script.THAI)]
        words: list[Word] = []
        for run, behind in pairwise([*runs, ()]):
            if run[0][0] is _Script.THAI:
                words += (word for _, word in run)
            else:
                room = max((_ends(word)[1] for word in words), default=0.0), _start(behind)
                words += self._without_thai(picture, strip, run, room)
        return Line(strip, tuple(words))

    def _without_thai(
        self, picture: Picture, strip: Strip, run: Sequence[_Scripted], room: tuple[float, float]
    ) -> list[Word]:
        """Numbers in Thai digits first; what stands beside them by the Latin reader."""
        numbers = self._numbers(picture, strip, [word for _, word in run], room)
        read = list(numbers)
        beside = [(script, part) for script, word in run for part in _beside(word, numbers)]
        for (script, before), group in groupby(beside, lambda one: _place(one, numbers)):
            part = [word for _, word in group]
            between = numbers[before - 1 : before], numbers[before : before + 1]
            start, end = _reach(strip, part, *between)
            read += self._read_again(picture, strip, part, (start, end), _LEAST[script])
        return sorted(read, key=_middle) if numbers else read

    def _numbers(
        self, picture: Picture, strip: Strip, run: Sequence[Word], room: tuple[float, float]
    ) -> Sequence[Word]:
        """In all the room between two Thai words: where its digits stand, Tesseract tells badly."""
        start, end = room
        if sum(map(_thai_digits, run)) < _DIGITS_LEAST or end <= start:
            return []
        read = self._thai_digits.read(strip.part(start, end).cut_from(picture, glyphs.HEIGHT))
        return [tuple(_moved(letter, start, end) for letter in word) for word in read]

    def _read_again(
        self,
        picture: Picture,
        strip: Strip,
        run: Sequence[Word],
        reach: tuple[float, float],
        least: float,
    ) -> Sequence[Word]:
        """What is no Thai, by the Latin reader, alone: with Thai beside it, that one is unsure."""
        start, end = reach
        if end <= start:
            return run
        latin = self._latin.read(strip.part(start, end).cut_from(picture, HEIGHT))
        if _sureness(latin) < least:
            return run
        return [tuple(_moved(letter, start, end) for letter in word) for word in latin]


def _reach(
    strip: Strip, run: Sequence[Word], before: Sequence[Word] = (), behind: Sequence[Word] = ()
) -> tuple[float, float]:
    """From where to where it is to be cut out: a little more, but nothing of its neighbours."""
    margin = _MARGIN * strip.height / strip.length
    start, end = run[0][0].start - margin, max(_ends(word)[1] for word in run) + margin
    first = max((_ends(word)[1] for word in before), default=0.0)
    last = min((_ends(word)[0] for word in behind), default=1.0)
    return max(first, start), min(last, end)


def _start(run: Sequence[_Scripted]) -> float:
    return min((_ends(word)[0] for _, word in run), default=1.0)


def _place(one: _Scripted, numbers: Sequence[Word]) -> tuple[_Script, int]:
    """Its script, and how many numbers stand before it."""
    script, word = one
    return script, sum(_middle(number) < _middle(word) for number in numbers)


def _beside(word: Word, numbers: Sequence[Word]) -> Iterator[Word]:
    """What is left of it: 'HN' and the number behind it may have been taken for one word."""
    for is_number, part in groupby(word, lambda letter: _lies_in(letter, numbers)):
        if not is_number:
            yield tuple(part)


def _lies_in(letter: Letter, numbers: Sequence[Word]) -> bool:
    middle = (letter.start + letter.end) / 2
    return any(start <= middle <= end for start, end in map(_ends, numbers))


def _middle(word: Word) -> float:
    return sum(_ends(word)) / 2


def _thai_digits(word: Word) -> int:
    return sum(letter.text in DIGITS for letter in word)


def _pieces(word: Word) -> Iterator[Word]:
    """A Thai word and the number that is written onto it."""
    if sureness_of(word) < _SURE_THAI or _is_thai_number(word):
        yield word
        return
    runs = [tuple(run) for _, run in groupby(word, _digits_of)]
    if all(len(run) < _LONG_NUMBER for run in runs if _digits_of(run[0])):
        yield word
    else:
        yield from runs


def _digits_of(letter: Letter) -> str:
    """What kind of number it may be part of, if any."""
    if letter.text in DIGITS:
        return DIGITS
    return "ASCII" if letter.text.isascii() else ""


def _is_thai_number(word: Word) -> bool:
    """Some of its digits may have been taken for letters: ๗ for ฒ, ๖ for อ."""
    return 2 * _thai_digits(word) >= len(word)


def _script(word: Word, sure_latin: Sequence[Word]) -> _Script:
    """'HN' can look like two Thai letters, too: what the other reader is sure of wins."""
    if sureness_of(word) < _SURE_THAI or not any(letter.is_thai for letter in word):
        return _Script.OTHER
    if any(_shared(word, latin) > _SAME_PLACE for latin in sure_latin):
        return _Script.OTHER
    return _Script.THAI_DIGITS if _is_thai_number(word) else _Script.THAI


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
