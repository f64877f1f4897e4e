"""Words that say whose a name or a number is, each kind looked for at most once in a text.

A kind is looked for only when somebody asks, so ordinary talk pays for none of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from bot.detectors.digits import LONG_RUN
from bot.detectors.records import Field, read_fields


class Cue(NamedTuple):
    """Where a word of some kind stands in the normalised text."""

    start: int
    end: int


_PATIENT = re.compile(
    r"""คนไข้|ผู้ป่วย|ผู้ป่ย|คนไช้|ผป(?![ก-ฮ])|ผปค|คนเจ็บ|ผู้บาดเจ็บ|ผู้ตาย|ผู้เสียชีวิต|ผู้คลอด|หญิงตั้งครรภ์
      | เคส(?!สอน) | ราย(?:ใหม่|นี้|แรก|ที่) | (?<![a-z])(?:pts?|patients?|cases?)(?![a-z])
      | (?<![a-z])(?:khon\s?khai|phu\s?puai)(?![a-z])""",
    re.VERBOSE | re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"""ญาติ|สามี|ภรรยา|ภรรยา|เมีย|ผัว|แฟน(?=คนไข้|ผป|เตียง|แก|เค้า)|ลูกสาว|ลูกชาย|ลูกเขย|ลูกสะใภ้|ลูกคนไข้
      | ลูก(?=เตียง|แก|เค้า|ผป) | ผู้ดูแล|ผู้ปกครอง|ผู้ติดต่อ|ผู้แจ้ง|บิดา|มารดา|พ่อแม่ | แม่น้อง|พ่อน้อง|แม่เด็ก|พ่อเด็ก
      | แม่(?=ชื่อ|เบอร์|คนไข้|ผป|เตียง) | พ่อ(?=ชื่อ|เบอร์|คนไข้|ผป|เตียง) | นายจ้าง|ทายาท|พี่สาว|น้องสาว|น้องชาย|พี่ชาย
      | (?<![a-z])(?:relatives?|wife|husband|daughter|son|mother|father|mom|dad|next\sof\skin|nok)(?![a-z])""",
    re.VERBOSE | re.IGNORECASE,
)
_BED = re.compile(
    r"เตียง\s{0,2}(?:ที่\s?)?(?:เสริม|แทรก|[a-z]?\d)|(?<![a-z])bed\s{0,2}\d|ห้อง(?:พิเศษ|แยก)?\s{0,2}\d",
    re.IGNORECASE,
)
_STAFF = re.compile(
    r"""หมอ(?!นัด|สั่ง|ให้|บอก|ว่า|ดู|ฟัน) | แพทย์|พยาบาล|เภสัช|ทันตแพทย์|นักกายภาพ|จนท|เจ้าหน้าที่|บุคลากร
      | นพ\.|พญ\.|ทพ\.|ทพญ\.|ภก\.|ภญ\.|พว\.|กภ\.|อ\.(?=\s?[ก-ฮเ-ไ]{2}) | อาจารย์|หัวหน้า|หน\.|ผอ\.|ผู้อำนวยการ
      | เวร|พขร|คนขับ|รปภ|เซลส์?|ช่าง|วิทยากร|บริษัท|บจก|ร้าน|ผู้แทนยา|อสม|พี่(?=[ก-ฮเ-ไ])(?!สาว|ชาย|เขย|สะใภ้|น้อง)
      | (?<![a-z])(?:dr|doctor|nurse|staff|resident|intern|extern|md|rn)(?![a-z])""",
    re.VERBOSE | re.IGNORECASE,
)
_DUMMY = re.compile(
    r"""สมมติ|สมมุติ|นามสมมุ?ต|ทดสอบระบบ|(?:เทส|เทสต์|เทสต|test)\s?ระบบ|ข้อมูลทดสอบ|ข้อมูลเทส|ห้ามใช้ข้อมูลจริง|ไม่ใช่(?:ข้อมูล|ของ|เลข|คน|คนไข้|ผู้ป่วย)จริง
      | ไม่มี(?:ตัวตน|คนไข้|ผู้ป่วย)?จริง|ข้อมูล(?:ปลอม|เทียม|หลอก|จำลอง)|(?:เคส|คนไข้|ผู้ป่วย|เลข|ชื่อ|นาย|hn)\s?(?:ปลอม|จำลอง|สมมติ|สมมุติ|ทดสอบ|เทส|ตัวอย่าง|หลอก)
      | (?<!เก็บ)(?<!ส่ง)(?<!ใส่)(?<!สิ่ง)(?<!รับ)(?<!หลอด)ตัวอย่าง(?!เลือด|น้ำ|ปัสสาวะ|เสมหะ|อุจจาระ|ชิ้นเนื้อ|ส่ง|ตรวจ|ที่เก็บ|ไม่|ผิด|หาย|แตก|ยา)
      | (?<![ก-๙])เช่น(?!เคย|กัน|นี้|นั้น|ไร|เดิม) | วิธี(?:กรอก|คีย์|เขียน|ลง|พิมพ์|อ่าน) | รูปแบบ(?:เลข|การ)? | (?:กรอก|คีย์|พิมพ์)(?:เป็น|แบบนี้|ตามนี้|ประมาณนี้)
      | ซ้อม(?:แผน|ระบบ|เคส|รับ)|simulat|sandbox|demo(?![ก-ฮ])|mock|uat|dry\s?run
      | (?<![a-z])(?:dummy|lorem\sipsum|test\s?(?:patient|data|case|user|hn|account)|for\s?example|sample\s(?:data|patient|record)|e\.g\.|eg\.|example|john\sdoe|jane\sdoe)(?![a-z])
      | ข้อสอบ|แบบฝึกหัด|โจทย์|template|เทมเพลต|placeholder""",
    re.VERBOSE | re.IGNORECASE,
)
_MASKED = re.compile(r"[x×✕*█■▓●•_]{2,}|\*{2,}|(?<![ก-ฮ])[ก-ฮ]\.\s?นามสกุล", re.IGNORECASE)
_FORM = re.compile(r"_{3,}|\.{5,}|…{2,}|\{[^{}\n]{1,20}\}|<[^<>\n]{1,20}>|\[[^\[\]\n]{1,20}\]")
_CLINICAL = re.compile(
    r"""admit|refer|ผ่าตัด|ผ่า|เจาะเลือด|ผลเลือด|ไข้|ปวด|หอบ|เหนื่อย|ชัก|แผล|แพ้ยา|ยา|ฟอกไต|มะเร็ง|เบาหวาน|ความดัน|คลอด|ท้อง
      | (?<![a-z])(?:dx|ca|hiv|tb|dm|ht|ckd|copd|stroke|stemi|sepsis|hd|npo|icu|er|or|opd|ipd|lab|ct|mri|x-?ray|d/c|iv|bp|ett|ng)(?![a-z])""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Cues:
    """The cues of one normalised text, in order of place."""

    text: str

    @cached_property
    def patient(self) -> tuple[Cue, ...]:
        """คนไข้, ผู้ป่วย, เคส: somebody is spoken of as a patient."""
        return self._all(_PATIENT)

    @cached_property
    def relative(self) -> tuple[Cue, ...]:
        """ญาติ, ลูกสาว, ผู้ดูแล: somebody is spoken of as a patient's relative."""
        return self._all(_RELATIVE)

    @cached_property
    def bed(self) -> tuple[Cue, ...]:
        """เตียง 5, ห้องพิเศษ 9: a place in which a patient lies."""
        return self._all(_BED)

    @cached_property
    def staff(self) -> tuple[Cue, ...]:
        """หมอ, พญ., เวร, ช่าง: somebody who works here, or sells something."""
        return self._all(_STAFF)

    @cached_property
    def dummy(self) -> tuple[Cue, ...]:
        """Teaching text and tests of a system: nobody is meant."""
        return self._all(_DUMMY)

    @cached_property
    def masked(self) -> tuple[Cue, ...]:
        """xxx, █████: somebody masked it already."""
        return self._all(_MASKED)

    @cached_property
    def form(self) -> tuple[Cue, ...]:
        """____, {name}: a place to be filled in."""
        return self._all(_FORM)

    @cached_property
    def clinical(self) -> tuple[Cue, ...]:
        """Signs, treatments and diagnoses: the talk is of care."""
        return self._all(_CLINICAL)

    @cached_property
    def has_digit(self) -> bool:
        return _DIGIT.search(self.text) is not None

    @cached_property
    def lower(self) -> str:
        """The text in lower case, character for character: what labels are looked for in."""
        lower = self.text.lower()
        return lower if len(lower) == len(self.text) else self.text.translate(_ASCII_LOWER)

    @cached_property
    def long_runs(self) -> tuple[re.Match[str], ...]:
        """Runs of nine digits and more, with whatever stands between them."""
        return tuple(LONG_RUN.finditer(self.text))

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The cells of tables and of HL7 segments whose place says what they hold."""
        return read_fields(self.text)

    @property
    def speaks_of_a_patient(self) -> bool:
        return bool(self.patient or self.relative or self.bed)

    def _all(self, pattern: re.Pattern[str]) -> tuple[Cue, ...]:
        return tuple(Cue(*match.span()) for match in pattern.finditer(self.text))


_DIGIT = re.compile(r"[0-9]")
_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
