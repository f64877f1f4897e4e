"""Who works, sells, teaches or repairs, by the words around a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.detectors.names.proposal import Proposal
    from bot.detectors.names.setting import Setting

# 'วิทยากรชื่อ', 'ช่างชื่อ', 'ยาชื่อ': what is named so is no patient.
NAMED_OTHERWISE = re.compile(
    r"(?:แม่บ้าน|ยาม|รปภ\.?|วิทยากร|เซลส์?|ช่าง\S{0,6}|หมอ\S{0,24}|แพทย์\S{0,14}|"
    r"พยาบาล\S{0,14}|อาจารย์|พี่(?!สาว|"
    r"ชาย)\S{0,8}|เจ้าหน้าที่\S{0,10}|จนท\S{0,8}|บริษัท|(?<!เจ้าของ)ร้าน|ตัวแทน|ผู้แทน|พนักงาน|"
    r"น้องใหม่|เด็กใหม่|vendor|supplier|ทูต\S{0,6}|กงสุล|โค้ช|ล่าม\S{0,8}|ผู้จัดการ|เลขา\S{0,6}|ยา|โปรแกรม|เพจ|กลุ่ม|โครงการ|staff|resident|extern|intern|เภสัช\S{0,6}|"
    r"อสม\S{0,4}|คนขับ\S{0,6}|ผอ\S{0,6}|นศพ\S{0,6}|หัวหน้า\S{0,8}|อบรม\S{0,8}|ผู้รับแจ้ง|ผู้บันทึก|"
    r"เวร\S{0,10})[ \t]?[A-Za-z ]{0,14}(?:คือ|คนใหม่)?$"
)
# 'int ที่เข้าเคสคือ …': who is named so works here.
_STAFF_WHO_IS = re.compile(
    r"(?:หมอ|แพทย์|พยาบาล|เวร(?!ชัณ)|เภสัช|ล่าม|คนขับ|จนท|เจ้าหน้าที่|หัวหน้า|วิสัญญี|พี่(?!สาว|ชาย)"
    r"|(?<![A-Za-z])(?:scrub|staff|int|ext|intern|extern|resident|nurse|dr))"
    r"\S{0,14}(?: \S{1,14}){0,2}$",
    re.IGNORECASE,
)
_TO_THE_NAME = re.compile(r"(?:ชื่อ(?:ว่า|คือ|เล่น)?|คือ)[\s:(\"“]*$")
_STAFF_HEAD = re.compile(
    r"\s{0,8}(?:ทีม\S{0,16}|ล่าม\S{0,8}|(?:เจ้าหน้าที่|จนท|อาสา|กู้ภัย|พนักงาน|รปภ|แม่บ้าน|นักศึกษา|น้องใหม่)"
    r"\S{0,14}(?: \S{1,8}){0,3}|(?:ยินดี)?ต้อนรับ\S{0,30}|เวร(?!ชัณ)\S{0,20}|ผู้เข้าเวร|on\s?call\S{0,8}"
    r"|staff|scrub|วิสัญญี|"
    r"แพทย์\S{0,12}|พยาบาล\S{0,12})\s?[:：]",
    re.IGNORECASE,
)


_ROW_OF_STAFF = re.compile(
    r"\s{0,8}(?:ทีม|(?<!ส่ง)เวร|รปภ|แม่บ้าน|พขร|พนักงาน|กู้ชีพ|กู้ภัย|อาสา|ผู้ช่วย|อยู่เวร|ขึ้นเวร|คนอยู่เวร|scrub"
    r"|on call)",
    re.IGNORECASE,
)


def is_named_otherwise(before: str) -> bool:
    """'วิทยากรชื่อ', 'ช่างชื่อ': only behind such a word does what stands further left count."""
    named = _TO_THE_NAME.search(before)
    return named is not None and NAMED_OTHERWISE.search(before, 0, named.start()) is not None


# 'เจ้าหน้าที่เวรเปลวันนี้ สมชาย วิชัย': a few words on, it is still they who are named.
_STAFF_NEAR = re.compile(
    r"(?:เวรเปล|เจ้าหน้าที่|จนท\.?|(?<!ใช้)(?<!ผ่าน)ล่าม)\S{0,14}(?: \S{1,12}){0,4} $"
)


def is_of_work(setting: Setting, begins: int) -> bool:
    """What stands before says that the one who is named works, sells, teaches or repairs."""
    before = setting.before(begins)
    if _STAFF_LINE.search(before) or _STAFF_NEAR.search(before) or is_named_otherwise(before):
        return True
    first, _ = setting.line(begins)
    return _STAFF_HEAD.match(setting.text, first) is not None


# 'น้องนิว ward ชาย 2 ลาป่วย': a ward follows the name, and yet it is a colleague's.
_ON_LEAVE = re.compile(r"(?: \S{1,12}){0,4} ?(?:ลา(?:ป่วย|คลอด|กิจ|พักร้อน|ออก)|ขึ้นเวร|ลงเวร|แลกเวร)")


# 'น้อง… ถามว่าคนไข้ …', 'พี่… ฝากดูเตียง 2': who speaks of a patient like this is another one.
_SPEAKS_OF_ONE = re.compile(
    r"\s?(?:ถาม|บอก|แจ้ง|รายงาน|โทรมา|ฝาก|ขอ|เห็น|ดู|เจอ)\S{0,8}?(?:ว่า)?\s?"
    r"(?:คนไข้|ผู้ป่วย|ผป\.?|เคส|เตียง\s?\d|(?<![A-Za-z])(?:pt|case)(?![A-Za-z]))",
    re.IGNORECASE,
)
_COLLEAGUES = frozenset(("น้อง", "พี่"))


def is_colleague(proposal: Proposal, setting: Setting) -> bool:
    if _ON_LEAVE.match(setting.text, proposal.end):
        return True
    speaks = _SPEAKS_OF_ONE.match(setting.text, proposal.end)
    return speaks is not None and proposal.cue in _COLLEAGUES


def is_said_of_staff(proposal: Proposal, setting: Setting) -> bool:
    is_said = proposal.cue == "คือ"
    return is_said and _STAFF_WHO_IS.search(setting.before(proposal.cue_start)) is not None


def stands_in_a_row_of_staff(setting: Setting, begins: int, end: int) -> bool:
    """'ทีมทำแผลวันนี้ กมล/วิไล': who works, unless a bed or care follows the name itself."""
    first, _ = setting.line(begins)
    if _ROW_OF_STAFF.match(setting.text, first) is None:
        return False
    return not (setting.bed_follows(end) or setting.care_follows(end))


_STAFF_LINE = re.compile(
    r"(?:ผู้แทน\S{0,6}|เซลส์?\S{0,6}|ผู้(?:รับแจ้ง|รายงาน|รับเวร|ส่งเวร|บันทึก|ตรวจ|สั่ง|รับผิดชอบ|ประสาน|เยี่ยม|นิเทศ|ประเมิน|จ่ายยา|เจาะ|ให้ยา|ช่วย)\S{0,10}|"
    r"พยาบาล\S{0,12}|(?<!รับรอง)แพทย์\S{0,12}|เจ้าหน้าที่\S{0,8}|จนท\S{0,8}|เวร\S{0,8}|หัวหน้า\S{0,8}|"
    r"ทีม\S{0,8}|ติดต่อ(?:กลับ)?|สอบถาม|ประสาน|(?<!ห้องยา)(?<!แล็บ)(?<!แลป)แจ้ง(?:ที่)?|staff|ขอบคุณ|(?<!ญาติ)ลงชื่อ|ถาม|(?:สั่ง|ซื้อ|เบิก)(?:กับ|"
    r"จาก|ที่)|ฝาก|(?<!โทร)(?<!ฝาก)ตาม|เรียน|ถึง|from|by|cc)\s{0,2}[:：]?\s{0,2}(?:คุณ)?$",
    re.IGNORECASE,
)
