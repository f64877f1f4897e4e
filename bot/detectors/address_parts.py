"""The parts of a Thai address, and a row of them: a house, its moo, soi, village, building."""

from __future__ import annotations

import re
from itertools import combinations
from typing import NamedTuple

from bot.detectors.address_words import (
    BESIDE,
    BRANDED,
    HOUSE_NUMBER,
    HUTS,
    IN_A_BUILDING,
    LANDMARKS,
    MOO_SHORT,
    NAME,
    NTH_HOUSE,
    REST,
    SAID_BEFORE_MOO,
    SAID_HOUSE,
    SAID_NUMBER,
    SMALL_NUMBER,
    VILLAGE_BARE,
)
from bot.detectors.provinces import PROVINCE, TOWN

# The parts of an address. A part that is a name may be followed by its number: 'ซ.ร่วมใจ 12'.
_PARTS = {
    "house": (
        rf"(?:บ้าน\s?เลข\s?ที่|เลขที่(?:บ้าน)?|บ\.เลขที่|บล\.|house\s?no\.?"
        rf"|no\.)\s{{0,2}}(?:{HOUSE_NUMBER}|{SAID_NUMBER})|บ้าน\s{{0,2}}(?=[0-9]{{1,4}}/[0-9]){HOUSE_NUMBER}|{HOUSE_NUMBER}|{SAID_HOUSE}|{SAID_BEFORE_MOO}"
    ),
    "moo": (
        rf"(?:หมู่ที่|หมู่(?!บ้าน|ที่)|{MOO_SHORT}|(?<![ก-๙])ม(?=\s?[0-9])|moo|mu|m\.(?=\s?[0-9]))"
        rf"\s{{0,2}}{SMALL_NUMBER}"
    ),
    "soi": (
        rf"(?:ซอย|ซ\.|ตรอก|แยก(?!หมู่|ตาม|ราย|เพศ|กัน|โรค|ห้อง|เตียง|เป็น)"
        r"|soi)(?!(?:แคบ|ตัน(?![ก-ฮ])|ลึก|มืด|เปลี่ยว|เดียวกัน|เดิม)(?! ?[0-9]))"
        rf"\s{{0,2}}(?:{NAME}(?:\s{{0,1}}[0-9]{{1,3}}(?:/[0-9]{{1,3}})?(?![0-9]))?"
        rf"|[0-9]{{1,3}}(?:/[0-9]{{1,3}})?(?![0-9]))"
    ),
    "road": (
        rf"(?:ถนน|ถ\.)\s{{0,2}}(?:{NAME}(?:\s[0-9]{{1,2}}(?![0-9/]))?|[0-9]{{2,4}}(?![0-9]))"
        r"(?: กม\.? ?[0-9]{1,3}(?:\+[0-9]{3})?)?"
        r"|[A-Z][a-z]+(?:\s[A-Z][a-z]+)?\s(?:Rd|Road|Street|(?-i:St))\b\.?"
    ),
    "village": (
        rf"(?:หมู่บ้าน(?! (?:ลุง|ป้า|ยาย|ตา|น้า|นาย|นาง|พี่|น้อง|คุณ|อยู่|มี|ไม่|ที่|แจ้ง|โทร))\s?"
        r"|มบ\.\s?|ม\.\s?(?=บ้าน|หมู่บ้าน)|ชุมชน\s?|คุ้ม\s?|(?:หย่อม|ป๊?อก)บ้าน"
        # 'ม.' before a name is a university's, too, but not behind '31/448 '.
        r"|ม\.(?:(?<=/[0-9] ม\.)|(?<=/[0-9]{2} ม\.)|(?<=/[0-9]{3} ม\.))\s?(?=[ก-ฮเ-ไ][ก-๙]{3})"
        r"|ศูนย์พักพิง(?:ชั่วคราว)?\s?|ค่าย(?:ผู้ลี้ภัย|อพยพ)\s?"
        r"|บ้าน(?<!แม่บ้าน)(?!เน้อ|เด้อ|แหน่|บ่าย|เช้า(?!ง)|เย็น|สัปดาห์|อาทิตย์|เดือน|ถาม|บอก|แจ้ง|น่าจะ|โทร|ทุก|รอบ|ช่วง|คืน|เมื่อ|ก่อน|จะ"
        rf"|หลัง|เลข|พัก|เช่า|อยู่|แล้ว|เดียว|ติด|ใคร"
        rf"|ตัวเอง|ที่|เค้า|เขา(?![ก-๙]{{3}})|เขา(?:อยู่|ไม่|ไป|มา|ติด|ใกล้|ให้|แล้ว|เอง|บอก)|แก|คนไข้|ผู้ป่วย|ญาติ|ได้|ไป|มา|ค่ะ|คะ|ครับ|นี้|ไม่|ของ|ไหน|เรา|ให้"
        rf"|และ|กับ|ไม้(?=หลัง|สอง|ชั้น|เก่า|ยก)|ปูน|สองชั้น|ชั้นเดียว|ทาสี|เฮา|เฮือน"
        rf"|ยาย(?=[ก-๙]+ บ้านเลข)|ลุง|ป้า|เด็ก|เพื่อน|ผม|หนู|ราย(?=ที่|แรก|สุดท้าย|\s)|เคส|ละ(?=\s?[0-9])"
        r"|(?:แม่|พ่อ|ยาย|ตา|ปู่|ย่า|น้า|(?:ลูก|พี่|น้อง)(?:สาว|ชาย|เขย|สะใภ้)?|แฟน|ผัว|เมีย|สามี|ภรรยา)"
        r"(?:(?:ของ)?(?:คนไข้|ผู้ป่วย|เขา|เค้า|แก|เด็ก|น้อง))?(?:ที่|อยู่|เลขที่|(?![ก-๙]))"
        rf"|นาย(?=[ก-๙]+ )|คุณ|พี่|หมอ|ครึ่ง|หมุน|วัน|พรุ่ง)"
        rf"|บ\.(?<![ก-ฮ]บ\.)(?!\s|[ก-๙]{{0,20}}?(?:ประกัน|จำกัด|จก\.)))"
        rf"{NAME}(?: [0-9]{{1,2}}(?![0-9/.A-Za-z]|\s?(?:ม\.|หมู่)))?"
        r"|ป[๊็]?อก\s?[0-9]{1,2}[A-Z]?(?![0-9A-Za-z])"
    ),
    "building": (
        rf"(?:คอนโด(?:มิเนียม)?|(?:หอพัก|แฟลต)(?!พยาบาล|แพทย์|เจ้าหน้าที่|บุคลากร|(?:นักศึกษา|นศ\.?)(?:พยาบาล|แพทย์))|อพาร์ท?เม้?นท?์?|แมนชั่น|โรงแรม|รีสอร์ท|เกสต์?เฮาส์"
        rf"|โฮมสเตย์|บ้านพัก(?!เด็ก|ฉุกเฉิน|แพทย์|พยาบาล|เจ้าหน้าที่|จนท|ผู้ป่วย|คนไข้|ญาติ)|บ้านเช่า|ห้องเช่า|ห้องแถว|ตึกแถว|บังกะโล|แคมป์|ทาวน์(?:เฮ้?าส์|โฮม)|บ้านแฝด|หอ(?!พัก|ผู้ป่วย|ประชุม|สมุด|บ(?![ุู])|ม(?!ณี)|ย)|อาคาร(?!เฉลิม|สิริ|ราช|ภูมิ|สมเด็จ|มหา|พระ|อำนวย|ผู้ป่วย|บริการ|อุบัติเหตุ|นวมินทร์)|condo|apartment"
        rf"|mansion)(?!ไม่|เดือน|คืน|ว่าง|เต็ม|แล้ว|ใหม่) {{0,2}}(?:[A-Z][a-z]+ [A-Z][a-z]+"
        rf"|{NAME}(?: [ก-๙]{{2,16}}(?= {IN_A_BUILDING})|(?<=ปั๊ม) (?:ปตท|พีที|บางจาก|เชลล์)\.?"
        rf"|(?<=บขส)\.| ?(?:รร\.|โรงเรียน|วัด){NAME})?)?"
        rf"(?: [0-9]{{1,3}}(?![0-9/.]))?"
        r"|(?:[A-Z][a-z]+ ){1,4}(?:Resort|Hotel|Villa|Hostel|Condo|Mansion|Residence|House"
        r"|Guesthouse|Bungalow)s?\b"
        rf"|{BRANDED}"
    ),
    "landmark": (
        rf"(?:ปากซอย|ทางเข้า|{BESIDE}) ?(?:{LANDMARKS}){REST}|(?:ไร่|สวน"
        rf"|ฟาร์ม|โรงงาน|ไซต์|ท่าเรือ){NAME}|{NTH_HOUSE}"
        rf"|(?:ถัดจาก|เลย)[ก-๙]{{2,24}}(?:ไป)?\s?[0-9]{{1,3}}\s?(?:หลัง|เมตร|ม\.(?!\s?[0-9])|กม\.?)"
        rf"|\((?:เข้า|ปากซอย|{BESIDE})[^()\n]{{2,40}}\)"
    ),
    "looks": (
        r"บ้าน(?:ไม้|ปูน|สองชั้น|2 ?ชั้น|ชั้นเดียว|ทาสี|สี|รั้ว|หลังคา|มุง)[ก-๙]{0,16}"
        r"(?: ?(?:รั้ว|หลังคา|ประตู|ทาสี|สี)[ก-๙]{2,12})?(?: ?หลัง(?:สุดท้าย|แรก|เดียว|ที่\s?[0-9]{1,2}))?"
    ),
    "market": rf"ตลาด{NAME}",
    "hut": rf"(?:{'|'.join(HUTS)})[ก-๙]{{0,30}}(?: (?:ปตท|พีที|บางจาก)\.?)?",
    "beach": r"หาด(?!ใหญ่)[ก-๙]{2,14}",
    "room": (
        r"(?:ห้อง(?:ที่|เลขที่)?|ชั้น(?:ที่)?|ตึก|อาคาร|บล็อก|โซน|ล็อ[กค]|เฟส|เซกชัน|เซ็?กชั่น|section|zone|block"
        r"|แปลง(?:ที่)?|โครงการ(?:ที่)?|แผง(?:ที่)?|room|floor|fl\.)\s{0,2}(?:[A-Za-z]?[0-9]{1,4}[A-Za-z]?"
        r"|[A-Z])(?:/[0-9]{1,4})?(?![0-9A-Za-z])"
        rf"|ห้องที่\s?{SMALL_NUMBER}"
    ),
    "subdistrict": rf"(?:ตำบล|ต\.|แขวง|tambon|t\.)\s{{0,2}}{NAME}",
    "district": (
        rf"อ\.\s?ม\.|(?:อำเภอ|อ\.|เขต|amphoe|amphur|a\.)\s{{0,2}}(?!หมู่){NAME}"
        r"|เขต\s?(?-i:[A-Z])(?![A-Za-z])"
    ),
    "province": rf"จ\.\s?[ก-ฮ]{{1,2}}\.|(?:จังหวัด|จ\.)\s{{0,2}}(?!หมู่){NAME}|(?!เลย[ก-๙]){PROVINCE}",
    # A district may stand bare before its province: 'คลองสามวา กทม'.
    "bare": (rf"[ก-๙]{{2,16}}(?=(?: {{1,2}}[ก-๙]{{2,16}})? {{1,2}}{PROVINCE}(?![ก-๙]))|{TOWN}"),
    "postcode": r"(?-i:[A-Z][a-z]+ ){0,2}[1-9][0-9]{4}(?![0-9])",
}
_ORDER = (
    "moo",
    "soi",
    "road",
    "looks",
    "village",
    "building",
    "landmark",
    "market",
    "hut",
    "beach",
    "room",
    "subdistrict",
    "district",
    "province",
    "postcode",
    "house",
    "bare",
)
_PART = re.compile("|".join(f"(?P<{kind}>{_PARTS[kind]})" for kind in _ORDER), re.IGNORECASE)
_BARE = re.compile(VILLAGE_BARE)
_GLUE = re.compile(
    r"[ ,]{0,3}(?:\n(?=(?:ต\.|ตำบล|อ\.|อำเภอ|จ\.|จังหวัด|ถ\.|ถนน|ซ\.|ซอย|ม\.|หมู่"
    r"|เลขที่|บ้านเลขที่|ห้อง))[ ]{0,2})?"
)
# A village stands alone where its name says that it is one, and nothing runs on behind it.
LONE_VILLAGE = re.compile(
    r"บ้าน(?:(?<![ก-๙]บ้าน)(?<!ต\.บ้าน)(?<!ตำบล บ้าน)(?<!ต\. บ้าน)|(?<=ที่บ้าน)|(?<=อยู่บ้าน)|(?<=จากบ้าน))"
    r"(?:ห้วย|ปาง|ดอย|หนอง|โนน|โคก|ทุ่ง|ท่า(?!น)|สัน|ดอน|คลอง|บาง(?!คน|ที|ราย|ครั้ง|หลัง|บ้าน|วัน)|ป่า(?!ช้า)|วัง|ควน|บึง"
    r"|เวียง|เชียง|โป่ง|ดง|นิคม|ปากน้ำ)[ก-๙]{2,12}?"
    r"(?:(?![ก-๙])|(?=มาตรวจ|ไม่|โทร|แจ้ง|ท้อง|อายุ|ชื่อ|ป่วย|เป็น|หอบ|ปวด|ไข้))"
)
_PARTS_LEAST, _PARTS_MOST = 2, 14
_ONCE = frozenset(("house", "moo"))
# These are never without a number, be it said in words.
_NUMBERED = frozenset(("house", "moo"))


