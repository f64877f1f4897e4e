"""Home addresses, down to the house, moo, soi, village or building."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bot.detectors import address_latin, excuses
from bot.detectors.owner import Owner, owner_of
from bot.detectors.provinces import PROVINCE
from bot.domain.findings import Finding, Label, Strength

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.detectors.scene import Scene

_REST = r"[ก-๙]{0,30}"
# A village may stand bare behind its moo: most are named after a place in the land.
_VILLAGE_BARE = (
    r"(?:ห้วย|ปาง|ดอย|หนอง|โนน|โคก|ทุ่ง|แม่(?=[ก-ฮเ-ไ][ก-๙]{1,12}(?![ก-๙]))|ท่า|สัน|ดอน|นา|คลอง|บาง|ป่า|วัง|เขา|ควน|ละ|บึง"
    r"|หัว|ปาก|ผา|น้ำ|สวน|ไร่|คำ|โพธิ์?|โป่ง|ศรี|เวียง|เชียง|ป๊อก|ดง|นิคม|สะพาน)"
    r"(?!พยาบาล|ตัว|ใจ|ล้าง|ยา|หนัก|สูง|เกลือ|ตาล|เรียน|ฝน)[ก-๙]{2,24}"
)
_NAME = r"[ก-๙A-Za-z][ก-๙A-Za-z\-]{0,40}"
_HOUSE_NUMBER = r"[0-9]{1,4}(?:\s?(?:/|\(?ทับ\)?)\s?[0-9]{1,4}){0,2}(?![0-9]|[.:][0-9]{2})"
_SMALL_NUMBER = r"(?:[0-9]{1,2}(?![0-9])|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ(?:เอ็ด|สอง|สาม|สี่|ห้า)?)"
# Blocks of flats by the names that builders give them: they need no word for what they are.
_BRANDS = (
    r"ลุมพินี|ศุภาลัย|ยูดีไลท์|แอสปาย|ไอดีโอ|รีเจ้นท์|ดีคอนโด|พลัม|เดอะ|นิช|เมโทร|ลากูน่า|เอื้ออาทร"
    r"|การเคหะ|ไลฟ์|แกรนด์|วิลล่า|ริทึ่ม|ชีวาทัย|เซ็นทริค|โนเบิล|ยูนิโอ|เอลลิโอ|ลิฟวิ่ง|พาร์ค"
)
_BRANDED = (
    rf"(?:{_BRANDS})[ก-๙]{{0,24}}(?: [0-9]{{1,2}})?"
    r"(?=\s{0,2}(?:ตึก|อาคาร|ชั้น|ห้อง|บล็อก|โซน)\s{0,2}[0-9A-Za-z])"
)
# The parts of an address. A part that is a name may be followed by its number: 'ซ.ร่วมใจ 12'.
_PARTS = {
    "house": (
        rf"(?:บ้าน\s?เลข\s?ที่|เลขที่(?:บ้าน)?|บ\.เลขที่|house\s?no\.?"
        rf"|no\.)\s{{0,2}}{_HOUSE_NUMBER}|{_HOUSE_NUMBER}"
    ),
    "moo": rf"(?:หมู่ที่|หมู่(?!บ้าน|ที่)|ม\.|(?<![ก-๙])ม(?=\s?[0-9])|moo|mu)\s{{0,2}}{_SMALL_NUMBER}",
    "soi": (
        rf"(?:ซอย|ซ\.|ตรอก|แยก"
        rf"|soi)\s{{0,2}}(?:{_NAME}(?:\s{{0,1}}[0-9]{{1,3}}(?:/[0-9]{{1,3}})?(?![0-9]))?"
        rf"|[0-9]{{1,3}}(?:/[0-9]{{1,3}})?(?![0-9]))"
    ),
    "road": (
        rf"(?:ถนน|ถ\.)\s{{0,2}}{_NAME}(?:\s[0-9]{{1,2}}(?![0-9/]))?"
        rf"|[A-Z][a-z]+(?:\s[A-Z][a-z]+)?\s(?:Rd|Road|St|Street)\b\.?"
    ),
    "village": (
        rf"(?:หมู่บ้าน\s?|มบ\.\s?|ชุมชน\s?|คุ้ม\s?|บ้าน(?!หลัง|เลข|พัก|เช่า|อยู่|แล้ว|เดียว|ติด|ใคร"
        rf"|ตัวเอง|ที่|เค้า|เขา|แก|คนไข้|ผู้ป่วย|ญาติ|ได้|ไป|มา|ค่ะ|คะ|ครับ|นี้|ไม่|ของ|ไหน|เรา|ให้"
        rf"|และ|กับ|เฮา|เฮือน|ยาย(?=[ก-๙]+ บ้านเลข)|ลุง|ป้า|นาย(?=[ก-๙]+ )|คุณ|พี่|หมอ|ครึ่ง|หมุน|วัน|พรุ่ง)"
        rf"|บ\.(?!\s)){_NAME}(?:\s[0-9]{{1,2}}(?![0-9/.]|\s?(?:ม\.|หมู่)))?"
    ),
    "building": (
        rf"(?:คอนโด(?:มิเนียม)?|หอพัก|แฟลต|อพาร์ท?เม้?นท?์?|แมนชั่น|โรงแรม|รีสอร์ท|เกสต์?เฮาส์"
        rf"|โฮมสเตย์|บ้านพัก|บ้านเช่า|ห้องเช่า|ห้องแถว|แคมป์|ทาวน์เฮาส์|หอ|อาคาร|condo|apartment"
        rf"|mansion)\s{{0,2}}(?:[A-Z][a-z]+ [A-Z][a-z]+|{_NAME})?(?:\s[0-9]{{1,3}}(?![0-9/.]))?"
        r"|(?:[A-Z][a-z]+ ){1,4}(?:Resort|Hotel|Villa|Hostel|Condo|Mansion|Residence|House"
        r"|Guesthouse|Bungalow)s?\b"
        rf"|{_BRANDED}"
    ),
    "landmark": (
        rf"(?:ท้าย|หลัง|ข้าง|หน้า|ตรงข้าม|ติด|ใกล้|ริม)(?:วัด|โรงเรียน|รร\.|กูโบร์|มัสยิด|ตลาด|ปั๊ม"
        rf"|โรงสี|โรงน้ำแข็ง|ศาลเจ้า|สถานี|สะพาน|คลอง|โรงงาน|ร้าน|อบต){_REST}|(?:ไร่|สวน"
        rf"|ฟาร์ม|โรงงาน|ไซต์|ท่าเรือ){_NAME}|หลังที่\s?[0-9]{{1,3}}"
    ),
    "room": (
        r"(?:ห้อง(?:ที่|เลขที่)?|ชั้น(?:ที่)?|ตึก|อาคาร|บล็อก|โซน|เซกชัน|เซ็?กชั่น|section|zone|block"
        r"|แปลง(?:ที่)?|room|floor|fl\.)\s{0,2}(?:[A-Za-z]?[0-9]{1,4}[A-Za-z]?"
        r"|[A-Z])(?:/[0-9]{1,4})?(?![0-9A-Za-z])"
    ),
    "subdistrict": rf"(?:ตำบล|ต\.|แขวง|tambon|t\.)\s{{0,2}}{_NAME}",
    "district": rf"(?:อำเภอ|อ\.|เขต|amphoe|amphur|a\.)\s{{0,2}}{_NAME}",
    "province": rf"(?:จังหวัด|จ\.)\s{{0,2}}{_NAME}|{PROVINCE}",
    # A district may stand bare before its province: 'คลองสามวา กทม'.
    "bare": rf"[ก-๙]{{2,16}}(?= {{1,2}}{PROVINCE}(?![ก-๙]))",
    "postcode": r"(?-i:[A-Z][a-z]+ ){0,2}[1-9][0-9]{4}(?![0-9])",
}
_ORDER = (
    "moo",
    "soi",
    "road",
    "village",
    "building",
    "landmark",
    "room",
    "subdistrict",
    "district",
    "province",
    "postcode",
    "house",
    "bare",
)
_PART = re.compile("|".join(f"(?P<{kind}>{_PARTS[kind]})" for kind in _ORDER), re.IGNORECASE)
_BARE = re.compile(_VILLAGE_BARE)
_GLUE = re.compile(
    r"[ ,]{0,3}(?:\n(?=(?:ต\.|ตำบล|อ\.|อำเภอ|จ\.|จังหวัด|ถ\.|ถนน|ซ\.|ซอย|ม\.|หมู่))[ ]{0,2})?"
)
# A house number is worth a look only where the next part of an address follows it.
_START = re.compile(
    rf"""(?<![0-9/.,\-:])[0-9]{{1,4}}(?:\s?(?:/|\(?ทับ\)?)\s?[0-9]{{1,4}}){{0,2}}[\s,]{{1,3}}
        (?:หมู่|ม\.|ม(?=\s?[0-9])|ซอย|ซ\.|ตรอก|แยก|ถนน|ถ\.|มบ\.|ชุมชน|คุ้ม|บ้าน|บ\.|คอนโด|หอ|แฟลต|อพาร์|แมนชั่น|อาคาร
          |โรงแรม|รีสอร์|ทาวน์|แคมป์|ตำบล|ต\.|แขวง|ห้อง|ชั้น|ตึก|โซน|moo|mu\s|soi|[a-z]+\s(?:rd|road|st)|condo|apartment)
      |หมู่|ม\.|ซอย|ซ\.|ตรอก|ชุมชน|คุ้ม|บ้าน|บ\.|คอนโด|หอพัก|แฟลต|อพาร์|แมนชั่น|แคมป์|อาคาร|เลขที่|ห้องเช่า|ห้องแถว|ทาวน์|โซน
      |ห้อง(?=\s?[0-9])|{_BRANDS}|โรงแรม|รีสอร์|ท้าย|ไร่|สวน|ฟาร์ม|condo|apartment|moo|soi|house
      |(?-i:[A-Z][a-z]+\s){{1,4}}(?-i:Resort|Hotel|Villa|Hostel|Condo|Mansion|Residence|Guesthouse|Bungalow)""",
    re.VERBOSE | re.IGNORECASE,
)
_INTRODUCES = re.compile(
    r"(?:บ้าน\s?เลข\s?ที่|เลขที่(?:บ้าน)?|บ้าน(?=\s?[0-9])|ที่อยู่|house\s?no\.?|no\.)[\s:]{0,3}",
    re.IGNORECASE,
)
_PLACE_OF_WORK = re.compile(
    r"(?:คลัง|ส่งของ|ส่งเอกสาร|สปสช|สปส|รพ\.?(?!สต)|โรงพยาบาล|ร้าน|งานเลี้ยง|งานแต่ง|งานศพ|งานบวช|ประชุม|บริษัท|บจก|หจก"
    r"|วัด|สำนักงาน|คลินิก|โรงแรม|โรงเรียน|รร\.|สสจ|อบต|เทศบาล|ใบกำกับ|ศาลา|ห้องประชุม|อบรม|สถานที่จัด"
    r"|ออกหน่วย)[^\n]{0,24}\Z",
    re.IGNORECASE,
)
_LIVES = re.compile(r"(?:อยู่|พัก|อาศัย|ที่อยู่|บ้าน|address)[\s:ที่]{0,4}\Z", re.IGNORECASE)
_PARTS_LEAST, _PARTS_MOST = 2, 14
_FINE = frozenset(("house", "moo", "soi", "road", "village", "building", "landmark", "room"))


class _Part(NamedTuple):
    kind: str
    start: int
    end: int
    has_number: bool


@dataclass(frozen=True, slots=True)
class AddressDetector:
    """Parts in a row, fine enough to find the door, and said of somebody in care."""

    label: Label = Label.ADDRESS
    digits_least: int = 1
    wakes_on: tuple[str, ...] = (
        "ม.",
        "หมู่",
        "ซ.",
        "ซอย",
        "ตรอก",
        "ถ.",
        "ถนน",
        "บ้าน",
        "บ.",
        "คอนโด",
        "หอพัก",
        "แฟลต",
        "อาคาร",
        "อพาร์",
        "แมนชั่น",
        "ชุมชน",
        "แคมป์",
        "เลขที่",
        "moo",
        "soi",
        "road",
        "rd",
        "condo",
        "apartment",
        "ห้องเช่า",
        "ห้องแถว",
        "คุ้ม",
        "ทาวน์",
        "house",
        "mu ",
        "resort",
        "hotel",
        "villa",
        "hostel",
        "mansion",
        "residence",
        "bungalow",
        "โรงแรม",
        "รีสอร์",
        "street",
        "avenue",
        "lane",
        "tower",
        "straße",
        "strasse",
        "str.",
        " rue ",
        *_BRANDS.split("|"),
    )
    must_find: tuple[tuple[str, str], ...] = (
        ("คนไข้ บ้านเลขที่ 45/2 ม.7 บ้านโนนหินแห่ ต.หนองบัวบาน ใครว่าง", "45/2 ม.7 บ้านโนนหินแห่ ต.หนองบัวบาน"),
        ("ผู้ป่วยอยู่ หอพักศิริโชติ ห้อง 306 ซ.ร่วมใจ 12 ค่ะ", "หอพักศิริโชติ ห้อง 306 ซ.ร่วมใจ 12"),
        ("คนไข้บ้านอยู่ ชุมชนริมคลองแปดวา ซอย 5 บ้านเลขที่ 77", "ชุมชนริมคลองแปดวา ซอย 5 บ้านเลขที่ 77"),
        ("ผป. ที่อยู่ ม.4 บ.คำแคน เลขที่ 61 พ่นหมอกควัน", "ม.4 บ.คำแคน เลขที่ 61"),
        (
            "ผู้ป่วย\nที่อยู่: 299/41 ม.5 ซ.สุขสันต์ ต.บ้านสวน อ.เมือง จ.ชลบุรี 20000",
            "299/41 ม.5 ซ.สุขสันต์ ต.บ้านสวน อ.เมือง จ.ชลบุรี 20000",
        ),
    )
    must_leave: tuple[str, ...] = (
        "ไข้เลือดออกขึ้นเยอะที่ ต.หนองแวง",
        "ที่อยู่ส่งของ: คลังยา รพ. 99 ม.1 ถ.มิตรภาพ ต.ศิลา",
        "งานเลี้ยง ร้านครัวริมบึง 245/7 ถ.รอบบึง ซอย 3",
        "ผู้ป่วยหมู่ 7 มา 3 ราย",
        "คนไข้เตียง 5 ห้อง 12 ตึก 4 ชั้น 3",
    )

    def find(self, scene: Scene) -> Iterator[Finding]:
        in_latin = [span for span in address_latin.find(scene.text) if self._is_home(scene, span)]
        for start, end in in_latin:
            yield self._finding(start, end)
        for parts in self._rows(scene):
            start, end = _without_introduction(scene.text, parts[0].start), parts[-1].end
            is_known = any(start < last and first < end for first, last in in_latin)
            if is_known or not self._is_free(scene, start, end):
                continue
            if _is_somebodys(scene, parts, start, end):
                yield self._finding(start, end)

    def _rows(self, scene: Scene) -> Iterator[list[_Part]]:
        position = 0
        while (begin := _START.search(scene.text, position)) is not None:
            parts = _row(scene.text, begin.start())
            if not _is_fine(parts):
                position = begin.start() + 1
                continue
            position = parts[-1].end
            parts = _without_names(scene, parts)
            if _is_fine(parts):
                yield parts

    def _is_home(self, scene: Scene, span: tuple[int, int]) -> bool:
        return self._is_free(scene, *span) and _is_of_a_home(scene, *span)

    def _is_free(self, scene: Scene, start: int, end: int) -> bool:
        if scene.is_taken_by_number(start, end) or excuses.is_teaching(scene, start):
            return False
        return not _PLACE_OF_WORK.search(scene.text[max(0, start - 40) : start])

    def _finding(self, start: int, end: int) -> Finding:
        reason = "home address, with words of a patient"
        return Finding(start, end, self.label, Strength.LIKELY, reason)


def _is_of_a_home(scene: Scene, start: int, end: int) -> bool:
    owner = owner_of(scene, start, end)
    return owner is Owner.PATIENT or (owner is not Owner.PUBLIC and scene.cues.is_care_talk)


def _is_somebodys(scene: Scene, parts: list[_Part], start: int, end: int) -> bool:
    """A patient's; where no house is named, only if somebody is said to live there."""
    has_door = any(part.kind in ("house", "building") for part in parts)
    if has_door or _LIVES.search(scene.text[max(0, start - 16) : start]):
        return _is_of_a_home(scene, start, end)
    is_patients = owner_of(scene, start, end) is Owner.PATIENT
    return is_patients and scene.has_patient_at(max(0, start - 60), start)


