"""The inbox as a queue: rows are handed to workers, and settled together with their effects.

waiting ──claim──▶ claimed ──settle──▶ settled (with exactly one outcome)
   ▲                  │ release (later), give back, lease expired
   └──────────────────┤
                      └──park──▶ parked (a poison row; kept seven days for a re-run)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import exists, func, select, update
from sqlalchemy.exc import IntegrityError

from bot.errors import SealBrokenError
from bot.storage.leased import LeasedRows
from bot.storage.tables import inbox

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from bot.domain.events import InboundEvent, Outcome
    from bot.ports import Clock
    from bot.storage.engine import Database
    from bot.storage.sealing import Sealer
    from bot.storage.types import AnyRow

# Judging takes milliseconds. When a worker dies, its rows come up again soon enough for the
# warning to go by the free reply token, which lives about a minute.
LEASE = timedelta(seconds=15)


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


class Queue(LeasedRows):
    """Hands rows to workers: one claim a lane, each with a lease."""

    def __init__(self, database: Database, sealer: Sealer, clock: Clock) -> None:
        super().__init__(database, inbox, clock)
        self._sealer = sealer

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

    def settle_quiet(self, ends: Mapping[UUID, tuple[Claimed, Outcome]]) -> int:
        with self._database.write() as connection:
            return self.settle_together(connection, ends)

    def settle_together(
        self, connection: Connection, ends: Mapping[UUID, tuple[Claimed, Outcome]]
    ) -> int:
        """Rows without effects. Whoever lost one in the meantime has nothing to undo.

        Locked in the order in which intake locks them, so that the two cannot wait for each other.
        """
        claims = {claimed.claim for claimed, _ in ends.values()}
        ours = connection.scalars(
            select(inbox.c.id)
            .where(inbox.c.id.in_(ends), inbox.c.claim.in_(claims))
            .order_by(inbox.c.event_id)
            .with_for_update()
        ).all()
        by_outcome: dict[Outcome, list[UUID]] = {}
        for row_id in ours:
            by_outcome.setdefault(ends[row_id][1], []).append(row_id)
        for outcome, ids in by_outcome.items():
            connection.execute(
                update(inbox)
                .where(inbox.c.id.in_(ids))
                .values(
                    state="settled",
                    outcome=outcome.value,
                    settled_at=self._clock.now(),
                    claim=None,
                    lease_until=None,
                )
            )
        return len(ours)

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

    def event_of(self, claimed: Claimed) -> InboundEvent | None:
        """None when an unsend was quicker: its contents are gone."""
        if claimed.is_unopenable:
            raise SealBrokenError("inbox")
        if claimed.raw is None:
            return None
        return self._sealer.read(claimed.raw, claimed.received_at)

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


def _by_age(row: AnyRow) -> tuple[datetime, UUID]:
    return row.received_at, row.id
