"""The words that stand before names, by kind, and how to find the next of them.

All patterns read text whose ASCII letters are lower-case.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.detectors.names.patterns import listed, one_of, standing_alone
from bot.detectors.names.proposal import Source
from bot.detectors.waking import first_letters

# No word begins behind these: there is no อา in เอา.
_LEADING_VOWELS = frozenset("เแโใไ")
# And none ends before these: there is no เจ๊ in เจ๊ะ.
_MARKS = frozenset("ะัาำิีึืฺุู็่้๊๋์ํ๎")
_THAI = "ก-๎."
_LATIN = "a-z"
# Titles of law and rank. A title says that a name follows; whose, the rest of the message says.
_RANKS = "|".join(
    rf"{letter}(?<![ก-ฮ.]{letter})\.\s?(?:[สจตอทร]\.\s?){{1,2}}(?:[อตท]\.|"
    rf"หญิง)?(?=\s?[ก-ฮเ-ไ]{{2}})"
    for letter in listed("พล พ ร จ ส ด น")
)
_TITLE = rf"""
      นางสาว | นาย(?!จ้าง|กฯ?\s|กรัฐ|กเทศ|กสม|กอบ|แพทย์|ทหาร|ตรวจ|ทุน|หน้า|ช่าง|ท้าย|เรือ|อำเภอ|
      ทะเบียน|ประกัน)
    | นาง(?!พยาบาล|ฟ้า|งาม|แบบ|เอก|แอ่น|พญา|ร้าย|รอง|รำ|สาว)
    | น\.\s?ส\.? | น\.\s?ร\. | น(?<![ก-๎.]น)ส\.? | ด\.\s?[ชญ]\.? | ด(?<![ก-๎.]ด)[ชญ]\.
    | ด(?<![ก-๎.]ด)[ชญ](?=\s?[ก-ฮเ-ไ]{{3}})
    | เด็กชาย(?!ไทย|\s?\d) | เด็กหญิง(?!ไทย|\s?\d)
    | ม\.\s?ร\.\s?ว\. | ม\.\s?ล\. | ม\.\s?จ\. | ท่านผู้หญิง | คุณหญิง
    | ว่าที่\s?(?:ร\.?ต\.?|ร้อยตรี)(?:หญิง|\s?ญ\.)?
    | {_RANKS}
    | พลทหาร | พลฯ | จ่า(?:สิบเอก|สิบโท|สิบตรี|เอก|โท|ตรี) | สิบ(?:เอก|โท|ตรี)
    | ร้อย(?:ตรี|โท|เอก) | พัน(?:ตรี|โท|เอก) | ดาบตำรวจ | พันตำรวจ(?:เอก|โท|ตรี) |
    ร้อยตำรวจ(?:เอก|โท|ตรี)
    | น(?<![ก-๎.]น)\.?[ชญ]\.\s? | ข(?<![ก-๎.]ข)\.?[ชญ]\.\s? | มิสเตอร์ | มิสซิส | ท้าว(?!แชร์)
"""
_MONK = r"""
      พระ(?:ครู|มหา|อาจารย์|อธิการ|ปลัด|สมุห์|ใบฎีกา|ภิกษุ|ลูกวัด)\s?
    | พระ(?!อภิธรรม|พุทธ|ราช|บาท|เจ้า|บรม|องค์|เยซู|คุณ|สงฆ์|เทพ|นคร|ราม|ประแดง|โขนง|เอก|วิหาร|ธรรม|จันทร์|
    อาทิตย์|ปรมา|มงกุฎ|นั่งเกล้า|จอม|ธาตุ|ที่นั่ง|มอญ|พม่า|ไทย|ลาว|เขมร|ใหม่|บวช|ลูก(?!วัด)|รูป|ป่วย|อาพาธ|
    ท่าน|ปกเกล้า|ยุพราช)
    | หลวง(?:พ่อ|ปู่|ตา|พี่|น้า|ลุง)(?!โต|โสธร) | สามเณรี? | เณร | แม่ชี | ครูบา | ตุ๊(?:เจ้า|ลุง|พี่|ปู่)
