"""Columns without a heading whose meaning is said in words: '(คอลัมน์แรก HN)', 'ตัวหลังคือ AN'.

And two labels before their two numbers: 'HN/AN: 6300457 / 68-011930'.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.detectors import excuses
from bot.domain.findings import Label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_COLUMN = r"(?:คอลั?ม(?:น์|ภ์)?|ช่อง|แถว|ตัวเลข|เลข|ตัว|columns?|col\.?|numbers?)\s?(?:ที่\s?)?"
_SIDE = r"(?:สุด|มือ|ชื่อ|บรรทัด|แถว)?"
_FIRST = rf"(?:แรก|หน้า|ข้างหน้า|ด้านหน้า|ซ้าย|ต้น){_SIDE}|1(?![0-9])|หนึ่ง"
_MIDDLE = r"กลาง|ตรงกลาง|ที่สอง|2(?![0-9])|สอง"
_LAST = rf"(?:สุดท้าย|หลัง|ข้างหลัง|ด้านหลัง|ท้าย|ขวา){_SIDE}"
_IN_ENGLISH = r"\s(?:column|col\.?|number)"
_MEANS = r"\s{0,2}(?:นี้|นั้น)?\s{0,2}(?:คือ|เป็น|=|:|is)?\s{0,2}(?:เลข\s?)?"
_SAID = re.compile(
    rf"(?:{_COLUMN}(?:{_FIRST}|(?P<last>{_LAST})|(?P<middle>{_MIDDLE}))"
    rf"|(?:first|1st|left|(?P<last_in_english>last|right)){_IN_ENGLISH}){_MEANS}"
    r"(?:(?P<hospital>h\.?n\.?|mrn|เอชเอ็น|เลขที่\s?รพ)|[av]\.?n\.?|เอเอ็น|วีเอ็น)(?![a-zก-๙])",
    re.IGNORECASE,
)
_NUMBER = r"(?P<value>[0-9]{2}[0-9\-/]{2,12}[0-9])"
_AT_THE_BEGINNING = re.compile(
    r"[ \t\-•*|,(]{0,4}(?:(?:เตียง|ห้อง|คิว|bed)?\s?[0-9]{1,3}[ .):|,\-]{1,3})?"
    rf"{_NUMBER}(?![0-9A-Za-z]|[-/.][0-9])",
    re.IGNORECASE,
)
_AT_THE_END = re.compile(rf"(?<![0-9A-Za-z.,])(?<![0-9][-/]){_NUMBER}[ \t|,.)]{{0,4}}\Z")
# Cells are told apart by bars or tabs: blanks and commas stand in cells as well.
_IN_THE_MIDDLE = re.compile(rf"[^|\t\n]{{1,60}}[|\t] *{_NUMBER} *[|\t]")
_DIGITS_LEAST = 5
_LINES_MOST = 200
_END_REACH = 24


# Two labels, and behind them as many numbers in their order.
_IN_TURN = re.compile(
    r"(?<![a-z])(?P<one>h\.?n|[av]\.?n)\.? ?[/|,&+] ?(?P<two>h\.?n|[av]\.?n)\.?"
    r"[ \t:=#.]{0,4}(?P<first>[0-9][0-9\-]{3,12}[0-9]) ?[/|,&+ ] ?"
    r"(?P<second>[0-9][0-9\-]{3,12}[0-9])(?![0-9A-Za-z]|[-/.][0-9])",
    re.IGNORECASE,
)


def labels_in_turn(text: str) -> Iterator[tuple[Label, int, int]]:
    for match in _IN_TURN.finditer(text):
        for label, number in (("one", "first"), ("two", "second")):
            if _is_a_number(match[number]):
                is_hospital = match[label][0] in "Hh"
                yield (Label.HN if is_hospital else Label.VISIT_NO), *match.span(number)


def said_columns(text: str) -> Iterator[tuple[Label, int, int]]:
    """The numbers of a column, where a line of the text says which column is theirs."""
    said = _SAID.search(text)
    if said is None:
        return
    label = Label.HN if said["hospital"] else Label.VISIT_NO
    find = _finder_of(said)
    at = 0
    for line in text.split("\n")[:_LINES_MOST]:
        found = find(line)
        if found is not None and _is_a_number(found["value"]):
            yield label, at + found.start("value"), at + found.end("value")
        at += len(line) + 1


def _finder_of(said: re.Match[str]) -> Callable[[str], re.Match[str] | None]:
    if said["middle"]:
        return _IN_THE_MIDDLE.match
    is_last = bool(said["last"] or said["last_in_english"])
    return _at_its_end if is_last else _AT_THE_BEGINNING.match


def _at_its_end(line: str) -> re.Match[str] | None:
    return _AT_THE_END.search(line, max(0, len(line) - _END_REACH))


def _is_a_number(written: str) -> bool:
    is_long = len(excuses.digits_of(written)) >= _DIGITS_LEAST
    is_other = excuses.is_dummy_number(written) or excuses.is_date(written)
    return is_long and not is_other and not excuses.is_phone(written)
