"""Numbers that are known by the words before them.

People put signs and words between a label and its number ('HN ของคนไข้คือ 65-001'), write several
numbers behind one label, or one below the other under a heading. The shape of a number says how
much of that is believed: the more words in between, the longer the number must be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.detectors import excuses
from bot.detectors.further_numbers import (
    SIGN,
    WORD,
    in_form_of,
    listed_values,
    more_values,
    of_another,
    the_old_one,
)
from bot.detectors.numbers import Value, count_digits, read_number
from bot.detectors.scene import Places, Scene
from bot.detectors.words import Cue, Words
from bot.domain.findings import Finding, Label, Strength

_SIGNS = re.compile(rf"(?:{SIGN}|\n){{0,12}}", re.VERBOSE)
_KNOWN_WORDS = re.compile(rf"(?:{WORD}{SIGN}{{0,6}}){{1,6}}", re.VERBOSE | re.IGNORECASE)
# 'HN เก่าปี 39 ในสมุด …', 'HN ซ้ำ 2 อัน …': the year, the count is not the number.
_ANY_WORDS = re.compile(
    r"(?:[^0-9\n]|(?:(?<=ปี)|(?<=ปี ))(?:25)?[0-9]{2}(?![0-9/-])"
    r"|(?:(?<=เตียง)|(?<=ห้อง)|(?<=เครื่อง)|(?<=ล็อก)|(?<=ช่อง)|(?<=คิว)|(?<=เตียง )|(?<=ห้อง )"
    r"|(?<=เครื่อง )|(?<=ล็อก )|(?<=ช่อง )|(?<=คิว )|(?<=bed )|(?<=room )|(?<=tiang ))[0-9]{1,4}(?= )"
    r"|[0-9](?= ?(?:อัน|เลข|ใบ|แฟ้ม|เบอร์|ราย|คน)(?!ไข้))){0,45}"
)
# Words that begin something else: behind them stands no number of the label before them, unless
# it is said to be ('… คือ 6500123').
_TURNS_AWAY = re.compile(
    r"""โทร|เบอร์|มือถือ|(?<!แ)ต่อ|วันที่|เวลา|นัด|ราคา|อายุ|หนัก|สูง|ตึก
      |(?:ห้อง|เตียง|คิว)(?![ ]?[0-9]{1,4}[ ])
      |ชั้น|บ้าน(?!เรา|เฮา|เขา|เค้า)|ซอย|ยอด|จำนวน|สถิติ|เกิด
      |บัญชี|พร้อมเพย์
      | (?<![a-z])(?:bp|hr|pr|rr|hb|hct|wbc|plt|cr|na|k|bun|dtx|fbs|dob|birth|temp|t|p|r|bw|ht|age
        |tel|phone|mobile|date|time|bed|room|cc|hn|vn|an|ln|cid|icd)(?![a-z])""",
    re.VERBOSE | re.IGNORECASE,
)
# 'HN เก่า HN ใหม่คือ …': the number is that of the label next to it.
_ANOTHER_LABEL = re.compile(r"(?<![a-z])(?:hn|vn|an|ln)(?![a-z])", re.IGNORECASE)
_IS = re.compile(r"(?:คือ|เป็น|=|:|ว่า)\s{0,3}\Z")
_LETTERS_BEFORE = re.compile(
    r"(?:(?<![A-Za-z])(?:[A-Z]{2,6}-|[A-Za-z]{1,2})|(?<![ก-๙])[ก-ฮ][/\-.])\Z"
)
# '6500123', and in the next message 'HN …': alone on the line above.
_STANDS_ABOVE = re.compile(
    r"(?:\A|\n) {0,2}(?P<value>[0-9][0-9/\-]{4,14}[0-9]) {0,2}\n {0,2}"
    r"(?:(?:อันนี้|อันนั้น|นี่|นั่น|คือ|เป็น|เลข) ?){0,2}\Z"
)
_COMES_FIRST = re.compile(
    r"(?<![0-9A-Za-z])(?P<value>(?:[A-Z]{1,2}-?)?[0-9][0-9OoIlBSZ/.\-]{3,14}[0-9OoIl]"
    r"|(?:[0-9] ){5,9}[0-9]|(?<!เตียง )(?<!ห้อง )(?<!คิว )[0-9]{2,3} (?:- )?[0-9]{4,6})[\])]?"
    r"(?: {0,2}(?:,|กับ|และ|หรือ) {0,2}[0-9][0-9/\-]{4,14}[0-9]){0,3} {0,2}"
    r"(?:ทั้งคู่|ทั้งสอง(?:เลข|อัน)?|ที|นะ|ค่ะ|คะ|ครับ|หน่อย|ด้วย|ตรงช่อง|ในช่อง|ช่อง|patient id)? {0,2}"
    r"(?P<said>(?:(?:คือ|เป็น|อันนี้|นี่|นี้|=|\(|\[|<-|←|is) {0,2}){0,3})(?:เลข|เป็น|คือ)? ?\Z",
    re.IGNORECASE,
)
_BEFORE_REACH = 56
# 'lot VN66B0931': what looks like a label is part of a code.
_OF_GOODS = re.compile(
    r"(?<![a-z])(?:lot|batch|serial|s/?n|p/n|model|รุ่น|ล็อต|ล๊อต)(?:\s?no\.?)?"
    r"[\s:#]{0,2}(?:[A-Za-z0-9]{1,8}[-.]){0,2}[A-Za-z]{2}[-. ]?\Z",
    re.IGNORECASE,
)
_CODE_REACH = 36
# '(0008,0060)': the tag of a field of DICOM.
_TAG = re.compile(r"[0-9]{4},[0-9]{4}")
_COUNTS_MOST = 6  # Nobody counts ten million of anything here.


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
    digits_least: int = 3
    # Whether another number in just the form of the first counts as well.
    counts_alike: bool = False

    def find(self, scene: Scene) -> Iterator[Finding]:
        found = list(self._labelled(scene))
        yield from found
        for value in self._alike(scene, found) if self.counts_alike and found else ():
            reason = f"{self.reason} + the form of the number before"
            yield Finding(value.start, value.end, self.label, Strength.CERTAIN, reason)

    def _alike(self, scene: Scene, found: list[Finding]) -> Iterator[Value]:
        """'HN 66-118820 แต่ในแฟ้ม 66-118802': without a label, in the form and year of the first."""
        text, known = scene.text, Places(found)
        first = text[found[0].start : found[0].end]
        for start, end in (*in_form_of(first, text), *of_another(first, text)):
            value = Value(start, end, count_digits(text[start:end]))
            is_new = value.start >= found[0].end and not known.overlap(value.start, value.end)
            if is_new and not self._is_something_else(scene, value, 0):
                yield value

    def _labelled(self, scene: Scene) -> Iterator[Finding]:
        last = 0
        for name in self.names.find(scene.cues.lower, scene.cues.heard):
            if name.end < last:
                continue
            for value in self._values(scene, name):
                last = value.end
                reason = f"{self.reason} + {value.digits} digits"
                yield Finding(value.start, value.end, self.label, Strength.CERTAIN, reason)

    def _values(self, scene: Scene, name: Cue) -> Iterator[Value]:
        text = scene.text
        first = first_value(text, name.end, self.shape) or _value_before(text, name, self.shape)
        for value in _all_of(text, name.end, first, self.shape):
            if not self._is_something_else(scene, value, name.end):
                yield value

    def _is_something_else(self, scene: Scene, value: Value, since: int) -> bool:
        text = scene.text
        written = text[value.start : value.end]
        if _OF_GOODS.search(text, max(0, value.start - _CODE_REACH), value.start):
            return True
        return (
            value.digits > self.shape.most
            or _TAG.fullmatch(written) is not None
            or scene.is_taken(value.start, value.end)
            or excuses.is_dummy_number(written)
            or excuses.is_date(written)
            or excuses.is_masked(text, value.start, value.end)
            or (_may_be_a_count(written) and excuses.is_counted(text, value.end))
            or excuses.is_teaching(scene, value.start)
            or excuses.says_it_is_something_else(text, value.start, value.end, since)
            or (self.is_excused is not None and self.is_excused(scene, value))
        )


def first_value(text: str, position: int, shape: Shape) -> Value | None:
    """The number a label speaks of: right behind it, behind words we know, or further on."""
    at = _past(_SIGNS, text, position)
    value = read_number(text, at)
    if value is not None:
        return value if value.digits >= shape.least else None
    words = _KNOWN_WORDS.match(text, at)
    value = read_number(text, _past(_SIGNS, text, words.end())) if words else None
    if value is not None:
        return value if value.digits >= shape.behind_words else None
    return _further_on(text, position, shape)


def _further_on(text: str, position: int, shape: Shape) -> Value | None:
    """Behind any words of the line, if they do not lead to something else."""
    at = _past(_ANY_WORDS, text, position)
    is_said = _IS.search(text[max(position, at - 8) : at]) is not None
    if _TURNS_AWAY.search(text, position, at) and not is_said:
        return None
    if _ANOTHER_LABEL.search(text, position, at):
        return None
    letters = _LETTERS_BEFORE.search(text[max(position, at - 8) : at])
    value = read_number(text, at - len(letters[0]) if letters else at)
    if value is None or value.digits < shape.behind_anything:
        return None
    is_other = excuses.is_phone(text[value.start : value.end]) and not shape.phones_too
    return None if is_other else value


def _past(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def _value_before(text: str, name: Cue, shape: Shape) -> Value | None:
    """'650012345 คือ HN': the label comes after."""
    offset = max(0, name.start - _BEFORE_REACH)
    before = text[offset : name.start]
    first = _COMES_FIRST.search(before)
    match = first or _STANDS_ABOVE.search(before)
    least = shape.behind_words if first and first["said"] else shape.behind_anything
    if match is None or count_digits(match["value"]) < least:
        return None
    start, end = offset + match.start("value"), offset + match.end("value")
    if excuses.says_it_is_something_else(text, start, end):
        return None
    return Value(start, end, count_digits(match["value"]))


def _all_of(text: str, position: int, first: Value | None, shape: Shape) -> Iterator[Value]:
    if first is None:
        yield from listed_values(text, position, shape.behind_anything)
        return
    yield from the_old_one(text, first)
    yield first
    yield from more_values(text, first)
    is_on_next_line = "\n" in text[position : first.start]
    if is_on_next_line and first.digits >= shape.behind_anything:
        yield from listed_values(text, first.end, shape.behind_anything)


def _may_be_a_count(written: str) -> bool:
    return written.replace(",", "").isdigit() and len(written) <= _COUNTS_MOST
