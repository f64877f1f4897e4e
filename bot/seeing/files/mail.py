"""E-mails that were saved as files (.eml): subject, body, and what is attached."""

from __future__ import annotations

import email
import email.policy
from typing import TYPE_CHECKING

from bot.seeing.lines import Line

if TYPE_CHECKING:
    from email.message import EmailMessage

    from bot.seeing.glance import Glance


def read_mail(content: bytes, glance: Glance) -> None:
    """Who wrote it and to whom is not read: they are staff."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    glance.read([Line(str(message.get("subject", "")), "subject")])
    for number, part in enumerate(message.walk(), 1):
        if part.is_multipart():
            continue
        glance.costs.member()
        with glance.tolerant():
            _read_part(part, number, glance)


def _read_part(part: EmailMessage, number: int, glance: Glance) -> None:
    name = part.get_filename() or ""
    body = part.get_payload(decode=True)
    if not isinstance(body, bytes) or not body:
        return
    glance.costs.unpacked(len(body))
    words = f"attachment {glance.safe_name(name)}" if name else f"part {number}"
    glance.file(body, name, glance.place(words))
