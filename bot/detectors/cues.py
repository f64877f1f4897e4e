"""Words that say whose a name or a number is, each kind looked for at most once in a text.

A kind is looked for only when somebody asks, so ordinary talk pays for none of them.
"""

from __future__ import annotations

import re

from bot.detectors.digits import LONG_RUN
from bot.detectors.fields import Field, read_fields
from bot.detectors.lazy import lazy
from bot.detectors.names.evidence import speaks_of_care
from bot.detectors.waking import listen
from bot.detectors.words import Cue, Words

_PATIENT = Words(
    r"""คนไข้|คนไช้|ผู้ป่วย|ผู้ป่ย|ผป(?![ก-ฮ])|ผปค|คนเจ็บ|ผู้บาดเจ็บ|ผู้ตาย|ผู้เสียชีวิต|ผู้คลอด|หญิงตั้งครรภ์|หญิงหลังคลอด|ผู้ประสบเหตุ|ผู้รับบริการ
      |คน(?:ขับ|ขี่|ซ้อน(?:ท้าย)?)(?=\s?(?:บาดเจ็บ|เจ็บ|หมดสติ|เสียชีวิต|ติด(?:ภายใน|ใน|คา)|ตาย|สลบ|กระเด็น|ไม่รู้สึกตัว|ซึม|ขาหัก|แขนหัก|หัวแตก|gcs))
      |เคส(?!สอน)|ราย(?:ใหม่|นี้|แรก|ที่)""",
    r"pts?|patients?|cases?(?!\s(?:reports?|conf|stud|discuss))|khon\s?khai|phu\s?puai",
)
_RELATIVE = Words(
    r"""ญาติ|สามี|ภรรยา|เมีย(?!ร์)|ผัว|แฟน(?=คนไข้|ผป|เตียง|แก|เค้า)|ลูกสาว|ลูกชาย|ลูกเขย|ลูกสะใภ้|ลูกคนไข้|ลูก(?=เตียง
      |แก|เค้า|ผป)
      |ผู้ดูแล|ผู้ปกครอง|ผู้ติดต่อ|ผู้แจ้ง|บิดา|มารดา|พ่อแม่|แม่น้อง|พ่อน้อง|แม่เด็ก|พ่อเด็ก|แม่(?=ชื่อ|เบอร์|คนไข้|ผป|เตียง)
      |(?:พ่อ|แม่|เมีย|ผัว|ลูก|หลาน)(?:ของ)?(?:เขา|เค้า|แก(?![้่])|เพิ่น|เปิ้น|เด็ก|น้อง|มัน)|พ่อ(?=ชื่อ|เบอร์|คนไข้|ผป|เตียง)|ทายาท|พี่สาว|น้องสาว|น้องชาย|พี่ชาย""",
    r"relatives?|wife|husband|daughter|son|mother|father|mom|dad|next\sof\skin|nok",
)
_BED = Words(
    r"""เตียง\s{0,2}(?:ที่\s?)?(?:เสริม|แทรก|[a-z]?\d(?!\d{3}|\d{0,2}[-.]\d{3}|\d\d[ ]\d{3}[ ]?\d{4}))
      |bed\s{0,2}\d(?!\d{3}|\d{0,2}-\d{3})
      |ห้อง(?:พิเศษ|แยก)?\s{0,2}(?!0[689]\d[ ]?\d{3})\d(?!\d{4}|\d{0,2}-\d{3})"""
)
_STAFF = Words(
    r"""หมอ(?<!ไหมอ)(?!นัด|สั่ง|ให้|บอก|ว่า|ดู|ฟัน|ตำแย|ผี|ลำ)|แพทย์(?<!ใบรับรองแพทย์)(?<!ชี้แจงแพทย์)(?<!ความเห็นแพทย์)(?<!การแพทย์)(?<!ใบแพทย์)(?<!ค่าแพทย์)|พยาบาล|เภสัช|ทันตแพทย์|นักกายภาพ|จนท|เจ้าหน้าที่|บุคลากร
      |นพ\.|พญ\.|ทพ\.(?<!อส\.ทพ\.)(?<!อส\.\sทพ\.)|ทพญ\.|ภก\.|ภญ\.|พว\.|กภ\.|อ\.(?=\s?[ก-ฮเ-ไ]{2})|อาจารย์|หัวหน้า|หน\.|ผอ\.
        |ผู้อำนวยการ
      |เวร(?<!แกเข้าเวร)(?<!เขาเข้าเวร)(?<!เค้าเข้าเวร)(?<!แกติดเวร)(?<!เขาติดเวร)(?<!เค้าติดเวร)|พขร|คนขับ(?!\s?(?:คือ|เป็น|ก็|บาดเจ็บ|เจ็บ|หมดสติ|เสียชีวิต|ติด|ตาย|สลบ|กระเด็น|ไม่รู้สึกตัว|ซึม|เมา|ขา|แขน|หัว|หน้า))|รปภ|เซลส์?|ช่าง|วิทยากร|บริษัท(?!รถเช่า|ทัวร์)|บจก|ร้าน(?<!นั่งร้าน)|ผู้แทนยา|อสม|ล่าม|ไกด์|พนักงาน|พยบ
      |พี่(?=[ก-ฮเ-ไ])(?!สาว|ชาย|เขย|สะใภ้|น้อง|คะ|ครับ|ค่ะ|ขอ|ช่วย|จ๋า|จ้า|ฝาก|ว่า)""",
    r"dr|doctor|nurse|staff|resident|intern|extern|md|rn",
)
_DUMMY = Words(
    r"""สมมติ|สมมุติ|นามสมมุ?ต|ทดสอบระบบ|เทส\s?ระบบ|เทสต์\s?ระบบ|เทสต\s?ระบบ|test\s?ระบบ|ข้อมูลทดสอบ
      |ข้อมูลเทส|ห้ามใช้ข้อมูลจริง
      |ไม่ใช่(?:ข้อมูล|ของ|เลข|คน|คนไข้|ผู้ป่วย)จริง|ไม่มี(?:ตัวตน|คนไข้|ผู้ป่วย)จริง|ข้อมูล(?:ปลอม|เทียม|หลอก|จำลอง)
      |เคส\s?(?:ปลอม|จำลอง|ทดสอบ|เทส|ตัวอย่าง)|คนไข้\s?(?:ปลอม|จำลอง|ทดสอบ|เทส|ตัวอย่าง)|ผู้ป่วย\s?(?:ปลอม
        |จำลอง|ทดสอบ|เทส|ตัวอย่าง)
      |เลข\s?(?:ปลอม|จำลอง|ทดสอบ|เทส|ตัวอย่าง|หลอก)|ชื่อ\s?(?:ปลอม|จำลอง|ทดสอบ)|นายทดสอบ|hn\s?(?:ปลอม
        |จำลอง|ทดสอบ|เทส|ตัวอย่าง|หลอก)
        |ตัวอย่าง(?<!เก็บตัวอย่าง)(?<!ส่งตัวอย่าง)(?<!ใส่ตัวอย่าง)(?<!สิ่งตัวอย่าง)(?<!รับตัวอย่าง)(?<!หลอดตัวอย่าง)(?!เลือด|น้ำ
        |ปัสสาวะ|เสมหะ|อุจจาระ|ชิ้นเนื้อ|ส่ง|ตรวจ|ที่เก็บ|ไม่|ผิด|หาย|แตก|ยา)
      |เช่น(?<![ก-๙]เช่น)(?=[^\n]{0,14}(?:[0-9]{4}|hn|นาย|นาง|ชื่อ|เลข))|วิธี(?:กรอก|คีย์|เขียน|ลง|พิมพ์|อ่าน)|รูปแบบ(?:เลข|การ)
      |กรอก(?:แบบนี้|ตามนี้)|คีย์(?:แบบนี้|ตามนี้)|พิมพ์(?:แบบนี้|ตามนี้)
      |ซ้อม(?:แผน|ระบบ|เคส|รับ)|simulat|sandbox|demo(?![ก-ฮ])|ข้อสอบ|แบบฝึกหัด|โจทย์|template|เทมเพลต
        |placeholder""",
    r"mock|uat|dry\s?run|dummy|lorem\sipsum|test\s?(?:patient|data|case|user|hn|account)"
    r"|for\s?example|sample\s(?:data|patient|record)|e\.g\.|eg\.|example(?<![@.]example)(?!\.)|john\sdoe|jane\sdoe",
    thai_needs=(
        *("มติ", "มมุ", "ทดสอบ", "เทส", "test", "จริง", "ปลอม", "เทียม", "หลอก", "จำลอง", "ตัวอย่าง"),
        *("เช่น", "วิธี", "รูปแบบ", "กรอก", "คีย์", "พิมพ์", "ซ้อม", "simul", "sandbox", "demo", "สอบ"),
        *("แบบฝึก", "โจทย์", "template", "เทมเพ", "placeholder"),
    ),
)
_MASKED = re.compile(r"[x×✕*█■▓●•_]{2,}|[ก-ฮ]\.\s?นามสกุล")
_FORM = re.compile(r"_{3,}|\.{5,}|…{2,}|\{[^{}\n]{1,20}\}|<[^<>\n]{1,20}>|\[[^\[\]\n]{1,20}\]")
_CLINICAL = Words(
    r"""admit|refer|ผ่า|เจาะเลือด|ผลเลือด|ไข้|ปวด|หอบ|เหนื่อย|ชัก|แผล|แพ้ยา|ยา|ฟอกไต|มะเร็ง|เบาหวาน|ความดัน
      |คลอด|ท้อง|ป่วย|ตรวจ|เยี่ยมบ้าน|ติดเตียง
      |แจ้งเหตุ|อุบัติเหตุ|จิตเวช|ฆ่าตัวตาย|กระโดดตึก|รับตัว|นัด|เคลม|เบิก|วัคซีน|ฉีด|กัด|แฟ้ม|เลขบัตร|หลอด|สติกเกอร์
      |เปลี่ยนถัง|ค้น(?:หา
        |ให้|ประวัติ)""",
    r"dx|ca|hiv|tb|dm|ht|ckd|copd|stroke|stemi|sepsis|hd|npo|icu|er|or|opd|ipd|lab|ct|mri"
    r"|x-?ray|d/c|iv|bp|ett|ng|als|bls|ems|osc+|atk|f/u|consult|ohca|cpr(?!\s?training)|gcs|spo2|vl|cd4|pap\s?smear"
    r"|hbsag|hbig|hbv|hcv|vdrl|g6pd|hba1c"
    r"|biopsy|histology|surgery|wound|fracture|replacement|cancer|chemo|dialysis|pregnan(?:t|cy)|oxygen"
    r"|admi(?:t|tted|ssion)|discharged?|injur(?:y|ed)|fever|bleeding|seizures?|diabet(?:es|ic)|warfarin|insulin"
    r"|borderline|bipolar|phq-?9|diazepam|wheelchair|stretcher|trauma|arrest",
)


