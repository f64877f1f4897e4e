"""The outbox as the sender sees it: claimed with the attempt written down before it is tried.

waiting ──claim──▶ telling ──▶ told | probably_told | not_told
   │                  │ again (later), lease expired
   │◀─────────────────┘
   └──▶ cancelled (the reason went away before it was said)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlalchemy import func, or_, select, update

from bot.domain.actions import OutboxMessage, Purpose, TellState, Way
from bot.domain.telling import Plan, Progress, Step
from bot.errors import LeaseLostError, SealBrokenError
from bot.storage import push_budget
from bot.storage.keyring import KeyKind, open_with_any
from bot.storage.outbox_rows import WIPED, message_of, opened_body, progress_of, token_bound_to
from bot.storage.tables import inbox, outbox

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from bot.ports import Clock
    from bot.storage.engine import Database
    from bot.storage.keyring import KeyRing
    from bot.storage.types import AnyRow

# Longer than a call to LINE may take. When a sender dies, the row comes up again while its reply
# token may still be alive: then the answer to the same token tells whether it had arrived.
LEASE_BEYOND_CALL = timedelta(seconds=8)


@dataclass(frozen=True, slots=True)
class Cost:
    """What is reserved for a push, and in which month's budget."""

    members: int = 0
    month: str | None = None


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
    cost: Cost
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
            push_budget.pay_back(connection, row.cost, row.cost_month)
            connection.execute(
                update(outbox)
                .where(outbox.c.id == row.id)
                .values(
                    **WIPED,
                    state=TellState.NOT_TOLD.value,
                    reason="seal_broken",
                    settled_at=now,
                    cost=0,
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
        # Opened first: for a row whose seal is broken nothing may be reserved.
        message, reply_token = self._message(connection, row), self._opened_token(row)
        planned, claim, cost = plan(progress_of(row), now), uuid4(), Cost(row.cost, row.cost_month)
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
                cost=cost.members,
                cost_month=cost.month,
            )
        )
        return Telling(
            message=message,
            claim=claim,
            plan=planned,
            retry_key=row.retry_key,
            attempts=row.attempts + 1,
            was_unclear=row.is_unclear,
            without_mention=row.without_mention,
            cost=cost,
            reply_token=reply_token,
        )

    def _message(self, connection: Connection, row: AnyRow) -> OutboxMessage:
        return message_of(row, opened_body(connection, self._keys, row))

    def _opened_token(self, row: AnyRow) -> str | None:
        if row.token_sealed is None:
            return None
        candidates = self._keys.all_of(KeyKind.REGISTRY)
        return open_with_any(candidates, row.token_sealed, token_bound_to(row.id)).decode()

    def _reserve(
        self, connection: Connection, row: AnyRow, planned: Plan, now: datetime
    ) -> tuple[Plan, Cost]:
        """What happens next, and what is reserved for it: an earlier try was paid for already.

        In another month the whole of it moves there: that is the month LINE bills now.
        """
        members, purpose = push_budget.cost_of(connection, row.group_id), Purpose(row.purpose)
        month = push_budget.month_of(now)
        moves = row.cost_month != month
        extra = members if moves else members - row.cost
        if not push_budget.reserve(
            connection, extra, purpose=purpose, budget=self._budget, month=month
        ):
            plan = Plan(Step.END, TellState.NOT_TOLD, "push_budget")
            return plan, Cost(row.cost, row.cost_month)
        if moves:
            push_budget.pay_back(connection, row.cost, row.cost_month)
        return planned, Cost(members, month)

    def settle(self, connection: Connection, telling: Telling, ending: Ending) -> None:
        """Part of a transaction with the ledger entry. A push that was refused is paid back."""
        if ending.state is TellState.NOT_TOLD:
            push_budget.pay_back(connection, telling.cost.members, telling.cost.month)
        self._finish(
            connection,
            telling,
            **WIPED,
            state=ending.state.value,
            told_by=ending.told_by,
            reason=ending.reason,
            last_status=ending.status,
            wording_version=ending.wording_version,
            settled_at=self._clock.now(),
            cost=telling.cost.members if ending.state is TellState.TOLD else 0,
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
                    **WIPED,
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
            return push_budget.used_in_month(connection, self._clock.now())


def _waiting_rides() -> tuple[Any, ...]:
    return (
        outbox.c.way == Way.RIDE.value,
        outbox.c.state == TellState.WAITING.value,
        outbox.c.settled_at.is_(None),
    )
