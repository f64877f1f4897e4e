"""Whose a phone, an account, an address is: the nearest word that says so, before or behind."""

from __future__ import annotations

import re
from bisect import bisect_left
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from bot.detectors.handles import is_called_after_a_patient
from bot.detectors.owner_words import AT_WORK, CARED_FOR, KIN, OF_RECORD, OFFICIAL, PUBLIC
from bot.detectors.words import Cue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.detectors.cues import Cues
    from bot.detectors.scene import Scene


class Owner(StrEnum):
    PATIENT = "patient"
    STAFF = "staff"
    PUBLIC = "public"
    UNKNOWN = "unknown"


class _Anchor(NamedTuple):
    start: int
    end: int
    owner: Owner
    is_asked: bool = False


_EXTENSION = re.compile(
    r"\s{0,2}(?:ต่อ|ext\.?|กด|\#|x)\s{0,2}"
    r"(?:\d{1,5}(?!\d)|ศูนย์|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า)",
    re.IGNORECASE,
)
_DEPARTMENT = re.compile(
    r"\s{0,2}(?:ต่อ|ext\.?)\s{0,2}(?:(?:admission|er|icu|opd|ward|lab)(?![a-z])|ห้อง|แผนก|วอร์ด|ตึก|การเงิน"
    r"|ประชาสัมพันธ์|โอเปอ|หน่วย|คลินิก)",
    re.IGNORECASE,
)
_WHO_LIES_THERE = (
    "หน้า",
    "หน้า ",
    "ข้าง",
    "รอที่",
    "คนไข้",
    "ผู้ป่วย",
    "ผป.",
    "ผป",
    "ญาติ",
    "เคส",
    "คนไข้ ",
    "ผู้ป่วย ",
    "เคส ",
    "เป็น",
)
# 'คนไข้ของหมอเอก' is the patient; 'ฝากพี่นกโทรหา …' asks somebody, and the number is another's.
_WHOSE_PATIENT = re.compile(r"(?:คนไข้|ผู้ป่วย|ผป\.?|เคส|case)\s?(?:ของ|คุณ)?\s?\Z", re.IGNORECASE)
_ADDRESSED = re.compile(
    r"(?:ให้|ฝาก|ขอ|รบกวน|เรียน|แจ้ง|บอก|ถาม|ปรึกษา|consult|วาน|ช่วย|cc|ถึง|ส่ง)\s?(?:ทีม|คุณ|ท่าน|รอง|ทาง)?\s?\Z",
    re.IGNORECASE,
)
# 'รอหมอสามชั่วโมง', 'หมอไม่มาดู': somebody's doctor, and nobody who is to be called.
_SPOKEN_OF = re.compile(
    r"(?:(?<!โทร)(?<!โทรไป)(?<!ปรึก)(?:หา|พบ|เจอ)|กับ|รอ|ด่า|ต่อว่า|โทษ|ฟ้อง|ขอบคุณ|ชม|ทำร้าย|กลัว) ?\Z"
)
_DOES_NOT = re.compile(r" ?(?:ก็)?(?:ยัง)?ไม่|[ก-๙]{0,10}? ?(?:อยาก|ต้องการ)(?:คุย|โทร|ถาม|ติดต่อ|ซัก)")
# 'ทิ้งเบอร์ไว้กับยาม 08…': who keeps a number for somebody does not answer it.
_KEPT_BY = re.compile(
    r"(?:ทิ้ง|ฝาก|ให้|วาง|จด|เขียน|แปะ|บอก|แจ้ง)(?:เบอร์|มือถือ|ไลน์)[ก-๙]{0,8}? ?ไว้[ก-๙]{0,14}[ :]?\Z"
)
_KEPT_REACH = 40
# 'กองทุนจ่ายแล้ว โอนคืนแก …': he who gets it back is somebody, and no fund.
_PAID_BACK = re.compile(
    r"(?:คืน|โอน|จ่าย)(?:เงิน|คืน|ค่า[ก-๙]{2,10}|มัดจำ)?(?:กลับ)?(?:ให้|แก่)?(?:แก(?![ก-ฮ่-๋])|เขา|เค้า|เจ้าตัว|เพิ่น|เปิ้น)"
)
_PAID_REACH = 60
# 'เบอร์ญาติในแฟ้ม … ผิด เป็นร้านข้าว ที่ถูก 08…': of whom the wrong one was said to be.
_THE_RIGHT_ONE = re.compile(r"ที่ถูก(?:ต้อง)?(?: ?(?:คือ|เป็น|:))? ?\Z")
_NUMBER_OF = re.compile(r"เบอร์|บัญชี|ทะเบียนรถ|พร้อมเพย์")
_RIGHT_REACH = 120
_REACHED_BY = ("เบอ", "โทร", "ติดต่อ", "ไลน์", "ไอดี", "มือถือ", "พร้อมเพย์", "บัญชี")
_SOMEBODY_IN_CARE = re.compile("(?<!ตึก)(?<!หอ)(?<!ห้อง)(?:คนไข้|ผู้ป่วย|ผป|ญาติ|เตียง)")
# 'บริษัทประกันของคนไข้' is a company, not the patient.
_OF_OTHERS = re.compile(r"(?:บริษัท|ร้าน|โรงเรียน|ที่ทำงาน|หมอ|พยาบาล|แพทย์|หน่วยงาน)[^\s]{0,12}ของ\Z")
# Who asks for donations to all, and what is given to nobody in particular.
_INSTITUTION = re.compile(
    r"มูลนิธิ|กองทุน|รพ\.?|โรงพยาบาล|วัด|ชมรม|สมาคม|กาชาด|ศูนย์|โครงการ|หน่วย|บริจาค(?:เลือด|โลหิต|อวัยวะ|ร่างกาย|ดวงตา)"
)
# 'ขวางทางเข็นคนไข้', 'กองทุนผู้ป่วยยากไร้': patients in general.
_IN_GENERAL = re.compile(
    r"(?:(?:เข็น|ขน(?:ย้าย)?|(?:รับ-?|รับจ้าง|เหมา)ส่ง)(?: ?[A-Za-z]{2,8})? ?"
    r"|(?:กองทุน|มูลนิธิ|ชมรม|สมาคม|บริจาค|ข่าว)(?:เพื่อ|ช่วย|ให้)?"
    r"|(?:ซื้อ|จัดหา|สมทบ|บริจาค|ขอ|เช่า|ยืม)(?:เตียง|รถเข็น|อุปกรณ์|เครื่อง|ที่นอน)|หอ|ตึก|สำหรับ|ช่วยเหลือ)\Z"
)
# '081… คนไข้โทรถามได้': who may call it, and not whose it is.
_MAY_CALL = re.compile(
    r" ?(?:เอง|ก็|สามารถ|มา){0,2}(?:โทร|ติดต่อ|เรียก|ใช้|สอบถาม|ถาม|เช่า|แอด|จอง|นัด)[ก-๙]{0,10}ได้"
    r"(?![ก-๙]{0,6} ?(?:ที่|ทาง|เบอร์|โทร|[0-9+(]))"
)
_MANY = re.compile(r" ?(?:เยอะ|แน่น(?!หน้า|อก|ท้อง)|ล้น|เพียบ|เต็ม(?!ใจ|ปาก|ที่))")
_ASKS_FOR_RECORDS = re.compile(
    r"ขอ(?:รับ)?(?:ผล(?:เลือด|แล็?[บป]|lab|ตรวจ|ct|mri|x-?ray|ชิ้นเนื้อ|อ่าน)|ประวัติการรักษา|ใบรับรองแพทย์|ใบแพทย์"
    r"|ฟิล์ม|สำเนา(?:ประวัติ|เวช)|เวชระเบียน|ใบนัด|เลื่อนนัด)"
)
_CALL_BACK = re.compile(r"อยากคุย|จะโทร|โทรกลับ|ติดต่อกลับ|โทรหา|โทรตาม|จาก")
_CALLED = re.compile(r"เบอร์|โทร|ติดต่อ|ที่ทำงาน|ออฟฟิศ|สำนักงาน")
_NAMED_FOR = ("เบอร์", "เบอร์ ", "เบอร์ของ", "มือถือ", "ไลน์", "พร้อมเพย์", "บัญชี")
# '081… พขร.ชัย': who answers is named right behind.
_WITH_A_TITLE = ("พขร", "นพ.", "พญ.", "ภก.", "ภญ.", "พว.", "ทพ.", "ทพญ.")
_ON_DUTY = ("on call", "on-call", "oncall", "On call", "On-call", "ON CALL")
_SELLS = ("ร้าน", "บริษัท", "บจก", "ช่าง", "เซลส์", "ผู้แทนยา")
# '042-991-220 เบอร์เวรด่าน'.
_IS_OF = re.compile(r"[ (]{0,2}(?:นี่|คือ|เป็น)?(?:เบอร์|ของ) ?")
_NAMED_AS = ("เบอร์", "ไลน์")
_DESK = 32
_BESIDE = 3
_TIED = 12
_TOLD_OF = 140
_LINE = 60


