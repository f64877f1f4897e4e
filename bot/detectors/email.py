"""E-mail addresses of patients and relatives, also spelled out ('(at)', 'จุด')."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.detectors import excuses
from bot.detectors.owner import is_patients_or_asks
from bot.domain.findings import Finding, Label, Strength

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.detectors.scene import Scene

# Behind the sign a line may be broken, where an address is pasted.
_AT = r"(?: ?@(?: ?|\n)| ?[(\[{<] ?(?:at|@|แอท|แอ็ท|แอด) ?[)\]}>] ?| (?:at|แอท|แอ็ท|แอด) ?|แอท)"
_DOT = r"(?:\.| ?[(\[{<] ?(?:dot|\.|จุด|ดอท) ?[)\]}>] ?| (?:dot|จุด|ดอท) |จุด|ดอท| \. ?)"
_SHAPE = re.compile(
    rf"(?<![A-Za-z0-9._%+\-])(?:[A-Za-z0-9]{{1,20}} (?:dot|จุด|ดอท) ){{0,2}}"
    rf"[A-Za-z0-9][A-Za-z0-9._%+\-]{{0,63}}{_AT}[A-Za-z0-9\-]{{2,40}}(?:{_DOT}[A-Za-z0-9\-]{{2,24}}){{1,4}}",
    re.IGNORECASE,
)
# Addresses of work: by their domain, or by who is asked for.
_WORK = re.compile(
    r"(?:@|[ (\[]at[ )\]]|แอท)(?!stu|std).*(?:\.go\.th|moph|hosp|\.ac\.th\Z|clinic"
    r"|resort|hotel|insur|assurance|pharma|medical)"
    r"|^(?:dr\.|nurse|admin|office|center|info|contact|hr[.\-_@]|recruit|career|sales?[.\-_@]|support|service"
    r"|editor|journal|train|library|secretar|registr|dean@|research|complain|tpa|claims?[.\-_@])"
    r"|[._\-](?:cent(?:er|re)|claims?|admin|office|support|service|team|dept|ward|opd|lab|pharm[a-z]*|registry|research)@",
    re.IGNORECASE,
)
_ENDINGS = re.compile(
    r"(?:com|net|org|th|co|info|me|mail|edu|gov|io|jp|cn|kr|uk|de|fr|la|mm|kh|vn|ru|in|sg|my"
    r"|tw|hk|au|us|ca|ch|se|no|dk|nl|it|es|at|be|ie|pl|cz|pt|br|mx|ae|sa|qa|kw|om|bh|tr|id|ph|nz|eu|asia|biz|example|test)\Z",
    re.IGNORECASE,
)


_ANY_COUNTRY = re.compile(r"[a-z0-9]@[a-z0-9\-]+(?:\.[a-z0-9\-]+)*\.[a-z]{2}\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class EmailDetector:
    """The shape proposes, the owner decides."""

    label: Label = Label.EMAIL
    digits_least: int = 0
    wakes_on: tuple[str, ...] = (
        "@",
        " at ",
        "(at",
        "[at",
        "{at",
        "<at",
        "แอท",
        "แอ็ท",
        "แอด",
        "( at",
        "[ at",
    )
    must_find: tuple[tuple[str, str], ...] = (
        ("เมลลูกสาวคนไข้ a.b-0412@yahoo.com.tw ขอ", "a.b-0412@yahoo.com.tw"),
        (
            "ผู้ป่วยขอผลทางเมล p.k (at) outlook (dot) co (dot) th ให้ได้ไหม",
            "p.k (at) outlook (dot) co (dot) th",
        ),
        ("email ของคนไข้ nattarika04@student.cmu.ac.th", "nattarika04@student.cmu.ac.th"),
        ("ผู้โดยสารข้างเคสติดต่อเมล f.oye@mailbox.example.ng", "f.oye@mailbox.example.ng"),
        ("แม่คนไข้ว่าหมอไม่มาดู ตอบกลับที่ pa_mom@mailbox.example", "pa_mom@mailbox.example"),
        ("ขอผลชิ้นเนื้อทางเมล k.somwang@mail.example", "k.somwang@mail.example"),
        ("คนไข้ให้เมล์มา ploy dot s at gmail dot com", "ploy dot s at gmail dot com"),
    )
    must_leave: tuple[str, ...] = (
        "ส่งรายงาน IC ที่ ic.center@moph.example",
        "รีสอร์ทขอยืมไม้เท้าให้คนไข้ เมล front.desk@bluebayresort.example",
        "meet at ward. ok",
        "ส่ง case report ที่ somchai@journal.org ภายในศุกร์นี้",
        "ขอผลประเมินอบรมส่งที่ k.somwang@mail.example",
        "ผลคนไข้รวมเล่ม ส่ง editor@press.com",
        "Patient Liaison Supervisor\nE: mint.nap@bkk-inter.example | T: 02-555-0188",
    )

    def find(self, scene: Scene) -> Iterator[Finding]:
        for match in _SHAPE.finditer(scene.text):
            is_address = _is_ended(match[0]) and not _WORK.search(match[0])
            is_free = is_address and not excuses.is_teaching(scene, match.start())
            if is_free and is_patients_or_asks(scene, *match.span()):
                reason = "e-mail address beside words of a patient or relative"
                yield Finding(*match.span(), self.label, Strength.LIKELY, reason)


def _is_ended(written: str) -> bool:
    """With the sign itself any country will do; where it is said, only ends that are no words."""
    return bool(_ENDINGS.search(written) or _ANY_COUNTRY.search(written))


DETECTOR = EmailDetector()
