"""Mends what is commonly misread, where only one thing can have been meant.

The detectors read what people type. A picture adds slips of its own: an M for an N, a letter in the
middle of a number, a Thai tone that was lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.seeing.eyes.page import Page

_HN = re.compile(
    r"(?<![A-Za-z])(?:HM|MN|NN|HH|IIN|H1N|IHN|H:N)(?=[ ]?[:.]?[ ]{0,3}[0-9]{2,3}[0-9\-/ ]{3})"
)
# Letters that are taken for digits, between digits.
_LOOKS_LIKE = {"O": "0", "o": "0", "Q": "0", "D": "0", "I": "1", "l": "1", "!": "1"} | {
    "S": "5", "s": "5", "B": "8", "Z": "2", "z": "2", "G": "6", "b": "6",
}  # fmt: skip
_LETTER_IN_NUMBER = re.compile(
    rf"(?<=[0-9])[{''.join(_LOOKS_LIKE)}](?=[0-9]|[\-/][0-9])(?![0-9]{{0,2}}(?:[A-Za-z]|$))"
)
# The full stop of a title of staff. Without it, they are taken for patients.
_STAFF_TITLE = re.compile(r"(?<![ก-๙])(?:พว|นพ|พญ|ทพ|ภก|ภญ)(?P<stop>[ะ:,;'])(?=[ ]?[ก-๙])")
# The edge of a box: a bracket at the beginning of a cell that nothing closes.
_EDGE = re.compile(
    r"(?:^|(?<=[|]    ))(?P<edge>[\[(|!/]+[ ]?)(?=[^\])|\n]*(?:[|]|$))", re.MULTILINE
)
# The number of a row in its list, and the number that stands behind it.
_ORDINAL = re.compile(
    r"^[0-9]{1,2}(?P<blank>[ ]+(?:[|][ ]+)?)(?=[0-9]{5,9}(?![0-9]))", re.MULTILINE
)
_ROWS_LEAST = 2


def mended(page: Page) -> Page:
    if len(_ORDINAL.findall(page.text)) >= _ROWS_LEAST:
        page = _replaced(page, _ORDINAL, lambda _: ")  ")
    for pattern, meant in _MENDINGS:
        page = _replaced(page, pattern, meant)
    return page


def _replaced(page: Page, pattern: re.Pattern[str], meant: Callable[[re.Match[str]], str]) -> Page:
    for match in reversed(list(pattern.finditer(page.text))):
        page = page.replaced(*match.span(match.lastgroup or 0), meant(match))
    return page


_MENDINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_EDGE, lambda _: ""),
    (_HN, lambda _: "HN"),
    (_LETTER_IN_NUMBER, lambda match: _LOOKS_LIKE[match[0]]),
    (_STAFF_TITLE, lambda _: "."),
)