def owner_of(scene: Scene, start: int, end: int) -> Owner:
    """The owner named right behind; else the nearest named before; else the nearest behind."""
    anchors = _anchors_of(scene)
    wrong = _of_the_wrong_one(anchors, scene.text, start)
    before = wrong or _nearest_before(anchors, scene.text, start)
    if _DEPARTMENT.match(scene.text, end):
        return Owner.PUBLIC
    if _EXTENSION.match(scene.text, end) and not _is_said_of_kin(scene.text, before, start):
        return Owner.PUBLIC
    behind = next(iter(anchors[bisect_left(anchors, (end,)) :][:1]), None)
    is_tied = before is not None and start - before.end <= _tie_of(scene.text, before)
    if behind and not is_tied and _is_beside(scene.text, end, behind):
        return behind.owner
    nearest = before or behind
    return nearest.owner if nearest else Owner.UNKNOWN


def _of_the_wrong_one(anchors: list[_Anchor], text: str, start: int) -> _Anchor | None:
    since = max(0, start - _RIGHT_REACH)
    if _THE_RIGHT_ONE.search(text, since, start) is None:
        return None
    numbers = list(_NUMBER_OF.finditer(text, since, start))
    if not numbers:
        return None
    i = bisect_left(anchors, (numbers[0].start(),))
    of_it = anchors[i] if i < len(anchors) else None
    return of_it if of_it and of_it.start - numbers[0].end() <= _TIED else None


