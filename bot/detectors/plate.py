"""Number plates of patients and relatives: Thai letters, digits, and the province with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bot.detectors import excuses
from bot.detectors.owner import Owner, owner_of, speaks_of_somebody
from bot.detectors.provinces import PROVINCE
from bot.domain.findings import Finding, Label, Strength

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.detectors.scene import Scene

_NUMBER = r"(?:[0-9]{1,2} ?)?[ก-ฮ](?:[ \-.]{0,3}[ก-ฮ]){0,2}(?:[ \-.]{0,3}[0-9]){1,4}(?![0-9.,:/])"
# Provinces of Laos, and two letters for one of Thailand, as people write them behind a plate.
_ABROAD = "กำแพงนคร|เวียงจันทน์|สะหวันนะเขต|จำปาสัก|บ่อแก้ว|หลวงพระบาง|คำม่วน|ไซยะบูลี"
_CODES = (
    "ชม|ชร|ลป|ลพ|พย|นน|มส|สท|พล|กพ|พจ|พช|นว|นม|บร|สร|ศก|อบ|ยส|มค|รอ|กส|ขก|อด|นค|สน|นพ|มห|ชบ|รย|จบ"
    "|ภก|กบ|สฎ|นศ|สข|ปน|ยล|นธ"
)
_IN_PROVINCE = rf"[ ,]{{0,3}}(?:จ\. ?|จังหวัด ?)?(?:{PROVINCE}|{_ABROAD}|(?:{_CODES})(?![ก-๙.]))"
# Lorries and vans for hire have digits alone, and so need their province: '30-0448 ภูเก็ต'.
_LORRY = rf"[1-9][0-9]-[0-9]{{4}}(?![0-9/.\-]){_IN_PROVINCE}"
# Those of Malaysia and Singapore: 'KDA 4471', 'SGX 218 K'.
_OF_THE_SOUTH = (
    r"(?!HN|AN|VN|LN|NO|ID|SN|LOT|REF|LAB|OPD|IPD|ICU|FDA)"
    r"[A-Z]{2,3} ?[0-9]{3,4}(?: ?[A-Z])?(?![0-9A-Za-z.,:/\-])"
)
_PLATE = re.compile(rf"{_NUMBER}(?:{_IN_PROVINCE})?|{_LORRY}|{_OF_THE_SOUTH}")
# Without a word before it a plate is known by its province; its letters then stand together.
_PLATE_ALONE = re.compile(
    r"(?:(?<![0-9ก-๙.])|(?<=กระบะ)|(?<=เก๋ง)|(?<=รถ)|(?<=มอไซ)|(?<=ไซค์)|(?<=คัน))"
    rf"(?:[0-9]{{1,2}} ?)?[ก-ฮ](?:[\-.]?[ก-ฮ]){{0,2}}(?:[ \-.]{{0,2}}[0-9]){{1,4}}"
    rf"(?![0-9.,:/]){_IN_PROVINCE}"
)
_MAKES = (
    *("วีออส", "ยาริส", "อัลติส", "แคมรี่", "ฟอร์จูน", "ไฮลักซ์", "ไฮลักส์", "รีโว่", "ซีวิค", "แจ๊ส", "แจ๊ซ"),
    *(
        "ดีแม็ก",
        "ดีแมก",
        "มิราจ",
        "แอททราจ",
        "ไทรทัน",
        "ปาเจโร",
        "นาวาร่า",
        "อัลเมร่า",
        "สวิฟ",
        "มาสด้า",
        "ฮอนด้า",
    ),
    *(
        "อัลพาร์ด",
        "เวลไฟร์",
        "คัมรี่",
        "แอคคอร์ด",
        "เบนซ์",
        "เทสล่า",
        "วีโก้",
        "เรนเจอร์",
        "เอเวอเรส",
        "อินโนว่า",
    ),
    *("คอมมูเตอร์", "มิวเอ็กซ์", "เฟอร์จูน", "ฟอร์จูเนอร์"),
    *("โตโยต้า", "อีซูซุ", "มิตซู", "นิสสัน", "ซูซูกิ", "ยามาฮ่า", "เวสป้า", "สกู๊ปปี้", "พีซีเอ็กซ์", "อีแต๋น", "อีแต๊ก"),
)
_LATIN_MAKES = (
    *("alphard", "vellfire", "camry", "altis", "vios", "yaris", "fortuner", "innova", "commuter"),
    *("revo", "vigo", "hilux", "civic", "accord", "jazz", "crv", "cr-v", "hrv", "hr-v", "d-max"),
    *("dmax", "mu-x", "triton", "pajero", "xpander", "mirage", "attrage", "navara", "almera"),
    *("mazda", "nissan", "suzuki", "ranger", "everest", "benz", "bmw", "volvo", "tesla", "byd"),
    *("yamaha", "vespa"),
)
# Right behind a vehicle two letters and some digits are enough: 'แท็กซี่เขียวเหลือง กข 1234'.
_BESIDE_VEHICLE = re.compile(
    rf"(?:รถ|เก๋ง|กระบะ|มอไซค?์?|มอเตอร์ไซค์|จยย\.?|แท็กซี่|คัน|{'|'.join(_MAKES)})[ก-๙]{{0,14}} {{0,2}}"
    r"(?P<value>(?:[0-9] ?)?(?<![ก-๙])[ก-ฮ]{2,3}[ \-]{0,2}[0-9]{3,4})"
    r"(?![0-9.,:/]| ?(?:ปี|บาท|คน|ราย|น\.))"
)
_LETTER_AND_DIGIT = re.compile(r"[ก-ฮ][ \-.]{0,2}[0-9]")
_GAP = re.compile(r"[\s:]{0,3}")
_NAME = re.compile(
    r"(?:ทะเบียน|ป้าย(?:แดง)?|เลขรถ|license\s?plate|plate|(?<![a-z])veh(?:icle)?(?![a-z]))(?:รถ|คัน|หัวลาก|หางลาก|พ่วง|ของ|คนไข้|ผู้ป่วย|ญาติ|คนเจ็บ|แก|เค้า"
    r"|เขา|คือ|เลขที่|เลข|no|เตียง ?[0-9]{1,3}(?![0-9])|สามี|ภรรยา|ลูกสาว|ลูกชาย|[ :.=\-])*",
    re.IGNORECASE,
)
_CRASH = re.compile(
    r"ชน|คว่ำ|พลิก|ล้ม|ตกถนน|ตกข้างทาง|เสียหลัก|แหกโค้ง|อุบัติเหตุ|เฉี่ยว|ประสานงา|crash|accident",
    re.IGNORECASE,
)
_RAN_AWAY = re.compile("หนี|คู่กรณี|ตามหา|ที่ชน(?:คนไข้|ผู้ป่วย|แก|เขา|เด็ก|คนเจ็บ)")
# Of a car that stands in the way nobody knows whose it is, unless that is said.
_IN_THE_WAY = re.compile(
    r"(?:จอด|กีด)?(?:ขวาง|ทับ|บัง|ปิด)(?:ทาง|ประตู|ช่อง|เส้น|รถ|หน้า)|เลื่อนรถ|(?:มา|ช่วย)เลื่อน(?!นัด|ผ่า|คิว)|ล็อกล้อ|ตาม(?:หา)?เจ้าของรถ|รถ(?:ของ)?ใคร|เปิดไฟ(?:หน้า)?ทิ้ง"
)
_IS_THEIRS = re.compile(
    r"(?:คือ|เป็น|ของ|(?<!ทาง)รถ|คัน) ?"
    r"(?:ญาติ|คนไข้|ผู้ป่วย|ผป|(?:พ่อ|แม่|ปู่|ย่า|ตา|ยาย)(?:น้อง|เด็ก|คนไข้|ผู้ป่วย|เตียง)|ลูก(?:สาว|ชาย)|สามี|ภรรยา|เมีย|ผัว|แฟน(?:คนไข้|เตียง))"
)
# 'คู่กรณีนั่งรอทำแผลทั้งคู่': nobody fled; both were brought here.
_ARE_HERE = re.compile(
    r"คู่กรณี[ก-๙ ]{0,24}?(?:นั่งรอ|รอทำแผล|ทำแผล|ทั้งคู่|ก็(?:เจ็บ|มา)|บาดเจ็บ|นอน|มา(?:ถึง|ด้วย|พร้อม))"
    r"|เจ็บทั้งคู่|ทั้งสองฝ่าย(?:เจ็บ|มา|รอ)"
)
# 'ญาติคนไข้ห้องคลอดจอดรถขวาง': who parked it is named before.
_PARKED_BY = re.compile(
    r"(?:ญาติ|ลูก(?:สาว|ชาย)|สามี|ภรรยา|เมีย|ผัว|คนไข้|ผู้ป่วย)(?:ของ)?"
    r"(?: ?(?:เตียง|ห้อง|bed) ?[0-9]{1,4}(?![0-9]))?"
    r"(?:(?!หมอ|พี่|จนท|เจ้าหน้าที่|พยาบาล|ทางเข้า|เข็น|ที่จอด)[^\n0-9]){0,40}"
    r"(?:(?<!ที่)(?<!ลาน)(?<!ช่อง)จอด|ทิ้งรถ)(?!รถผู้|รถคน|รถญาติ)"
)
_WAITS = re.compile(
    r"มา(?:รอ)?รับ(?:ยา|คนไข้| ?[a-z]{4,})|รอ(?:รับ)?ยา|drive ?-?thru|นั่งรอ(?:อยู่)?(?:ใน)?รถ"
    r"|valet|เอารถ(?:มา|ออก)?(?:รอ|รับ)|รถมารอ|วนรถ(?:มา)?รับ",
    re.IGNORECASE,
)
# 'นข 4410 แพร่ ออกหน่วยพรุ่งนี้': a car of the house, whoever is driven in it.
_HOUSE = (
    r"ของ ?(?:งาน(?!ศพ)|ฝ่าย|แผนก|กลุ่มงาน|หน่วย|รพ|โรงพยาบาล|ส่วนกลาง|ราชการ|ท่าน"
    r"|กู้ชีพ|กู้ภัย|มูลนิธิ|อบต|เทศบาล|ผอ|พี่(?!สาว|ชาย|เขย|สะใภ้)|หมอ|อาจารย์|อ\.)"
)
_OF_THE_HOUSE = re.compile(
    r" ?(?:คันนี้|คันเดิม|จะ)? ?(?:ออกหน่วย|เข้าอู่|เข้าศูนย์|ต่อภาษี|ต่อพ\.?ร\.?บ"
    rf"|(?:เป็น|รถ)?{_HOUSE})"
)
_SAID_TO_BE_THE_HOUSES = re.compile(rf"{_HOUSE}[ก-๙.]{{0,10}} ?\Z")
_HOUSE_REACH = 30
_DRIVER_REACH = 24
_CAR_REACH = 24
_VEHICLES = (
    *("รถ", "เก๋ง", "กระบะ", "มอไซ", "มอเตอร์ไซ", "จักรยานยนต์", "จยย", "คัน", "ซาเล้ง", "สองแถว", "จอด"),
    *(
        "ขับ",
        "ขี่",
        "motorbike",
        "mc ",
        "rot ",
        "แท็กซี่",
        "honda",
        "toyota",
        "wave",
        "isuzu",
        "click",
        "pcx",
        "scoopy",
        "valet",
    ),
    *_MAKES,
)
# No 'benz' in 'benzyl', no 'accord' in 'according'.
_VEHICLE = re.compile(
    rf"{'|'.join(_VEHICLES)}|(?<![a-z])(?:{'|'.join(_LATIN_MAKES)})(?![a-z])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PlateDetector:
    """Behind 'ทะเบียน', or with its province where a vehicle is spoken of."""

    label: Label = Label.PLATE
    digits_least: int = 1
    wakes_on: tuple[str, ...] = (
        "ทะเบียน",
        "ป้าย",
        "เลขรถ",
        "plate",
        "veh",
        *_VEHICLES,
        *_LATIN_MAKES,
    )
    must_find: tuple[tuple[str, str], ...] = (
        ("ทะเบียนคนไข้ ขข 8826 สงขลา คนขับติดภายใน", "ขข 8826 สงขลา"),
        ("รถคนไข้ทะเบียน\nกจ 6618 นครพนม", "กจ 6618 นครพนม"),
        ("นั่งรอรับยา warfarin มอไซค์แก 1กฮ 7036 พะเยา ยังจอดอยู่", "1กฮ 7036 พะเยา"),
        ("คนไข้จิตเวชหนีออกจากบ้าน ขี่ wave 1กธ 4471 ร้อยเอ็ด", "1กธ 4471 ร้อยเอ็ด"),
        ("ทะเบียนรถญาติเตียง 5\n1กก 4512", "1กก 4512"),
        ("ตามเจ้าของรถ ขย-8073 สระแก้ว จอดขวางทาง เป็นญาติคนไข้ห้องผ่าตัด", "ขย-8073 สระแก้ว"),
        ("คนขับกระบะทะเบียน ผฉ 4027 ขอนแก่น ติดในรถ ขาผิดรูป", "ผฉ 4027 ขอนแก่น"),
        ("รถครอบครัวคว่ำ ฒอ 5502 สุพรรณบุรี พ่อขับติดภายใน", "ฒอ 5502 สุพรรณบุรี"),
        ("drive thru ยา: กระบะแดง ผบ 2280 สุพรรณบุรี มารับ warfarin", "ผบ 2280 สุพรรณบุรี"),
        ("ป้าที่มาล้างไตเช้านี้ จอดรถขวางทาง แจ๊สขาว บฉ 3308 แพร่", "บฉ 3308 แพร่"),
        ("สามีคนไข้เตียง 4 จอดปิดทางเข้า ER วีออสเทา กฒ 3305 ชัยนาท", "กฒ 3305 ชัยนาท"),
        ("ฝาก valet วนรถมารับคุณแม่หลังผ่าคลอด CRV ขาว 2ขณ 4417 ปทุมธานี", "2ขณ 4417 ปทุมธานี"),
        ("คู่กรณีนอน ER ทั้งคู่ คันแรก บม 318 สุรินทร์ อีกคันไม่เจ็บ", "บม 318 สุรินทร์"),
        ("ญาติคนไข้ รถแก ฌฐ 5190 กรุงเทพมหานคร สีดำ", "ฌฐ 5190 กรุงเทพมหานคร"),
        ("รถพ่วงพลิก คนขับติดภายใน ป้ายหัวลาก ๗๑-๒๒๐๘ ตาก", "๗๑-๒๒๐๘ ตาก"),
        ("เมียคนไข้ขับยาริสแดง 4ขฒ 2260 มารอรับ", "4ขฒ 2260"),
        ("ญาติเตียง 12 จอดรถขวางทางเปล กร 7714 น่าน", "กร 7714 น่าน"),
        ("คนไข้จิตเวชขับอีแต๋นออกไป ป้าย บท-2207 เลย", "บท-2207 เลย"),
        ("คลอดกลางทาง ปู่เด็กขับมาเอง รถ บข 771 ยะลา จอดหน้า ER", "บข 771 ยะลา"),
        ("คนไข้มาเลเซียขับมาเอง ทะเบียนรถ KDC 4418 จอดหน้า ER", "KDC 4418"),
        ("Vellfire ดำ 7กฬ 1120 กรุงเทพ มารับคนไข้ห้อง 3", "7กฬ 1120 กรุงเทพ"),
        ("Alphard เทา 3กฮ 905 กทม. หลานคนไข้ห้อง 1209 มารับ", "3กฮ 905 กทม."),
        ("เจ้าของรถ งข 4412 น่าน คือพ่อน้องเตียง 5 ให้มาเลื่อน", "งข 4412 น่าน"),
        ("ผู้พิการทะเลาะเพื่อนบ้าน SMI-V ขับกระบะออกไป ป้าย บท 221 เลย", "บท 221 เลย"),
    )
    must_leave: tuple[str, ...] = (
        "รถเก๋งขาว กค 7745 ขอนแก่น จอดขวางทาง เจ้าของเป็นเจ้าหน้าที่",
        "ทีมเยี่ยมบ้านใช้รถ นข 2218 สุรินทร์ ออก 9 โมง คนไข้ 4 หลัง",
        "กระบะ บม 318 สุรินทร์ จอดขวางทางเข้า ER ใครรู้จักเจ้าของ",
        "Alphard ขาว 9กษ 8812 กทม. ของท่านผู้ตรวจ จอดหน้าห้องคนไข้",
        "รถตู้ commuter นข 4410 แพร่ ออกหน่วยพรุ่งนี้ คนไข้นัด 40",
        "ทะเบียน LOT 4418 ของน้ำยา คนไข้รอ",
        "Everest คันใหม่ของกู้ชีพ กว 1192 พังงา เริ่มวิ่งรับคนไข้วันนี้",
        "Revo ขาว กท 882 ตาก ของงานยานพาหนะเข้าอู่ คนไข้รอ",
        "รถ refer คัน 3 ทะเบียน นข 2218",
        "คนไข้ BP ตก 80",
        "ตร.ตามหาเก๋งดำ 4ขก 1150 ชนแล้วหนี คนเจ็บไปแล้ว",
        "รถคันขาวทะเบียน 8กจ 2210 จอดขวางทางรถขนคนไข้ ของฝ่ายบัญชีรึเปล่า",
        "รถตู้หน่วยไต นข 3316 นครปฐม เข้าอู่ คนไข้นัดใหม่",
        "รถคว่ำเจ็บ 4 รถ ALS ออกแล้ว ทะเบียนรถเรา ขค 2290",
        "คนไข้ถูกรถชน คู่กรณี กท 4411 ระยอง หนี",
        "รถตู้ รพ. ป้าย 40-1177 ตรัง ไปส่งคนไข้แล้ว",
        "รถเราออกแล้ว ใบส่งตัวคนไข้ 67-0448 ภูเก็ตรับ",
        "ประกาศ ขับวีออสขาว 6กฎ 1187 จอดขวางประตู ใครรู้จักเจ้าของ",
        "พี่แอนขายยาริส 4ขก 220 สภาพดี คนไข้สนใจก็ได้",
        "คนไข้มากับรถทัวร์ 12-4471 ลำปาง พลิก เจ็บ 14",
        "ทีม SMI-V ออกเยี่ยมบ่ายนี้ รถ นข 4412 เลย",
    )

    def find(self, scene: Scene) -> Iterator[Finding]:
        spans = sorted(set(_proposals(scene.text)), key=lambda span: (span[0], -span[1]))
        story = _Story.of(scene) if spans else None
        last = 0
        for start, end in spans:
            is_free = start >= last and not scene.is_taken_by_number(start, end)
            is_free = is_free and not excuses.is_teaching(scene, start)
            if is_free and story and _is_patients(scene, story, start, end):
                last = end
                reason = "number plate beside words of a patient or relative"
                yield Finding(start, end, self.label, Strength.LIKELY, reason)


class _Story(NamedTuple):
    """What the text tells of cars, worked out once for all of its plates."""

    is_theirs: bool  # in the way, and said to be a patient's or a relative's
    is_nobodys: bool  # in the way, and neither is spoken of
    has_fled: bool
    are_here: bool  # both parties of a crash, to be cared for
    is_waited_for: bool  # of a crash in which somebody was hurt, or somebody waits in it

    @classmethod
    def of(cls, scene: Scene) -> _Story:
        text, cues = scene.text, scene.cues
        is_in_the_way = _IN_THE_WAY.search(text) is not None
        are_here = _ARE_HERE.search(text) is not None
        has_fled = not are_here and _RAN_AWAY.search(text) is not None
        is_of_care = cues.is_care_talk or cues.is_accident
        is_crash = is_of_care and not has_fled and _CRASH.search(text) is not None
        return cls(
            is_in_the_way and bool(_IS_THEIRS.search(text) or _PARKED_BY.search(text)),
            is_in_the_way and not speaks_of_somebody(cues),
            has_fled,
            are_here,
            is_crash or _WAITS.search(text) is not None,
        )


def _is_patients(scene: Scene, story: _Story, start: int, end: int) -> bool:
    if story.is_theirs or story.is_nobodys:
        return story.is_theirs
    if _is_of_the_house(scene.text, start, end):
        return False
    if story.are_here:
        return True
    if story.has_fled and not _is_said_before(scene, start):
        return False
    owner = owner_of(scene, start, end)
    if owner is Owner.UNKNOWN:
        return story.is_waited_for
    return owner is Owner.PATIENT or (owner is Owner.STAFF and _is_of_the_hurt(scene, start))


def _is_of_the_house(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - _HOUSE_REACH) : start]
    return bool(_OF_THE_HOUSE.match(text, end) or _SAID_TO_BE_THE_HOUSES.search(before))


def _is_of_the_hurt(scene: Scene, start: int) -> bool:
    """'คนขับกระบะ … ติดในรถ': who drove is no driver of ours."""
    driver = scene.text.rfind("คนขับ", max(0, start - _DRIVER_REACH), start)
    return driver >= 0 and scene.cues.is_accident


def _is_said_before(scene: Scene, start: int) -> bool:
    """Somebody fled or is looked for: a patient, if one was spoken of before the plate."""
    cues = (*scene.cues.patient, *scene.cues.relative)
    return any(cue.end <= start for cue in cues) or scene.has_patient_at(0, start)


def _proposals(text: str) -> Iterator[tuple[int, int]]:
    for name in _NAME.finditer(text):
        gap = _GAP.match(text, name.end())
        plate = _PLATE.match(text, gap.end()) if gap else None
        if plate and (not "A" <= plate[0][0] <= "Z" or _is_of_a_car(text, name)):
            yield plate.span()
    if _LETTER_AND_DIGIT.search(text) and _VEHICLE.search(text):
        for plate in _BESIDE_VEHICLE.finditer(text):
            yield plate.span("value")
        for plate in _PLATE_ALONE.finditer(text):
            yield plate.span()


def _is_of_a_car(text: str, name: re.Match[str]) -> bool:
    """'ขึ้นทะเบียน TB 1023' and a plate of bone are no cars; Latin letters need a vehicle beside."""
    if text.endswith("ขึ้น", 0, name.start()):
        return False
    return _VEHICLE.search(text, max(0, name.start() - _CAR_REACH), name.end()) is not None


DETECTOR = PlateDetector()