_AN_EXAMPLE = re.compile(
    r"(?:ยก|ดู|ตาม|แบบ|เป็น|ใส่|ใช้|ข้อมูล|รูป|ฟอร์ม)ตัวอย่าง|ตัวอย่าง(?:การ|ที่|แบบ|ฟอร์ม|คนไข้|ผู้ป่วย|เคส|ข้อความ|เลข|ชื่อ|\s?[:=])"
)
_OF_THE_LABORATORY = re.compile(
    r"สิ่งส่งตรวจ|ปฏิเสธ|เก็บใหม่|เจาะใหม่|ส่งใหม่|เก็บซ้ำ|ห้อง(?:แล็บ|แลป|lab)|แล็บ|แลป|เพาะเชื้อ|หลอด|สติกเกอร์|ปั่น|แข็งตัว|ไม่พอ|เสมหะ"
    r"|ปัสสาวะ|อุจจาระ|เลือด|ชิ้นเนื้อ|น้ำไขสันหลัง|ไขกระดูก|หมดอายุ|แช่แข็ง|ฉลาก"
    r"|(?<![a-z])(?:ln|lab|csf|h/c|u/c|hemolys\w*|hemolyz\w*|clot\w*|gram|culture|specimen|pcr|swab|afb|edta|cbc|coag|pleural"
    r"|ascit\w*)(?![a-z])"
)
_NEAR = 60
_IN_CARE = re.compile(
    r"(?:ชาย|หญิง|เด็ก|ทารก|อายุ)[^\n]{0,8}\d{1,3}\s?(?:ปี|ขวบ|เดือน|y)|\d{1,3}\s?(?:ขวบ|ปี"
    r"|y/?o)(?![ก-ฮ])"
)

