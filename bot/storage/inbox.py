"""The inbox: events are stored here before LINE is answered, and worked off from here.

waiting ──claim──▶ claimed ──settle──▶ settled (with exactly one outcome)
   ▲                  │ release (later), lease expired
   └──────────────────┤
                      └──park──▶ parked (a poison row; kept seven days for a re-run)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from threading import Lock
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.exc import IntegrityError

from bot.domain.events import ChatKind, EventKind, InboundEvent, Outcome
from bot.domain.ids import new_id
from bot.errors import LeaseLostError, SealBrokenError
from bot.ports import InboxRow
from bot.storage.keyring import keyed_hash, seal, unseal
from bot.storage.tables import inbox
from bot.storage.upsert import insert_into

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from bot.ports import Clock
    from bot.storage.engine import Database
    from bot.storage.keyring import KeyRing
    from bot.storage.types import AnyRow

    ReadEvent = Callable[[bytes, datetime], InboundEvent]

# Slack for late arrivals: until then a settled payload can still complete a split identity.
WIPE_AFTER = timedelta(minutes=3)
PARKED_KEPT = timedelta(days=7)
SETTLED_KEPT = timedelta(days=14)
# Judging takes milliseconds. When a worker dies, its rows come up again soon enough for the
# warning to go by the free reply token, which lives about a minute.
LEASE = timedelta(seconds=15)
# LINE gives a redelivered token another minute only while the event is this young.
TOKEN_REFRESH_LIMIT = timedelta(minutes=20)
# An id that LINE gave is handed out by the sweeper only after the ordinary way had its chance.
LEFT_BEHIND_AFTER = timedelta(seconds=2)
_STANDING_CONTENT = (EventKind.UNSEND.value,)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event of a webhook body: its own JSON, and what was read of it."""

    raw: bytes = field(repr=False)
    event: InboundEvent


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that this worker holds until its lease ends.

    `raw` is None once wiped; `is_unopenable` where its seal does not open any more, so that one
    broken row is parked instead of holding up all the others.
    """

    id: UUID
    claim: UUID
    lane: bytes | None
    raw: bytes | None = field(repr=False)
    received_at: datetime
    token_received_at: datetime
    attempts: int
    is_unopenable: bool = False


class Sealer:
    """Turns events into rows and back. The only place that knows how inbox contents are sealed."""

    def __init__(self, keys: KeyRing, read_event: ReadEvent) -> None:
        self._keys = keys
        self._read_event = read_event

    def lane(self, event: InboundEvent) -> bytes | None:
        if event.source.kind is ChatKind.NONE or event.source.chat_id is None:
            return None
        user_id = event.source.user_id or ""
        return keyed_hash(self._keys.lookup().value, "lane", event.source.chat_id, user_id)

    def message_key(self, message_id: str) -> bytes:
        return keyed_hash(self._keys.lookup().value, "message", message_id)

    def row(self, arrival: Arrival, received_at: datetime) -> dict[str, Any]:
        event, row_id, day = arrival.event, new_id(), self._keys.day()
        message_id = event.message_id
        return {
            "id": row_id,
            "event_id": event.event_id,
            "kind": event.kind.value,
            "is_redelivery": event.is_redelivery,
            "received_at": received_at,
            "token_received_at": received_at,
            "occurred_at": event.occurred_at,
            "lane": self.lane(event),
            "message_key": None if message_id is None else self.message_key(message_id),
            "payload_sealed": seal(day.value, arrival.raw, _bound_to(row_id)),
            "payload_key_id": day.id,
            "due_at": received_at,
        }

    def raw(self, connection: Connection, row: AnyRow) -> bytes | None:
        if row.payload_sealed is None:
            return None
        key = self._keys.by_id(connection, row.payload_key_id)
        return unseal(key.value, row.payload_sealed, _bound_to(row.id))

    def read(self, raw: bytes, received_at: datetime) -> InboundEvent:
        return self._read_event(raw, received_at)

    def opened(self, connection: Connection, row: AnyRow) -> InboxRow:
        raw = self.raw(connection, row)
        if raw is None:
            raise SealBrokenError("inbox")
        outcome = None if row.outcome is None else Outcome(row.outcome)
        event = self._read_event(raw, row.received_at)
        return InboxRow(row.id, event, row.received_at, row.token_received_at, outcome)


def _bound_to(row_id: UUID) -> bytes:
    return b"inbox:" + row_id.bytes


@dataclass(slots=True)
class _Ticket:
    rows: list[dict[str, Any]]
    is_done: bool = False
    error: Exception | None = None


class Intake:
    """Stores arrivals durably. Requests that come together share one commit."""

    def __init__(self, database: Database, sealer: Sealer, clock: Clock) -> None:
        self._database = database
        self._sealer = sealer
        self._clock = clock
        self._queued: list[_Ticket] = []
        self._queue_lock = Lock()
        self._turn = Lock()

    def store(self, arrivals: Sequence[Arrival]) -> list[UUID]:
        """Returns once all are committed. The ids are hints; a duplicate's id finds nothing."""
        now = self._clock.now()
        ticket = _Ticket([self._sealer.row(arrival, now) for arrival in arrivals])
        with self._queue_lock:
            self._queued.append(ticket)
        # While one request commits, the others line up here; the next one through commits
        # for all of them.
        with self._turn:
            if not ticket.is_done:
                self._commit_queued()
        if ticket.error is not None:
            raise ticket.error
        return [row["id"] for row in ticket.rows]

    def _commit_queued(self) -> None:
        with self._queue_lock:
            tickets, self._queued = self._queued, []
        rows = [row for ticket in tickets for row in ticket.rows]
        try:
            # In one order everywhere: two processes that store the same events crosswise would
            # otherwise wait for each other.
            self._insert(sorted(rows, key=itemgetter("event_id")))
        except Exception as error:  # noqa: BLE001 - handed to every request that took part
            for ticket in tickets:
                ticket.error = error
        for ticket in tickets:
            ticket.is_done = True

    def _insert(self, rows: list[dict[str, Any]]) -> None:
        with self._database.write() as connection:
            statement = insert_into(connection, inbox)
            new = statement.excluded
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=[inbox.c.event_id],
                    set_={"token_received_at": new.token_received_at},
                    where=and_(
                        new.is_redelivery,
                        new.token_received_at > inbox.c.token_received_at,
                        type_coerce(new.token_received_at, BigInteger)
                        - type_coerce(inbox.c.occurred_at, BigInteger)
                        < _milliseconds(TOKEN_REFRESH_LIMIT),
                    ),
                ),
                rows,
            )


