"""What looks like a patient's number and is none: each excuse has a name and its own words.

A detector asks for the excuses that fit its label. An excuse never finds anything.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.detectors.scene import Scene

_DIGITS = "01234567890123456789"
_REACH = 60  # How far back on its line a number may say what it is.
_FEWEST_TELLING = 5
_TEACHING_REACH = 250

# Words that say what the number behind them is, and that it is no patient's.
OTHER_NUMBER = re.compile(
    r"""isbn|issn|แทร็[กค]|เลข\s?(?:ขนส่ง|จัดส่ง)|barcode|บาร์โค้ด|บาร์โคด|(?<![a-z])ean(?![a-z])|qr\s?code|คิวอาร์
      | tracking|พัสดุ|เลขส่งของ|kerry|flash|(?<![a-z])(?:j&t|ems|dhl|fedex|lazada|shopee)(?![a-z])
        |ไปรษณีย์(?!มา)
      | ผู้เสียภาษี|เลขภาษี|(?<![a-z])(?:tax|tin|vat)(?![a-z])|ทะเบียนพาณิชย์|ทะเบียนนิติบุคคล|เลขนิติ|ใบกำกับ
      | (?<![a-z])(?:lot|batch|serial|s/n|sn|p/n|imei|mac|asset|model|ref|order|invoice|inv|po|pr
        |qt|ticket|event|txn
          |transaction|session|trace|request|log|job|build|version|ver|sku|item|gtin|udi|tmt|tpu
            |icd|cpt|tid|mid|epoch|timestamp|ts
          |approval|appr|batchno|cert|license|port|err|error|code)
          (?:\s?(?:no|number|id|code|\#))?(?![a-z])
      | ล็อต|ล๊อต|ลอต|รุ่น(?!พี่|น้อง)|ซีเรียล|หมายเลขเครื่อง|เลขเครื่อง|ครุภัณฑ์|อ้างอิง|รหัสสินค้า|รหัสยา|รหัสพัสดุ
        |ใบสั่งซื้อ|ใบเสร็จ
        |ใบแจ้งหนี้
      | ใบรับซ่อม|ใบซ่อม|แจ้งซ่อม|สลิป|เลขรายการ|รายการนี้|ธุรกรรม|หนังสือที่|ที่\sสธ|เลขที่หนังสือ|บันทึก(?=\s?ที่)
        |คำสั่ง(?=\s?ที่)
        |มิเตอร์|ประมูล|สัญญา
      | ใบอนุญาต|ใบประกอบ|เลขที่ใบ(?!ส่งตัว|นัด|สั่งยา|ตรวจ|รับรอง)|พรบ(?=\s?เลข)|งวด|สลาก|หวย|ลอตเตอรี่
      |ราคา|งบประมาณ|รหัสวิชา
        |รหัสนักศึกษา|รหัสพนักงาน|รหัสผ่าน|password|พาสเวิร์ด
      | เลขออเดอร์|ออเดอร์|คำสั่งซื้อ|หมายเลขสั่งซื้อ|ทะเบียนยา|เลขทะเบียนตำรับ|reg\.?\s?no|เลขวุฒิ|zoom|meeting
        |มิตติ้ง|มีตติ้ง|meet|otp
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Behind these a number is somebody's again: 'ส่งพัสดุแล้ว เบอร์คนไข้ 08…'.
_OF_A_PERSON = re.compile(
    r"โทร|เบอร์|มือถือ|ผู้รับ|ญาติ|คนไข้|ผู้ป่วย|ผป|ลูก|สามี|ภรรยา|บัตร|ปชช|(?<![a-z])(?:tel|phone|hn|cid)(?![a-z])",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"""\s{0,2}(?:ราย|คน(?!ไข้|ละ|เดียว|นี้|นั้น|แรก|ที่|ขับ|เจ็บ)|ท่าน|เม็ด|ขวด|กล่อง|ชิ้น|ซอง|แผ่น|แฟ้ม(?!กระดาษ|เก่า|หาย|ยัง|อยู่|ประวัติ|ตก|ไม่|เดิม|นี้)|เคส|ครั้ง|บาท|บ\.|ปี|ขวบ
      |เดือน(?!\s?[มกพสตธ])|วัน(?!ที่|นี้|เกิด)|ชม|นาที|โดส|ยูนิต|เตียง(?!\s?(?:\d|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ))
      | (?:mg|ml|mcg|cc|kg|g|gm|mm|cm|mmhg|meq|iu|unit|units|u|tabs?|caps?|amp|hr|min|bpm|kcal|j
        |yrs?|y/?o|yo|y|pts?|cases?|days?)(?![a-z])|%|°)""",
    re.VERBOSE | re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:3[01]|[12][0-9]|0?[1-9])([-/.])(?:1[0-2]|0?[1-9])\1(?:(?:19|20|24|25)[0-9]{2})"
    r"|(?:19|20|24|25)[0-9]{2}([-/.])(?:1[0-2]|0?[1-9])\2(?:3[01]|[12][0-9]|0?[1-9])"
)
_PHONE = re.compile(r"0[689][0-9](?:[- ]?[0-9]){7}|0[2-7][0-9]?[- ][0-9]{3}[- ]?[0-9]{3,4}")
# 'QA0001', 'TEST-0012': what a system is tried with.
_OF_A_TEST = re.compile(r"(?:QA|QC|TEST|DEMO|DUMMY|PHANTOM|PHT)[-_]?[0-9]", re.IGNORECASE)
_MASK = re.compile(r"[x×✕]{2}", re.IGNORECASE)
_MASK_BEFORE = re.compile(r"[x×✕*█■▓●•]{2}[-/ ]?\Z", re.IGNORECASE)
_MASK_AFTER = re.compile(r"[-/ ]?[x×✕*█■▓●•]{2}", re.IGNORECASE)
_CLAIM_AFTER = re.compile(
    r"""[\s)\]"']{0,3}(?:คือ|เป็น|=|\(|น่าจะเป็น|มันคือ|นี่คือ)\s{0,2}
        (?:(?:เลข|รหัส|หมายเลข)\s{0,2})?(?:isbn|tracking|พัสดุ|เลขพัสดุ|lot|ล็อต|barcode|บาร์โค้ด|ครุภัณฑ์
          |serial|s/n|ผู้เสียภาษี|ใบกำกับ|ไม่ใช่เลขบัตร|ไม่ใช่\s?hn)(?![^)\n]{0,20}[0-9]{4})""",
    re.VERBOSE | re.IGNORECASE,
)


def digits_of(value: str) -> str:
    return "".join(filter(str.isdigit, value))


def is_dummy_number(value: str) -> bool:
    """999999999, 123456789, 987654321: typed to fill a field. Short ones tell nothing."""
    digits = digits_of(value)
    if len(set(digits)) <= 1 or _OF_A_TEST.match(value):
        return True
    if len(digits) < _FEWEST_TELLING:
        return False
    return digits in _DIGITS or digits in _DIGITS[::-1] or len(digits.strip("0")) <= 1


def is_date(value: str) -> bool:
    """23/05/1957 behind a label is a date in the wrong place, not a number."""
    return _DATE.fullmatch(value) is not None


def is_phone(value: str) -> bool:
    """Nine or ten digits of the numbering plan, in the groups in which phones are written."""
    return _PHONE.fullmatch(value) is not None


def is_masked(text: str, start: int, end: int) -> bool:
    """xxx4471, 6500***: somebody masked it already."""
    return bool(
        _MASK.match(text, start)
        or _MASK_BEFORE.search(text[max(0, start - 4) : start])
        or _MASK_AFTER.match(text, end)
    )


def is_counted(text: str, end: int) -> bool:
    """A unit follows: a count, a dose, an age, a sum of money."""
    return _UNIT.match(text, end) is not None


def says_it_is_something_else(text: str, start: int, end: int, since: int = 0) -> bool:
    """An ISBN, a parcel, a lot: the nearest words, before or behind, say what the number is."""
    before = text[max(since, start - _REACH) : start]
    line = before[before.rfind("\n") + 1 :] or before
    for word in OTHER_NUMBER.finditer(line):
        if not _OF_A_PERSON.search(line, word.end()):
            return True
    return _CLAIM_AFTER.match(text, end) is not None


def is_teaching(scene: Scene, position: int) -> bool:
    """Teaching text, a test of a system, an example nearby: nobody is meant."""
    cues = scene.cues.dummy
    i = bisect_left(cues, (position - _TEACHING_REACH,))
    return i < len(cues) and cues[i].start <= position + _TEACHING_REACH