def _tie_of(text: str, anchor: _Anchor) -> int:
    """'เบอร์ล่ามกะเหรี่ยง(พอช.) 08…': said to be hers, whoever is spoken of behind."""
    is_named = text.endswith(_NAMED_FOR, 0, anchor.start) or text.startswith(_SELLS, anchor.start)
    is_named = is_named and anchor.owner is Owner.STAFF
    return _DESK if is_named or text.startswith(_ON_DUTY, anchor.start) else _TIED


def _is_said_of_kin(text: str, before: _Anchor | None, start: int) -> bool:
    """'ลูกชายคนไข้ เบอร์ที่ทำงาน 02… ต่อ 12': a switchboard, and a relative's desk behind it."""
    if before is None or before.owner is not Owner.PATIENT:
        return False
    return start - before.end <= _DESK and _CALLED.search(text, before.start, start) is not None


def is_patients(scene: Scene, start: int, end: int) -> bool:
    return owner_of(scene, start, end) is Owner.PATIENT


def is_patients_or_asks(scene: Scene, start: int, end: int) -> bool:
    """A patient's by its letters or the words; or, nobody being named, of who asks for records."""
    if is_called_after_a_patient(scene, start, end):
        return True
    owner = owner_of(scene, start, end)
    if owner is not Owner.UNKNOWN:
        return owner is Owner.PATIENT
    line = max(scene.text.rfind("\n", 0, start) + 1, start - _LINE)
    return _ASKS_FOR_RECORDS.search(scene.cues.lower, line, start) is not None


