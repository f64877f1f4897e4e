"""Looks as a queue: handed to whoever has a looker, and settled together with what follows.

waiting ──claim──▶ claimed ──settle──▶ settled (with exactly one outcome)
   ▲                  │ again (later), lease expired          ▲
   ├──────────────────┤                                       │ LINE's hour is over, an unsend
   └───────────────────────────────────────────────────────────┤
                      └──park──▶ parked (seven days) ──────────┘
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update

from bot.domain.looks import LOOK_WITHIN, LookEnd, LookTask
from bot.domain.sights import Unseen
from bot.errors import SealBrokenError
from bot.storage.batches import in_batches
from bot.storage.inbox import PARKED_KEPT, SETTLED_KEPT
from bot.storage.leased import LeasedRows
from bot.storage.looks import ENDED, WIPED, opened_payload
from bot.storage.tables import inbox, looks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from bot.domain.events import InboundEvent
    from bot.domain.looks import LookEnding
    from bot.ports import Clock
    from bot.storage.engine import Database
    from bot.storage.keyring import KeyRing
    from bot.storage.sealing import Sealer
    from bot.storage.types import AnyRow

# Beside looking itself: the time in which a large content may come, and some to settle. When a
# worker dies, the next one still comes well within LINE's hour.
LEASE_BEYOND_LOOK = timedelta(seconds=120)
_JUST_DUE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class ClaimedLook:
    """A look that this worker holds until its lease ends. `raw` is None once taken back."""

    id: UUID
    claim: UUID
    task: LookTask
    event_row_id: UUID
    person_id: UUID | None
    incident_id: UUID | None
    raw: bytes | None = field(repr=False)
    received_at: datetime
    token_received_at: datetime
    attempts: int
    fetches: int
    is_unopenable: bool = False


class LookQueue(LeasedRows):
    def __init__(
        self,
        database: Database,
        keys: KeyRing,
        sealer: Sealer,
        clock: Clock,
        *,
        longest_look: timedelta,
    ) -> None:
        super().__init__(database, looks, clock)
        self._keys = keys
        self._sealer = sealer
        # Several copies are begun within the time of one look, and the last may take as long again.
        self._lease = 2 * longest_look + LEASE_BEYOND_LOOK

    def claim(self, ids: Sequence[UUID] = ()) -> ClaimedLook | None:
        """The oldest that is due: one, since each takes seconds."""
        now, claim = self._clock.now(), uuid4()
        with self._database.write() as connection:
            due = (
                select(looks.c.id)
                .where(looks.c.state == "waiting", looks.c.due_at <= now)
                .order_by(looks.c.due_at, looks.c.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            chosen = connection.scalar(due.where(looks.c.id.in_(ids)) if ids else due)
            if chosen is None:
                return None
            row = connection.execute(
                update(looks)
                .where(looks.c.id == chosen, looks.c.state == "waiting")
                .values(
                    state="claimed",
                    claim=claim,
                    lease_until=now + self._lease,
                    attempts=looks.c.attempts + 1,
                )
                .returning(looks)
            ).one()
            return self._claimed(connection, row, claim)

    def _claimed(self, connection: Connection, row: AnyRow, claim: UUID) -> ClaimedLook:
        raw, is_unopenable = None, False
        try:
            if row.payload_sealed is not None:
                raw = opened_payload(connection, self._keys, row)
        except SealBrokenError:
            is_unopenable = True
        # A redelivery of the event refreshes the minute of its reply token there.
        refreshed = connection.scalar(
            select(inbox.c.token_received_at).where(inbox.c.id == row.event_row_id)
        )
        return ClaimedLook(
            id=row.id,
            claim=claim,
            task=LookTask(row.task),
            event_row_id=row.event_row_id,
            person_id=row.person_id,
            incident_id=row.incident_id,
            raw=raw,
            received_at=row.received_at,
            token_received_at=refreshed or row.received_at,
            attempts=row.attempts,
            fetches=row.fetches,
            is_unopenable=is_unopenable,
        )

    def event_of(self, claimed: ClaimedLook) -> InboundEvent | None:
        """None when an unsend was quicker: its contents are gone."""
        if claimed.is_unopenable:
            raise SealBrokenError("looks")
        if claimed.raw is None:
            return None
        return self._sealer.read(claimed.raw, claimed.received_at)

    def settle(
        self, connection: Connection, claimed: ClaimedLook, ending: LookEnding, milliseconds: int
    ) -> None:
        """Part of the unit of work: without this row still being ours, nothing is committed."""
        kept = {"payload_until": ending.keeps_until} if ending.keeps_until else WIPED
        self._finish(
            connection,
            claimed,
            **kept,
            state="settled",
            outcome=ending.outcome.value,
            reason=ending.reason or None,
            led_to=None if ending.led_to is None else ending.led_to.value,
            incident_id=ending.incident_id or claimed.incident_id,
            question_id=ending.question_id,
            milliseconds=milliseconds,
            settled_at=self._clock.now(),
        )

    def again(self, claimed: ClaimedLook, after: timedelta) -> None:
        """LINE has it not ready, or did not answer: no failure of this row."""
        with self._database.write() as connection:
            self._finish(
                connection,
                claimed,
                state="waiting",
                due_at=self._clock.now() + after,
                attempts=claimed.attempts - 1,
                fetches=claimed.fetches + 1,
            )

    # Upkeep

    def end_overdue(self) -> int:
        """Nobody came within LINE's hour: not inspected, and shown as such."""
        now = self._clock.now()
        ended = self._ended(LookEnd.NOT_INSPECTED, Unseen.NOT_FETCHED, now)
        return in_batches(
            self._database,
            looks,
            ended,
            looks.c.state == "waiting",
            looks.c.received_at < now - LOOK_WITHIN,
            # One that was parked and has just been put back is given the time to be looked at.
            looks.c.due_at < now - _JUST_DUE,
        )

    def give_up_parked(self) -> int:
        now = self._clock.now()
        ended = self._ended(LookEnd.NOT_INSPECTED, Unseen.LOOKER_DIED, now)
        return in_batches(
            self._database,
            looks,
            ended,
            looks.c.state == "parked",
            looks.c.received_at < now - PARKED_KEPT,
        )

    def _ended(self, outcome: LookEnd, why: Unseen, now: datetime):  # type: ignore[no-untyped-def]  # noqa: ANN202 - SQL
        return update(looks).values(
            WIPED | ENDED | {"outcome": outcome.value, "reason": why.value, "settled_at": now}
        )

    def wipe(self) -> int:
        """What was kept for a safe copy or an answer goes with LINE's hour."""
        return in_batches(
            self._database,
            looks,
            update(looks).values(WIPED),
            looks.c.payload_until <= self._clock.now(),
        )

    def purge(self) -> int:
        return in_batches(
            self._database,
            looks,
            delete(looks),
            looks.c.state == "settled",
            looks.c.settled_at < self._clock.now() - SETTLED_KEPT,
        )

    # Looking

    def oldest_waiting_at(self) -> datetime | None:
        """Since when a look is due that nobody has come for."""
        with self._database.read() as connection:
            oldest: datetime | None = connection.scalar(
                select(func.min(looks.c.due_at)).where(looks.c.state == "waiting")
            )
            return oldest

    def ends(self, since: datetime) -> list[AnyRow]:
        """What looks came to: outcome, reason and how many, the copies left out."""
        with self._database.read() as connection:
            return list(
                connection.execute(
                    select(looks.c.outcome, looks.c.reason, func.count().label("number"))
                    .where(looks.c.task == LookTask.LOOK.value, looks.c.settled_at >= since)
                    .group_by(looks.c.outcome, looks.c.reason)
                    .order_by(looks.c.outcome, looks.c.reason)
                ).all()
            )
