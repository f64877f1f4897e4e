"""Passports and travel documents: with their label, or beside a foreigner."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.detectors import excuses
from bot.detectors.dates import DATE
from bot.detectors.words import Words
from bot.domain.findings import Finding, Label, Strength

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.detectors.scene import Scene

_NAMES = Words(
    r"""พา?สส?ป(?:อร์?|อ)[ตทด]์?|พาสพอร์?ต|พาส(?![ก-๙])|พาส(?=เล่ม|คนไข้|ผู้ป่วย|ญาติ|เลข|ของ|ใหม่|เก่า|เดิม|หาย|ลาว|พม่า|จีน|เกาหลี|แก(?![ก-๙]))|หนังสือเดินทาง|เอกสารเดินทาง|บอร์เดอร์พาส|(?:บัตร|เล่ม)\s?ci(?![a-z])|เล่ม(?=(?:สี)?(?:เขียว|แดง|น้ำเงิน|ม่วง|ดำ|น้ำตาล))
      |เลข(?:ที่)?(?:หน้า)?เล่ม(?=[\s:=]{0,3}(?:[a-z]{1,3}[\s\-]?\d{6}|\d{2}\s?\d{7}(?!\d)))
      |(?:หนังสือ|ใบ|บัตร|เอกสาร)ผ่านแดน|ใบอนุญาต(?:เดินทาง|ผ่านแดน|ออกนอก(?:เขต|พื้นที่|ศูนย์|แคมป์))|ใบรับรองตัวบุคคล|หนังสือรับรองตัวบุคคล
      |ซีแมน\s?บุ๊?ค|สมุดประจำตัวลูกเรือ""",
    r"""pass\s?port|laissez[\s\-]?passer|certificate\sof\sidentity|passprt|ppt|pspt|pasport|travel\s?doc(?:ument)?|pp(?=\s?(?:no|number|\#|:)|\s[a-z]{0,3}-?\d{6}|\s[a-z]{1,2}\s\d{6}
        |\s[a-z]{1,2}\s?\d{0,4}(?:[\s\-]\d{2,4}){1,3}(?![\d.,/]))
      |no(?=\.?\s\d{2}\s\d{7}(?!\d))
      |border\s?pass|seaman'?s?\s?book|mrz|p<[a-z]{3,30}<[a-z<]{1,40}
      |c\.?i\.?(?=\s{0,2}(?:เลข|no|book|เล่ม|ของ|พม่า|สี(?:เขียว|แดง)))|ci(?=\s[a-z]?\d{6})""",
    ending=r"(?![a-z]{3})",
    latin_needs=(
        "pass",
        "pp",
        "pspt",
        "pasp",
        "travel",
        "border",
        "seaman",
        "mrz",
        "p<",
        "c.i",
        "ci",
        "laissez",
        "certif",
        "no. ",
        *(f"no {digit}" for digit in range(10)),
    ),
)
_BETWEEN = re.compile(
    r"""(?:[\s:.;\#=\-"'()\[\]|,?]|(?:no|number|num|nr|id|is|of|เลขที่|เลข|หมายเลข|คือ|เล่มที่|เล่ม|ของ
      |คนไข้|ผู้ป่วย|แก|เค้า|เขา|ค่ะ|คะ|ครับ|คับ|นะ|ใหม่|เก่า|เดิม|ชั่วคราว|ที่ถูก(?:ต้อง)?|ล่าสุด|ตามเล่ม|หน้าแรก
        |ลาว|พม่า|เขมร|กัมพูชา|จีน|เวียดนาม|อังกฤษ|เยอรมัน|เมียนมา|ฝรั่งเศส|รัสเซีย|ญี่ปุ่น|เกาหลี|อินเดีย|อเมริกา|us
          |uk|[a-z]{4,12}(?=\s))){0,12}""",
    re.VERBOSE | re.IGNORECASE,
)
_DENSE = re.compile(r"[A-Za-z0-9](?:[-./]?[A-Za-z0-9]){5,11}(?![A-Za-z0-9])")
_SPACED = re.compile(r"[A-Za-z0-9](?: {1,2}[A-Za-z0-9]){5,11}(?![A-Za-z0-9])")
# Letter by letter, as it is read out: 'LR 0 8 4 4 1 7 0', 'E-J-0 8 8 2 7 1 4'.
_SPELT_OUT = r"[A-Z](?:[ \-]?[A-Z])?(?:[ \-][0-9]){6,8}(?![ \-]?[A-Za-z0-9])"
_SPELT = re.compile(_SPELT_OUT)
# The year of a border pass: 'TL 0093417/67'.
_YEAR_BEHIND = re.compile(r"/(?:25)?[0-9]{2}(?![0-9/])")
_GROUPED = re.compile(r"[A-Za-z]{1,2}[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}(?![A-Za-z0-9])")
# In groups, as people read them from the page: 'M 604 81 277', 'A09 417 753'.
_IN_GROUPS = re.compile(
    r"[A-Za-z]{1,2}(?: ?[0-9]{1,4})(?:[ -][0-9]{1,4}){1,4}(?![A-Za-z0-9]|[,./:][0-9])"
)
_IN_GROUPS_DIGITS = range(6, 10)
# As in Russia: the series and the number.
_SERIES = re.compile(r"[0-9]{2} ?(?:No\.?|N|№|เลขที่)? ?[0-9]{7}(?![A-Za-z0-9])", re.IGNORECASE)
_THREES = re.compile(r"[0-9]{3}[ -][0-9]{3}[ -][0-9]{2,3}(?![A-Za-z0-9])")
# As in Germany: nine signs without vowels, few of which need be digits.
_NO_VOWELS = re.compile(
    r"(?=[A-Z]{0,7}[0-9])[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}(?![A-Za-z0-9])"
)
_FEWEST_DIGITS = 4
# What the world's passports look like: a letter or two and six to eight digits.
_BARE = re.compile(
    r"(?:[A-Z]{1,2}[0-9]{6,8}|[A-Z][0-9]{7}[A-Z]|[A-Z][0-9]{2,3}[A-Z][0-9]{4,5}"
    r"|[A-Z]{1,2}[0-9]{1,3}(?: [0-9]{3}){2}|"
    rf"{_SPELT_OUT}"
    r"|[A-Z][0-9][A-Z0-9]{7}|[A-Z]{1,2} [0-9]{7}|(?<=เลข )[A-Z]{1,2} [0-9]{6,8})(?![A-Za-z0-9\-/])"
)
# Its letters in one message, its digits in the next.
_OVER_MESSAGES = re.compile(r"[A-Z]{1,2}\n[0-9]{6,8}(?![^\n])")
# After a label and a few words, only what looks like a passport at first sight.
_FURTHER = re.compile(
    r"[^\n]{0,48}?(?<![A-Za-z0-9])"
    r"(?P<value>[A-Z]{1,3}[ -]?[0-9]{3,4}[ ]?[0-9]{3,5}[A-Z]?(?![A-Za-z0-9])"
    r"|[A-Z]{1,2}[0-9]{2,3} [0-9]{3} [0-9]{3}(?![A-Za-z0-9])|[a-z]{1,2}[0-9]{7,8}(?![A-Za-z0-9])"
    r"|[1-9][0-9]{8}(?![A-Za-z0-9\-/])"
    r"|(?<=เลข )[0-9]{3} ?[0-9]{3} ?[0-9]{3}(?![A-Za-z0-9]))"
)
# 'MA 0917338 (เก่า K0472996)': the book before this one, or the one after it.
_OTHER_BOOK = re.compile(
    r" ?[(,/;]? ?(?:เล่ม|ใบ|อัน|เลข)?(?i:เก่า|เดิม|ใหม่|ก่อน(?:หน้า)?|old|new|previous|prev\.?|former)"
    r"(?i: ?(?:one|no\.?|passport|pp|เลขที่|เลข|คือ|is))?[\s:=]{0,3}"
    r"(?P<value>(?!HN|AN|VN|LN|XN|SN|NO|ID|LOT|REF|TEL)[A-Z]{1,3} ?[0-9]{6,8}"
    r"|[A-Z]{1,2} [0-9]{3,4} [0-9]{3}|[0-9]{2} [0-9]{7})(?![A-Za-z0-9])"
)
# 'authen code PP 67…': letters of a code, and no passport.
_OF_A_CODE = re.compile(r"(?:code|claim|authen|approve|เคลม)[ :#]{0,3}\Z")
_CODE_REACH = 12
_PART_OF_MORE = re.compile(r"[A-Za-z0-9\-/]\Z")
_NEAR = 60
_LATIN_NAME = re.compile(r"[A-Z][a-z]+ [A-Z][a-z]+|[A-Z]{2,},? [A-Z][A-Za-z]+")
_PATIENT_OF_A_NATION = re.compile(
    r"(?:คนไข้|ผู้ป่วย|ผป\.?|ญาติ)\s?(?:ชาว|ชาย|หญิง|สัญชาติ|เป็น)?\s?"
    r"(?:พม่า|เมียนมาร?์?|กัมพูชา|เขมร|ลาว|เวียดนาม|จีน|ไต้หวัน|ญี่ปุ่น|เกาหลี|รัสเซีย|เยอรมัน|อังกฤษ|อเมริกัน|ฝรั่งเศส|อินเดีย|ต่างด้าว|ต่างชาติ"
    r"|บังคลาเทศ|บังกลาเทศ|ปากีสถาน|เนปาล|ศรีลังกา|ฟิลิปปินส์|มาเลย์?(?:เซีย)?|สิงคโปร์|อินโด(?:นีเซีย)?|อาหรับ|โอมาน|คูเวต|กาตาร์|ออสเตรเลีย|ออสซี่|สวีเดน)"
    # A diagnosis may stand between: 'คนไข้ปากีสถาน bone marrow tx …'.
    r"\s{0,2}(?:[a-z]+ ){0,4}\Z",
    re.IGNORECASE,
)
_PATIENT_FROM_ABROAD = re.compile(
    r"(?:คนไข้|ผู้ป่วย|ผป\.?|ญาติ)[^\n]{0,24}?(?:ชาว(?!บ้าน|นา|สวน|ไร่)|สัญชาติ|ต่างชาติ|ต่างด้าว|ฝรั่ง)"
)
# '3 Lê Văn Tùng C8840217': whatever letters a name is written in.
_NAMED_LINE = re.compile(r"[A-ZÀ-Ỹ][a-zà-ỹ'’\-]+ (?:[A-ZÀ-Ỹ][a-zà-ỹ'’\-]+ ?){1,4}\Z")
_FOREIGNER = re.compile(
    r"""(?<![a-z])(?:mr|mrs|ms|miss|mdm)\.?\s[a-z]+ | ชาวต่างชาติ|ต่างชาติ|ฝรั่ง|นักท่องเที่ยว|ต่างด้าว|พม่า
      |เมียนมา|กัมพูชา|เขมร|ลาว|เวียดนาม|จีน|ญี่ปุ่น|เกาหลี|ชาว(?!บ้าน|นา|สวน|ไร่|เรา|วัง)|สถานทูต
      |รัสเซีย|เยอรมัน|อังกฤษ|อเมริกัน|สวีเดน|ฝรั่งเศส|อินเดีย|ทัวร์|บังคลาเทศ|บังกลาเทศ|ปากีสถาน|เนปาล|ศรีลังกา
      |ฟิลิปปินส์|มาเลย์|สิงคโปร์|อินโดนีเซีย|อาหรับ|โอมาน|คูเวต|ไต้หวัน""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class LabelledPassport:
    """A passport label and the letters and digits behind it."""

    label: Label = Label.PASSPORT
    digits_least: int = 3
    must_find: tuple[tuple[str, str], ...] = (
        ("passport no NWK4P8C21 ประกันกำลังตาม", "NWK4P8C21"),
        ("พาส C 5 X 8 8 K 2 N 4 ประกัน", "C 5 X 8 8 K 2 N 4"),
        ("บัตร CI เลขที่ C0471882 ฝากครรภ์", "C0471882"),
        ("พาสปอร์ตลาว PA0338174", "PA0338174"),
        ("Passport 75 No 2241187 คนไข้รัสเซีย", "75 No 2241187"),
        ("คนไข้มาเลย์ PP K 55182094 นอน ICU", "K 55182094"),
        ("passport no.: 533 102 884 (US) pt in ICU", "533 102 884"),
        ("เล่ม CI สีเขียว N0718812 คนไข้เมียนมา", "N0718812"),
        ("P<RUSPETROVA<<IRINA<<<<<<\nNo 75 2210948 exp 02.05.2031", "75 2210948"),
        ("P<UZBKARIMOV<<JASUR<<<<<<<\nFA2207184", "FA2207184"),
        ("แกมีแต่พาสปอร์ต L8GN40TPZ ใช้ได้ไหม", "L8GN40TPZ"),
        ("wife with ppt M 604 81 277 fit to fly", "M 604 81 277"),
        ("suite 9 | PP A09 417 753 | knee MRI", "A09 417 753"),
        ("เล่มเขียวของลูกจ้างเตียง 8 เลข B 0387 712", "B 0387 712"),
        ("พาสปอต T 552817 เคยมา 4 รพ.แล้ว", "T 552817"),
        ("พาสสปอร์ต QN 0 5 5 1 8 3 2 ฝรั่งจมน้ำ", "QN 0 5 5 1 8 3 2"),
        ("ใช้พาสเล่มเดิม K4410287C ทำฟัน", "K4410287C"),
        ("insurer ขอ passport copy คนไข้ เลขที่หน้าแรก R5510274D", "R5510274D"),
        ("คนไข้ไทใหญ่ ใบอนุญาตเดินทางเลขที่ TX 2047-0381", "TX 2047-0381"),
        ("บัตรผ่านแดน MB 0041288/68 ของคนไข้เมียวดี", "MB 0041288/68"),
        ("คนไข้สวิส เลขพาสปอร์ตที่ถูก\nX5530218", "X5530218"),
        ("คนไข้จมน้ำ ไม่มีญาติ เลขเล่ม 71 2204918", "71 2204918"),
        ("Pt dengue, PP QTB550217, plt 40k", "QTB550217"),
        ("คนไข้ passport TR 0448 217 (เล่มเดิม P2207714)", "P2207714"),
        ("passport TR0448217, old one P2207714 pt room 4", "P2207714"),
    )
    must_leave: tuple[str, ...] = (
        "ต่อ passport ที่ไหนดี",
        "passport หมดอายุ 2568",
        "lot AC37B412",
        "authen code PP 6712345678",
        "PP 120 80 ตามนัด",
        "คนไข้ห้อง 1204 passport 14.07.2561 หมดอายุแล้ว",
        "เล่มเขียวคู่มือ ACLS ปี 2020 หาย",
        "wristband 14 Feb 1961 but passport 02.14.1961 pt room 3",
        "ใบเสร็จเลขเล่ม 12 เลขที่ 4410 คนไข้ขอใหม่",
    )

    def find(self, scene: Scene) -> Iterator[Finding]:
        for name in _NAMES.find(scene.cues.lower, scene.cues.heard):
            if _OF_A_CODE.search(scene.cues.lower, max(0, name.start - _CODE_REACH), name.start):
                continue
            between = _BETWEEN.match(scene.text, name.end)
            span = _value(scene.text, between.end() if between else name.end)
            span = span or _further_on(scene.text, name.end) or _answer(scene, name.end)
            if span is None or excuses.is_teaching(scene, span[0]):
                continue
            reason = "passport label + letters and digits"
            yield Finding(*span, self.label, Strength.CERTAIN, reason)
            other = _OTHER_BOOK.match(scene.text, span[1])
            if other is not None:
                yield Finding(*other.span("value"), self.label, Strength.CERTAIN, reason)


@dataclass(frozen=True, slots=True)
class PassportBesideForeigner:
    """Letters and digits in the form of a passport, beside a foreign patient's name."""

    label: Label = Label.PASSPORT
    digits_least: int = 3
    must_find: tuple[tuple[str, str], ...] = (
        ("คนไข้ญี่ปุ่น ห้อง 1510\nHASHIDA Kotone\nTR5540917", "TR5540917"),
        ("คนไข้ทัวร์\n1 Kim Dong-hyun M441T0872\n2 Lê Văn Tùng C8840217", "C8840217"),
        ("คนไข้ชาวโอมานลืมเล่มไว้ เลข OM 5518042 ส่งสถานทูตมั้ย", "OM 5518042"),
        ("ผู้ป่วยปากีสถาน liver biopsy PA1 208 447 มากับลูก", "PA1 208 447"),
        ("คนไข้ Hoang Thi Lan, K-B-0 7 7 1 3 5 2 ขาหัก", "K-B-0 7 7 1 3 5 2"),
        ("ครอบครัวคนไข้\nFahad Al-Mutairi P05118237\nNoura P05118240", "P05118240"),
    )
    must_leave: tuple[str, ...] = ("monitor S/N DE48120977", "vaccine lot AC3741288")

    def find(self, scene: Scene) -> Iterator[Finding]:
        if not scene.found and not scene.cues.patient:
            return
        known = next((scene.text[f.start : f.end] for f in scene.of(self.label)), "")
        for match in _BARE.finditer(scene.text):
            if _is_part_of_more(scene, match):
                continue
            if _is_beside_foreigner(scene, match) or (known and _is_in_list(scene, match, known)):
                known = known or match[0]
                reason = "passport form beside a foreigner's name"
                yield Finding(*match.span(), self.label, Strength.LIKELY, reason)


def _is_part_of_more(scene: Scene, match: re.Match[str]) -> bool:
    before = scene.text[match.start() - 1 : match.start()]
    return _PART_OF_MORE.search(before) is not None or scene.is_taken(*match.span())


def _value(text: str, position: int) -> tuple[int, int] | None:
    without_vowels = _NO_VOWELS.match(text, position)
    if without_vowels is not None:
        return without_vowels.span()
    grouped = _IN_GROUPS.match(text, position)
    if grouped and len(excuses.digits_of(grouped[0])) in _IN_GROUPS_DIGITS:
        return grouped.span()
    for shape in (_OVER_MESSAGES, _SPELT, _GROUPED, _SERIES, _THREES, _DENSE, _SPACED):
        value = shape.match(text, position)
        if value is not None and len(excuses.digits_of(value[0])) >= _FEWEST_DIGITS:
            if len(set(excuses.digits_of(value[0]))) == 1 or _is_a_date(value[0]):
                return None
            year = _YEAR_BEHIND.match(text, value.end())
            return value.start(), year.end() if year else value.end()
    return None


def _is_a_date(written: str) -> bool:
    """'02.14.1961' is what a passport says of its holder; eight digits alone are its number."""
    return not written.isdigit() and DATE.fullmatch(written) is not None


def _further_on(text: str, position: int) -> tuple[int, int] | None:
    match = _FURTHER.match(text, position)
    if match is None or excuses.says_it_is_something_else(text, *match.span("value"), position):
        return None
    return match.span("value")


def _answer(scene: Scene, position: int) -> tuple[int, int] | None:
    """'ถ่ายรูป passport มาแล้ว', and the next message is nothing but its number."""
    seam = next((seam for seam in scene.seams if position <= seam <= position + _NEAR), None)
    value = _BARE.match(scene.text, seam + 1) if seam is not None else None
    is_all = value is not None and scene.text[value.end() : value.end() + 1] in ("", "\n")
    return value.span() if value is not None and is_all else None


def _is_beside_foreigner(scene: Scene, match: re.Match[str]) -> bool:
    if excuses.says_it_is_something_else(scene.text, *match.span()):
        return False
    line_start = _line_of(scene.text, match)
    has_name = scene.has_patient_at(line_start, match.start()) or _is_of_a_patient(scene, match)
    is_foreign = _LATIN_NAME.search(scene.text, line_start, match.start()) or _FOREIGNER.search(
        scene.text, line_start, match.start()
    )
    return has_name and is_foreign is not None


def _line_of(text: str, match: re.Match[str]) -> int:
    """Where its line begins; where it stands alone on it, the line before."""
    near = max(0, match.start() - _NEAR)
    start = max(near, text.rfind("\n", near, match.start()) + 1)
    is_alone = start == match.start() and text[match.end() : match.end() + 1] in ("", "\n")
    return max(near, text.rfind("\n", near, start - 1) + 1) if is_alone and start else start


def _is_in_list(scene: Scene, match: re.Match[str], known: str) -> bool:
    """One was found before, and this one looks like it, or stands behind a name on its line."""
    if excuses.says_it_is_something_else(scene.text, *match.span()):
        return False
    is_alike = known[0] == match[0][0] and len(known) == len(match[0])
    return (
        is_alike
        or _NAMED_LINE.search(scene.text, _line_of(scene.text, match), match.start()) is not None
    )


def _is_of_a_patient(scene: Scene, match: re.Match[str]) -> bool:
    """'คนไข้กัมพูชา …': where nobody is named, the patient's nation stands right before."""
    near = scene.text[max(0, match.start() - _NEAR) : match.start()]
    if near.endswith("เลข ") and _PATIENT_FROM_ABROAD.search(near):
        return True
    return _PATIENT_OF_A_NATION.search(near) is not None


LABELLED = LabelledPassport()
BESIDE_FOREIGNER = PassportBesideForeigner()
