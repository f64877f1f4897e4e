"""Whose a phone, an account, an address is: the nearest word that says so, before or behind."""

from __future__ import annotations

import re
from bisect import bisect_left
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from bot.detectors.cues import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

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


# A hospital, a shop, a fund: numbers of work, known to everybody.
_PUBLIC = Words(
    r"""เบอร์(?:กลาง|ภายใน|รพ|โรงพยาบาล|ward|วอร์ด|ห้อง|ตึก|ศูนย์|หน่วย|สำนักงาน|อนามัย|แลป|แล็บ|แผนก|ฉุกเฉิน|สายด่วน)|สายด่วน|โอเปอเรเตอร์
      |ศูนย์\s?(?:รับ|สั่ง|ประสาน|refer|รีเฟอร์|ส่งต่อ|ซ่อม|บริการ|เปล|นเรนทร)|กองทุน|บริจาค|สวัสดิการ|มูลนิธิ|กองกลาง|ชมรม|สหกรณ์|ค่าเสื้อ|ลงขัน|ทำบุญ|กฐิน|ผ้าป่า
      |รถ\s?(?:refer|รีเฟอร์|พยาบาล|ฉุกเฉิน|ambulance|ems|ราชการ|รพ|ตู้รพ|กู้ชีพ|เวร|หลวง|มูลนิธิ)|งานเลี้ยง|เลี้ยงส่ง|เลี้ยงรุ่น|ประชุม|อบรม|สัมมนา|จัดงาน|งานแต่ง|งานบวช|งานศพ
      |บัญชี\s?(?:รพ|โรงพยาบาล|กองทุน|มูลนิธิ|บริษัท|ร้าน|หน่วย|ward|วอร์ด|ตึก|แผนก|กลุ่มงาน|พี่|หมอ|อ\.|น้อง|ชมรม)
      |คลังยา|ที่อยู่ส่งของ|ที่อยู่\s?รพ|ที่อยู่โรงพยาบาล|ส่งของที่|ออกใบกำกับ|ใบเสร็จในนาม|ไลน์\s?(?:oa|ออฟฟิ)|เจ้าของรถ
      |ตำรวจ(?=[^\n]{0,12}\d)|สภ\.(?=[^\n]{0,12}\d)|กู้ภัย(?=[^\n]{0,12}\d)|เทศบาล(?=[^\n]{0,12}\d)|อบต(?=[^\n]{0,12}\d)|สสจ(?=[^\n]{0,12}\d)|สสอ(?=[^\n]{0,12}\d)|ร้อยเวร(?=[^\n]{0,12}\d)""",
    r"call\s?center|hotline|switchboard|operator|ambulance|line\s?(?:oa|official)|oa|official",
)
_EXTENSION = re.compile(
    r"\s{0,2}(?:ต่อ|ext\.?|กด|\#|x)\s{0,2}(?:\d{1,5}(?!\d)|ศูนย์|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า)",
    re.IGNORECASE,
)
_KIN = re.compile(
    r"""(?:เบอร์|รถ|โทร(?:หา|ตาม|ถาม|แจ้ง|บอก|เตือน)?|ติดต่อ|ไลน์|มือถือ|ของ)\s?(?:ของ|คุณ|ที่|ส่วนตัว)?\s?(?:แม่|พ่อ|ลูก|ยาย|ตา|ปู่|ย่า|ลุง|ป้า|น้า|อา|หลาน|เด็ก|เจ้าตัว|เค้า|เขา|แก)(?!บ้าน|น้อง|ค้า|ยา)
      | (?:แม่|พ่อ|ลูก|ยาย|ตา|ปู่|ย่า|หลาน|เจ้าตัว|แก|เค้า)\s?(?:เบอร์|โทร|ไลน์|ชื่อ|ให้(?:ไว้|เบอร์)?|ฝาก|แจ้ง|บอก) | (?:แม่|พ่อ|ลูก|ยาย|หลาน|ผัว|เมีย)(?=[\s:=(]{0,3}\+?\d)
      | ที่เพิ่งกลับ|ญาติ|ผู้รับ(?=\s?:)|ผู้ติดต่อ|ผู้แจ้ง|emergency\s?contact|next\sof\skin""",
    re.VERBOSE,
)
_IN_CARE = re.compile(
    r"""(?:ชาย|หญิง|เด็ก|ทารก|อายุ)[^\n]{0,8}\d{1,3}\s?(?:ปี|ขวบ|เดือน|y)|\d{1,3}\s?(?:ขวบ|ปี|y/?o)(?![ก-ฮ])""",
)
# 'คนไข้ของหมอเอก' is the patient; 'ฝากพี่นกโทรหา …' asks somebody, and the number is another's.
_WHOSE_PATIENT = re.compile(r"(?:คนไข้|ผู้ป่วย|ผป\.?|เคส|case)\s?(?:ของ|คุณ)?\s?\Z", re.IGNORECASE)
_ADDRESSED = re.compile(
    r"(?:ให้|ฝาก|ขอ|รบกวน|เรียน|แจ้ง|บอก|ถาม|ปรึกษา|consult|วาน|ช่วย|cc|ถึง|ส่ง)\s?(?:ทีม|คุณ|ท่าน)?\s?\Z",
    re.IGNORECASE,
)
# 'บริษัทประกันของคนไข้' is a company, not the patient.
_OF_OTHERS = re.compile(r"(?:บริษัท|ร้าน|โรงเรียน|ที่ทำงาน|หมอ|พยาบาล|แพทย์|หน่วยงาน)[^\s]{0,12}ของ\Z")
_CALL_BACK = re.compile(r"โทรกลับ|ติดต่อกลับ|โทรหา|โทรตาม")
_BESIDE = 3
_TIED = 12
_LINE = 60


