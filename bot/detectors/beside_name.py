"""Hospital numbers without a label: right behind a patient's name, or before it in a list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.detectors import excuses
from bot.detectors.dates import is_packed_day
from bot.detectors.words import has_any
from bot.domain.findings import Finding, Label, Strength

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.detectors.scene import Scene

# As long as hospital numbers are, and in their groups; shorter ones may be anything.
_NUMBER = (
    r"(?P<value>[0-9]{6,9}|[0-9]{2,3}-[0-9]{4,7}|[0-9]{2}-[0-9]{2}-[0-9]{4}|[0-9]{4} [0-9]{4})"
    # An age or a phone may follow; other digits would be more of the same number.
    r"(?![0-9A-Za-z]|[-/.,:][0-9]|,"
    r"| (?!0[0-9]{1,2}[- ]?[0-9]{3}|[0-9]{1,3} ?(?:ปี|ขวบ|เดือน|วัน|y))[0-9])"
)
_BEHIND = re.compile(rf"[ \t]{{0,2}}(?:[|/:(\[–-]|, )?[ \t]{{0,2}}{_NUMBER}")
_TITLE = r"(?:นาย|นาง(?:สาว)?|น\.?ส\.?|ด\.?[ชญ]\.?|คุณ|พระ|mr\.?|mrs\.?|ms\.?|miss)?"
_BEFORE = re.compile(
    rf"(?:\A|\n)[ \t]{{0,3}}(?:[-•*▪]|[0-9]{{1,2}}[.)])?[ \t]{{0,2}}{_NUMBER}"
    rf"[ \t]{{0,2}}[|/:–-]?[ \t]{{0,2}}{_TITLE} ?\Z",
    re.IGNORECASE,
)
_BEFORE_REACH = 36
# 'ชื่อซ้ำ คนนึง 600-4417 อีกคน 581-2093': who shares a name is told by the number.
_EACH = re.compile(
    r"(?:คน(?:นึง|หนึ่ง|แรก|ที่ ?(?:[1-9]|หนึ่ง|สอง|สาม)|หลัง|พี่|น้อง)"
    r"|อีก(?:คน|ราย)(?:นึง|หนึ่ง)?) ?(?:คือ|เป็น|:|=)? ?" + _NUMBER
)
_SHARED = ("ซ้ำ", "เหมือนกัน", "ชื่อเดียวกัน", "คนละคน", "สองคน", "2 คน", "สามคน", "3 คน")
_FIXED_LINE = re.compile(r"0[2-57][0-9]{7}")
_SUM_BEHIND = re.compile(r" ?(?:บาท|บ\.|฿|\.-|เม็ด|ซอง|โดส)")


@dataclass(frozen=True, slots=True)
class BesideName:
    """A number of the length of hospital numbers, in no other's dress, beside a patient's name."""

    label: Label = Label.HN
    digits_least: int = 6
    must_find: tuple[tuple[str, str], ...] = (
        ("OR พรุ่งนี้ คนไข้\n1. คำแพง อุปฮาด / 000418834 / Lt THA", "000418834"),
        ("คนไข้ชื่อซ้ำ สมหมาย แก้วดี คนนึง 600-4417 อีกคน 581-2093", "581-2093"),
        ("คนไข้เจาะเลือดเช้า\n6500123 นายสมชาย ใจดี NPO", "6500123"),
        ("คนไข้ นายสมชาย ใจดี 6500123 45 ปี", "6500123"),
        ("คนไข้นอน\nสมชาย ใจดี 6500123 081-2345678", "6500123"),
    )
    must_leave: tuple[str, ...] = (
        "คนไข้ชื่อ สมชาย ใจดี 043224118",
        "คืนมัดจำคนไข้ นายสมชาย ใจดี 120000 บาท",
        "คนไข้ชื่อ สมชาย ใจดี 12082568",
    )

    def find(self, scene: Scene) -> Iterator[Finding]:
        names = scene.of(Label.PERSON)
        shared = _EACH.finditer(scene.text) if names and has_any(scene.text, _SHARED) else ()
        for numbers in (shared, *(self._beside(scene.text, name) for name in names)):
            for number in numbers:
                if self._may_be_one(scene, *number.span("value")):
                    reason = "number beside a patient's name"
                    yield Finding(*number.span("value"), self.label, Strength.LIKELY, reason)

    def _beside(self, text: str, name: Finding) -> Iterator[re.Match[str]]:
        behind = _BEHIND.match(text, name.end)
        if behind is not None:
            yield behind
        before = _BEFORE.search(text, max(0, name.start - _BEFORE_REACH), name.start)
        if before is not None:
            yield before

    def _may_be_one(self, scene: Scene, start: int, end: int) -> bool:
        written = scene.text[start:end]
        return not (
            scene.is_taken(start, end)
            or excuses.is_dummy_number(written)
            or excuses.is_phone(written)
            or _FIXED_LINE.fullmatch(written)
            or is_packed_day(written)
            or _SUM_BEHIND.match(scene.text, end)
            or excuses.is_counted(scene.text, end)
            or excuses.is_teaching(scene, start)
        )


DETECTOR = BesideName()