"""
# Kinship words and what else people put before the name of an elder or of a child.
_KIN = r"""
      (?:ยาย|ตา|ปู่|ย่า)ทวด | อีหล้า | อีหนู | ไอ้หนู | บักหำ(?:น้อย)? | โต๊ะ(?:อิหม่าม|อีหม่าม|ครู|บิหลั่น|ปะกี)
      | กะ(?<![ก-๎]กะ)(?=[ก-ฮ][ก-๎]{3})(?!ว่า|จะ|ทะ|ลา|ปิ|บะ|รุณา|เพรา|หล่ำ|โหลก|เทย|ทันหัน|ดูก|รอก|เหรี่ยง)
    | คุณ\s?(?:ยาย|ตา|ปู่|ย่า|ลุง|ป้า|น้า|อา|แม่|พ่อ|ทวด|น้อง|ครู|พี่)
    | พ่อ(?:เฒ่า|ใหญ่|ตู้|อุ๊ย|หลวง|แก่|เลี้ยง|ลุง|นาย)? | แม่(?:เฒ่า|ใหญ่|ตู้|อุ๊ย|หลวง|แก่|เลี้ยง|ป้า|นาย)? |
    อีแม่ | อีพ่อ | ป้ออุ๊ย | ป้อ(?:หนาน|หลวง)? | พ่อหนาน | หนาน(?=[ก-ฮเ-ไ]) | แม่นาย
    | อุ๊ย | ตาแก่ | ยายแก่ | ผู้เฒ่า | อาม่า | อากง | อาแปะ | อาซิ้ม | อาเจ็ก | อาโก | อาแบ |
    อาเยาะ | อาเจ๊ะ
    | ปู่ | ย่า | ตา | ยาย | ลุง | ป้า(?!ย) | น้า(?<!หน้า) | อา(?!หาร|การ|จารย์|ศัย|ทิตย์|คาร|ชีพ|วุธ|กาศ|ยุ|เจียน)
    | เฮีย | เจ๊ | เพื่อน(?:เรา|หนู|เก่า|บ้าน|ผม)? |
    เมาะ | มะ(?=\s) | เจ๊ะ | เปาะ(?:จิ|วอ|ซู)? | โต๊ะ(?=[ก-ฮเ-ไ])(?!อิหม่าม|ทำงาน|เจาะ|ตรวจ|จีน|ยา|คัด
    |นี้|นั้น|ที่|ไหน|กลม|ใหญ่) | ก๊ะ | บัง |
    แบ(?=[ก-ฮเ-ไ])
    | ครู(?!พละ|ใหญ่|ประจำ|แนะแนว|เวร|พี่เลี้ยง|ผู้ช่วย|สอน) | ไอ้ | น้อง(?!ใหม่|นักศึกษา|นศ|สาว|ชาย|เวร|ๆ
    |extern|intern) | หนู | อ้าย | เอื้อย | ป๋า | ป๊า | ป๊ะ(?=[ก-ฮเ-ไ]) |
    ม๊า | หม่าม๊า | นู๋
"""
_POLITE = r"คุณ(?!ภาพ|หมอ|พยาบาล|ค่า|สมบัติ|ธรรม|วุฒิ|ประโยชน์|ลักษณะ|โทษ|หญิง|เภสัช|เจ้าหน้าที่|ตำรวจ)"
# 'ชื่อ …': what is asked for on every form, and said of every new patient.
# 'ลงชื่อ', 'รายชื่อ', 'เฟสชื่อ' name nobody who is meant here.
_NOT_SO_NAMED = "".join(
    f"(?<!{word}ชื่อ)"
    for word in listed(
        "เฟส เฟซ ไลน์ ไอจี fb ig line ลง ไม่ทราบ ไม่รู้ จำ ราย เซ็น ออก เปลี่ยน ลบ ปิด ซ่อน เช็ค ขาน หา"
    )
)
_NAMED = rf"""
      ชื่อ {_NOT_SO_NAMED} (?!บัญชี\s?(?:มูลนิธิ|กองทุน|รพ|โรงพยาบาล|บริษัท|หจก|ร้าน|สหกรณ์|ชมรม)|คล้าย|ซ้ำ
      |เหมือน|ผิด|ถูก|ตรง|ไม่|ที่|นี้|นั้น|ท้าย|ต้น|แรก|หลัง|อบรม|ประชุม|เข้าร่วม
      |สมัคร|คน(?!ไข้)|หมด|ทุก|แปลก|เพราะ|ยาว|ย่อ
        |อยู่|ด้วย|กับ|หน่อย|ขึ้น|ออก|ใน|บน|เดียวกัน|ลูกค้า|เฟส|เฟซ|ไลน์|ยา|ไฟล์|โครงการ|
        โรค|เสียง|กลุ่ม
        |วอร์ด|ร้าน|บริษัท|ห้อง|เพจ|ซอย|ถนน|หมู่บ้าน|ตึก|วัด|โรงเรียน|ตำบล|อะไร|ไร|user|แล็บ|งาน|เรื่อง|หน่วย|ว่าอะไร)
      (?:[\s-]{{0,2}}(?:นาม)?สกุล|เล่น|เต็ม|จริง|เดิม|ใหม่|ไทย|อิสลาม|บัญชี|เจ้าของ(?:บัญชี|รถ|บ้าน)?|ในบัตร|บนบัตร|ในระบบ|บช\.?|ผู้ป่วย|คนไข้|ญาติ|เด็ก|มารดา|บิดา|แม่|พ่อ
        |ผู้(?:รับ|ตาย|ดูแล|ติดต่อ|ปกครอง))? (?:คือ|ว่า)?
    | นามสกุล(?<!ไม่มีนามสกุล)(?!เดียวกัน|เดิม|เหมือน) | (?:ให้|ชอบให้)เรียก(?:ว่า|แก|เค้า|เขา|ชื่อ)?(?!รถ|ชื่อ
    |คิว|เก็บ|ประชุม|ตัว|หมอ|พยาบาล|ป้า|ลุง) | ชื่อในบัตร | name(?<![a-z]name)(?![a-z])
    | ชือ(?!่)
    | ch(?<![a-z]ch)[uh]?eu?(?:\slen)?(?=\s+[a-z])