# How the names of diseases and operations end, whatever comes before.
_DISEASE = re.compile(
    r"(?<=[a-z]{3})(?:itis|ectomy|o(?:sto|to)my|plasty|(?<!cad)emia|(?<!sym)(?<!em)pathy|plegia"
    r"|susception|rrhage|(?<!nost)algia|lithiasis|stenosis|fibrosis|cirrhosis|thrombosis|culosis)"
    r"(?![a-z])"
)
_ACCIDENT = re.compile(
    r"ติด(?:อยู่)?(?:ภายใน|ใน(?:รถ|ซาก)|คารถ)|ตัดถ่าง|ผิดรูป|หมดสติ|ไม่รู้สึกตัว|สลบ|คนเจ็บ|บาดเจ็บ|รู้ตัวดี"
    r"|เจ็บ [0-9]|เจ็บหนัก|(?:รถ|มอไซค?์?|กระบะ|เก๋ง)[ก-๙]{0,8}(?:คว่ำ|พลิก|ล้ม|ชน|ตกข้างทาง|ตกถนน)"
)
# Who calls in a ticket is a colleague whose printer does not print.
_TICKET = re.compile(
    r"(?<![a-z])(?:ticket|helpdesk|service desk|job no|it รับ)"
    r"|แจ้งซ่อม|ใบงาน|งานซ่อม|ใบแจ้ง|อะไหล่|ปริ้นเตอร์"
)


