"""What was learnt of who is in a group, fact by fact; nothing here is changed once written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.domain.audience import Movement
from bot.domain.groups import KnownBy
from bot.storage.tables import member_counts, membership_changes
from bot.storage.upsert import insert_or_ignore

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Fact:
    """Somebody came, was seen, or went."""

    group_id: UUID
    person_id: UUID
    movement: Movement
    known_by: KnownBy
    at: datetime


def arrival(known_by: KnownBy) -> Movement:
    """Only a join event says when somebody came."""
    return Movement.JOINED if known_by is KnownBy.JOIN_EVENT else Movement.SEEN


def note_fact(connection: Connection, fact: Fact, noted_at: datetime) -> None:
    """The same event, delivered twice, is one fact."""
    connection.execute(
        insert_or_ignore(connection, membership_changes).values(
            group_id=fact.group_id,
            person_id=fact.person_id,
            at=fact.at,
            movement=fact.movement.value,
            known_by=fact.known_by.value,
            noted_at=noted_at,
        )
    )


def note_count(connection: Connection, group_id: UUID, number: int, at: datetime) -> None:
    """Written down when it differs from what LINE said last."""
    newest = (
        select(member_counts.c.number)
        .where(member_counts.c.group_id == group_id)
        .order_by(member_counts.c.at.desc())
        .limit(1)
    )
    if connection.scalar(newest) != number:
        values = {"group_id": group_id, "at": at, "number": number}
        connection.execute(insert_or_ignore(connection, member_counts).values(values))
