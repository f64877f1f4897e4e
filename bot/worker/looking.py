"""Looks into pictures and files: fetched from LINE at once, seen apart, judged in one unit of work.

A queue of its own, so that no text waits behind a picture: one look takes seconds.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING

from bot import log
from bot.domain.events import EventKind
from bot.domain.fingerprints import of_content
from bot.domain.looks import LOOK_WITHIN, MOST_COPIES, LookEnd, LookEnding, LookTask
from bot.domain.sights import Unseen
from bot.errors import (
    LeaseLostError,
    LookerNotStartedError,
    SealBrokenError,
    StoreUnavailableError,
)
from bot.ports import FetchState
from handlers import copying, seen
from handlers.seen import Seen
from handlers.work import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from uuid import UUID

    from bot.domain.events import InboundEvent
    from bot.ports import Contents, Fetched, Looker, UnitOfWork
    from bot.storage.look_queue import ClaimedLook, LookQueue
    from bot.storage.unit_of_work import SqlStore
    from bot.worker.policy import PolicyOfTheDay
    from handlers.work import Means
    from policies.rules import DecisionTable

logger = logging.getLogger("wongraksa.looking")

# A look that failed this often is parked. One that took its worker down counts as failed, too.
MOST_ATTEMPTS = 5
# LINE is asked again after 2, 4, 8 … seconds, at most each minute, until its hour is nearly over.
_FIRST_PAUSE_SECONDS = 2
_LONGEST_PAUSE_SECONDS = 60
_ASK_WITHIN = LOOK_WITHIN - timedelta(minutes=2)
# A copy is waited for: what LINE does not answer within this long cannot be had now.
_COPY_WITHIN = timedelta(minutes=3)
_WHY_NOT_FETCHED = {
    FetchState.GONE: Unseen.GONE,
    FetchState.TOO_LARGE: Unseen.TOO_LARGE,
    FetchState.FAILED: Unseen.NOT_FETCHED,
    FetchState.PREPARING: Unseen.STILL_PREPARING,
    FetchState.UNCLEAR: Unseen.NOT_FETCHED,
}


@dataclass(frozen=True, slots=True)
class Eyes:
    """What a look needs of the outside. `copies_at` is the address of safe copies, if there is
    one; `copy_seconds` is how long the making of several may go on."""

    contents: Contents
    looker: Looker
    copies_at: str = ""
    copy_seconds: float = 60.0


class _AgainError(Exception):
    """LINE has it not ready or did not answer: to be tried again."""


class _DiedError(Exception):
    """The looker died over it, for the first time."""


class Looking:
    """Takes rows from the queue of looks to their outcome."""

    def __init__(
        self,
        *,
        store: SqlStore,
        queue: LookQueue,
        policy: PolicyOfTheDay,
        means: Means,
        eyes: Eyes,
        hand_on: Callable[[Sequence[UUID]], None],
    ) -> None:
        self._store = store
        self._queue = queue
        self._policy = policy
        self._means = means
        self._eyes = eyes
        self._clock = store.clock
        self._hand_on = hand_on
        self._tasks = {
            LookTask.LOOK: self._look,
            LookTask.COPY: self._copy,
            LookTask.COPY_OF_SENT: self._copy_of_sent,
        }

    def look(self, ids: Sequence[UUID] = ()) -> int:
        """These, or whatever waits: one at a time, since each lease covers one."""
        done = 0
        while claimed := self._queue.claim(ids):
            if not self._look_at(claimed):
                return 0
            done += 1
        return done

    def _look_at(self, claimed: ClaimedLook) -> bool:
        """False where nothing can be looked at now, this or another."""
        try:
            self._try(claimed)
        except LookerNotStartedError as error:
            self._wait_for_looker(claimed, error)
            return False
        except _AgainError:
            self._put_back(lambda: self._queue.again(claimed, pause(claimed.fetches)))
        except _DiedError:
            after = timedelta(seconds=_FIRST_PAUSE_SECONDS)
            self._put_back(lambda: self._queue.release(claimed, after))
        except LeaseLostError:
            logger.warning(log.line("look.lease_lost", row=claimed.id))
        except StoreUnavailableError:
            logger.warning(log.line("look.store_unavailable", row=claimed.id))
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not stop the others
            self._retreat(claimed, error)
        return True

    def _try(self, claimed: ClaimedLook) -> None:
        if claimed.attempts > MOST_ATTEMPTS:
            self._queue.park(claimed, f"no end after {claimed.attempts - 1} tries")
            return
        started = monotonic()
        event = self._queue.event_of(claimed)
        if event is None:
            self._settle(claimed, lambda _work: LookEnding(LookEnd.TAKEN_BACK_UNREAD), started)
            return
        conclude = self._tasks[claimed.task](claimed, event)
        self._settle(claimed, conclude, started)

    def _settle(
        self, claimed: ClaimedLook, conclude: Callable[[Work], LookEnding], started: float
    ) -> None:
        table = self._policy.table()  # before, not inside: it may have to look it up
        milliseconds = int((monotonic() - started) * 1000)
        with self._store.unit_of_work() as uow:
            ending = conclude(self._work(claimed, uow, table))
            self._queue.settle(uow.connection, claimed, ending, milliseconds)
        logger.info(
            log.line(
                "look.settled",
                row=claimed.id,
                outcome=ending.outcome.value,
                reason=ending.reason,
                ms=milliseconds,
            )
        )
        self._hand_on(uow.to_tell)

    def _work(self, claimed: ClaimedLook, uow: UnitOfWork, table: DecisionTable) -> Work:
        return Work(
            uow=uow,
            now=self._clock.now(),
            row_id=claimed.event_row_id,
            token_received_at=claimed.token_received_at,
            table=table,
            reader=self._means.reader,
            contact=self._means.contact,
            makes_copies=self._means.makes_copies,
        )

    # Looking

    def _look(self, claimed: ClaimedLook, event: InboundEvent) -> Callable[[Work], LookEnding]:
        why = _unfetched(event)
        if why is not None:
            return lambda work: seen.not_inspected(event, why, work)
        self._eyes.looker.make_ready()
        fetched = self._fetch(event, asked_at=claimed.received_at, within=_ASK_WITHIN)
        if fetched.state is not FetchState.HERE:
            not_fetched = _WHY_NOT_FETCHED[fetched.state]
            return lambda work: seen.not_inspected(event, not_fetched, work)
        look = self._eyes.looker.look(fetched.data, event.content.file_name)
        if look.unseen is Unseen.LOOKER_DIED and not look.sights and claimed.attempts == 1:
            # Once more: it may have been the machine that was short of memory, not the picture.
            raise _DiedError
        looked_at = Seen(event, claimed.id, look, of_content(fetched.data))
        return lambda work: seen.conclude(looked_at, work)

    def _fetch(self, event: InboundEvent, *, asked_at: datetime, within: timedelta) -> Fetched:
        """At once, since LINE deletes contents without notice; again where it was not clear."""
        fetched = self._eyes.contents.fetch(event.message_id or "")
        is_open = fetched.state in (FetchState.PREPARING, FetchState.UNCLEAR)
        if is_open and self._clock.now() < asked_at + within:
            raise _AgainError
        return fetched

    # Copies

    def _copy(self, claimed: ClaimedLook, event: InboundEvent) -> Callable[[Work], LookEnding]:
        """All pictures of the incident that LINE still has, as far as one push carries them."""
        with self._store.unit_of_work() as uow:
            incident_id = claimed.incident_id
            sent = uow.looks.of_incident(incident_id) if incident_id else []
        pictures = [one.event for one in sent if one.event.kind is EventKind.IMAGE]
        return self._give(claimed, event, pictures)

    def _copy_of_sent(
        self, claimed: ClaimedLook, event: InboundEvent
    ) -> Callable[[Work], LookEnding]:
        return self._give(claimed, event, [event])

    def _give(
        self, claimed: ClaimedLook, asking: InboundEvent, pictures: Sequence[InboundEvent]
    ) -> Callable[[Work], LookEnding]:
        made = self._make_copies(claimed, pictures)
        base = self._eyes.copies_at

        def conclude(work: Work) -> LookEnding:
            person = work.uow.registry.person(claimed.person_id) if claimed.person_id else None
            if person is None:
                return LookEnding(LookEnd.COPY_NOT_MADE, "no_person")
            if made.copies:
                keep = work.uow.copies.keep
                addresses = [f"{base}/copies/{keep(copy)}" for copy in made.copies]
                return copying.give(asking, person, addresses, claimed.incident_id, work)
            if made.is_gone:
                return copying.picture_is_gone(asking, person, work)
            return copying.give_nothing(asking, person, made.reason, work)

        return conclude

    def _make_copies(self, claimed: ClaimedLook, pictures: Sequence[InboundEvent]) -> _Made:
        if not self._is_looker_ready(claimed):
            return _Made()
        safe_copy = self._eyes.looker.safe_copy
        copies: list[bytes] = []
        gone, until = 0, monotonic() + self._eyes.copy_seconds
        for picture in pictures[:MOST_COPIES]:
            if copies and monotonic() > until:
                break
            fetched = self._fetch(picture, asked_at=claimed.received_at, within=_COPY_WITHIN)
            gone += fetched.state is FetchState.GONE
            copy = safe_copy(fetched.data) if fetched.state is FetchState.HERE else None
            if copy is not None:
                copies.append(copy)
        return _Made(tuple(copies), is_gone=gone == min(len(pictures), MOST_COPIES))

    def _is_looker_ready(self, claimed: ClaimedLook) -> bool:
        """Whoever asked for a copy is told soon that there is none; a look can wait for an hour."""
        try:
            self._eyes.looker.make_ready()
        except LookerNotStartedError:
            if self._clock.now() < claimed.received_at + _COPY_WITHIN:
                raise
            return False
        return True

    # Trouble

    def _wait_for_looker(self, claimed: ClaimedLook, error: Exception) -> None:
        """No fault of this picture, and so none of its tries. When LINE's hour is over it is
        parked: whoever mends the looker can have it looked at then."""
        if self._clock.now() < claimed.received_at + _ASK_WITHIN:
            self._put_back(lambda: self._queue.again(claimed, pause(claimed.fetches)))
        else:
            self._put_back(lambda: self._queue.park(claimed, log.place_of(error)))

    def _retreat(self, claimed: ClaimedLook, error: Exception) -> None:
        place = log.place_of(error)
        logger.error(log.line("look.failed", row=claimed.id, error=place, at=log.trace_of(error)))
        is_hopeless = isinstance(error, SealBrokenError) or claimed.attempts >= MOST_ATTEMPTS
        if is_hopeless:
            self._put_back(lambda: self._queue.park(claimed, place))
        else:
            after = timedelta(seconds=2**claimed.attempts)
            self._put_back(lambda: self._queue.release(claimed, after))

    def _put_back(self, how: Callable[[], None]) -> None:
        try:
            how()
        except (LeaseLostError, StoreUnavailableError):
            logger.warning(log.line("look.left_to_its_lease"))


@dataclass(frozen=True, slots=True)
class _Made:
    """Copies, or why there are none."""

    copies: tuple[bytes, ...] = ()
    is_gone: bool = False
    reason: str = "not_possible"


def pause(fetches: int) -> timedelta:
    doublings = min(fetches, 6)
    return timedelta(seconds=min(_LONGEST_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS * 2**doublings))


def _unfetched(event: InboundEvent) -> Unseen | None:
    """What is not even asked for: voices are not transcribed, and what another server holds is
    another server's."""
    if event.kind is EventKind.AUDIO:
        return Unseen.AUDIO
    return Unseen.EXTERNAL if event.content.is_external else None
