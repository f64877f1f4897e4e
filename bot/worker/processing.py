"""Judges events: claims a row, opens it, and settles it in one unit of work with its effects."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING

from bot import log
from bot.domain.events import Outcome
from bot.errors import LeaseLostError, SealBrokenError, StoreUnavailableError
from bot.worker.remembering import RememberingReader
from handlers.judging import WINDOW
from handlers.registry import HANDLERS
from handlers.work import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from uuid import UUID

    from bot.domain.events import InboundEvent
    from bot.ports import Clock, UnitOfWork
    from bot.storage.queue import Claimed
    from bot.storage.unit_of_work import SqlStore, SqlUnitOfWork
    from bot.worker.policy import PolicyOfTheDay
    from handlers.work import Means
    from policies.rules import DecisionTable

logger = logging.getLogger("wongraksa.worker")

# Rows claimed at once; those that turn out to take long are given back before their leases end.
BATCH = 32
# Looking together costs about as much as working off two rows singly. On SQLite it pays for one
# row, too: what is judged while only looking keeps nobody from writing.
_WORTH_LOOKING_TOGETHER = 3
_WELL_WITHIN_LEASE_SECONDS = 5.0
# A row that failed this often is poison: it is parked, and others go on.
MOST_ATTEMPTS = 5
# Tried this often without an end of any kind: it takes its worker down each time.
MOST_CLAIMS = 12


class Processor:
    """Takes rows from the inbox to their outcome."""

    def __init__(
        self,
        *,
        store: SqlStore,
        policy: PolicyOfTheDay,
        means: Means,
        clock: Clock,
        hand_on: Callable[[Sequence[UUID]], None],
        hand_to_look: Callable[[Sequence[UUID]], None],
    ) -> None:
        self._store = store
        self._queue = store.queue
        self._means = replace(means, reader=RememberingReader(means.reader))
        self._policy = policy
        self._clock = clock
        self._hand_on = hand_on
        self._hand_to_look = hand_to_look

    def work(self, ids: Sequence[UUID] = ()) -> int:
        """These rows, or any that wait, and with them whatever else waits in their lanes."""
        done, claimed = 0, self._queue.claim(BATCH, ids=ids)
        while claimed:
            self._work_singly(self._not_quiet(claimed))
            done += len(claimed)
            lanes = [one.lane for one in claimed if one.lane is not None]
            # Whoever looks for anything comes again anyway.
            claimed = self._queue.claim(BATCH, lanes=lanes) if ids and lanes else []
        return done

    def _work_singly(self, claimed: Sequence[Claimed]) -> None:
        """What cannot be reached well within its lease goes back, for whoever is free."""
        until = monotonic() + _WELL_WITHIN_LEASE_SECONDS
        for one in claimed:
            if monotonic() < until:
                self._work_one(one)
            else:
                self._give_back(one)

    def _give_back(self, claimed: Claimed) -> None:
        self._put_back(lambda: self._queue.give_back(claimed, timedelta()))

    def _not_quiet(self, claimed: Sequence[Claimed]) -> Sequence[Claimed]:
        """Settles together what changes nothing; returns the rows that need more than that."""
        if len(claimed) < _WORTH_LOOKING_TOGETHER and not self._store.database.is_sqlite:
            return claimed
        try:
            quiet = self._settle_quiet(claimed)
        except Exception as error:  # noqa: BLE001 - whatever it is, each row is tried by itself
            logger.warning(log.line("events.not_together", error=log.place_of(error)))
            return claimed
        return [one for one in claimed if one.id not in quiet]

    def _settle_quiet(self, claimed: Sequence[Claimed]) -> set[UUID]:
        table = self._policy.table()
        events = {one.id: event for one in claimed if (event := self._opened(one)) is not None}
        with self._store.quiet_work(list(events.values()), WINDOW) as uow:
            ends = self._quiet_ends(claimed, events, uow, table)
        if ends:
            self._queue.settle_quiet(ends)
        logger.debug(log.line("events.settled_quietly", rows=len(ends)))
        return set(ends)

    def _quiet_ends(
        self,
        claimed: Sequence[Claimed],
        events: Mapping[UUID, InboundEvent],
        uow: UnitOfWork,
        table: DecisionTable,
    ) -> dict[UUID, tuple[Claimed, Outcome]]:
        ends = {}
        for one in claimed:
            outcome = self._quiet_end(one, events[one.id], uow, table) if one.id in events else None
            if outcome is not None:
                ends[one.id] = (one, outcome)
        return ends

    def _opened(self, claimed: Claimed) -> InboundEvent | None:
        if claimed.attempts > 1:  # Something went wrong with it before: alone, and with care.
            return None
        try:
            return self._queue.event_of(claimed)
        except SealBrokenError:
            return None

    def _quiet_end(
        self, claimed: Claimed, event: InboundEvent, uow: UnitOfWork, table: DecisionTable
    ) -> Outcome | None:
        """None: it changes something, or it fails and has to fail alone."""
        try:
            return HANDLERS[event.kind](event, self._work(claimed, uow, table))
        except Exception:  # noqa: BLE001 - tried again by itself, where errors are dealt with
            return None

    def _work_one(self, claimed: Claimed) -> None:
        try:
            if claimed.attempts > MOST_CLAIMS:
                self._queue.park(claimed, f"no end after {claimed.attempts - 1} tries")
                return
            to_tell, to_look = self._settle(claimed)
            self._hand_on(to_tell)
            self._hand_to_look(to_look)
        except LeaseLostError:
            logger.warning(log.line("event.lease_lost", row=claimed.id))
        except StoreUnavailableError:
            # The database went away: if it is back already the row is free at once, else its
            # lease will end.
            logger.warning(log.line("event.store_unavailable", row=claimed.id))
            self._put_back(lambda: self._queue.give_back(claimed, timedelta(seconds=1)))
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not stop the others
            self._retreat(claimed, error)

    def _settle(self, claimed: Claimed) -> tuple[list[UUID], list[UUID]]:
        table = self._policy.table()  # before, not inside: it may have to look it up
        with self._store.unit_of_work() as uow:
            outcome = self._handle(claimed, uow, table)
            uow.settle(claimed, outcome)
        logger.debug(log.line("event.settled", row=claimed.id, outcome=outcome.value))
        return uow.to_tell, uow.to_look

    def _handle(self, claimed: Claimed, uow: SqlUnitOfWork, table: DecisionTable) -> Outcome:
        event = self._queue.event_of(claimed)
        if event is None:
            return Outcome.TAKEN_BACK_UNREAD
        return HANDLERS[event.kind](event, self._work(claimed, uow, table))

    def _work(self, claimed: Claimed, uow: UnitOfWork, table: DecisionTable) -> Work:
        return Work(
            uow=uow,
            now=self._clock.now(),
            row_id=claimed.id,
            token_received_at=claimed.token_received_at,
            table=table,
            reader=self._means.reader,
            contact=self._means.contact,
            makes_copies=self._means.makes_copies,
        )

    def _retreat(self, claimed: Claimed, error: Exception) -> None:
        place = log.place_of(error)
        logger.error(log.line("event.failed", row=claimed.id, error=place, at=log.trace_of(error)))
        if claimed.attempts >= MOST_ATTEMPTS:
            self._put_back(lambda: self._queue.park(claimed, place))
        else:
            self._release(claimed, timedelta(seconds=2**claimed.attempts))

    def _release(self, claimed: Claimed, after: timedelta) -> None:
        self._put_back(lambda: self._queue.release(claimed, after))

    def _put_back(self, how: Callable[[], None]) -> None:
        try:
            how()
        except (LeaseLostError, StoreUnavailableError):
            logger.warning(log.line("event.left_to_its_lease"))