# So many words on: who is further away has nothing to do with it.
_FARTHEST = 24


def speaks_of_somebody(cues: Cues) -> bool:
    """Whether the words speak of a patient or a relative, and not of patients at large."""
    return bool(_anchors_in_words(cues).patients)


def _nearest_before(anchors: list[_Anchor], text: str, start: int) -> _Anchor | None:
    last = bisect_left(anchors, (start,)) - 1
    for i in range(last, max(-1, last - _FARTHEST), -1):
        anchor = anchors[i]
        if _is_given_to_somebody(anchors, i, text) or _is_paid_back(text, anchor, start):
            continue
        if not (anchor.is_asked and _asks_for_another(text, anchor, start)):
            # 'ลูกสะใภ้คนไข้': two words in one place; the one that ends last is the nearer.
            return max(anchors[max(0, i - 2) : i + 1], key=_end) if i else anchor
    return None


def _is_given_to_somebody(anchors: list[_Anchor], i: int, text: str) -> bool:
    """'ลูกคนไข้เปิดรับบริจาค …' asks for one; a foundation asks for all."""
    start = anchors[i].start
    if not text.startswith("บริจาค", start) or _INSTITUTION.search(
        text, max(0, start - _DESK), start + _DESK
    ):
        return False
    before = anchors[max(0, i - _FARTHEST) : i]
    return any(anchor.owner is Owner.PATIENT for anchor in before)


def _is_paid_back(text: str, anchor: _Anchor, start: int) -> bool:
    is_a_fund = anchor.owner is Owner.PUBLIC
    return (
        is_a_fund
        and _PAID_BACK.search(text, max(anchor.end, start - _PAID_REACH), start) is not None
    )


def _end(anchor: _Anchor) -> tuple[int, bool]:
    return anchor.end, anchor.owner is Owner.PATIENT


def _asks_for_another(text: str, anchor: _Anchor, start: int) -> bool:
    gap = start - anchor.end
    return gap > _TIED or _CALL_BACK.search(text, anchor.end, start) is not None


def _is_beside(text: str, end: int, anchor: _Anchor) -> bool:
    """'0812345678 (ลูกสาว)', or the name of the account behind its number."""
    gap = text[end : min(anchor.start, end + _LINE)]
    if _IS_OF.fullmatch(gap) or (gap.isspace() and text.startswith(_NAMED_AS, anchor.start)):
        return True
    if gap.isspace() and text.startswith(_WITH_A_TITLE, anchor.start):
        return True
    if "\n" in gap or len(gap.strip(" ()-:,/")) > _BESIDE:
        return gap.strip(" ()-:,").startswith("ชื่อบัญชี")
    return anchor.owner is Owner.PATIENT or "(" in gap


def _anchors_of(scene: Scene) -> list[_Anchor]:
    """Worked out once for what was found so far: a long list of numbers asks many times."""
    known = scene.__dict__.get("_anchors")
    if known is None:
        known = scene.__dict__["_anchors"] = sorted(_anchors(scene))
    return known


def _anchors(scene: Scene) -> Iterator[_Anchor]:
    words = _anchors_in_words(scene.cues)
    yield from words.patients
    yield from words.public
    for finding in scene.found:  # an address or a phone that was a patient's is one too
        yield _Anchor(finding.start, finding.end, Owner.PATIENT)
    for anchor in words.staff:
        if not scene.is_taken(anchor.start, anchor.end):
            yield anchor
    if scene.found or _is_of_care(scene.cues):
        officials = OFFICIAL.find(scene.cues.lower, scene.cues.heard)
        for cue in KIN.find(scene.cues.lower, scene.cues.heard):
            is_official = officials and _is_of_an_official(scene, officials, cue)
            yield _Anchor(*cue, Owner.STAFF if is_official else Owner.PATIENT)


def _is_of_care(cues: Cues) -> bool:
    return cues.speaks_of_a_patient or cues.is_care_talk or cues.is_accident