def owner_of(scene: Scene, start: int, end: int) -> Owner:
    """The owner named right behind; else the nearest named before; else the nearest behind."""
    if _EXTENSION.match(scene.text, end):
        return Owner.PUBLIC
    anchors = _anchors_of(scene)
    before = _nearest_before(anchors, scene.text, start)
    behind = next(iter(anchors[bisect_left(anchors, (end,)) :][:1]), None)
    is_tied = before is not None and start - before.end <= _TIED
    if behind and not is_tied and _is_beside(scene.text, end, behind):
        return behind.owner
    nearest = before or behind
    return nearest.owner if nearest else Owner.UNKNOWN


def is_patients(scene: Scene, start: int, end: int) -> bool:
    return owner_of(scene, start, end) is Owner.PATIENT


def is_care_talk(scene: Scene) -> bool:
    """Age and sex, a visit, an emergency: somebody is being cared for, named or not."""
    return bool(scene.cues.clinical) or _IN_CARE.search(scene.cues.lower) is not None


def _nearest_before(anchors: list[_Anchor], text: str, start: int) -> _Anchor | None:
    for i in range(bisect_left(anchors, (start,)) - 1, -1, -1):
        anchor = anchors[i]
        if not (anchor.is_asked and _asks_for_another(text, anchor, start)):
            # 'ลูกสะใภ้คนไข้': two words in one place; the one that ends last is the nearer.
            return max(anchors[max(0, i - 2) : i + 1], key=_end) if i else anchor
    return None


def _end(anchor: _Anchor) -> tuple[int, bool]:
    return anchor.end, anchor.owner is Owner.PATIENT


def _asks_for_another(text: str, anchor: _Anchor, start: int) -> bool:
    gap = start - anchor.end
    return gap > _TIED or _CALL_BACK.search(text, anchor.end, start) is not None


def _is_beside(text: str, end: int, anchor: _Anchor) -> bool:
    """'0812345678 (ลูกสาว)', or the name of the account behind its number."""
    gap = text[end : min(anchor.start, end + _LINE)]
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
    cues = scene.cues
    for cue in (*cues.patient, *cues.relative, *cues.bed):
        if not _OF_OTHERS.search(scene.text[max(0, cue.start - 24) : cue.start]):
            yield _Anchor(*cue, Owner.PATIENT)
    for finding in scene.patients:
        yield _Anchor(finding.start, finding.end, Owner.PATIENT)
    for cue in _PUBLIC.find(cues.lower):
        yield _Anchor(*cue, Owner.PUBLIC)
    yield from _staff(scene)
    if cues.speaks_of_a_patient or scene.found or is_care_talk(scene):
        for match in _KIN.finditer(cues.lower):
            yield _Anchor(*match.span(), Owner.PATIENT)


def _staff(scene: Scene) -> Iterator[_Anchor]:
    can_ask = scene.cues.speaks_of_a_patient
    for cue in scene.cues.staff:
        before = scene.text[max(0, cue.start - 16) : cue.start]
        if _WHOSE_PATIENT.search(before) or scene.is_taken(*cue):
            continue
        is_asked = can_ask and _ADDRESSED.search(before) is not None
        yield _Anchor(*cue, Owner.STAFF, is_asked)
