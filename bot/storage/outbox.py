"""The outbox as handlers see it: what is to be told, written in the unit of work of its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlalchemy import and_, func, select, update

from bot.domain.actions import OutboxMessage, Purpose, ReplyToken, TellState, Way
from bot.domain.telling import push_limit
from bot.storage import push_budget
from bot.storage.keyring import seal
from bot.storage.outbox_rows import WIPED, bound_to, message_of, opened_body, packed, token_bound_to
from bot.storage.tables import incidents, outbox
from bot.storage.upsert import insert_or_ignore

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.ports import Clock
    from bot.storage.keyring import KeyRing, Today
    from bot.storage.types import AnyRow


class SqlOutbox:
    """The handlers' side: rows written in their unit of work."""

    def __init__(
        self,
        connection: Connection,
        keys: KeyRing,
        today: Today,
        clock: Clock,
        push_budget: int,
    ) -> None:
        self._connection = connection
        self._keys = keys
        self._today = today
        self._clock = clock
        self._push_budget = push_budget
        self.added: list[UUID] = []

    def add(self, message: OutboxMessage) -> bool:
        # RETURNING, since psycopg's count of inserted rows is gone once the cursor is closed.
        statement = insert_or_ignore(self._connection, outbox).values(self._row(message))
        is_new = self._connection.scalar(statement.returning(outbox.c.id)) is not None
        if is_new and message.way is not Way.RIDE:
            self.added.append(message.id)
        return is_new

    def add_rides(self, messages: Sequence[OutboxMessage]) -> None:
        if messages:
            statement = insert_or_ignore(self._connection, outbox)
            self._connection.execute(statement, [self._row(message) for message in messages])

    def ride(self, group_id: UUID, token: ReplyToken, now: datetime) -> OutboxMessage | None:
        waiting = self._connection.execute(
            select(outbox)
            .where(
                outbox.c.group_id == group_id,
                outbox.c.way == Way.RIDE.value,
                outbox.c.settled_at.is_(None),
                outbox.c.due_at <= now,
                outbox.c.expires_at > now,
            )
            .order_by(outbox.c.due_at.desc())
        ).all()
        if not waiting or not self._board(waiting[0], token, now):
            return None
        self._cancel(outbox.c.id.in_(_passed_by(waiting)), "newer_reminder")
        return message_of(waiting[0], self._body(waiting[0]))

    def cancel(self, key: str) -> bool:
        return self._cancel(outbox.c.key == key, "overtaken") > 0

    def cancel_for_incident(self, incident_id: UUID) -> None:
        self._cancel(outbox.c.incident_id == incident_id, "incident_over")

    def hush(self, group_id: UUID, person_id: UUID, until: datetime) -> None:
        own = select(incidents.c.id).where(
            incidents.c.group_id == group_id, incidents.c.person_id == person_id
        )
        rides = (outbox.c.incident_id.in_(own), outbox.c.way == Way.RIDE.value)
        self._cancel(and_(*rides, outbox.c.expires_at <= until), "emergency")
        self._connection.execute(
            update(outbox)
            .where(*rides, outbox.c.settled_at.is_(None), outbox.c.due_at < until)
            .values(due_at=until)
        )

    def is_said(self, key: str) -> bool:
        said = select(outbox.c.id).where(
            outbox.c.key == key, outbox.c.state != TellState.CANCELLED.value
        )
        return self._connection.scalar(said) is not None

    def said_at(self, key: str) -> datetime | None:
        unsaid = (TellState.CANCELLED.value, TellState.NOT_TOLD.value)
        when = select(func.coalesce(outbox.c.settled_at, outbox.c.created_at)).where(
            outbox.c.key == key, outbox.c.state.not_in(unsaid)
        )
        found: datetime | None = self._connection.scalar(when)
        return found

    def can_push(self, purpose: Purpose) -> bool:
        used = push_budget.used_in_month(self._connection, self._clock.now())
        return used < push_limit(purpose, self._push_budget)

    def _board(self, row: AnyRow, token: ReplyToken, now: datetime) -> bool:
        boarded = self._connection.execute(
            update(outbox)
            .where(outbox.c.id == row.id, outbox.c.way == Way.RIDE.value)
            .values(way=Way.REPLY_ONLY.value, due_at=now, **self._token_values(row.id, token))
        )
        if boarded.rowcount == 1:
            self.added.append(row.id)
        return boarded.rowcount == 1

    def _cancel(self, condition: Any, reason: str) -> int:  # noqa: ANN401 - an SQL expression
        """Only what LINE cannot have: a reply without a clear answer, or a push that was tried,
        goes on to its own end, or the record would say 'not said' of what people have read."""
        never_tried = ~outbox.c.is_unclear & (outbox.c.cost == 0)
        return self._connection.execute(
            update(outbox)
            .where(condition, outbox.c.state == TellState.WAITING.value, never_tried)
            .values(
                **WIPED,
                state=TellState.CANCELLED.value,
                reason=reason,
                settled_at=self._clock.now(),
            )
        ).rowcount

    def _row(self, message: OutboxMessage) -> dict[str, Any]:
        day = self._today.day
        return {
            "id": message.id,
            "key": message.key,
            "saying": message.utterance.saying.value,
            "language": message.utterance.language.value,
            "purpose": message.purpose.value,
            "way": message.way.value,
            "state": TellState.WAITING.value,
            "body_sealed": seal(day.value, packed(message), bound_to(message.id)),
            "body_key_id": day.id,
            "retry_key": uuid4(),
            "created_at": message.created_at,
            "due_at": message.due_at,
            "expires_at": message.expires_at,
            "incident_id": message.incident_id,
            "group_id": message.group_id,
            **self._token_values(message.id, message.reply_token),
        }

    def _token_values(self, row_id: UUID, token: ReplyToken | None) -> dict[str, Any]:
        if token is None:
            return {}
        registry = self._keys.registry().value
        return {
            "token_sealed": seal(registry, token.value.encode(), token_bound_to(row_id)),
            "token_received_at": token.received_at,
            "token_event_row_id": token.event_row_id,
        }

    def _body(self, row: AnyRow) -> dict[str, Any]:
        return opened_body(self._connection, self._keys, row)


def _passed_by(waiting: Sequence[AnyRow]) -> list[UUID]:
    """Older reminders of the incident that goes first; thanks belong to no incident any more."""
    incident_id = waiting[0].incident_id
    return [row.id for row in waiting[1:] if incident_id and row.incident_id == incident_id]