class Cues:
    """The cues of one normalised text, in order of place."""

    def __init__(self, text: str) -> None:
        self.text = text

    @classmethod
    def known(cls, text: str, lower: str, heard: int) -> Cues:
        """The cues of a text that somebody listened to already."""
        cues = cls(text)
        cues.__dict__.update(lower=lower, heard=heard)
        return cues

    @lazy
    def is_of_a_ticket(self) -> bool:
        """Somebody asks for a repair: who reported it is at work."""
        return _TICKET.search(self.lower) is not None

    @lazy
    def heard(self) -> int:
        """Which patterns may find something here: see `waking.py`."""
        return listen(self.lower)

    @lazy
    def patient(self) -> tuple[Cue, ...]:
        """คนไข้, ผู้ป่วย, เคส: somebody is spoken of as a patient."""
        return _PATIENT.find(self.lower, self.heard)

    @lazy
    def relative(self) -> tuple[Cue, ...]:
        """ญาติ, ลูกสาว, ผู้ดูแล: somebody is spoken of as a patient's relative."""
        return _RELATIVE.find(self.lower, self.heard)

    @lazy
    def bed(self) -> tuple[Cue, ...]:
        """เตียง 5, ห้องพิเศษ 9: a place in which a patient lies."""
        return _BED.find(self.lower, self.heard)

    @lazy
    def staff(self) -> tuple[Cue, ...]:
        """หมอ, พญ., เวร, ช่าง: somebody who works here, or sells something."""
        return _STAFF.find(self.lower, self.heard)

    @lazy
    def dummy(self) -> tuple[Cue, ...]:
        """Teaching text and tests of a system: nobody is meant."""
        cues = _DUMMY.find(self.lower, self.heard)
        return tuple(cue for cue in cues if not self._is_specimen(cue)) if cues else cues

    @lazy
    def masked(self) -> tuple[Cue, ...]:
        """xxx, █████: somebody masked it already."""
        return self._all(_MASKED)

    @lazy
    def form(self) -> tuple[Cue, ...]:
        """____, {name}: a place to be filled in."""
        return self._all(_FORM)

    @lazy
    def clinical(self) -> tuple[Cue, ...]:
        """Signs, treatments and diagnoses: the talk is of care."""
        return _CLINICAL.find(self.lower, self.heard)

    @lazy
    def digit_count(self) -> int:
        return len(_DIGIT.findall(self.text))

    @lazy
    def lower(self) -> str:
        """The text in lower case, character for character: what labels are looked for in."""
        lower = self.text.lower()
        return lower if len(lower) == len(self.text) else self.text.translate(_ASCII_LOWER)

    @lazy
    def long_runs(self) -> tuple[re.Match[str], ...]:
        """Runs of nine digits and more, with whatever stands between them."""
        return tuple(LONG_RUN.finditer(self.text))

    @lazy
    def fields(self) -> tuple[Field, ...]:
        """The cells of tables and of HL7 segments whose place says what they hold."""
        return read_fields(self.text)

    @lazy
    def is_care_talk(self) -> bool:
        """Age and sex, a visit, an emergency: somebody is being cared for, named or not."""
        return bool(self.clinical) or _is_said_to_be_ill(self.lower) or self._is_ill

    @lazy
    def is_accident(self) -> bool:
        """Somebody was hurt on the road, whoever it was."""
        return _ACCIDENT.search(self.lower) is not None

    @property
    def _is_ill(self) -> bool:
        return speaks_of_care(self.lower, self.heard)

    def _is_specimen(self, cue: Cue) -> bool:
        """'ปฏิเสธตัวอย่าง HN …': what the laboratory calls so is a patient's blood, no example."""
        lower, start, end = self.lower, cue.start, cue.end
        if lower[start:end] != "ตัวอย่าง" or _AN_EXAMPLE.search(lower, max(0, start - 12), end + 8):
            return False
        return _OF_THE_LABORATORY.search(lower, max(0, start - _NEAR), end + _NEAR) is not None

    @property
    def speaks_of_a_patient(self) -> bool:
        return bool(self.patient or self.relative or self.bed)

    def _all(self, pattern: re.Pattern[str]) -> tuple[Cue, ...]:
        return tuple(Cue(*match.span()) for match in pattern.finditer(self.lower))


def _is_said_to_be_ill(lower: str) -> bool:
    return bool(_IN_CARE.search(lower) or _DISEASE.search(lower))


_DIGIT = re.compile(r"[0-9]")
_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
