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
# Letters that are taken for digits, in a number that has more digits than those.
_LETTERS, _DIGITS = "OoQDIl!SsBZzGb", "00001115582266"
_AS_DIGITS = str.maketrans(_LETTERS, _DIGITS)
_NUMBER = re.compile(
    rf"(?<![A-Za-z0-9])[0-9](?=[0-9]*[{_LETTERS}])[0-9{_LETTERS}\-/]{{5,16}}(?![A-Za-z0-9])"
)
_DIGITS_LEAST = 0.7
# The full stop of a title of staff. Without it, they are taken for patients.
_STAFF_TITLE = re.compile(r"(?<![ก-๙])(?:พว|นพ|พญ|ทพ|ภก|ภญ)(?P<stop>[ะ:,;'])(?=[ ]?[ก-๙])")
# The edge of a box: a bracket at the beginning of a cell that nothing closes.
_EDGE = re.compile(
    r"(?:^|(?<=[|]    ))(?P<edge>[\[(|!/]+[ ]?)(?=[^\])|\n]*(?:[|]|$))", re.MULTILINE
)
# The number of a row in its list, and the number that stands behind it.
_ORDINAL = re.compile(
    r"^[0-9]{1,2}(?P<blank>[ ]+(?:[|][ ]+)?)(?=(?:[0-9][\-/]?){5,9}(?![0-9\-/]))", re.MULTILINE
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


def _as_number(match: re.Match[str]) -> str:
    signs = [sign for sign in match[0] if sign.isalnum()]
    is_number = sum(map(str.isdigit, signs)) >= _DIGITS_LEAST * len(signs)
    return match[0].translate(_AS_DIGITS) if is_number else match[0]


_MENDINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_EDGE, lambda _: ""),
    (_HN, lambda _: "HN"),
    (_NUMBER, _as_number),
    (_STAFF_TITLE, lambda _: "."),
)
