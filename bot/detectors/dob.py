"""Full dates of birth, in both eras, in digits or with the name of the month."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.detectors import excuses
from bot.detectors.dates import (
    DATE,
    YEAR_IN_FULL,
    YEAR_IN_SHORT,
    is_long_ago,
    is_nobodys,
    is_short_and_long_ago,
)
from bot.detectors.owner import Owner, owner_of
from bot.detectors.words import has_any
from bot.domain.findings import Finding, Label, Strength

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.detectors.scene import Scene

_NAME = re.compile(
    r"""วัน(?:\s?/?\s?เดือน\s?/?\s?ปี)?\s?(?:ที่)?\s?เกิด(?!เหตุ|เรื่อง|ขึ้น|อะไร|การ)
      | ว\s?[./]?\s?ด\s?[./]?\s?ป\.?\s?(?:เกิด)?
      | ใบเกิด(?:เขียน|ลง|ระบุ|บอก|ขึ้น|พิมพ์|ว่า|คือ|เป็น)*
      | เกิด(?!อะไร|ขึ้น|เหตุ|จาก|อาการ|แผล|อุบัติ|ปัญหา|การ)(?:เมื่อ|วันที่|วัน|ที่)?
      | (?<![a-z])(?:d\.?o\.?b\.?|birth\s?-?_?(?:date|day)?|date\s?of\s?birth|born(?:\son)?
        |b-?day|b\.\s?\Z|bd(?=["']?[=:])|(?<![mglbspc]\s)b\.?d\.?\s?:?\s?\Z
        |0010,0030\)?(?:\s?da)?(?=\s?\[))(?![a-z])""",
    re.VERBOSE | re.IGNORECASE,
)
# 'ผื่นเกิด 12/3/2567', 'เครื่องพังเกิดเมื่อ …': what begins on a day and is not born.
_NO_BIRTH = re.compile(
    r"(?:เหตุ|พัง|ขัดข้อง|ระบาด|ระลอก[ก-๙]{0,6}|ก่อตั้ง|ปัญหา|ผิดพลาด|คดี|ไฟไหม้|น้ำท่วม|error|incident|adr"
    r"|(?:(?:อาการ|ผื่น|แผล|ก้อน|บวม|ช้ำ|แทรกซ้อน|ติดเชื้อ|(?:เคส|ราย)แรก)(?=[ก-๙]{0,4}\Z)))"
    r"[ก-๙]{0,4}? ?\Z",
    re.IGNORECASE,
)
_NO_BIRTH_REACH = 20
# 'นายสมชาย ใจดี 12 มี.ค. 38.5 องศา': the day of a visit, and what was measured there.
_MEASURED = re.compile(
    r"[.,][0-9]| ?(?:กก|มก|องศา|ชั่วโมง|ชม\.|คิว|นาที|ครั้ง|%|c(?![a-z])|kg|mg|mmhg|/)"
)
# The word may come behind: '19 ก.พ. 2566 เกิดที่บ้าน', '3/5/2530 (วันเกิด)'.
_SAID_BEHIND = re.compile(
    r"[ (=]{0,3}(?:คือ|เป็น)?(?:วัน(?:เดือนปี)?เกิด|วดป\.?(?:เกิด)?|dob(?![a-z])"
    r"|เกิด(?=[ )\n]|ที่|ก่อน|ครบ|กับ|โดย|เอง|\Z))",
    re.IGNORECASE,
)
_RIGHT_BEHIND = re.compile(
    r"[\s:=.()]*(?:เมื่อ|วันที่|วัน|ที่|ตอน|คือ|ปี|เดือน|แก|ค่ะ|ครับ|แท้ๆ?|แต๊ๆ?|จริงๆ"
    r"|ชวด|ฉลู|ขาล|เถาะ|มะโรง|มะเส็ง|มะเมีย|มะแม|วอก|ระกา|จอ|กุน|เดียวกัน|เดียว|ตรงกัน|จริง|ประมาณ|จันทร์|อังคาร|พุธ|พฤหัส(?:บดี)?|ศุกร์|เสาร์|อาทิตย์"
    r"|(?:ใน|ตาม)(?:บัตร|ระบบ|ทะเบียน(?:บ้าน|ราษฎร์)?|ใบส่งตัว|สมุด|แฟ้ม)|[\s:=.()])*"
)
_WORDS = (
    "ปี (",
    "ปี(",
    "o (",
    "เกิด",
    "d.o",
    "dob",
    "birth",
    "born",
    "bday",
    "b-day",
    " b. ",
    "bd=",
    'bd"',
    "bd:",
    "b.d",
    " bd ",
    "0010,0030",
    "คลอด",
    "identifier",
    "band ",
    "ข้อมือ",
    "ด.ป",
    "ด ป",
    "ด/ป",
    "ว/ด",
    "ว ด",
    "วด",
)
# Where dates of birth are compared, patients are registered.
_RECORDS = (
    *("ใบส่งตัว", "เวชระเบียน", "แฟ้ม", "สิทธิ", "ห้องบัตร", "สติกเกอร์", "สติ๊กเกอร์", "ไม่ตรงบัตร", "ลงทะเบียน"),
    *("her dob", "his dob", "passport", "mrn", "chart"),
)
_BETWEEN = 34
_A_PLACE = re.compile(r"(?:เตียง|ห้อง|bed|room) ?[0-9]{1,4}(?![0-9])", re.IGNORECASE)
# Of whom it is said that they were born, whoever is spoken to: 'พี่ห้องเลือด คู่แฝดเกิด …'.
_BORN = re.compile(r"แฝด|ทารก|เบบี้|(?<![a-z])(?:twins?|baby|newborn|nb)(?![a-z])", re.IGNORECASE)
# 'NB ของเตียง 7 คลอด 9/11/2568': the child's day, whose mother is in bed 7.
_DELIVERED = re.compile(
    r"(?:ทารก|เด็กแรกเกิด|เบบี้|(?<![a-z])(?:nb|baby|newborn))"
    r"(?:(?!คน|ราย)[^\n]){0,24}?"
    r"(?:คลอด|เกิด)(?:เมื่อ(?:วาน|เช้า|คืน)?|วันที่|วันนี้|ที่นี่)?[ :]{0,2}\Z",
    re.IGNORECASE,
)
_BORN_REACH = 40
_BIRTHDAY = re.compile(
    r"hbd|สุขสันต์|happy\s?birth|วันเกิด\s?(?:หมอ|พี่|น้อง(?!ที่|[^\n]{0,12}(?:เตียง|ห้อง\s?[0-9]|bed|จริง|ผิด|ใน(?:ระบบ|สมุด|ใบ)|ไม่ตรง))|อ\.|อาจารย์|หัวหน้า|เพื่อน|เรา|หนู|รพ|โรงพยาบาล|วอร์ด)|ลงขัน"
    r"|เซอร์ไพร|ของขวัญ|🎂|ปาร์ตี้|เลี้ยงวันเกิด|เดือนเกิด",
    re.IGNORECASE,
)
# 'วันเกิด … ที่ถูกคือ …', 'วันเกิด … ลูกบอกว่า …': what was asked for comes many words later.
_SAID_LATER = re.compile(
    r"(?:(?P<strong>ยืนยัน|ตามบัตร|ตามทะเบียน|ที่ถูก(?:ต้อง)?|จริงๆ?|should\sbe)(?:คือ|ว่า|เป็น)?"
    r"|คือ|ว่า|เป็น|is|=|:|→|->|(?:ดู|เช็[คก]|ค้น|เปิด|ถาม)[ก-๙ ]{0,24}แล้ว"
    r"|(?:ระบบ|บัตร|เรา|เขา|เค้า|เวชระเบียน|ทะเบียน|แฟ้ม)(?:ลง|ขึ้น|เขียน|คีย์|พิมพ์|โชว์|ระบุ)(?:ว่า|เป็น)?)"
    r"[\s:=]{0,3}(?:เกิด)?(?:วันที่)?\s{0,2}\Z",
    re.IGNORECASE,
)
_OF_ANOTHER_DAY = re.compile(
    r"นัด|ผ่า|admit|รับ|เริ่ม|ฉลอง|เลื่อน|exp|หมดอายุ|กำหนด|f/u|ฉีด|ถึง|ส่ง|จำหน่าย|d/c|เลี้ยง|เวร", re.IGNORECASE
)
_RUNS_OUT = re.compile(r"หมดอายุ|นัด|exp", re.IGNORECASE)
_SET_BESIDE = re.compile(
    r"อีก(?:คน|ใบ|อัน|ระบบ)|คน(?:ที่สอง|น้อง|พี่|หลัง)|แต่(?!ง)|สูติบัตร|ในบัตร|ในระบบ|ในใบ|ไม่ใช่|\bbut\b",
    re.IGNORECASE,
)
_LATER_REACH, _SAYING_REACH, _LAST_WORDS = 110, 20, 18
# The same day again, of the other era: '7/12/2568 (=7/12/2025)'.
_SAID_AGAIN = re.compile(
    r"\s?(?:[(\[=]|หรือ|คือ|ตรงกับ)(?:[\s(\[=:]|[คพ]\.?ศ\.?|ปี|หรือ|คือ|ตรงกับ|ad|be){0,4}", re.IGNORECASE
)
# In brackets behind an age: 'ชาย 67 ปี (12 มี.ค. 2500)'.
_BEHIND_AN_AGE = re.compile(r"[0-9]{1,3}\s?(?:ปี|y/?o|yrs?)\s?\(\s?\Z", re.IGNORECASE)
_AGE_REACH = 12
_CHILD = re.compile(r"(?:ด\.?[ชญ]\.?|เด็ก(?:ชาย|หญิง)|ทารก|น้อง) ?\Z")
_IN_RECORDS = re.compile(
    r"(?:ระบบ|ทะเบียน|แฟ้ม|เวชระเบียน|บัตร|hosxp|band|ข้อมือ|สติ๊?กเกอร์|chart|สูติบัตร) ?"
    r"(?:ขึ้น|ลง|ว่า|บอก|มี|เป็น|คือ|เขียน|โชว์|ระบุ|says?|said|shows?|reads?|has|=|:)(?:ว่า)? ?\Z",
    re.IGNORECASE,
)
# What is written on the wrist of somebody who lies here is who it is.
_ON_THE_WRIST = ("band", "ข้อมือ", "identifier")
_BESIDE = 20
_REST_OF_A_NAME = re.compile(r"(?: [ก-๙]{2,17})?[ ,/|]{1,3}")
_RIGHT_BESIDE = 2


@dataclass(frozen=True, slots=True)
class DobDetector:
    """Behind 'เกิด' or 'DOB'; without it, a date of long ago right beside a patient's name."""

    label: Label = Label.DOB
    digits_least: int = 0
    digits_enough: int = 2
    wakes_on: tuple[str, ...] = ("สองพัน",)
    must_find: tuple[tuple[str, str], ...] = (
        ("เด็กเตียง7เกิด5พค64แม่ลืมเอาสมุดมา", "5พค64"),
        ("คนไข้จำ HN ไม่ได้ บอกแค่เกิด ๒๑ มีนาคม ๒๔๘๘", "๒๑ มีนาคม ๒๔๘๘"),
        ("คนไข้ DOB 03/09/2566 VSD", "03/09/2566"),
        ("ผู้ป่วย วันเกิด : 07/11/2496 อายุ 70 ปี", "07/11/2496"),
        ('คนไข้ "birth":"25001103"', "25001103"),
        ("คนไข้บอกวันเกิดได้อย่างเดียว\n9 ก.ย. 2508", "9 ก.ย. 2508"),
        ("Pt from Almaty, DOB 05.XI.1962, ICH", "05.XI.1962"),
        ("เด็กยังไม่ได้ฉีด BCG 19 กุมภาพันธ์ 2566 เกิดที่บ้าน", "19 กุมภาพันธ์ 2566"),
        ("ผู้ป่วยชาย 67 ปี (12 มี.ค. 2500) stroke เกิดเหตุ 8 โมง", "12 มี.ค. 2500"),
        ("คนไข้เกิดวันเดียวกัน 12/3/2500 สองคน ระวังสลับ", "12/3/2500"),
        ("dob 1962年11月5日 คนไข้จีน", "1962年11月5日"),
        ("คนไข้เกิดปีมะโรง 12 ส.ค. 2495", "12 ส.ค. 2495"),
        ("เด็กหญิง เกิด 3/5/2566 ยังไม่ฉีดวัคซีน หมอนัดแล้ว", "3/5/2566"),
        (
            "คนไข้ fever\nFahad Al-Mutairi P05118237 1985-03-02\nSalem P07720011 2016-08-08",
            "2016-08-08",
        ),
        ("เด็กเตียง 4 b.d. 2022-11-03 ขอ PRC", "2022-11-03"),
        ("เด็กมาฉีดวัคซีน ด.ญ.ณัฐณิชา ใจดี (2023-05-19) ไข้ขึ้น", "2023-05-19"),
        ("รายนี้วันเกิดไม่ตรงทะเบียน ของเราลง 1/1/2479", "1/1/2479"),
        ("ห้อง 815 วันนี้ครบ 80 ระบบขึ้น 14/11/2488 สุขสันต์วันเกิด", "14/11/2488"),
        ("(0010,0030) DA [19621105] คนไข้ผิดคน", "19621105"),
        ("เกิดวันอังคาร 14 ก.พ. 2499 คนไข้จำแม่น", "14 ก.พ. 2499"),
        ("วันเดือนปีเกิดในใบส่งตัว 12/04/2510 ไม่ตรงบัตร", "12/04/2510"),
        ("คนไข้ชื่อซ้ำ เอาคน 3/5/2530 (วันเกิด) นะ", "3/5/2530"),
        ("ถามวันเกิดเคสหอบเตียง 9 เปิดสมุดวัคซีนดูแล้ว 4 มิถุนายน 2566 ยังขาดเข็ม 3", "4 มิถุนายน 2566"),
        ("NB ของเตียง 7 คลอด 9/11/2568 เวลา 03.40 ยังไม่มีชื่อ", "9/11/2568"),
        ("DOB คนไข้ห้อง 1204 in passport 14.07.1961", "14.07.1961"),
        ("คนไข้เด็ก วันเกิดไม่ตรงใบเกิด ใบเกิดเขียนว่า 9 พ.ค. 2562", "9 พ.ค. 2562"),
        ("คนไข้เกิดปี 2499 วันที่ 12 เดือน 8 จำได้แค่นี้", "2499 วันที่ 12 เดือน 8"),
        ("ทารกเกิดวันนี้ 12/08/2568 แม่อยู่เตียง 3", "12/08/2568"),
        ("เด็กตึกศัลย์ intussusception รอบสอง เกิด17กย65", "17กย65"),
        ("คนไข้เด็กหน้าแผนก ใบเกิดเขียนว่า 4 เม.ย. 2561", "4 เม.ย. 2561"),
        ("พี่แล็บคะ ทารกแฝดเกิดวันเดียวกัน 3 มค 67 หลอดติดสลับ", "3 มค 67"),
        ("คนไข้บอกเกิดจริงๆ ๑๗ มิถุนายน ๒๔๗๙ พ่อแจ้งช้า", "๑๗ มิถุนายน ๒๔๗๙"),
        ("ปู่มารับยา เกิด 4 เดือนตุลาคม พุทธศักราช 2471 แข็งแรงดี", "4 เดือนตุลาคม พุทธศักราช 2471"),
        ("คนไข้ผิดคน wristband says 14 Feb 1961 but passport 02.14.1961", "14 Feb 1961"),
        ("คนไข้ผิดคน wristband says 14 Feb 1961 but passport 02.14.1961", "02.14.1961"),
        ("สติกเกอร์ผิดเตียง 6 คนไข้ นายสมชาย ใจดี 12 ต.ค. 41 กลับแล้ว", "12 ต.ค. 41"),
        ("ก่อนให้เลือด ป้ายข้อมือเขียน 11-Mar-1951 ใน HIS เป็นอีกวัน", "11-Mar-1951"),
    )
    must_leave: tuple[str, ...] = (
        "วันเกิดหมอโอม 22 พ.ย. 2535 ลงขันคนละ 100",
        "อุบัติเหตุเกิด25มิย66 คนไข้ฟ้อง",
        "เหตุเกิด3กพ67 เวรดึก คนไข้ตกเตียง",
        "คนไข้แพ้ยา ผื่นเกิด 12/3/2567 หายแล้ว",
        "เครื่องพังเกิดเมื่อ 2 มี.ค. 65 แจ้งซ่อมแล้ว คนไข้รอ",
        "สัมมนา academia เกิด 3 ก.พ. 2567",
        "CC: DOB 2 d PTA, orthopnea",
        "คนไข้เกิดปี 02",
        "คนไข้ครบกำหนดคลอด 9/11/2568 นัด NST",
        "เปลี่ยน band เขียนวันที่ 3 ม.ค. 2568 ทุกเตียง",
        "วันเกิดน้องเตียง 9 ไม่รู้ ดูใบนัดแล้ว นัด 4 มิถุนายน 2569",
        "ห้อง 815 ยา b.d. 500 mg เริ่ม 12/3/2567",
        "คนไข้ได้ ceftriaxone 2 g bd 12/3/2567 ถึง 18/3/2567",
        "วันเกิดหมอโอม ระบบขึ้น 22/11/2535 ลงขันคนละ 100",
        "คนไข้นัด 18/10/2567",
        "คนไข้แพ้ยา 12 พ.ค. 2567 เกิดผื่นทั้งตัว",
        "วันที่ 3 ม.ค. 2567 เกิดเหตุคนไข้ตกเตียง",
        "คนไข้ชื่อ นายสมชาย ใจดี 3 ม.ค. 68 มาตามนัด",
        "คนไข้ นายสมชาย ใจดี 3 ม.ค. 40 mg lasix แล้ว",
        "passport ของคนไข้ says 14 Feb 2031 หมดอายุ",
    )

    def find(self, scene: Scene) -> Iterator[Finding]:
        if not self._may_have_one(scene):
            return
        is_birthday = _BIRTHDAY.search(scene.text) is not None
        last: re.Match[str] | None = None
        for date in DATE.finditer(scene.text):
            if is_nobodys(date) or (is_birthday and not _is_in_the_records(scene, date)):
                continue
            reason = _why(scene, date)
            if not reason and last is not None and _is_another(scene, last, date):
                reason = "another full date behind a date of birth"
            if reason:
                last = date
                yield Finding(*date.span(), self.label, Strength.LIKELY, reason)

    def _may_have_one(self, scene: Scene) -> bool:
        if has_any(scene.cues.lower, _WORDS):
            return True
        if not scene.found:
            return False
        return bool(YEAR_IN_FULL.search(scene.text) or YEAR_IN_SHORT.search(scene.text))


def _why(scene: Scene, date: re.Match[str]) -> str:
    if scene.is_taken_by_number(*date.span()) or excuses.is_teaching(scene, date.start()):
        return ""
    if _is_named(scene.text, date) or _is_named_otherwise(scene.text, date):
        owner = owner_of(scene, *date.span())
        if _BORN.search(scene.text, max(0, date.start() - _BORN_REACH), date.start()):
            owner = Owner.PATIENT
        if owner is Owner.STAFF and not any(c.end <= date.start() for c in scene.cues.staff):
            owner = Owner.UNKNOWN  # 'เกิดเมื่อ … หมอดูแล้ว': who is named behind was not born then
        is_of_care = scene.cues.is_care_talk or has_any(scene.cues.lower, _RECORDS)
        has_patient = owner is Owner.PATIENT or (owner is Owner.UNKNOWN and is_of_care)
        return "birth label + full date, with words of a patient" if has_patient else ""
    if _is_of_a_child(scene, date) or _is_in_the_records(scene, date):
        return "full date behind a child's name or of the records, with words of a patient"
    if _is_asked_for(scene, date):
        return "birth label, and further on what the date is said to be"
    return _why_of_long_ago(scene, date)


def _why_of_long_ago(scene: Scene, date: re.Match[str]) -> str:
    """Without a word for it."""
    if date["any_month"] is None and is_long_ago(date) and _is_beside_patient(scene, date):
        return "full date of long ago beside a patient's name or number"
    if is_short_and_long_ago(date) and _is_behind_a_name(scene, date):
        return "date of long ago right behind a patient's name"
    return ""


def _is_of_a_child(scene: Scene, date: re.Match[str]) -> bool:
    """'ด.ญ.… (2023-05-19)': in brackets right behind the name."""
    text, start = scene.text, date.start()
    if not text.endswith("(", 0, start) or not text.startswith(")", date.end()):
        return False
    name = next((f for f in scene.of(Label.PERSON) if start - _RIGHT_BESIDE <= f.end < start), None)
    return name is not None and _CHILD.search(text, max(0, name.start - 12), name.start) is not None


def _is_in_the_records(scene: Scene, date: re.Match[str]) -> bool:
    """'ห้อง 815 ครบ 80 ระบบขึ้น 14/11/2488': a patient's birthday, as the system knows it."""
    said = _IN_RECORDS.search(scene.text, max(0, date.start() - _SAYING_REACH), date.start())
    if said is None or not is_long_ago(date):
        return False
    if has_any(scene.cues.lower, _ON_THE_WRIST):
        return True
    return scene.cues.speaks_of_a_patient and has_any(
        scene.cues.lower, ("วันเกิด", "ครบ", "อายุ", "birthday")
    )


def _is_named(text: str, date: re.Match[str]) -> bool:
    since = max(0, date.start() - _BETWEEN)
    names = list(_NAME.finditer(text, since, date.start()))
    if not names or _is_no_birth(text, names[-1]):
        return False
    between = _A_PLACE.sub("", text[names[-1].end() : date.start()])
    if names[-1][0].startswith(("เกิด", "ใบเกิด")):
        return _RIGHT_BEHIND.fullmatch(between) is not None
    return not any(character.isdigit() for character in between)


def _is_no_birth(text: str, name: re.Match[str]) -> bool:
    before = text[max(0, name.start() - _NO_BIRTH_REACH) : name.start()]
    return name[0].startswith("เกิด") and _NO_BIRTH.search(before) is not None


def _is_asked_for(scene: Scene, date: re.Match[str]) -> bool:
    """The words for it stand further off, and it is said to be the one, or answers in a message."""
    text, start = scene.text, date.start()
    said = _NAME.finditer(text, max(0, start - _LATER_REACH), start)
    names = [name for name in said if not text.endswith("ใบ", 0, name.start())]
    if not names or names[-1][0].startswith("เกิด"):
        return False
    if not _answers(scene, start):
        is_said = _SAID_LATER.search(text, max(names[-1].end(), start - _SAYING_REACH), start)
        last_words = max(names[-1].end(), start - _LAST_WORDS), start
        if is_said is None:
            return False
        if not is_said["strong"] and _OF_ANOTHER_DAY.search(text, *last_words):
            return False
    at = names[-1].end()
    owner = owner_of(scene, at, at)
    return owner is Owner.PATIENT or (owner is Owner.UNKNOWN and scene.cues.is_care_talk)


def _answers(scene: Scene, start: int) -> bool:
    """It begins a message of the thread, or stands there behind a word or two."""
    i = bisect_left(scene.seams, start) - 1
    if i < 0 or start - scene.seams[i] > _SAYING_REACH:
        return False
    said = scene.text[scene.seams[i] : start]
    return not any(map(str.isdigit, said)) and _OF_ANOTHER_DAY.search(said) is None


def _is_named_otherwise(text: str, date: re.Match[str]) -> bool:
    """The word stands behind, or an age before."""
    if _SAID_BEHIND.match(text, date.end()):
        last_words = max(0, date.start() - _LAST_WORDS), date.start()
        return _RUNS_OUT.search(text, *last_words) is None
    if _DELIVERED.search(text, max(0, date.start() - _BORN_REACH), date.start()):
        return True
    before = text[max(0, date.start() - _AGE_REACH) : date.start()]
    return is_long_ago(date) and _BEHIND_AN_AGE.search(before) is not None


def _is_set_beside(scene: Scene, last: re.Match[str], start: int) -> bool:
    """'วันเกิด … แต่สูติบัตรลง …', 'คนแรก … อีกคน …': held against the date before."""
    if start - last.end() > _BETWEEN:
        return False
    between = scene.text[last.end() : start]
    return bool(_SET_BESIDE.search(between)) and not _OF_ANOTHER_DAY.search(between)


def _is_another(scene: Scene, last: re.Match[str], date: re.Match[str]) -> bool:
    """Of long ago, said again, or in the next row of a list, right behind a name or a number."""
    start = date.start()
    if _SAID_AGAIN.fullmatch(scene.text, last.end(), start) or _is_set_beside(scene, last, start):
        return True
    is_behind = scene.has_patient_at(max(0, start - _RIGHT_BESIDE), start)
    return is_long_ago(date) or (is_behind and not scene.is_taken_by_number(*date.span()))


def _is_beside_patient(scene: Scene, date: re.Match[str]) -> bool:
    line = max(
        scene.text.rfind("\n", max(0, date.start() - _BESIDE), date.start()), date.start() - _BESIDE
    )
    return scene.has_patient_at(line, date.start())


def _is_behind_a_name(scene: Scene, date: re.Match[str]) -> bool:
    """'… ใจดี 30 ก.ย. 40': on a label nothing stands between, or the rest of the name."""
    text, start = scene.text, date.start()
    if excuses.is_counted(text, date.end()) or _MEASURED.match(text, date.end()):
        return False
    names = (f for f in scene.of(Label.PERSON) if start - _BESIDE <= f.end <= start)
    return any(_REST_OF_A_NAME.fullmatch(text, name.end, start) for name in names)


DETECTOR = DobDetector()