"""
_PATIENT_LATIN = "|".join(
    f"{branch}(?![a-z])\\.?"
    for branch in standing_alone("pts pt patient case b/o s/o d/o", _LATIN).split("|")
)
_OWN = "|".join(
    f"{word}ของ"
    for word in (
        listed("ลูก แม่ พ่อ สามี เมีย ผัว ญาติ ทารก หลาน ชิ้นเนื้อ ผลเลือด ผลตรวจ แฟ้ม ชาร์ต ประวัติ ฟิล์ม เคส")
    )
)
_PATIENT = rf"""
      {_OWN}
    | (?:คนไข้|ผู้ป่วย|ผป\.?|เคส)(?:ชาว)?(?:จีน|พม่า|เมียนมา|ลาว|เขมร|กัมพูชา|เวียดนาม|ญี่ปุ่น|เกาหลี(?:ใต้)?
    |ไต้หวัน|ฮ่องกง|รัสเซีย|อินเดีย|ฝรั่ง|อังกฤษ|เยอรมัน|กะเหรี่ยง|ม้ง|มอญ|ไทใหญ่|ต่างชาติ|ต่างด้าว|มุสลิม)(?=\s)
    | (?:คนไข้|ผู้ป่วย|ผป\.?|เคส)(?:ใหม่|เก่า|เด็ก)?(?:ชาย|หญิง)(?!ไทย|เดี่ยว|คู่|\s?\d|\s?อายุ|รวม|ล้วน|ทั้ง)
    | (?:หญิง|แม่)(?:หลังคลอด|ตั้งครรภ์) | คนไข้ | ผู้ต้องขัง(?:ชาย|หญิง)? | ผู้ป่วย(?!ใน|นอก) | ผป\.? | คนเจ็บ
    | ผู้บาดเจ็บ | ผู้ตาย |
    ผู้เสียชีวิต | ผู้คลอด | ผู้รับบริการ | ผู้สูญหาย | เคส
    | ผู้รับ(?=\s?:) | {_PATIENT_LATIN}
    | บิดา | มารดา | สามี | ภรรยา | ภริยา | บุตร(?:สาว|ชาย)? | ผู้ปกครอง | ผู้ติดต่อ | ทายาท | ญาติ |
    ผู้ดูแล(?:หลัก)? | เจ้าตัว
    | ลูกสาว | ลูกชาย | ลูกสะใภ้ | ลูกเขย | หลานสาว | หลานชาย | พี่สาว | พี่ชาย | น้องสาว | น้องชาย |
    เมีย(?!ะ|ว) | ผัว
    | ของ(?=[ก-ฮเ-ไ]) | คือ(?=[ก-ฮเ-ไ]) | กับ(?=[ก-ฮเ-ไ]) | เหลือ(?=[ก-ฮเ-ไ]) | ลูก(?=\s) | เด็ก(?=\s) |
    ห้อง(?:คลอด|แยก|พิเศษ|ผ่าตัด|ฉุกเฉิน|ไอซียู) | ดิฉัน | กระผม | ข้าพเจ้า | คนพิการ | ผู้พิการ | ผู้สูงอายุ
    | เยี่ยม(?=[ก-ฮเ-ไ])(?!บ้าน|ไข้|ผู้|คน|มาก|เลย|ยอด|ๆ|ญาติ|ลูก|พ่อ|แม่|ที่|ได้|ช่วง|วัน|เวลา|เฉพาะ|ไม่|ครั้ง
    |ใหม่|ตาม|ทุก|หลัง)
