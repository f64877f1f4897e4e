"""Where a number that begins here ends, over separators, spaces and lines.

'66 004 812 54 ปี' is a number and an age, '6500123/6500124' are two numbers, '66-001/7' is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from bot.detectors import excuses


class Value(NamedTuple):
    """A number as written: where it stands, and how many digits it has."""

    start: int
    end: int
    digits: int


# One group of digits. O, I, l, B, S and Z stand for digits where one follows, O, I and l where no
# letter does. Letters in the middle of a long one are a part of it: '68A0098127', '68PSY00713'.
GROUP = (
    r"[0-9]+(?:(?:[OoIlBSZ]{1,4}|(?![HAVL]N)[A-Z]{1,4}(?=[0-9]{4}))(?=[0-9])[0-9]+)*"
    r"(?:[OoIl]{1,2}(?![A-Za-z]))?"
)
# Letters may lead a number ('A0055821', 'PCU-07', 'BKM-A07713', 'ก/2281'), but not another label.
FIRST_GROUP = (
    r"(?:(?!(?:[Hh][Nn]|[AaVvLl][Nn]|[Cc][Ii][Dd])[-/. ]?[0-9])"
    rf"(?:(?:[A-Z]{{2,6}}[-/]){{1,2}}(?:[A-Z]{{2,4}} (?=[0-9]{{5}})|[A-Z]{{1,2}}(?=[0-9]{{4}}))?"
    r"|[A-Za-z]{1,3}[-/.]?|[A-Z]{1,2} (?=[0-9]{5}|[0-9]{2}-[0-9]{6}"
    r"|[0-9]{3}-[0-9]{3}|[0-9]{4} [0-9]{4}(?![0-9]))"
    rf"|(?<![ก-๙])[ก-ฮ][-/.]))?{GROUP}"
)
_FIRST = re.compile(FIRST_GROUP)
_NEXT = re.compile(rf"(?:[OoIl]{{1,3}}(?=[0-9]))?{GROUP}")
# Between two groups: signs alone; signs and spaces; a line break, if only digits stand behind it.
_TIGHT = re.compile(
    # In the name of a file '_19Jul' and '_20250719' are days of their own.
    r"(?:(?!_(?:[0-9]{1,2}[A-Za-z]|20[0-9]{6}|25[0-9]{6}))[-./_·~*,•]{1,2}|-[A-Z](?=[0-9]{4})|-[A-Z]{1,4}-|[A-Z]-(?=[0-9]{4})"
    r"|[)\]}>]{1,2}[(\[{<]{1,2})(?=[0-9OoIl])"
)
_LOOSE = re.compile(r" {0,3}[-./_·~*,|]? {0,3}(?=[0-9OoIl])")
_BROKEN = re.compile(r" {0,3}\n {0,3}(?=[0-9](?: {0,2}[0-9]){0,8} {0,3}(?:\n|\Z))")
# '67 0 0 4 1 9 2': the year, and digit by digit what follows it.
_SPELT = re.compile(r"[0-9]{2}(?: [0-9]){5,8}(?![0-9A-Za-z]| ?[0-9])")
# The last digit may stand alone: 'HN 58 10442 7', if it counts nothing and begins no list.
_ALONE = re.compile(r" [0-9](?![0-9A-Za-z]|[.):/,\-])")
# '67110042-RF', '681124-A': a letter of the system behind it.
_ENDING = re.compile(r"-(?:[A-Z]|RF)(?![A-Za-z0-9\-])")
_GROUPS_BEFORE_ONE, _DIGITS_WITH_ONE = 2, range(7, 10)
_AGE = re.compile(r"\s?(?:y/?o?|yrs?|ปี|ขวบ|[mf](?![a-z]))", re.IGNORECASE)
_LONG_GROUP = 5
_GROUPS_MOST = 20
_YEAR_DIGITS, _BEHIND_A_YEAR = 2, range(6, 9)
# A number in groups with spaces is complete with seven digits; one over several lines may be a
# citizen number.
_ENOUGH_DIGITS, _MOST_DIGITS = 7, 13


def read_number(text: str, position: int) -> Value | None:
    spelt = _SPELT.match(text, position)
    if spelt is not None:
        return Value(*spelt.span(), count_digits(spelt[0]))
    first = _FIRST.match(text, position)
    if first is None:
        return None
    end = first.end()
    lengths = [count_digits(first[0])]
    while len(lengths) < _GROUPS_MOST:
        group = _next_group(text, end, lengths)
        if group is None:
            break
        end = group.end()
        lengths.append(count_digits(group[0]))
    alone = _ALONE.match(text, end) if _may_want_one(text[first.start() : end], lengths) else None
    if alone is None or excuses.is_counted(text, alone.end()):
        ending = _ENDING.match(text, end) if sum(lengths) >= _LONG_GROUP else None
        return Value(first.start(), ending.end() if ending else end, sum(lengths))
    return Value(first.start(), alone.end(), sum(lengths) + 1)


def _may_want_one(written: str, lengths: list[int]) -> bool:
    is_spaced = " " in written and len(lengths) == _GROUPS_BEFORE_ONE
    return is_spaced and sum(lengths) + 1 in _DIGITS_WITH_ONE


def count_digits(written: str) -> int:
    return sum(character in "0123456789OoIl" for character in written)


def _next_group(text: str, end: int, lengths: list[int]) -> re.Match[str] | None:
    for separator, joins in _JOINTS:
        between = separator.match(text, end)
        group = _NEXT.match(text, between.end()) if between and between[0] else None
        if between and group and joins(between[0], lengths, len(group[0])):
            return None if _AGE.match(text, group.end()) else group
    return None


def _joins_tightly(sign: str, lengths: list[int], length: int) -> bool:
    """Two long groups are two numbers; a comma joins only short ones."""
    is_long = (lengths[-1] >= _LONG_GROUP, length >= _LONG_GROUP)
    if "," in sign:
        return not any(is_long)
    return not (all(is_long) and sign in "/.~*")


def _joins_loosely(_sign: str, lengths: list[int], length: int) -> bool:
    """Either each digit stands alone, or short groups make up one number."""
    if all(size == 1 for size in lengths):
        # '1 6512345' is a row and its number.
        return length == 1 or (len(lengths) == 1 and length < _LONG_GROUP)
    if lengths == [_YEAR_DIGITS] and length in _BEHIND_A_YEAR:
        return True  # 'HN 65 0012345': the year, and the number within it
    is_open = sum(lengths) < _ENOUGH_DIGITS and max(lengths) < _LONG_GROUP
    return is_open and 1 < length <= _LONG_GROUP


def _joins_over_lines(_sign: str, lengths: list[int], length: int) -> bool:
    return sum(lengths) + length <= _MOST_DIGITS and max(lengths) <= _LONG_GROUP


_JOINTS: tuple[tuple[re.Pattern[str], Callable[[str, list[int], int], bool]], ...] = (
    (_TIGHT, _joins_tightly),
    (_LOOSE, _joins_loosely),
    (_BROKEN, _joins_over_lines),
)
