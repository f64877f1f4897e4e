"""The outbox: what is to be told, committed with its reason, and worked off by the sender.

waiting ──claim──▶ telling ──▶ told | probably_told | not_told
   │                  │ again (later), lease expired
   │◀─────────────────┘
   └──▶ cancelled (the reason went away before it was said)
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlalchemy import func, or_, select, true, update

from bot.domain.actions import (
    OutboxMessage,
    Purpose,
    ReplyToken,
    Saying,
    TellState,
    Utterance,
    Way,
)
from bot.domain.groups import Language
from bot.domain.telling import Plan, Progress, Step, push_limit
from bot.domain.times import BANGKOK
from bot.errors import LeaseLostError, SealBrokenError
from bot.storage.keyring import seal, unseal
from bot.storage.tables import groups, inbox, members, outbox, push_budgets
from bot.storage.upsert import insert_or_ignore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from bot.ports import Clock
    from bot.storage.engine import Database
    from bot.storage.keyring import KeyRing, Today
    from bot.storage.types import AnyRow

# Longer than a call to LINE may take. When a sender dies, the row comes up again while its reply
# token may still be alive: then the answer to the same token tells whether it had arrived.
LEASE_BEYOND_CALL = timedelta(seconds=8)
KEPT = timedelta(days=90)
_WIPED: dict[str, Any] = {
    "body_sealed": None,
    "body_key_id": None,
    "token_sealed": None,
    "claim": None,
    "lease_until": None,
}


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
        return _message(waiting[0], self._body(waiting[0]))

    def cancel_for_incident(self, incident_id: UUID) -> None:
        self._cancel(outbox.c.incident_id == incident_id, "incident_over")

    def can_push(self, purpose: Purpose) -> bool:
        used = self._connection.scalar(
            select(push_budgets.c.used).where(push_budgets.c.month == _month(self._clock.now()))
        )
        return (used or 0) < push_limit(purpose, self._push_budget)

    def _board(self, row: AnyRow, token: ReplyToken, now: datetime) -> bool:
        boarded = self._connection.execute(
            update(outbox)
            .where(outbox.c.id == row.id, outbox.c.way == Way.RIDE.value)
            .values(way=Way.REPLY_ONLY.value, due_at=now, **self._token_values(row.id, token))
        )
        if boarded.rowcount == 1:
            self.added.append(row.id)
        return boarded.rowcount == 1

    def _cancel(self, condition: Any, reason: str) -> None:  # noqa: ANN401 - an SQL expression
        """Only what is not under way: what is being told right now cannot be called back."""
        self._connection.execute(
            update(outbox)
            .where(condition, outbox.c.state == TellState.WAITING.value)
            .values(
                **_WIPED,
                state=TellState.CANCELLED.value,
                reason=reason,
                settled_at=self._clock.now(),
            )
        )

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
            "body_sealed": seal(day.value, _packed(message), _bound_to(message.id)),
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
            "token_sealed": seal(registry, token.value.encode(), _token_bound_to(row_id)),
            "token_received_at": token.received_at,
            "token_event_row_id": token.event_row_id,
        }

    def _body(self, row: AnyRow) -> dict[str, Any]:
        return _opened_body(self._connection, self._keys, row)


@dataclass(frozen=True, slots=True)
class Telling:
    """A row that this sender holds, and what it may do with it."""

    message: OutboxMessage
    claim: UUID
    plan: Plan
    retry_key: UUID
    attempts: int
    was_unclear: bool
    without_mention: bool
    cost: int
    reply_token: str | None = field(repr=False, default=None)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a telling ended: the state, by which way or why not, and LINE's last status."""

    state: TellState
    told_by: str | None = None
    reason: str | None = None
    status: int | None = None
    wording_version: int | None = None