def _is_of_an_official(scene: Scene, officials: tuple[Cue, ...], cue: Cue) -> bool:
    """The last who was spoken of is neither patient nor relative, and so 'his phone' is not."""
    text, i = scene.text, bisect_left(officials, (cue.start,)) - 1
    if (
        i < 0
        or cue.start - officials[i].end > _TOLD_OF
        or not text.startswith(_REACHED_BY, cue.start)
    ):
        return False
    official = officials[i]
    if _ADDRESSED.search(text[max(0, official.start - 16) : official.start]):
        return False
    if scene.has_patient_at(0, cue.start):
        return False
    return _SOMEBODY_IN_CARE.search(text, official.end, cue.start) is None


class _InWords(NamedTuple):
    """What the words say, whatever else was found."""

    patients: list[_Anchor]
    public: list[_Anchor]
    staff: list[_Anchor]


def _anchors_in_words(cues: Cues) -> _InWords:
    """Worked out once for a text: every detector that runs after a finding asks anew."""
    known: _InWords | None = cues.__dict__.get("_anchors_in_words")
    if known is None:
        further = (words.find(cues.lower, cues.heard) for words in (OF_RECORD, CARED_FOR))
        of_patients = (*cues.patient, *cues.relative, *cues.bed, *chain.from_iterable(further))
        patients = [
            _Anchor(*cue, Owner.PATIENT) for cue in of_patients if not _is_of_others(cues, cue)
        ]
        known = cues.__dict__["_anchors_in_words"] = _InWords(
            patients,
            list(_who_answer(cues, patients, _public(cues))),
            list(_who_answer(cues, patients, chain(_staff(cues), _at_work(cues)))),
        )
    return known


def _is_of_others(cues: Cues, cue: Cue) -> bool:
    if cues.text.startswith("ผู้แจ้ง", cue.start) and cues.is_of_a_ticket:
        return True
    before = cues.text[max(0, cue.start - 24) : cue.start]
    behind = cues.text, cue.end
    if _IN_GENERAL.search(before) or _MAY_CALL.match(*behind) or _MANY.match(*behind):
        return True
    return before.endswith("ของ") and _OF_OTHERS.search(before) is not None


def _public(cues: Cues) -> Iterator[_Anchor]:
    return (_Anchor(*cue, Owner.PUBLIC) for cue in PUBLIC.find(cues.lower, cues.heard))


def _who_answer(
    cues: Cues, patients: list[_Anchor], others: Iterator[_Anchor]
) -> Iterator[_Anchor]:
    """The others, but for who only keeps what a patient or a relative left behind."""
    first = min(patients, default=None)
    for anchor in others:
        is_behind = first is not None and first.start < anchor.start
        if not (is_behind and _only_keeps_it(cues.text, anchor)):
            yield anchor


def _only_keeps_it(text: str, anchor: _Anchor) -> bool:
    before = text[max(0, anchor.start - _KEPT_REACH) : anchor.start]
    return "ไว้" in before and _KEPT_BY.search(before) is not None


def _staff(cues: Cues) -> Iterator[_Anchor]:
    can_ask = cues.speaks_of_a_patient
    for cue in cues.staff:
        before = cues.text[max(0, cue.start - 16) : cue.start]
        if not _WHOSE_PATIENT.search(before):
            is_asked = can_ask and _ADDRESSED.search(before) is not None
            is_asked = is_asked or _is_only_spoken_of(cues.text, before, cue)
            is_asked = is_asked and not cues.text.startswith(_SELLS, cue.start)
            yield _Anchor(*cue, Owner.STAFF, is_asked)


def _at_work(cues: Cues) -> Iterator[_Anchor]:
    """'คนไข้ห้องคลอด เบอร์ 06…' is a patient's, wherever she lies."""
    for cue in AT_WORK.find(cues.lower, cues.heard):
        if not cues.text.endswith(_WHO_LIES_THERE, 0, cue.start):
            yield _Anchor(*cue, Owner.STAFF)


def _is_only_spoken_of(text: str, before: str, cue: Cue) -> bool:
    return bool(_SPOKEN_OF.search(before) or _DOES_NOT.match(text, cue.end))
