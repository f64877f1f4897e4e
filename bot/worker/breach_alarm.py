"""Tells the data protection officer of breaches by e-mail: at once, and as their time runs out.

One mail for each step. It is claimed before it is sent and settled after: a process that dies in
between leaves it to the next, which may send it a second time, with the same Message-ID. A doubled
mail is better than a deadline that nobody was told of.
"""

from __future__ import annotations

import logging
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Protocol

from bot import log
from bot.domain.breaches import AlarmStep, span_in_english, span_in_thai, step_due
from bot.domain.times import thai_date_time
from bot.errors import NotSentError
from bot.ledger.entry import EntryKind

if TYPE_CHECKING:
    from datetime import datetime

    from bot.bootstrap import Parts
    from bot.domain.breaches import Breach
    from bot.storage.breaches import BreachReads
    from bot.storage.unit_of_work import SqlStore

logger = logging.getLogger("wongraksa.breach_alarm")

# How often to look: a step is told within this of its time.
ALARM_SECONDS = 30.0
_BY = "system"


class Mail(Protocol):
    """Returns when the mail server has taken it; else NotSentError."""

    def send(self, message: EmailMessage) -> None: ...


class BreachAlarm:
    def __init__(
        self, store: SqlStore, reads: BreachReads, mail: Mail | None, *, sender: str, officer: str
    ) -> None:
        self._store = store
        self._reads = reads
        self._mail = mail
        self._sender = sender
        self._officer = officer

    def run(self) -> int:
        """Always 0: the loop rests until the next look. Without a mail server, `doctor` tells."""
        if self._mail is None or not self._officer:
            return 0
        now = self._store.clock.now()
        for breach in self._reads.running():
            step = step_due(breach, now)
            if step is not None and self._reads.claim_alarm(breach, now):
                self._tell(self._mail, breach, step, now)
        return 0

    def _tell(self, mail: Mail, breach: Breach, step: AlarmStep, now: datetime) -> None:
        try:
            mail.send(letter(breach, step, now, sender=self._sender, officer=self._officer))
        except NotSentError as error:
            # Claimed until the lease ends: then it is tried again.
            logger.warning(log.line("breach.alarm_not_sent", reason=str(error)))
            return
        with self._store.unit_of_work() as uow:
            uow.breaches.note_alarm(breach, step)
            facts = {"breach": str(breach.id), "step": step.value, "way": "mail"}
            uow.ledger.append(
                EntryKind.BREACH_ALARM_SENT,
                by=_BY,
                at=now,
                subject=breach.incident_id,
                facts=facts,
            )
        logger.info(log.line("breach.alarm_sent", step=step.value))


def make_alarm(parts: Parts) -> BreachAlarm:
    settings = parts.settings
    return BreachAlarm(
        parts.store,
        parts.breach_reads,
        parts.mailer if settings.dpo_email else None,
        sender=settings.smtp_from,
        officer=settings.dpo_email,
    )


def letter(
    breach: Breach, step: AlarmStep, now: datetime, *, sender: str, officer: str
) -> EmailMessage:
    """Case number and times only: mail travels, and lies about."""
    message = EmailMessage()
    thai, english = _headline(breach, now)
    message["Subject"] = f"{thai} · เหตุ {breach.case_number} · {english}"
    message["From"], message["To"] = sender, officer
    message["Date"] = format_datetime(now)
    domain = sender.partition("@")[2] or "localhost"
    message["Message-ID"] = f"<breach-{breach.id}-{step.value}@{domain}>"
    message["X-Priority"] = "1"
    message.set_content(
        _TEXT.format(
            thai=thai,
            english=english,
            case=breach.case_number,
            known=thai_date_time(breach.known_at),
            deadline=thai_date_time(breach.deadline),
            deadline_utc=f"{breach.deadline:%Y-%m-%d %H:%M} UTC",
        )
    )
    return message


def _headline(breach: Breach, now: datetime) -> tuple[str, str]:
    left = breach.time_left(now)
    if breach.is_overdue(now):
        return (
            f"เลยกำหนดแจ้ง สคส. มาแล้ว {span_in_thai(left)}",
            f"breach report overdue by {span_in_english(left)}",
        )
    return (
        f"เหลือเวลาแจ้ง สคส. {span_in_thai(left)}",
        f"{span_in_english(left)} left to report a breach",
    )


_TEXT = """\
เรียน เจ้าหน้าที่คุ้มครองข้อมูลส่วนบุคคล

{thai}
เหตุเลขที่ {case}
ทราบเหตุเมื่อ {known}
ครบ 72 ชั่วโมงเมื่อ {deadline}

ดูรายละเอียด และทำสำนวนพร้อมร่างหนังสือแจ้ง:
    python -m bot breach show {case}
    python -m bot breach dossier {case} -o dossier.zip --operator ชื่อ --reason เหตุผล
เมื่อแจ้ง สคส. แล้ว ให้บันทึกไว้ นาฬิกาจะหยุด:
    python -m bot breach told {case} --whom office --operator ชื่อ --reason เลขรับเรื่อง

{english}. Case {case}; 72 hours are over on {deadline_utc}.
PDPA s.37(4): report without delay, within 72 hours as far as that is possible, unless there is no
risk to anybody; where the risk is high, tell the patients as well.
"""
