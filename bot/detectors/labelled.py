"""Numbers that are known by the words before them: where such a number begins, and where it ends.

People put signs and words between a label and its number ('HN ของคนไข้คือ 65-001'), break numbers
over lines, write several behind one label, or one below the other under a heading. The shape of
a number says how much of that is believed: the more words in between, the longer it must be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bot.detectors import excuses
from bot.detectors.words import Cue, Words
from bot.domain.findings import Finding, Label, Strength

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.detectors.scene import Scene


class Value(NamedTuple):
    """A number as written: where it stands, and how many digits it has."""

    start: int
    end: int
    digits: int


# One group of digits. O, I and l stand for 0 and 1 where a digit follows, or nothing does.
_GROUP = r"[0-9]+(?:[OoIl]{1,4}(?=[0-9])[0-9]+)*(?:[OoIl]{1,2}(?![A-Za-z]))?"
_FIRST = re.compile(
    rf"(?:(?!(?:hn|an|vn|ln|cid)[-/.]?[0-9])[A-Za-z]{{1,3}}[-/.]?)?{_GROUP}", re.IGNORECASE
)
_NEXT = re.compile(rf"(?:[OoIl]{{1,3}}(?=[0-9]))?{_GROUP}")
_TIGHT = re.compile(r"(?:[-./_·~*,•]{1,2}|[)\]}>]{1,2}[(\[{<]{1,2})(?=[0-9OoIl])")
_LOOSE = re.compile(r" {0,3}[-./_·~*,|]? {0,3}(?=[0-9OoIl])")
_BROKEN = re.compile(r" {0,3}\n {0,3}(?=[0-9](?: {0,2}[0-9]){0,8} {0,3}(?:\n|\Z))")
_AFTER_AGE = re.compile(r"\s?(?:y/?o?|yrs?|ปี|ขวบ|[mf](?![a-z]))", re.IGNORECASE)
_LONG_GROUP = 5
_COUNTS_MOST = 6  # Nobody counts ten million of anything here.
_GROUPS_MOST = 20

_SIGNS = r"""[ \t:;.\#=\-~>()\[\]"'“”‘’|,\\*+@/_?!{}]"""
_WORDS = r"""ของ|คนไข้|ผู้ป่วย|ผป\.?|คือ|เป็น|ตามนี้|ดังนี้|นี้|ค่ะ|คะ|ครับ|คับ|จ้า|จ้ะ|นะ|น้า|เลขที่|เลข|หมายเลข|รหัส|ที่
  |ว่า|แก|เค้า|เขา|น้อง
  |ลูกสาว|ลูกชาย|ลูกเขย|ลูก|สามี|ภรรยา|ญาติ|แฟน|หลาน|ผัว|แม่|พ่อ|เจ้าตัว|(?:เตียง|ห้อง|bed)[ ]?[0-9]{1,3}(?![0-9])|เมีย|ยาย|ตา|ลุง|ป้า|เก่า|ใหม่|เดิม|จริง|ถูก|ผิด|ได้|มี|ให้|อยู่|no|number|num|nr|id|is|of|pt|patient|value|code"""
_ADJACENT = re.compile(rf"(?:{_SIGNS}|\n){{0,12}}", re.VERBOSE)
_FILLED = re.compile(rf"(?:(?:{_WORDS}){_SIGNS}{{0,6}}){{1,6}}", re.VERBOSE | re.IGNORECASE)
_ANY_WORDS = re.compile(r"[^0-9\n]{0,45}")
_AND = re.compile(
    rf"(?:{_SIGNS}|และ|กับ|กะ|หรือ|and|\n{{1,2}}(?:[ ]{{0,4}}(?:[-•*+]"
    rf"|[0-9]{{1,2}}[.)](?![0-9]))[ ]{{0,3}})?|{_WORDS}){{1,8}}",
    re.VERBOSE | re.IGNORECASE,
)
# Words that begin something else: behind them stands no number of the label before them.
_TURNS_AWAY = re.compile(
    r"""โทร|เบอร์|มือถือ|ต่อ|วันที่|เวลา|นัด|คิว|ราคา|อายุ|หนัก|สูง|ห้อง|เตียง|ตึก|ชั้น|บ้าน|ซอย|ยอด|จำนวน|สถิติ|เกิด
      |บัญชี|พร้อมเพย์
      | (?<![a-z])(?:bp|hr|pr|rr|hb|hct|wbc|plt|cr|na|k|bun|dtx|fbs|dob|birth|temp|t|p|r|bw|ht|age
        |tel|phone|mobile|date|time|bed|room|cc|hn|vn|an|ln|cid|icd)(?![a-z])""",
    re.VERBOSE | re.IGNORECASE,
)
_IS = re.compile(r"(?:คือ|เป็น|=|:|ว่า)\s{0,3}\Z")
_HEADED_LINE = re.compile(
    rf"\n[ \t]{{0,4}}(?:[-•*+>]"
    rf"|[0-9]{{1,2}}[.)](?![0-9]))?[ \t]{{0,4}}(?P<value>{_FIRST.pattern}(?:[-/]{_GROUP})*)(?P<rest>[^\n]*)"
)
_HEADED_MOST = 200


@dataclass(frozen=True, slots=True)
class Shape:
    """How many digits a number has: right behind its label, behind words we know, behind others."""

    least: int
    most: int
    behind_words: int
    behind_anything: int
    phones_too: bool = False


@dataclass(frozen=True, slots=True)
class LabelledNumber:
    """A detector: words that name a kind of number, the shape of the number, and its examples."""

    label: Label
    names: Words
    shape: Shape
    reason: str
    must_find: tuple[tuple[str, str], ...]
    must_leave: tuple[str, ...]
    is_excused: Callable[[Scene, Value], bool] | None = None
    needs_digit: bool = True

    def find(self, scene: Scene) -> Iterator[Finding]:
        last = 0
        for name in self.names.find(scene.cues.lower):
            if name.end < last:
                continue
            for value in self._values(scene, name):
                last = value.end
                yield Finding(
                    value.start,
                    value.end,
                    self.label,
                    Strength.CERTAIN,
                    f"{self.reason} + {value.digits} digits",
                )

    def _values(self, scene: Scene, name: Cue) -> Iterator[Value]:
        text = scene.text
        value = first_value(text, name.end, self.shape) or self._value_before(text, name)
        for each in self._all(text, name.end, value):
            if not self._is_none(scene, each, name.end):
                yield each

    def _all(self, text: str, position: int, first: Value | None) -> Iterator[Value]:
        if first is None:
            yield from headed_values(text, position, self.shape)
            return
        yield first
        yield from more_values(text, first)
        is_below = "\n" in text[position : first.start]
        if is_below and first.digits >= self.shape.behind_anything:
            yield from headed_values(text, first.end, self.shape)

    def _value_before(self, text: str, name: Cue) -> Value | None:
        """'650012345 คือ HN': the label comes after."""
        before = _BEFORE.search(text[max(0, name.start - 40) : name.start])
        if before is None or self.shape.behind_anything > len(excuses.digits_of(before["value"])):
            return None
        offset = max(0, name.start - 40)
        start, end = before.span("value")
        if excuses.says_it_is_something_else(text, offset + start, offset + end):
            return None
        return Value(offset + start, offset + end, len(excuses.digits_of(before["value"])))

    def _is_none(self, scene: Scene, value: Value, since: int) -> bool:
        text = scene.text
        written = text[value.start : value.end]
        return (
            value.digits > self.shape.most
            or scene.is_taken(value.start, value.end)
            or excuses.is_dummy_number(written)
            or excuses.is_date(written)
            or excuses.is_masked(text, value.start, value.end)
            or (_may_be_a_count(written) and excuses.is_counted(text, value.end))
            or excuses.is_teaching(scene, value.start)
            or excuses.says_it_is_something_else(text, value.start, value.end, since)
            or (self.is_excused is not None and self.is_excused(scene, value))
        )


_BEFORE = re.compile(
    r"(?<![0-9A-Za-z])(?P<value>[0-9][0-9/\-]{4,14}[0-9])[ ]{0,2}(?:ที|นะ|ค่ะ|คะ|ครับ|หน่อย"
    r"|ด้วย)?[ ]{0,2}(?:คือ|เป็น|นี่|=|\(|\[|<-|←)?[ ]{0,2}(?:เลข)?[ ]{0,1}\Z"
)


def _may_be_a_count(written: str) -> bool:
    return written.replace(",", "").isdigit() and len(written) <= _COUNTS_MOST


def first_value(text: str, position: int, shape: Shape) -> Value | None:
    """The number a label speaks of, on its line or alone on the next."""
    adjacent = _end(_ADJACENT, text, position)
    value = read_value(text, adjacent)
    if value is not None:
        return value if value.digits >= shape.least else None
    filled = _FILLED.match(text, adjacent)
    if filled is not None:
        at = _end(_ADJACENT, text, filled.end())
        value = read_value(text, at)
        if value is not None:
            return value if value.digits >= shape.behind_words else None
    words = _ANY_WORDS.match(text, position)
    at = words.end() if words else position
    if at >= len(text) or not text[at].isdigit():
        return None
    if _TURNS_AWAY.search(text, position, at) and not _IS.search(text[at - 8 : at]):
        return None
    at = _with_letters(text, at, position)
    value = read_value(text, at)
    is_long = (
        value is not None
        and value.digits >= shape.behind_anything
        and (shape.phones_too or not _is_phone(text, value))
    )
    return value if is_long else None


def _with_letters(text: str, at: int, limit: int) -> int:
    """A letter or two that belong to the number: 'A0055821'."""
    start = at
    while (
        start > limit and at - start < 2 and text[start - 1].isascii() and text[start - 1].isalpha()
    ):
        start -= 1
    return (
        at if start > limit and text[start - 1].isascii() and text[start - 1].isalpha() else start
    )


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def read_value(text: str, position: int) -> Value | None:
    """The number that begins here, over separators, spaces and lines, as far as it is one number."""
    first = _FIRST.match(text, position)
    if first is None:
        return None
    groups = [(first.end(), _count(first[0]), text[first.end() - 1 : first.end()])]
    lengths = [_count(first[0])]
    end = first.end()
    while len(lengths) < _GROUPS_MOST:
        joined = _joined(text, end, lengths)
        if joined is None:
            break
        end = joined
        lengths.append(_count(_NEXT_TEXT(text, groups[-1][0], end)))
        groups.append((end, lengths[-1], ""))
    return Value(first.start(), end, sum(lengths))


def _NEXT_TEXT(text: str, start: int, end: int) -> str:
    return text[start:end]


def _count(written: str) -> int:
    return sum(character in "0123456789OoIl" for character in written)


def _joined(text: str, end: int, lengths: list[int]) -> int | None:
    """Where the next group of the same number ends, if there is one."""
    for separator, is_fine in (
        (_TIGHT, _joins_tightly),
        (_LOOSE, _joins_loosely),
        (_BROKEN, _joins_broken),
    ):
        match = separator.match(text, end)
        if match is None or match.end() == end:
            continue
        group = _NEXT.match(text, match.end())
        if group is None:
            continue
        if is_fine(match[0], lengths, len(group[0])) and not _AFTER_AGE.match(text, group.end()):
            return group.end()
    return None


def _joins_tightly(separator: str, lengths: list[int], length: int) -> bool:
    """Two long groups are two numbers; a comma joins only short ones."""
    both_long = lengths[-1] >= _LONG_GROUP and length >= _LONG_GROUP
    if "," in separator:
        return not both_long and max(lengths[-1], length) < _LONG_GROUP
    return not (both_long and separator in "/.~*")


def _joins_loosely(_separator: str, lengths: list[int], length: int) -> bool:
    """'66 004 812' is one number, '6500123 54' is a number and something else."""
    if all(size == 1 for size in lengths):
        return length == 1 or len(lengths) == 1
    return sum(lengths) < 7 and max(lengths) < _LONG_GROUP and 2 <= length <= _LONG_GROUP


def _joins_broken(_separator: str, lengths: list[int], length: int) -> bool:
    return sum(lengths) + length <= 13 and max(lengths) <= _LONG_GROUP


def _is_phone(text: str, value: Value) -> bool:
    digits = excuses.digits_of(text[value.start : value.end])
    return len(digits) == 10 and digits[0] == "0" and digits[1] in "689"


def more_values(text: str, first: Value) -> Iterator[Value]:
    """Further numbers of the same length behind the same label: 'HN 6500123, 6500124 และ 6500125'."""
    last = first
    while last.digits >= _LONG_GROUP:
        link = _AND.match(text, last.end)
        value = read_value(text, link.end()) if link else None
        if value is None or abs(value.digits - first.digits) > 1 or value.digits < _LONG_GROUP:
            return
        yield value
        last = value


def headed_values(text: str, position: int, shape: Shape) -> Iterator[Value]:
    """Numbers that stand under a heading, one at the start of each line, or alone on a later line."""
    end_of_line = text.find("\n", position)
    if end_of_line < 0:
        return
    at, missed = end_of_line, 0
    for _ in range(_HEADED_MOST):
        line = _HEADED_LINE.match(text, at)
        following = text.find("\n", at + 1)
        if line is not None and _count(line["value"]) >= shape.behind_anything:
            value = read_value(text, line.start("value"))
            if value is not None:
                yield value
        else:
            missed += 1
        if following < 0 or missed > 2:
            return
        at = following
