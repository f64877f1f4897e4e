"""What the cells of tables and of HL7 v2 messages hold, as findings.

Names in such records are read by the PERSON detector; everything else is read here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.detectors import excuses
from bot.domain.findings import Finding, Label, Strength

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.detectors.scene import Scene

_COUNTS_ALWAYS = frozenset((Label.HN, Label.VISIT_NO, Label.NATIONAL_ID, Label.PASSPORT))
OF_COLLEAGUES = re.compile(
    r"ตำแหน่ง|แผนก|เวร|พนักงาน|เจ้าหน้าที่|พยาบาล|แพทย์|บุคลากร|รายชื่อ(?:ทีม|กรรมการ|ผู้เข้า)"
    r"|staff|position|department|(?<![a-z])(?:dept|role|rn|shift|ext)(?![a-z])"
)


@dataclass(frozen=True, slots=True)
class FieldDetector:
    """Reads one label out of the records of a text."""

    label: Label
    must_find: tuple[tuple[str, str], ...] = ()
    must_leave: tuple[str, ...] = ()
    digits_least: int = 3

    def find(self, scene: Scene) -> Iterator[Finding]:
        for field in scene.cues.fields:
            is_new = field.label is self.label and not scene.is_taken(field.start, field.end)
            if is_new and self._is_patients(scene) and not excuses.is_teaching(scene, field.start):
                reason = f"{self.label} column or field of a record"
                yield Finding(field.start, field.end, self.label, Strength.CERTAIN, reason)

    def _is_patients(self, scene: Scene) -> bool:
        """A list of colleagues has columns for phones and birthdays, too."""
        if self.label in _COUNTS_ALWAYS or scene.patients:
            return True
        cues = scene.cues
        is_of_care = cues.speaks_of_a_patient or cues.is_care_talk
        return is_of_care and OF_COLLEAGUES.search(cues.lower) is None


DETECTORS = (
    FieldDetector(
        Label.HN,
        must_find=(
            ("no,hn,dx\n1,6500123,N18\n2,6500124,E11", "6500124"),
            ("ลำดับ | HN | Dx\n1 | 6500123 | CKD", "6500123"),
            ("เตียง HN อาการ\n1 6500123 ปวดท้อง\n2 6500124 ไข้", "6500124"),
            ("ชื่อ HN K\nสมชาย 65-00123 5.9\nมาลี 65-00124 6.2", "65-00123"),
            ("วันที่ HN แผนก\n12/3 6500123 ENT\n13/3 6500124 EYE", "6500124"),
            ("ใบปรึกษา HN/AN: 6300118 / 68-004471 ขอ psychiatry", "6300118"),
            ("PID|1||650012345^^^RPH^HN||X^Y||19651103|M", "650012345"),
        ),
        must_leave=(
            "HN/AN: ____ / ____",
            "no,lot,exp\n1,6500123,2567",
            "HN / dx / op",
            "ขอ HN ด้วย\nตึก 5 โทร 1150\nงบ 650012",
        ),
    ),
    FieldDetector(
        Label.VISIT_NO,
        must_find=(
            ("PV1|1|I|MED1^5||||||||||||||||6709180012", "6709180012"),
            ("OBR|1|L24100700318||CBC", "L24100700318"),
            ("ORC|NW|24100700318^HIS|L24100700318", "24100700318"),
            ("ใบปรึกษา HN/AN: 6300118 / 68-004471 ขอ psychiatry", "68-004471"),
            ("OBR|1||67100700318^LIS|CBC", "67100700318"),
        ),
        must_leave=("OBR|1|||CBC^COMPLETE BLOOD COUNT||20241007081100", "ORC|NW|TEST|TEST"),
    ),
    FieldDetector(Label.NATIONAL_ID),
    FieldDetector(Label.PASSPORT),
    FieldDetector(Label.DOB, (("PID|1||650012345||X^Y||19651103|M", "19651103"),)),
    FieldDetector(Label.ADDRESS),
    FieldDetector(
        Label.PHONE,
        must_find=(("hn,tel\n6500123,0812345679", "0812345679"),),
        must_leave=("ชื่อ,ตำแหน่ง,เบอร์โทร\nสมชาย ใจดี,พยาบาลวิชาชีพ,0812345679",),
    ),
    FieldDetector(Label.EMAIL, (("hn,email\n6500123,noi.w@post.example", "noi.w@post.example"),)),
    FieldDetector(Label.ONLINE_ID, (("hn,line\n6500123,momalin.k", "momalin.k"),)),
)
