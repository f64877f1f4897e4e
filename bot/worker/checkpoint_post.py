"""Sends the newest checkpoint to the data protection officer: once a day, and when told to."""

from __future__ import annotations

import logging
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot import log
from bot.domain.times import BANGKOK, thai_date_time
from bot.errors import NotSentError, UsageError
from bot.storage.daily import take_turn
from bot.storage.ledger_proofs import Kept, newest_signed, record_kept
from bot.storage.tables import ledger_kept

if TYPE_CHECKING:
    from datetime import datetime

    from bot.bootstrap import Parts
    from bot.ledger.bundle import Signed
    from bot.mail import Mailer
    from bot.settings import Settings

logger = logging.getLogger("wongraksa.checkpoint_post")

# How soon what a mail server refused is tried again; and how often to look whether it is time.
POST_SECONDS = 600.0
# Longer than a mail takes, shorter than the pause after which a refused one is tried again.
_TURN = timedelta(seconds=POST_SECONDS / 2)
_BY_MAIL = "mail"


class CheckpointPost:
    def __init__(self, parts: Parts, mailer: Mailer | None = None) -> None:
        self._parts = parts
        self._mailer = mailer or parts.mailer

    def run(self) -> int:
        """Once a day by Bangkok's calendar. Always 0: the loop rests until the next look."""
        if not self._parts.settings.dpo_email or self._was_sent_today() or not self._is_our_turn():
            return 0
        try:
            self.send(by="system")
        except NotSentError as error:
            logger.warning(log.line("checkpoint.not_sent", reason=str(error)))
        return 0

    def send(self, *, by: str) -> int | None:
        """How many entries the checkpoint covers; None where there is none yet."""
        settings, now = self._parts.settings, self._parts.clock.now()
        if not settings.dpo_email:
            raise UsageError("DPO_EMAIL and SMTP_HOST are not set; .env.example says what they are")
        self._parts.ledger_sealer.seal_all()
        with self._parts.database.read() as connection:
            newest = newest_signed(connection)
        if newest is None:
            return None
        self._mailer.send(letter(newest, settings, now))
        today = self._parts.keys.make_ready()
        with self._parts.database.write() as connection:
            record_kept(connection, today, Kept(newest.size, _BY_MAIL, settings.dpo_email, by, now))
        logger.info(log.line("checkpoint.sent", size=newest.size))
        return newest.size

    def _is_our_turn(self) -> bool:
        """Of two clocks that look at the same moment, one sends."""
        now = self._parts.clock.now()
        return take_turn(self._parts.database, "checkpoint_post", now, _TURN)

    def _was_sent_today(self) -> bool:
        with self._parts.database.read() as connection:
            last: datetime | None = connection.scalar(
                select(func.max(ledger_kept.c.at)).where(ledger_kept.c.way == _BY_MAIL)
            )
        now = self._parts.clock.now()
        return (
            last is not None and last.astimezone(BANGKOK).date() == now.astimezone(BANGKOK).date()
        )


def letter(newest: Signed, settings: Settings, now: datetime) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = f"จุดตรวจสอบสมุดบันทึกวงรักษา · WongRaksa checkpoint, {newest.size}"
    message["From"], message["To"] = settings.smtp_from, settings.dpo_email
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=settings.smtp_from.partition("@")[2])
    message.set_content(_TEXT.format(at=thai_date_time(now), size=newest.size, note=newest.note))
    message.add_attachment(newest.note, filename=f"checkpoint-{newest.size}.txt")
    return message


_TEXT = """\
เรียน เจ้าหน้าที่คุ้มครองข้อมูลส่วนบุคคล

ข้อความด้านล่างคือจุดตรวจสอบของสมุดบันทึกวงรักษา ณ {at} ครอบคลุม {size} รายการ
โปรดเก็บอีเมลนี้ไว้ ไม่ต้องตอบ ในจุดตรวจสอบไม่มีข้อมูลคนไข้
วันหนึ่งถ้าสงสัยว่าสมุดบันทึกถูกแก้ย้อนหลัง ไฟล์แนบนี้จะบอกได้

Please keep this message; no answer is needed. It is a checkpoint of the ledger and holds no
patient data. Should anybody ever rewrite what was entered before it, the attached file shows it:
    python -m bot ledger verify --checkpoint checkpoint-{size}.txt

{note}"""
