"""The papers of a breach: a dossier and two draft notices, as pages for A4, in one zip."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import BinaryIO

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.domain.breaches import Breach
from bot.domain.dossier import CaseFile, CheckedEntry, CheckedLedger, Line
from bot.domain.exports import Party, Realm
from bot.domain.findings import Label
from bot.domain.times import thai_date_time
from bot.interchange.cells import harmless, utc
from bot.interchange.dossier_figures import do_all_agree
from bot.ledger.entry import EntryKind
from policies.breach_risk import LEVELS, REASONS, Exposed, Risk, propose_risk

_PAGES = {
    "dossier.html": "dossier.html",
    "notice-to-office.html": "notice_office.html",
    "notice-to-patients.html": "notice_patients.html",
}
_MEASURES = {
    EntryKind.WARNING_TOLD: ("เตือนหรือแจ้งผู้ส่งในกลุ่ม", "warned or told the sender in the group"),
    EntryKind.MESSAGE_TAKEN_BACK: ("ข้อความถูกนำออก", "a message was taken back"),
    EntryKind.INCIDENT_ANSWERED: ("ผู้ส่งตอบ", "the sender answered"),
    EntryKind.INCIDENT_CLOSED: ("ไม่มีข้อความค้างอยู่", "no message stood any more"),
    EntryKind.BREACH_DECLARED: ("ประกาศเป็นเหตุละเมิด", "declared a breach"),
    EntryKind.BREACH_NOTED: ("บันทึกเพิ่มเติม", "note"),
    EntryKind.BREACH_NOTIFIED: ("แจ้งแล้ว", "notice given"),
    EntryKind.BREACH_ALARM_SENT: ("เตือนเจ้าหน้าที่คุ้มครองข้อมูลทางอีเมล", "e-mail to the officer"),
    EntryKind.BREACH_CLOSED: ("ปิดเหตุละเมิด", "breach closed"),
}
_NOT_LIVE = {
    Realm.SANDBOX: "ข้อมูลจาก LINE จำลอง ไม่ใช่เหตุจริง · From the simulated LINE: nothing here is real",
    Realm.SIMULATED: "กลุ่มอยู่ในโหมดทดลอง ไม่มีการเตือน · The group was in simulation: nobody was warned",
}


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that the papers are made of."""

    breach: Breach
    case: CaseFile | None
    ledger: CheckedLedger
    lines: tuple[Line, ...]
    hospital: str
    deployment: str
    made_at: datetime
    # The kinds of data as people say them, in Thai and in English.
    kinds: tuple[str, str] = ("", "")

    @property
    def all_agree(self) -> bool:
        """Every figure stands, and nothing is missing that could speak of another one."""
        return do_all_agree(self.lines) and not self.ledger.missing

    @property
    def risk(self) -> Risk | None:
        if self.case is None:
            return None
        record = self.case.record
        members = record.recipients.member_count if record.recipients else None
        labels = frozenset(Label(label) for label in record.labels)
        return propose_risk(
            Exposed(labels, self.case.people_at_least, members, record.minutes_visible)
        )


def write_dossier(dossier: Dossier, file: BinaryIO) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, template in _PAGES.items():
            folder.writestr(name, _page(dossier, template))
        folder.writestr("ledger-entries.csv", _entries(dossier.ledger))


def _page(dossier: Dossier, template: str) -> str:
    risk = dossier.risk
    realm = dossier.case.record.realm if dossier.case else Realm.LIVE
    page: str = (
        _templates()
        .get_template(template)
        .render(
            title=f"ร่าง · เหตุ {dossier.breach.case_number}",
            not_live=_NOT_LIVE.get(realm, ""),
            breach=dossier.breach,
            case=dossier.case,
            ledger=dossier.ledger,
            lines=dossier.lines,
            all_agree=dossier.all_agree,
            risk=risk,
            risk_level=LEVELS[risk.level] if risk else None,
            risk_reasons=[REASONS[reason] for reason in risk.reasons] if risk else [],
            measures=dossier.ledger.of_kind(*_MEASURES),
            measures_thai=_measures(dossier, 0),
            measures_english=_measures(dossier, 1),
            kinds=dossier.kinds,
            late=dossier.breach.was_late or dossier.breach.is_overdue(dossier.made_at),
            hospital=dossier.hospital or "โรงพยาบาล",
            deployment=dossier.deployment,
            made_at=dossier.made_at,
        )
    )
    return page


def _measures(dossier: Dossier, language: int) -> str:
    """Only what the ledger says was done, each once, in its order."""
    kinds = (EntryKind.WARNING_TOLD, EntryKind.MESSAGE_TAKEN_BACK)
    done = dict.fromkeys(entry.kind for entry in dossier.ledger.of_kind(*kinds))
    return "; ".join(_MEASURES[EntryKind(kind)][language] for kind in done) or "-"


def _entries(ledger: CheckedLedger) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["entry", "time", "kind", "position", "facts", "tree", "as entered"])
    for entry in ledger.entries:
        writer.writerow([harmless(cell) for cell in _cells(entry)])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")


def _cells(entry: CheckedEntry) -> tuple[str, ...]:
    facts = {True: "as entered", False: "NOT AS ENTERED", None: "forgotten"}[entry.opens]
    tree = {True: "proved", False: "NOT IN IT", None: "no place yet"}[entry.included]
    position = "" if entry.position is None else str(entry.position)
    return str(entry.id), utc(entry.at), entry.kind, position, facts, tree, entry.account()


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(thai=thai_date_time, utc=utc, party=_party, named=_named)
    return environment


def _party(party: Party | None) -> str:
    if party is None:
        return "-"
    return f"{party.name} ({party.id})" if party.name else str(party.id)


def _named(kind: str) -> str:
    return " · ".join(_MEASURES[EntryKind(kind)])