def _milliseconds(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)


class Queue:
    """Hands rows to workers: one claim a lane, each with a lease."""

    def __init__(self, database: Database, sealer: Sealer, clock: Clock) -> None:
        self._database = database
        self._sealer = sealer
        self._clock = clock

    def claim(
        self, limit: int, ids: Sequence[UUID] = (), lanes: Sequence[bytes] = ()
    ) -> list[Claimed]:
        """The oldest waiting rows, at most one a lane; among `ids` or `lanes` where given."""
        try:
            return self._claim(limit, ids, lanes)
        except IntegrityError:
            # Another worker took one of these lanes between our look and our claim. It will
            # go on with that lane itself; the others of this batch come up again by and by.
            return self._claim_singly(limit, ids, lanes)

    def _claim_singly(
        self, limit: int, ids: Sequence[UUID], lanes: Sequence[bytes]
    ) -> list[Claimed]:
        claimed: list[Claimed] = []
        for _ in range(limit):
            try:
                one = self._claim(1, ids, lanes)
            except IntegrityError:
                break
            if not one:
                break
            claimed += one
        return claimed

    def _claim(self, limit: int, ids: Sequence[UUID], lanes: Sequence[bytes]) -> list[Claimed]:
        now, claim = self._clock.now(), uuid4()
        with self._database.write() as connection:
            chosen = self._choose(connection, limit, ids, lanes, now)
            if not chosen:
                return []
            rows = connection.execute(
                update(inbox)
                .where(inbox.c.id.in_(chosen), inbox.c.state == "waiting")
                .values(
                    state="claimed",
                    claim=claim,
                    lease_until=now + LEASE,
                    attempts=inbox.c.attempts + 1,
                )
                .returning(*_CLAIMED_COLUMNS)
            ).all()
            return [self._claimed(connection, row, claim) for row in sorted(rows, key=_by_age)]

    def _choose(
        self,
        connection: Connection,
        limit: int,
        ids: Sequence[UUID],
        lanes: Sequence[bytes],
        now: datetime,
    ) -> list[UUID]:
        other = inbox.alias()
        lane_is_taken = exists().where(other.c.lane == inbox.c.lane, other.c.state == "claimed")
        query = (
            select(inbox.c.id, inbox.c.lane)
            .where(inbox.c.state == "waiting", inbox.c.due_at <= now, ~lane_is_taken)
            .order_by(inbox.c.due_at, inbox.c.id)
            .limit(limit * 4)
        )
        if ids:
            query = query.where(inbox.c.id.in_(ids))
        if lanes:
            query = query.where(inbox.c.lane.in_(lanes))
        rows = connection.execute(query.with_for_update(skip_locked=True, of=inbox)).all()
        first_of_lane = {row.lane or row.id.bytes: row.id for row in reversed(rows)}
        return [row.id for row in rows if row.id in set(first_of_lane.values())][:limit]

    def _claimed(self, connection: Connection, row: AnyRow, claim: UUID) -> Claimed:
        raw, is_unopenable = None, False
        try:
            raw = self._sealer.raw(connection, row)
        except SealBrokenError:
            is_unopenable = True
        return Claimed(
            row.id,
            claim,
            row.lane,
            raw,
            row.received_at,
            row.token_received_at,
            row.attempts,
            is_unopenable,
        )

    def settle(self, connection: Connection, claimed: Claimed, outcome: Outcome) -> None:
        """Part of the unit of work: without this row still being ours, nothing is committed."""
        self._finish(
            connection,
            claimed,
            state="settled",
            outcome=outcome.value,
            settled_at=self._clock.now(),
        )

    def release(self, claimed: Claimed, after: timedelta) -> None:
        with self._database.write() as connection:
            self._finish(connection, claimed, state="waiting", due_at=self._clock.now() + after)

    def give_back(self, claimed: Claimed, after: timedelta) -> None:
        """Not the row's fault: this try does not count against it."""
        with self._database.write() as connection:
            self._finish(
                connection,
                claimed,
                state="waiting",
                due_at=self._clock.now() + after,
                attempts=claimed.attempts - 1,
            )

    def park(self, claimed: Claimed, reason: str) -> None:
        """`reason` is an error's class and place, never its text, which might hold a message."""
        with self._database.write() as connection:
            self._finish(connection, claimed, state="parked", park_reason=reason[:200])

    def _finish(self, connection: Connection, claimed: Claimed, **values: object) -> None:
        changed = connection.execute(
            update(inbox)
            .where(inbox.c.id == claimed.id, inbox.c.claim == claimed.claim)
            .values(claim=None, lease_until=None, **values)
        )
        if changed.rowcount != 1:
            raise LeaseLostError

    def free_expired(self) -> int:
        """Rows whose worker died go back to waiting."""
        now = self._clock.now()
        with self._database.write() as connection:
            return connection.execute(
                update(inbox)
                .where(inbox.c.state == "claimed", inbox.c.lease_until < now)
                .values(state="waiting", claim=None, lease_until=None, due_at=now)
            ).rowcount

    def left_behind(self, limit: int) -> list[UUID]:
        """Waiting rows that no hint brought to a worker."""
        before = self._clock.now() - LEFT_BEHIND_AFTER
        with self._database.read() as connection:
            return list(
                connection.scalars(
                    select(inbox.c.id)
                    .where(inbox.c.state == "waiting", inbox.c.due_at <= before)
                    .order_by(inbox.c.due_at)
                    .limit(limit)
                )
            )

    def event_of(self, claimed: Claimed) -> InboundEvent | None:
        """None when an unsend was quicker: its contents are gone."""
        if claimed.is_unopenable:
            raise SealBrokenError("inbox")
        if claimed.raw is None:
            return None
        return self._sealer.read(claimed.raw, claimed.received_at)

    def parked(self) -> list[AnyRow]:
        with self._database.read() as connection:
            return list(
                connection.execute(
                    select(
                        inbox.c.id,
                        inbox.c.kind,
                        inbox.c.received_at,
                        inbox.c.attempts,
                        inbox.c.park_reason,
                    )
                    .where(inbox.c.state == "parked")
                    .order_by(inbox.c.received_at)
                ).all()
            )

    def rerun(self, ids: Sequence[UUID]) -> int:
        """Parked rows back to waiting; all of them when none is named."""
        with self._database.write() as connection:
            which = inbox.c.id.in_(ids) if ids else inbox.c.id.is_not(None)
            return connection.execute(
                update(inbox)
                .where(inbox.c.state == "parked", which)
                .values(state="waiting", attempts=0, park_reason=None, due_at=self._clock.now())
            ).rowcount

    def counts(self) -> dict[str, int]:
        """Unsettled rows by state: how full the inbox is."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(inbox.c.state, func.count().label("number"))
                .where(inbox.c.state != "settled")
                .group_by(inbox.c.state)
            )
            return {row.state: row.number for row in rows}

    def oldest_waiting_at(self) -> datetime | None:
        with self._database.read() as connection:
            oldest: datetime | None = connection.scalar(
                select(func.min(inbox.c.received_at)).where(
                    inbox.c.state.in_(("waiting", "claimed"))
                )
            )
            return oldest


_CLAIMED_COLUMNS = (
    inbox.c.id,
    inbox.c.lane,
    inbox.c.payload_sealed,
    inbox.c.payload_key_id,
    inbox.c.received_at,
    inbox.c.token_received_at,
    inbox.c.attempts,
)
_WIPED = {
    "payload_sealed": None,
    "payload_key_id": None,
    "lane": None,
    "message_key": None,
    "occurred_at": None,
}


def _by_age(row: AnyRow) -> tuple[datetime, UUID]:
    return row.received_at, row.id


class SqlInboxWindow:
    """What handlers see of the inbox, inside their unit of work."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def of_sender(self, event: InboundEvent, since: datetime, until: datetime) -> list[InboxRow]:
        return self._opened(
            inbox.c.lane == self._sealer.lane(event), inbox.c.occurred_at.between(since, until)
        )

    def of_message(self, message_id: str) -> list[InboxRow]:
        return self._opened(inbox.c.message_key == self._sealer.message_key(message_id))

    def _opened(self, *conditions: Any) -> list[InboxRow]:  # noqa: ANN401 - SQL expressions
        rows = self._connection.execute(
            select(inbox)
            .where(*conditions, inbox.c.payload_sealed.is_not(None))
            .order_by(inbox.c.occurred_at, inbox.c.id)
        ).all()
        return [self._sealer.opened(self._connection, row) for row in rows]

    def change_outcome(self, row_id: UUID, outcome: Outcome) -> None:
        self._connection.execute(
            update(inbox).where(inbox.c.id == row_id).values(outcome=outcome.value)
        )

    def wipe_message(self, message_id: str) -> None:
        """The row keeps its lane and key until it is settled, so that the unsend is still seen."""
        self._connection.execute(
            update(inbox)
            .where(
                inbox.c.message_key == self._sealer.message_key(message_id),
                inbox.c.kind.not_in(_STANDING_CONTENT),
            )
            .values(payload_sealed=None, payload_key_id=None)
        )


