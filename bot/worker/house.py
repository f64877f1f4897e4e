"""Wires the parts into something that works: processor, sender, asker, upkeep, and their loops."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO, TYPE_CHECKING

from sqlalchemy.engine import make_url

from bot.errors import UsageError
from bot.storage.ledger_sealer import SEAL_SECONDS
from bot.worker.asking import Asker
from bot.worker.breach_alarm import ALARM_SECONDS, make_alarm
from bot.worker.checkpoint_post import POST_SECONDS, CheckpointPost
from bot.worker.identity import BotIdentity
from bot.worker.looking import Eyes, Looking
from bot.worker.loops import Crew, Loop
from bot.worker.policy import PolicyOfTheDay
from bot.worker.processing import BATCH, Processor
from bot.worker.sender import Sender
from bot.worker.upkeep import Kept, Upkeep
from handlers.work import Means

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from bot.bootstrap import HandOn, Parts

_HOUSE_SECONDS = 1.0


def nobody(_ids: Sequence[UUID]) -> None:
    """Whoever needs no hint: the loops look for themselves."""


def make_processor(
    parts: Parts, policy: PolicyOfTheDay, hand_on: HandOn, hand_to_look: HandOn = nobody
) -> Processor:
    return Processor(
        store=parts.store,
        policy=policy,
        means=_means(parts),
        clock=parts.clock,
        hand_on=hand_on,
        hand_to_look=hand_to_look,
    )


def _means(parts: Parts) -> Means:
    settings = parts.settings
    return Means(parts.reader, settings.contact, makes_copies=bool(settings.public_base_url))


def make_looking(parts: Parts, policy: PolicyOfTheDay, hand_on: HandOn) -> Looking:
    settings = parts.settings
    eyes = Eyes(
        parts.contents, parts.looker, settings.public_base_url, float(settings.look_seconds)
    )
    return Looking(
        store=parts.store,
        queue=parts.look_queue,
        policy=policy,
        means=_means(parts),
        eyes=eyes,
        hand_on=hand_on,
    )


def make_sender(parts: Parts, policy: PolicyOfTheDay) -> Sender:
    identity = BotIdentity(parts.line_api)
    return Sender(parts.tell_queue, parts.store, parts.line_api, policy, identity, parts.clock)


def make_upkeep(parts: Parts) -> Upkeep:
    kept = Kept(
        parts.inbox_upkeep,
        parts.tell_queue,
        parts.look_queue,
        parts.copy_shelf,
        parts.retention,
        parts.erasures,
    )
    return Upkeep(parts.store, kept, push_reminders=parts.settings.push_reminders)


class House:
    """The small size: one process whose threads do all the work. Started once, explicitly."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        policy = PolicyOfTheDay(parts.documents, parts.clock)
        self._check = policy.check
        processor = make_processor(parts, policy, self.hint_tell, self.hint_look)
        looking = make_looking(parts, policy, self.hint_tell)
        sender = make_sender(parts, policy)
        asker = Asker(parts.errand_queue, parts.store, parts.line_api, parts.clock)
        settings = parts.settings
        self._work = Crew("work", processor.work, settings.work_threads, BATCH)
        self._tell = Crew("tell", sender.tell, settings.tell_threads, 1)
        # One: what it looks with is one process, too.
        self._look = Crew("look", looking.look, 1, 1)
        self._house = [
            Loop("ask", asker.run, _HOUSE_SECONDS),
            Loop("upkeep", make_upkeep(parts).run, _HOUSE_SECONDS),
            Loop("seal", parts.ledger_sealer.run, SEAL_SECONDS),
            Loop("post", CheckpointPost(parts).run, POST_SECONDS),
            Loop("alarm", make_alarm(parts).run, ALARM_SECONDS),
        ]
        self._lock: IO[bytes] | None = None

    def lock(self) -> None:
        """With SQLite: says at once when another process is at work on this database."""
        if self._parts.settings.is_embedded and self._lock is None:
            self._lock = lock_database(self._parts.settings.database_url)

    def start(self) -> None:
        self.lock()
        self._check()
        for loop in self._all():
            loop.start()

    def stop(self) -> None:
        """The looker first: a look goes on for longer than anybody waits, and is put back."""
        self._parts.close_looker()
        for loop in self._all():
            loop.stop()
        if self._lock is not None:
            self._lock.close()

    def hint_work(self, ids: Sequence[UUID]) -> None:
        self._work.wake(len(ids))

    def hint_tell(self, ids: Sequence[UUID]) -> None:
        self._tell.wake(len(ids))

    def hint_look(self, ids: Sequence[UUID]) -> None:
        self._look.wake(len(ids))

    def _all(self) -> list[Loop]:
        return [*self._work.loops, *self._tell.loops, *self._look.loops, *self._house]


def lock_database(url: str) -> IO[bytes]:
    """With SQLite exactly one process does the work; a second one is refused at start."""
    path = Path(f"{make_url(url).database}.lock")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = path.open("ab")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        msg = (
            "another WongRaksa process is using this SQLite database; one is all it can take. "
            "Stop the other one, or set DATABASE_URL to PostgreSQL for several processes"
        )
        raise UsageError(msg) from None
    path.chmod(0o600)
    return handle