"""
# Whoever these words name works here, or came to sell, to teach or to repair.
_DEGREES = "|".join(
    f"{branch}\\.\\s?(?:นพ\\.|พญ\\.|ดร\\.)?"
    for branch in standing_alone(
        "ทพญ สพญ ทนพญ ทนพ นสภ นศพ นพท นพ พญ ทพ ภก ภญ สพ พว กภ รศ ผศ ศ ดร", _THAI
    ).split("|")
)
_DOCTORS = "(?:แผนไทย|ฟัน|เด็ก|ใหญ่|หญิง|ศัลย์|เมด|สูติ|ออร์โธ|ดม|เวร|อนามัย)?"
_STAFF_LATIN = "|".join(
    f"{branch}(?![a-z])\\.?"
    for branch in standing_alone(
        "rn pn na dr prof nurse staff resident intern extern md r1 r2 r3 r4 ext", _LATIN
    ).split("|")
)
_STAFF = rf"""
      หมอ(?!ลำ){_DOCTORS} | คุณหมอ{_DOCTORS} | พี่หมอ{_DOCTORS} | น้องหมอ{_DOCTORS} |
      ท่านหมอ{_DOCTORS}
    | น\.พ\. | พ\.ญ\. | ท\.พ\. | {_DEGREES}
    | อ(?<![ก-๎.]อ)\.(?=\s?[ก-ฮเ-ไ]{{2}})(?!\s?เมือง) | ท่านอาจารย์ | อาจารย์ | อจ\.?(?=\s?[ก-ฮเ-ไ])
    | หัวหน้า(?:ตึก|เวร|ทีม|ฝ่าย|งาน|กลุ่มงาน|หอผู้ป่วย|วอร์ด|พยาบาล)? | หน\.\s?(?:เวร|ตึก|งาน)? |
    รอง\s?ผอ\.? | ผอ\.? | ผู้อำนวยการ
    | พี่(?!สาว|ชาย|เขย|สะใภ้|น้อง) | เภสัช(?:กร)? | พยาบาล | เจ้าหน้าที่ | จนท\.? | พขร\.? |
    รปภ\.? | แม่บ้าน | วิทยากร | เซลส์?
    | ผู้แทนยา | ช่าง | เวรเปล | ทีม(?:\s?[a-d])? | {_STAFF_LATIN}
    | ผู้(?:รับแจ้ง|รายงาน|รับเวร|ส่งเวร|บันทึก|ตรวจ|สั่ง|อนุมัติ|รับผิดชอบ|ประสาน|จัดทำ|พิมพ์|ช่วย|ใหญ่บ้าน) |
    กำนัน | นายก(?:เทศมนตรี|อบต\.?)? | สส\. | ส\.ส\. | ดร\.
"""
_KINDS = {
    Source.STAFF: _STAFF,
    Source.TITLE: _TITLE,
    Source.MONK: _MONK,
    Source.PATIENT: _PATIENT,
    Source.NAMED: _NAMED,
    Source.KIN: _KIN,
    Source.POLITE: _POLITE,
}
_ANY = one_of(*_KINDS.values())
_EACH = {source: one_of(branches) for source, branches in _KINDS.items()}
_BY_FIRST_LETTER: dict[str, list[tuple[Source, re.Pattern[str]]]] = {}
for _source, _pattern in _EACH.items():
    for _letter in first_letters(_pattern):
        _BY_FIRST_LETTER.setdefault(_letter, []).append((_source, _pattern))


class CueWord(NamedTuple):
    """A word that stands before names."""

    start: int
    end: int
    source: Source


def next_cue(lowered: str, position: int) -> CueWord | None:
    found = _ANY.search(lowered, position)
    while found is not None and lowered[found.start() - 1 : found.start()] in _LEADING_VOWELS:
        found = _ANY.search(lowered, found.start() + 1)
    return cue_at(lowered, found.start()) if found is not None else None


def all_cues(lowered: str) -> list[CueWord]:
    """Every cue of a text, also those that begin inside another: ยาย in คุณยาย."""
    cues: list[CueWord] = []
    cue = next_cue(lowered, 0)
    while cue is not None:
        cues.append(cue)
        cue = next_cue(lowered, cue.start + 1)
    return cues


def cue_at(lowered: str, position: int) -> CueWord | None:
    """The cue that begins just here; of two kinds the earlier one in the table."""
    for source, pattern in _BY_FIRST_LETTER.get(lowered[position : position + 1], ()):
        match = pattern.match(lowered, position)
        if match is not None and lowered[match.end() : match.end() + 1] not in _MARKS:
            return CueWord(position, match.end(), source)
    return None
