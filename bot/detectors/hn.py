"""Hospital numbers with their label. Hospitals number as they like, so the label carries it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.detectors import excuses
from bot.detectors.detector import ShapeDetector
from bot.detectors.labelled import LabelledNumber, Shape
from bot.detectors.numbers import Value
from bot.detectors.scene import Scene
from bot.detectors.words import Words
from bot.domain.findings import Finding, Label, Strength

if TYPE_CHECKING:
    from collections.abc import Iterator

# '67-018845 (AN)': the number says itself what it is.
_OF_A_VISIT = re.compile(r" ?[(\[=]{1,2} ?(?:an|vn|ln)(?![a-z])", re.IGNORECASE)


# 'ถุงเลือด unit no. 68…': a bag of blood.
_OF_BLOOD = re.compile(
    r"(?:เลือด|ถุง|prc|ffp|plt|platelets?|blood|(?<![a-z])(?:bb|rh|neg|pos)(?![a-z]))[^\n]{0,40}"
    r"unit\s?(?:no|number)\.?[\s:]{0,3}\Z",
    re.IGNORECASE,
)
_BLOOD_REACH = 70


def _is_another(scene: Scene, value: Value) -> bool:
    """A number of a visit, or of a bag of blood."""
    before = scene.text[max(0, value.start - _BLOOD_REACH) : value.start]
    return bool(_OF_A_VISIT.match(scene.text, value.end) or _OF_BLOOD.search(before))


DETECTOR = LabelledNumber(
    label=Label.HN,
    names=Words(
        r"""
        เอ[็๊]?[ชซดท]\.?\s?เอ[็้]?น(?![ก-๙])|เอ[็๊]?[ช]\.?\s?เอ[็้]?น(?=เก่า|ใหม่|เดิม|ซ้ำ|ผิด|ของ|ที่|คนไข้|คือ)|เอ[็๊]?[ชซ]\.?\s?เอ็?น|เฮ[็๊]?[ชซสดทต]\.?\s?เอ[็้]?น(?!จี|ซี|ที)
        |(?:ฮอสพิ[ทต][ัอ]ล|โฮสพิ[ทต]อล)\s?(?:นัมเบอร์|นัมเบ้อ|โน|ไอดี)|ห\.\s?น\.|ฮ\.\s?น\.|ฮน(?<![ก-๙]ฮน)(?![ก-๙])
        |เลข(?:ที่|ประจำตัว|ทั่วไป|แฟ้ม|เวช|ทะเบียน|\s){0,3}
          (?:ผู้ป่วย(?!ใน)|คนไข้(?!ใน)|ผป\.?(?!ใน)|โรงพยาบาล|โรงบาล|โฮงยา|โรงหมอ|โฮงหมอ|โฮงพยาบาล|โรงยา|ร\.?พ\.?(?!\s?ส)|เวชระเบียน)
        |รหัส(?:ประจำตัว|\s){0,2}(?:ผู้ป่วย(?!ใน)|คนไข้(?!ใน)|ผป\.?(?!ใน)|โรงพยาบาล|รพ\.?(?!ส))
        |แฟ้ม(?:ครอบครัว|กระดาษ|ประวัติ|ผู้ป่วย|คนไข้|คนป่วย|เวชระเบียน)?(?:เก่า|ใหม่|เดิม)?\s?(?:เลขที่|หมายเลข|เลข|เบอร์|ที่(?=\s?\d{5}))
        |แฟ้ม(?=\s?\d{2,3}[-/]\d{4,6}(?!\d))
        |เลข(?:ที่)?\s?บัตร\s?(?:โรงพยาบาล|รพ\.?|ผู้ป่วย(?:นอก)?(?!ใน))|เลข(?:ที่)?แฟ้ม(?:ประวัติ|เวชระเบียน)?|เลขโอพีดี|เลขฮอสพิ[ทต][ัอ]ล
          |เลข(?:ที่)?\s?(?:บัตร\s?)?opd(?:\s?card)?
        |(?:เวชระเบียน|ทะเบียน(?:ผู้ป่วย|คนไข้))(?!ใน)\s?(?:เลขที่|หมายเลข|เลข|ที่(?=\s?\d{5}))
        |บัตร\s?(?:รพ\.?|โรงพยาบาล|ผู้ป่วย|คนไข้)\s?(?:เลขที่|เลข|หมายเลข)
        # 'hn' and 'HN' typed with the keyboard left in Thai
        |้ื(?=\s?\d{5})|ื้(?=\s?\d{5})|็์(?=\s?\d{5})|์็(?=\s?\d{5})
        """,
        r"""
        0010,0020\)?(?:\s?lo)?(?=\s?\[)|h[\s.\-_/|*·•]{0,3}n{1,2}(?![a-z](?!-?\d{4})|\d{0,2}[\s.]?(?:cancer|ca\b))|nh(?=[\s:.\#=]{0,3}\d{5})
          |mrn
        |p\.?i\.?d\.?(?=[\s:.\#=|]{1,3}\d{4})
        |hosp(?:ital|\.)?[\s_\-]?(?:no|number|id|num)\b\.?(?=[\s:.\#="']{0,4}(?:is\s)?[a-z]{0,2}\d)
        |patient[\s_\-]?(?:no|number|id|code|num)\b\.?(?=[\s:.\#="']{0,4}(?:is\s)?[a-z]{0,2}\d)
        |pt[\s_\-]?(?:no|number|id|code|num)\b\.?(?=[\s:.\#="']{0,4}(?:is\s)?[a-z]{0,2}\d)
        |medical[\s_\-]?record(?:[\s_\-]?(?:no|number))?|chart\s?no\.?
        |opd\s?(?:card\s?)?(?:no\.?|number|card)|unit\s?(?:no|number)\.?|uhid
        """,
        latin_needs=(
            "hn",
            "0010,",
            "h.",
            "h n",
            "h-n",
            "h_n",
            "h/n",
            "h|n",
            "h*n",
            "h·",
            "h•",
            "h\nn",
            "h  ",
            "h\n",
            "h .",
            "nh",
            "mrn",
            "pid",
            "p.i",
            "hosp",
            "patient",
            "pt",
            "medical",
            "chart",
            "opd",
            "unit n",
            "uhid",
        ),
        ending=r"(?![a-z]{3}|[a-z]{1,2}(?![a-z0-9\-]))",
    ),
    shape=Shape(least=4, most=14, behind_words=5, behind_anything=6),
    is_excused=_is_another,
    reason="HN label",
    counts_alike=True,
    must_find=(
        ("คนไข้ OPD card no. 6512345", "6512345"),
        ("เลขบัตร รพ 6512345 ขอแฟ้ม", "6512345"),
        ("HN 650012345 ตามแล็บ", "650012345"),
        ("H.N. 47-11-0392", "47-11-0392"),
        ("เลขประจำตัวผู้ป่วย 47-11-0392", "47-11-0392"),
        ("hn๖๕๐๐๑๒๓๔๕", "๖๕๐๐๑๒๓๔๕"),
        ("HN 66 004 812 54 ปี", "66 004 812"),
        ("HN 6500881 กับ 6500882", "6500882"),
        ("HN ของคนไข้คือ 6500881", "6500881"),
        ("6500881 คือ HN นะ", "6500881"),
        ("แฟ้มหาย 0417738-52 (นี่คือ HN ไม่ใช่เบอร์)", "0417738-52"),
        ("ขอฟิล์มเก่า 52-00817 อันนี้ HN เดิม", "52-00817"),
        ("เลขที่ รพ. แกจำได้แต่ของเก่า 44-O17293", "44-O17293"),
        ("HN เก่าปี 39 ที่แกถือมา ก/2281-39 ไม่เจอ", "ก/2281-39"),
        ("HN ข.10442/41 ย้ายแฟ้ม", "ข.10442/41"),
        ("HN ซ้ำ 2 อัน 5501234/6609981", "6609981"),
        ("HN 6512346 → 6521346 แก้แล้ว", "6521346"),
        ("HN 6512346 ไม่ใช่ 6521346 นะ", "6521346"),
        ("HN 6512346 สลับกับ 6521346", "6521346"),
        ("HN ที่ข้อมือ 66-118820 แต่ในแฟ้ม 66-118802", "66-118802"),
        ("เวชระเบียนเลขที่ 00-1287 หาไม่เจอ", "00-1287"),
        ("ใช้เลขแฟ้มชั่วคราว T-00912", "T-00912"),
        ("hospital number is 45-66-12", "45-66-12"),
        ("แฟ้มซ้ำ 34-07719 กับ 0061882 ทั้งคู่เป็น HN คนเดียวกัน", "34-07719"),
        ("แฟ้มซ้ำ 34-07719 กับ 0061882 ทั้งคู่เป็น HN คนเดียวกัน", "0061882"),
        ("รายชื่อ HN\n6500881 CKD\n6500882 DM", "6500882"),
        ("เลขคนไข้ที่โรงบาล 6B0O4l972 (เดาเอา)", "6B0O4l972"),
        ("67o3318 อันนี้ HN นะ", "67o3318"),
        ("HN เก่า 47-118831 ยกเลิก ระบบรวมไปที่ 68-004429", "68-004429"),
        ("HN 4711882 ปิดแล้ว ย้ายประวัติไปไว้ที่ 680044170", "680044170"),
        ("HN 0047118 inactive ให้ไปเปิด 0680441 แทน", "0680441"),
        ("HN 47-118831 ซ้ำกับ 68-004429 ขอรวมแฟ้ม", "68-004429"),
        ("แฟ้มเก่า HN 39-11802 ทำลายแล้ว ใช้แฟ้มใหม่ 68-00441", "68-00441"),
        ("merge HN 661120 to 680094 done", "680094"),
        ("ผิดคน HN 6104882 เป็นของคนพี่ น้องฝาแฝดต้อง 6104879", "6104879"),
        ("HN 55-10442 ห้ามใช้แล้ว ให้ใช้ 66-20817 แทน", "66-20817"),
        ("คนไข้สองแฟ้ม HN 550118 merge เข้า 660207 แล้ว", "660207"),
        ("4471/61 นี่ HN เก่า HN ใหม่คือ 6821450", "4471/61"),
        ("HN 58 10442 7 นัดฟังผล", "58 10442 7"),
        ("คนนึง HN 5508831 ห้อง 4 อีกคน 6700412 ห้อง 9", "6700412"),
        ("(0010,0020) LO [00571126] ภาพผิดคน", "00571126"),
        ("เลขที่บัตรผู้ป่วยนอก 118/44 ซีด", "118/44"),
        ("แฟ้มสองเล่ม HN สองเลข\nเดิม 0441872\nใหม่ 680114", "0441872"),
        ("แฟ้มสองเล่ม HN สองเลข\nเดิม 0441872\nใหม่ 680114", "680114"),
        ("เลข ร.พ. 510228 ของคนไข้ตาต้อ", "510228"),
        ("เลขโฮงยาเตียงหก สี่แปดศูนย์สองเจ็ดเจ็ดหนึ่ง เจ้า", "สี่แปดศูนย์สองเจ็ดเจ็ดหนึ่ง"),
        ("คนนี้มีสองเลข เก่า 51-022817 ใหม่ 680041152 เลข รพ. อันไหนใช้ได้", "51-022817"),
        ("คนนี้มีสองเลข เก่า 51-022817 ใหม่ 680041152 เลข รพ. อันไหนใช้ได้", "680041152"),
        ("HN เดิม 39/20418 อันใหม่คือ 670118235 รวมให้ด้วย", "670118235"),
        ("CXR_HN6511407_3Feb.jpg คนไข้ห้อง 4", "6511407"),
        ("EKG_HN6511407_20250203.pdf คนไข้ห้อง 4", "6511407"),
    ),
    must_leave=(
        "HN หาย ย้ายไปอยู่ที่ 122/45",
        "กรอก HN: ________",
        "HN 999999999",
        "HN xxx123",
        "โทร 1669",
        "เตียง 12345",
        "HN? BP 98/60 P 112",
        "Lt HN grade 2, stone 7 mm",
        "HN cancer 12 ราย",
        "HN 2500 ราย",
        "ใบเบิก 66-118820 กับ 66-118802",
        "HN ซ้ำ 2 คน โทร 0812345678",
        "เวชระเบียนที่ค้าง 120 แฟ้ม",
        "HN หาไม่เจอ โทร 0812345678",
        '{"hospcode":"10998","beds":30}',
        "ถุงเลือด unit no. 6800112233 หมดอายุพรุ่งนี้",
        "คลังเลือด AB pos เหลือ 3 unit no. 6801-338-2207 ถึง 2209 ใกล้หมดอายุ",
        "PatientID QA0001 ผ่านเกณฑ์",
        "เลข ร.พ.สต. 04417 เป็นรหัสหน่วยบริการ",
        "ครุภัณฑ์เก่า 47-018832 ใหม่ 660052719 เลขพัสดุของตึกคนไข้",
        "(0008,0060) CS [CR] Patient ID ไม่ขึ้น",
    ),
)


# '640118 ตาขวา, 591407 ตาซ้าย ทั้งสองเลข HN': of all numbers of the line it is said.
_ALL_OF_THEM = re.compile(
    r"(?:ทั้ง(?:สอง|สาม|สี่|คู่|หมด)|(?:พวก|เหล่า)นี้|ทุก)\s?(?:เลข|อัน|ตัว)?\s?(?:นี้)?\s?(?:คือ|เป็น|=)?\s?(?:เลข\s?)?"
    r"(?:h\.?n\.?|เอชเอ็น)(?![a-zก-๙])",
    re.IGNORECASE,
)
_ALONE = re.compile(r"(?<![0-9A-Za-z.,/\-+:])[0-9]{2,3}-?[0-9]{3,6}(?![0-9A-Za-z/\-:]|[.,][0-9])")
_LINE_REACH = 200


@dataclass(frozen=True, slots=True)
class AllOfThem:
    """Numbers of one length on a line that says of all of them that they are HNs."""

    label: Label = Label.HN
    digits_least: int = 10
    wakes_on: tuple[str, ...] = ("hn", "h.n", "เอชเอ็น")
    must_find: tuple[tuple[str, str], ...] = (
        ("ต้อ 640118 ตาขวา , 591407 ตาซ้าย ทั้งสองเลข HN อยู่บนใบ", "640118"),
        ("ต้อ 640118 ตาขวา , 591407 ตาซ้าย ทั้งสองเลข HN อยู่บนใบ", "591407"),
    )
    must_leave: tuple[str, ...] = ("lot 640118 กับ 64011 ทั้งสองเลข HN ไม่มี",)

    def find(self, scene: Scene) -> Iterator[Finding]:
        for said in _ALL_OF_THEM.finditer(scene.text):
            start = max(scene.text.rfind("\n", 0, said.start()), said.start() - _LINE_REACH, 0)
            numbers = list(_ALONE.finditer(scene.text, start, said.start()))
            if len(numbers) > 1 and len({len(number[0]) for number in numbers}) == 1:
                for number in numbers:
                    if not scene.is_taken(*number.span()) and not excuses.is_dummy_number(
                        number[0]
                    ):
                        reason = "said of all numbers of the line"
                        yield Finding(*number.span(), self.label, Strength.CERTAIN, reason)


ALL_OF_THEM = AllOfThem()


def in_format(form: str) -> ShapeDetector:
    """Numbers in a hospital's own format: 9 for a digit, A for a letter."""
    signs = {"9": "[0-9]", "A": "[A-Za-z]"}
    shape = "".join(signs.get(sign, re.escape(sign)) for sign in form)
    return ShapeDetector(
        label=Label.HN,
        shape=re.compile(
            rf"(?<![0-9A-Za-z])(?<![0-9][-/.])(?P<value>{shape})(?![-/.]?[0-9A-Za-z])"
        ),
        reason="the hospital's own HN format",
    )