class InboxUpkeep:
    """Forgets what need not be kept."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def wipe(self) -> int:
        """Contents, lane and message key of settled rows whose three minutes are over."""
        before = self._clock.now() - WIPE_AFTER
        # An unsend takes the payload first; what happened in no chat has no lane.
        has_contents = or_(
            *(inbox.c[name].is_not(None) for name in ("payload_sealed", "lane", "message_key"))
        )
        with self._database.write() as connection:
            return connection.execute(
                update(inbox)
                .where(inbox.c.state == "settled", inbox.c.received_at < before, has_contents)
                .values(_WIPED)
            ).rowcount

    def give_up_parked(self) -> int:
        """A parked row ends as 'not inspected' after seven days: counted, never called clean."""
        now = self._clock.now()
        with self._database.write() as connection:
            return connection.execute(
                update(inbox)
                .where(inbox.c.state == "parked", inbox.c.received_at < now - PARKED_KEPT)
                .values(
                    _WIPED
                    | {
                        "state": "settled",
                        "outcome": Outcome.NOT_INSPECTED.value,
                        "settled_at": now,
                    }
                )
            ).rowcount

    def purge(self) -> int:
        """What deduplication needs is kept for 14 days."""
        before = self._clock.now() - SETTLED_KEPT
        with self._database.write() as connection:
            return connection.execute(
                delete(inbox).where(inbox.c.state == "settled", inbox.c.received_at < before)
            ).rowcount