def _pairs(written: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(sorted(pair.split("+"))) for pair in written.split())


# With these two a door can be found; with others if one of them has a number.
_ENOUGH = _pairs(
    "moo+looks looks+soi looks+road looks+village"
    " moo+soi moo+landmark moo+hut moo+road landmark+soi landmark+hut hut+road hut+village hut+soi"
)
_ENOUGH_WITH_NUMBER = _pairs(
    "house+moo house+soi house+road house+village house+building house+hut moo+village village+soi"
    " village+room soi+road building+moo building+soi building+road building+village"
    " market+room market+building market+house market+soi"
    " beach+building beach+house building+landmark building+room room+soi building+hut"
)
_FINE = frozenset(kind for pair in _ENOUGH | _ENOUGH_WITH_NUMBER for kind in pair)


class Part(NamedTuple):
    kind: str
    start: int
    end: int
    has_number: bool


def row_at(text: str, position: int) -> list[Part]:
    row: list[Part] = []
    at = position
    while len(row) < _PARTS_MOST:
        match = _PART.match(text, at)
        if match is None or match.lastgroup is None:
            break
        kind = match.lastgroup
        if kind in _ONCE and any(part.kind == kind for part in row):
            break
        row.append(Part(kind, *match.span(), _has_number(kind, match[0])))
        at = _past_glue(text, match.end())
        bare = _BARE.match(text, at) if kind == "moo" and at > match.end() else None
        if bare is not None:
            row.append(Part("village", *bare.span(), has_number=False))
            at = _past_glue(text, bare.end())
    return row


def _has_number(kind: str, written: str) -> bool:
    is_said = kind in _NUMBERED or written.startswith("ห้องที่")
    return is_said or any(character.isdigit() for character in written)


def _past_glue(text: str, at: int) -> int:
    glue = _GLUE.match(text, at)
    return glue.end() if glue else at


def is_fine(row: list[Part]) -> bool:
    """A door can be found: a house with its moo, soi or village, or a room in a named building."""
    if len(row) < _PARTS_LEAST:
        return False
    fine = [part for part in row if part.kind in _FINE]
    pairs = set(combinations(sorted({part.kind for part in fine}), _PARTS_LEAST))
    if not pairs.isdisjoint(_ENOUGH):
        return True
    has_number = any(part.has_number for part in fine)
    return has_number and not pairs.isdisjoint(_ENOUGH_WITH_NUMBER)