class TellQueue:
    """The sender's side: claims with the attempt written down before it is tried."""

    def __init__(
        self,
        database: Database,
        keys: KeyRing,
        clock: Clock,
        *,
        budget: int,
        longest_call: timedelta,
    ) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._budget = budget
        self._lease = longest_call + LEASE_BEYOND_CALL

    def claim(
        self, limit: int, plan: Callable[[Progress, datetime], Plan], ids: Sequence[UUID] = ()
    ) -> list[Telling]:
        now = self._clock.now()
        self._keys.make_ready()
        with self._database.write() as connection:
            rows = connection.execute(self._due(now, limit, ids)).all()
            taken = (self._take_if_openable(connection, row, plan, now) for row in rows)
            return [telling for telling in taken if telling is not None]

    def _due(self, now: datetime, limit: int, ids: Sequence[UUID]) -> Any:  # noqa: ANN401 - SQL
        query = (
            select(outbox, inbox.c.token_received_at.label("refreshed_at"))
            .outerjoin(inbox, inbox.c.id == outbox.c.token_event_row_id)
            .where(
                outbox.c.state == TellState.WAITING.value,
                outbox.c.way != Way.RIDE.value,
                outbox.c.due_at <= now,
                outbox.c.settled_at.is_(None),
            )
            .order_by(outbox.c.due_at, outbox.c.id)
            .limit(limit)
        )
        if ids:
            query = query.where(outbox.c.id.in_(ids))
        return query.with_for_update(skip_locked=True, of=outbox)

    def _take_if_openable(
        self,
        connection: Connection,
        row: AnyRow,
        plan: Callable[[Progress, datetime], Plan],
        now: datetime,
    ) -> Telling | None:
        """One row whose key is gone must not hold up the others: it ends, visibly, not told."""
        try:
            return self._take(connection, row, plan, now)
        except SealBrokenError:
            connection.execute(
                update(outbox)
                .where(outbox.c.id == row.id)
                .values(
                    **_WIPED,
                    state=TellState.NOT_TOLD.value,
                    reason="seal_broken",
                    settled_at=now,
                )
            )
            return None

    def _take(
        self,
        connection: Connection,
        row: AnyRow,
        plan: Callable[[Progress, datetime], Plan],
        now: datetime,
    ) -> Telling:
        planned, claim, cost = plan(_progress(row), now), uuid4(), row.cost
        if planned.step is Step.PUSH:
            planned, cost = self._reserve(connection, row, planned, now)
        connection.execute(
            update(outbox)
            .where(outbox.c.id == row.id)
            .values(
                state=TellState.TELLING.value,
                claim=claim,
                lease_until=now + self._lease,
                attempts=outbox.c.attempts + 1,
                # Until a clear answer comes, a reply under way may have arrived.
                is_unclear=row.is_unclear or planned.step is Step.REPLY,
                cost=cost,
            )
        )
        return self._telling(connection, row, planned, claim, cost)

    def _telling(
        self, connection: Connection, row: AnyRow, planned: Plan, claim: UUID, cost: int
    ) -> Telling:
        return Telling(
            message=_message(row, _opened_body(connection, self._keys, row)),
            claim=claim,
            plan=planned,
            retry_key=row.retry_key,
            attempts=row.attempts + 1,
            was_unclear=row.is_unclear,
            without_mention=row.without_mention,
            cost=cost,
            reply_token=self._opened_token(row),
        )

    def _opened_token(self, row: AnyRow) -> str | None:
        if row.token_sealed is None:
            return None
        registry = self._keys.registry().value
        return unseal(registry, row.token_sealed, _token_bound_to(row.id)).decode()

    def _cost(self, connection: Connection, row: AnyRow) -> int:
        """A push to a group is billed once for every member; a private one is one."""
        if row.group_id is None:
            return 1
        count = connection.scalar(select(groups.c.member_count).where(groups.c.id == row.group_id))
        return max(1, count or self._known_members(connection, row.group_id))

    def _known_members(self, connection: Connection, group_id: UUID) -> int:
        """Until LINE has told the count: those we have seen, which is too few rather than none."""
        present = (members.c.group_id == group_id) & members.c.is_present
        return connection.scalar(select(func.count()).select_from(members).where(present)) or 1

    def _reserve(
        self, connection: Connection, row: AnyRow, planned: Plan, now: datetime
    ) -> tuple[Plan, int]:
        """What happens next, and what is reserved for it: an earlier try was paid for already."""
        month, cost = _month(now), self._cost(connection, row)
        connection.execute(insert_or_ignore(connection, push_budgets).values(month=month, used=0))
        extra = cost - row.cost
        limit = push_limit(Purpose(row.purpose), self._budget)
        fits = push_budgets.c.used + extra <= limit if extra > 0 else true()
        reserved = connection.execute(
            update(push_budgets)
            .where(push_budgets.c.month == month, fits)
            .values(used=push_budgets.c.used + extra)
        )
        if reserved.rowcount == 1:
            return planned, cost
        return Plan(Step.END, TellState.NOT_TOLD, "push_budget"), row.cost

    def settle(self, connection: Connection, telling: Telling, ending: Ending) -> None:
        """Part of a transaction with the ledger entry. A push that was refused is paid back."""
        if ending.state is TellState.NOT_TOLD and telling.cost:
            self._pay_back(connection, telling)
        self._finish(
            connection,
            telling,
            **_WIPED,
            state=ending.state.value,
            told_by=ending.told_by,
            reason=ending.reason,
            last_status=ending.status,
            wording_version=ending.wording_version,
            settled_at=self._clock.now(),
            cost=telling.cost if ending.state is TellState.TOLD else 0,
        )

    def _pay_back(self, connection: Connection, telling: Telling) -> None:
        connection.execute(
            update(push_budgets)
            .where(push_budgets.c.month == _month(self._clock.now()))
            .values(used=push_budgets.c.used - telling.cost)
        )

    def again(self, telling: Telling, after: timedelta, **values: object) -> None:
        with self._database.write() as connection:
            self._finish(
                connection,
                telling,
                state=TellState.WAITING.value,
                due_at=self._clock.now() + after,
                claim=None,
                lease_until=None,
                **values,
            )

    def _finish(self, connection: Connection, telling: Telling, **values: object) -> None:
        changed = connection.execute(
            update(outbox)
            .where(outbox.c.id == telling.message.id, outbox.c.claim == telling.claim)
            .values(values)
        )
        if changed.rowcount != 1:
            raise LeaseLostError

    def free_expired(self) -> int:
        """Tellings whose sender died come up again; an open reply stays 'unclear'."""
        now = self._clock.now()
        with self._database.write() as connection:
            return connection.execute(
                update(outbox)
                .where(outbox.c.state == TellState.TELLING.value, outbox.c.lease_until < now)
                .values(state=TellState.WAITING.value, claim=None, lease_until=None, due_at=now)
            ).rowcount

    def left_behind(self, limit: int, after: timedelta = timedelta(seconds=2)) -> list[UUID]:
        before = self._clock.now() - after
        with self._database.read() as connection:
            return list(
                connection.scalars(
                    select(outbox.c.id)
                    .where(
                        outbox.c.state == TellState.WAITING.value,
                        outbox.c.way != Way.RIDE.value,
                        outbox.c.due_at <= before,
                        outbox.c.settled_at.is_(None),
                    )
                    .order_by(outbox.c.due_at)
                    .limit(limit)
                )
            )

    def end_rides(self, *, by_push: bool) -> int:
        """A ride that nobody gave a token to: over, unless the hospital wants reminders pushed."""
        now = self._clock.now()
        with self._database.write() as connection:
            if by_push:
                connection.execute(
                    update(outbox)
                    .where(
                        *_waiting_rides(),
                        outbox.c.due_at <= now,
                        outbox.c.purpose == Purpose.REMINDER.value,
                    )
                    .values(way=Way.PUSH.value)
                )
            return connection.execute(
                update(outbox)
                .where(*_waiting_rides(), outbox.c.expires_at <= now)
                .values(
                    **_WIPED,
                    state=TellState.CANCELLED.value,
                    reason="no_free_reply",
                    settled_at=now,
                )
            ).rowcount

    def oldest_waiting_at(self) -> datetime | None:
        """Since when something could be told and is not; rides wait on purpose."""
        with self._database.read() as connection:
            oldest: datetime | None = connection.scalar(
                select(func.min(outbox.c.created_at)).where(
                    outbox.c.settled_at.is_(None), outbox.c.way != Way.RIDE.value
                )
            )
            return oldest

    def counts(self, since: datetime) -> dict[str, int]:
        """By state: what waits now, and what ended since then."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(outbox.c.state, func.count().label("number"))
                .where(
                    or_(outbox.c.settled_at.is_(None), outbox.c.settled_at >= since),
                    outbox.c.way != Way.RIDE.value,
                )
                .group_by(outbox.c.state)
            )
            return {row.state: row.number for row in rows}

    def not_told(self, since: datetime) -> list[AnyRow]:
        with self._database.read() as connection:
            return list(
                connection.execute(
                    select(
                        outbox.c.saying,
                        outbox.c.reason,
                        outbox.c.last_status,
                        func.count().label("number"),
                        func.max(outbox.c.settled_at).label("newest_at"),
                    )
                    .where(
                        outbox.c.state.in_(
                            (TellState.NOT_TOLD.value, TellState.PROBABLY_TOLD.value)
                        ),
                        outbox.c.settled_at >= since,
                    )
                    .group_by(outbox.c.saying, outbox.c.reason, outbox.c.last_status)
                ).all()
            )

    def budget_used(self) -> int:
        with self._database.read() as connection:
            return (
                connection.scalar(
                    select(push_budgets.c.used).where(
                        push_budgets.c.month == _month(self._clock.now())
                    )
                )
                or 0
            )


def _passed_by(waiting: Sequence[AnyRow]) -> list[UUID]:
    """Older reminders of the incident that goes first; thanks belong to no incident any more."""
    incident_id = waiting[0].incident_id
    return [row.id for row in waiting[1:] if incident_id and row.incident_id == incident_id]


def _waiting_rides() -> tuple[Any, ...]:
    return (
        outbox.c.way == Way.RIDE.value,
        outbox.c.state == TellState.WAITING.value,
        outbox.c.settled_at.is_(None),
    )


def _month(now: datetime) -> str:
    return now.astimezone(BANGKOK).strftime("%Y-%m")


def _bound_to(row_id: UUID) -> bytes:
    return b"outbox:" + row_id.bytes


def _token_bound_to(row_id: UUID) -> bytes:
    return b"outbox.token:" + row_id.bytes


def _packed(message: OutboxMessage) -> bytes:
    utterance = message.utterance
    return json.dumps(
        {
            "to": message.to,
            "parameters": dict(utterance.parameters),
            "mention": utterance.mention,
            "incident_token": utterance.incident_token,
            "offers_rewrite": utterance.offers_rewrite,
        }
    ).encode()


def _opened_body(connection: Connection, keys: KeyRing, row: AnyRow) -> dict[str, Any]:
    key = keys.by_id(connection, row.body_key_id)
    opened: dict[str, Any] = json.loads(unseal(key.value, row.body_sealed, _bound_to(row.id)))
    return opened


def _message(row: AnyRow, body: dict[str, Any]) -> OutboxMessage:
    return OutboxMessage(
        id=row.id,
        key=row.key,
        purpose=Purpose(row.purpose),
        way=Way(row.way),
        to=body["to"],
        utterance=Utterance(
            saying=Saying(row.saying),
            language=Language(row.language),
            parameters=body["parameters"],
            mention=body["mention"],
            incident_token=body["incident_token"],
            offers_rewrite=body["offers_rewrite"],
        ),
        created_at=row.created_at,
        due_at=row.due_at,
        expires_at=row.expires_at,
        incident_id=row.incident_id,
        group_id=row.group_id,
    )


def _progress(row: AnyRow) -> Progress:
    received = [at for at in (row.token_received_at, row.refreshed_at) if at is not None]
    return Progress(
        purpose=Purpose(row.purpose),
        way=Way(row.way),
        expires_at=row.expires_at,
        token_received_at=max(received) if row.token_sealed is not None else None,
        is_token_dead=row.is_token_dead,
        is_unclear=row.is_unclear,
        attempts=row.attempts,
    )
