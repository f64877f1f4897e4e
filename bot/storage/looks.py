"""Looks as handlers see them: asked for and answered in the unit of work of an event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select, update

from bot.domain.events import EventKind
from bot.domain.ids import new_id
from bot.domain.looks import LookEnd, LookTask, Sent
from bot.storage.keyring import KeyKind, keyed_hash, seal, unseal
from bot.storage.tables import inbox, incidents, looks
from bot.storage.upsert import insert_or_ignore

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.domain.events import InboundEvent
    from bot.ports import Clock
    from bot.storage.keyring import KeyRing, Today
    from bot.storage.sealing import Sealer
    from bot.storage.types import AnyRow

# What is forgotten with the payload; what happened stays.
WIPED: dict[str, Any] = {
    "payload_sealed": None,
    "payload_key_id": None,
    "payload_until": None,
    "message_key": None,
    "set_key": None,
}
ENDED: dict[str, Any] = {"state": "settled", "claim": None, "lease_until": None}


def bound_to(look_id: UUID) -> bytes:
    return b"looks:" + look_id.bytes


class SqlLooks:
    def __init__(
        self, connection: Connection, keys: KeyRing, today: Today, sealer: Sealer, clock: Clock
    ) -> None:
        self._connection = connection
        self._keys = keys
        self._today = today
        self._sealer = sealer
        self._clock = clock
        self.added: list[UUID] = []

    def ask(
        self,
        task: LookTask,
        row_id: UUID,
        *,
        person_id: UUID | None = None,
        incident_id: UUID | None = None,
    ) -> None:
        asking = self._connection.execute(select(inbox).where(inbox.c.id == row_id)).one()
        raw = self._sealer.raw(self._connection, asking)
        if raw is None:  # taken back while it was claimed
            return
        look_id, day = new_id(), self._today.day
        event = self._sealer.read(raw, asking.received_at)
        values = {
            "id": look_id,
            "task": task.value,
            "kind": asking.kind,
            "event_row_id": row_id,
            "message_key": asking.message_key,
            "set_key": next(iter(set_keys_of(self._keys, event)), None),
            "person_id": person_id,
            "incident_id": incident_id,
            "received_at": asking.received_at,
            "due_at": self._clock.now(),
            "payload_sealed": seal(day.value, raw, bound_to(look_id)),
            "payload_key_id": day.id,
        }
        if self._insert(values):
            self.added.append(look_id)

    def note_wanted(self, row_id: UUID, person_id: UUID) -> None:
        now = self._clock.now()
        self._insert(
            {
                "id": new_id(),
                "task": LookTask.COPY.value,
                "kind": "",
                "event_row_id": row_id,
                "person_id": person_id,
                "received_at": now,
                "due_at": now,
                "state": "settled",
                "settled_at": now,
                "outcome": LookEnd.PICTURE_WANTED.value,
            }
        )

    def _insert(self, values: dict[str, Any]) -> bool:
        statement = insert_or_ignore(self._connection, looks).values(values)
        return self._connection.scalar(statement.returning(looks.c.id)) is not None

    def of_incident(self, incident_id: UUID) -> list[Sent]:
        return self._sent(looks.c.incident_id == incident_id)

    def of_question(self, question_id: UUID) -> list[Sent]:
        return self._sent(looks.c.question_id == question_id)

    def _sent(self, condition: Any) -> list[Sent]:  # noqa: ANN401 - an SQL expression
        rows = self._connection.execute(
            select(looks, inbox.c.token_received_at)
            .outerjoin(inbox, inbox.c.id == looks.c.event_row_id)
            .where(
                condition,
                looks.c.task == LookTask.LOOK.value,
                looks.c.payload_sealed.is_not(None),
                looks.c.payload_until > self._clock.now(),
            )
            .order_by(looks.c.received_at, looks.c.id)
        ).all()
        return [self._opened(row) for row in rows]

    def _opened(self, row: AnyRow) -> Sent:
        raw = opened_payload(self._connection, self._keys, row)
        event = self._sealer.read(raw, row.received_at)
        return Sent(row.id, event, row.event_row_id, row.token_received_at or row.received_at)

    def incident_of_set(self, event: InboundEvent) -> UUID | None:
        set_keys = set_keys_of(self._keys, event)
        found: UUID | None = self._connection.scalar(
            select(looks.c.incident_id)
            .where(looks.c.set_key.in_(set_keys), looks.c.incident_id.is_not(None))
            .order_by(looks.c.settled_at.desc())
            .limit(1)
        )
        return found

    def has_open_mates(self, event: InboundEvent, but: UUID) -> bool:
        set_keys = set_keys_of(self._keys, event)
        mate = select(looks.c.id).where(
            looks.c.set_key.in_(set_keys), looks.c.state != "settled", looks.c.id != but
        )
        return self._connection.scalar(mate.limit(1)) is not None

    def take_back(self, message_id: str) -> UUID | None:
        mine = looks.c.message_key.in_(self._sealer.message_keys(message_id))
        question_id: UUID | None = self._connection.scalar(
            select(looks.c.question_id).where(mine, looks.c.question_id.is_not(None)).limit(1)
        )
        ended = {
            **ENDED,
            "outcome": LookEnd.TAKEN_BACK_UNREAD.value,
            "settled_at": self._clock.now(),
        }
        waits = looks.c.state.in_(("waiting", "parked"))
        self._connection.execute(update(looks).where(mine, waits).values(WIPED | ended))
        # Whoever is looking at it now finds out when it is to be settled.
        self._connection.execute(update(looks).where(mine).values(WIPED))
        return question_id

    def move_to_incident(self, look_id: UUID, incident_id: UUID) -> None:
        self._connection.execute(
            update(looks).where(looks.c.id == look_id).values(incident_id=incident_id)
        )

    def forget(self, question_id: UUID) -> None:
        self._connection.execute(
            update(looks)
            .where(looks.c.question_id == question_id, looks.c.incident_id.is_(None))
            .values(WIPED)
        )

    def is_copy_under_way(self, incident_id: UUID) -> bool:
        under_way = select(looks.c.id).where(
            looks.c.incident_id == incident_id,
            looks.c.task == LookTask.COPY.value,
            looks.c.state != "settled",
        )
        return self._connection.scalar(under_way.limit(1)) is not None

    def wants_picture(self, person_id: UUID, since: datetime) -> bool:
        wanted = select(looks.c.id).where(
            looks.c.person_id == person_id,
            looks.c.outcome == LookEnd.PICTURE_WANTED.value,
            looks.c.settled_at > since,
        )
        return self._connection.scalar(wanted.limit(1)) is not None

    def copyable(self, person_id: UUID) -> UUID | None:
        found: UUID | None = self._connection.scalar(
            select(looks.c.incident_id)
            .join(incidents, incidents.c.id == looks.c.incident_id)
            .where(
                incidents.c.person_id == person_id,
                looks.c.task == LookTask.LOOK.value,
                looks.c.kind == EventKind.IMAGE.value,
                looks.c.payload_until > self._clock.now(),
            )
            .order_by(looks.c.received_at.desc())
            .limit(1)
        )
        return found


def set_keys_of(keys: KeyRing, event: InboundEvent) -> list[bytes]:
    """By every version of the lookup key, the one in use first; none for what is in no set."""
    image_set, chat_id = event.content.image_set, event.source.chat_id
    if image_set is None or chat_id is None:
        return []
    versions = keys.all_of(KeyKind.LOOKUP)
    return [keyed_hash(key.value, "set", chat_id, image_set.set_id) for key in versions]


def opened_payload(connection: Connection, keys: KeyRing, row: AnyRow) -> bytes:
    key = keys.by_id(connection, row.payload_key_id)
    return unseal(key.value, row.payload_sealed, bound_to(row.id))
