"""A text as a row of words: Thai ones as the dictionary knows them, Latin ones, digits, signs.

Letters that make no known word are one word together, and all such are alike; so are numbers of as
many digits, as which bed it is tells nothing. Blanks are no words, but each word knows of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from bot.detectors.names.likeness import words_of

# No sign and no word is written like these.
UNKNOWN = "<word>"
LINE_END = "<line>"
# Thai letters are bounded, so that a text without a blank costs no more than one with many.
_PIECE = re.compile(
    r"(?P<thai>[ก-ฮะ-ฺเ-๎]{1,80})|(?P<latin>[a-z]{1,40})|(?P<digits>[0-9]{1,40})|(?P<line>\n)"
    r"|(?P<blank>[ \t\r]+)|(?P<sign>.)"
)
_BLANK = " "
_MOST_DIGITS = 5
_DIGITS = "<{}>"


class Row(NamedTuple):
    """The words in order, as they are written, where they begin and end, and the blanks before."""

    words: list[str]
    spelt: list[str]
    starts: list[int]
    ends: list[int]
    blanks: list[str]

    def within(self, start: int, end: int) -> tuple[int, int]:
        """The first word that reaches into these characters, and the first one behind them."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)


def row_of(lowered: str) -> Row:
    row = Row([], [], [], [], [])
    blank = _BLANK
    for piece in _PIECE.finditer(lowered):
        if piece.lastgroup == "blank":
            blank = _BLANK
            continue
        if piece.lastgroup == "thai":
            _add_thai(row, piece[0], piece.start(), blank)
        else:
            word = _alike(piece)
            _add(row, word, word, piece.span(), blank)
        blank = ""
    return row


def _add_thai(row: Row, run: str, begins: int, blank: str) -> None:
    for first, last, is_known in words_of(run):
        spelt = run[first:last]
        word = spelt if is_known else UNKNOWN
        _add(row, word, spelt, (begins + first, begins + last), blank)
        blank = ""


def _add(row: Row, word: str, spelt: str, place: tuple[int, int], blank: str) -> None:
    row.words.append(word)
    row.spelt.append(spelt)
    row.starts.append(place[0])
    row.ends.append(place[1])
    row.blanks.append(blank)


def _alike(piece: re.Match[str]) -> str:
    if piece.lastgroup == "digits":
        return _DIGITS.format(min(len(piece[0]), _MOST_DIGITS))
    return LINE_END if piece.lastgroup == "line" else piece[0]