def _without_names(scene: Scene, parts: list[_Part]) -> list[_Part]:
    """'บ้านยายบัว 44 ม.2': a village that holds a patient's name is a house, and not named."""
    first = parts[0]
    is_house = first.kind == "village" and scene.has_patient_at(first.start, first.end)
    return parts[1:] if is_house else parts


def _row(text: str, position: int) -> list[_Part]:
    row: list[_Part] = []
    at = position
    while len(row) < _PARTS_MOST:
        match = _PART.match(text, at)
        if match is None or match.lastgroup is None:
            break
        kind = match.lastgroup
        if kind == "house" and any(part.kind == "house" for part in row):
            break
        has_number = any(character.isdigit() for character in match[0])
        row.append(_Part(kind, *match.span(), has_number))
        at = _past_glue(text, match.end())
        bare = _BARE.match(text, at) if kind == "moo" and at > match.end() else None
        if bare is not None:
            row.append(_Part("village", *bare.span(), has_number=False))
            at = _past_glue(text, bare.end())
    return row


def _past_glue(text: str, at: int) -> int:
    glue = _GLUE.match(text, at)
    return glue.end() if glue else at


def _is_fine(row: list[_Part]) -> bool:
    """A door can be found: a house with its moo, soi or village, or a room in a named building."""
    kinds = [part.kind for part in row]
    fine = _FINE.intersection(kinds)
    if len(fine) < _PARTS_LEAST or not any(part.has_number for part in row if part.kind in fine):
        return False
    if {"moo", "village"} <= fine:
        return True
    if "house" in fine:
        return bool(fine - {"house", "room", "landmark"})
    return (
        "building" in fine
        or ("village" in fine and bool(fine & {"soi", "room"}))
        or {"soi", "road"} <= fine
    )


def _without_introduction(text: str, start: int) -> int:
    introduction = _INTRODUCES.match(text, start)
    return introduction.end() if introduction else start


DETECTOR = AddressDetector()
