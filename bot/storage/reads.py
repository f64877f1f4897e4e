"""Questions that screens ask; nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from bot.storage.tables import (
    disclosures,
    inbox,
    incident_messages,
    incidents,
    ledger_entries,
    looks,
    outbox,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Connection

    from bot.storage.types import AnyRow

_MOST_ENTRIES = 50


@dataclass(frozen=True, slots=True)
class EventAccount:
    """What became of one event, without anything that was said in it."""

    kind: str
    state: str
    outcome: str | None
    attempts: int
    received_at: datetime
    settled_at: datetime | None
    labels: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    policy_version: int | None = None
    entries: Sequence[AnyRow] = field(default=(), repr=False)
    tellings: Sequence[AnyRow] = field(default=(), repr=False)
    look: AnyRow | None = field(default=None, repr=False)


def account_of(connection: Connection, event_id: str) -> EventAccount | None:
    row = connection.execute(select(inbox).where(inbox.c.event_id == event_id)).one_or_none()
    if row is None:
        return None
    record = _record_of(connection, row.message_key)
    look = _look_of(connection, row.id)
    asked = None if look is None else look.question_id
    subject = asked if record is None else record.subject
    return EventAccount(
        kind=row.kind,
        state=row.state,
        outcome=row.outcome,
        attempts=row.attempts,
        received_at=row.received_at,
        settled_at=row.settled_at,
        labels=() if record is None else tuple(record.labels.split(",")),
        reasons=() if record is None else tuple((record.reasons or "").splitlines()),
        policy_version=None if record is None else record.policy_version,
        entries=_entries(connection, subject),
        tellings=_tellings(connection, row.id, subject),
        look=look,
    )


def _look_of(connection: Connection, row_id: UUID) -> AnyRow | None:
    return connection.execute(
        select(
            looks.c.state,
            looks.c.outcome,
            looks.c.reason,
            looks.c.led_to,
            looks.c.milliseconds,
            looks.c.settled_at,
            looks.c.question_id,
        ).where(looks.c.event_row_id == row_id)
    ).one_or_none()


def _record_of(connection: Connection, message_key: bytes | None) -> AnyRow | None:
    """The incident message or the disclosure that an event led to; known for three minutes."""
    if message_key is None:
        return None
    flagged = connection.execute(
        select(
            incident_messages.c.incident_id.label("subject"),
            incident_messages.c.labels,
            incident_messages.c.reasons,
            incidents.c.policy_version,
        )
        .join(incidents, incidents.c.id == incident_messages.c.incident_id)
        .where(incident_messages.c.message_key == message_key)
        .order_by(incident_messages.c.id.desc())
        .limit(1)
    ).one_or_none()
    if flagged is not None:
        return flagged
    return connection.execute(
        select(
            disclosures.c.id.label("subject"),
            disclosures.c.labels,
            disclosures.c.reasons,
            disclosures.c.policy_version,
        ).where(disclosures.c.message_key == message_key)
    ).one_or_none()


def _entries(connection: Connection, subject: UUID | None) -> Sequence[AnyRow]:
    if subject is None:
        return ()
    return connection.execute(
        select(ledger_entries.c.id, ledger_entries.c.kind, ledger_entries.c.at)
        .where(ledger_entries.c.subject == subject)
        .order_by(ledger_entries.c.id)
        .limit(_MOST_ENTRIES)
    ).all()


def _tellings(connection: Connection, row_id: UUID, subject: UUID | None) -> Sequence[AnyRow]:
    rode_on_it = outbox.c.token_event_row_id == row_id
    followed = rode_on_it if subject is None else or_(rode_on_it, outbox.c.incident_id == subject)
    return connection.execute(
        select(outbox.c.saying, outbox.c.state, outbox.c.told_by, outbox.c.due_at)
        .where(followed)
        .order_by(outbox.c.due_at, outbox.c.id)
    ).all()
