"""Keeps house: hands out again what was left, forgets what need not be kept, ends what is over."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, delete, select

from bot import log
from bot.storage.erasing_again import list_ends
from bot.storage.incidents import erase_old_rewrites
from bot.storage.keyring import KeyKind
from bot.storage.marks import purge_marks
from bot.storage.outbox_rows import KEPT as OUTBOX_KEPT
from bot.storage.questions import any_overdue
from bot.storage.renewing import renew_names
from bot.storage.tables import heartbeats, inbox, keys, looks, outbox, safe_copies
from bot.storage.upsert import insert_into
from handlers import asking

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.storage.erasures import ErasureList
    from bot.storage.inbox import InboxUpkeep
    from bot.storage.look_queue import LookQueue
    from bot.storage.retention import Retention
    from bot.storage.safe_copies import CopyShelf
    from bot.storage.tell_queue import TellQueue
    from bot.storage.unit_of_work import SqlStore

logger = logging.getLogger("wongraksa.upkeep")

_MARKS_KEPT = timedelta(days=14)
# Day keys seal payloads (seven days when parked) and outbox bodies (a day): after this nothing
# sealed with them should be left. Where work stood still for longer, the key waits for it.
_DAY_KEYS_KEPT = timedelta(days=9)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something done again and again; `every` says how often at the most."""

    name: str
    every: timedelta
    do: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept house of, beside the tables themselves."""

    inbox: InboxUpkeep
    tell_queue: TellQueue
    look_queue: LookQueue
    copies: CopyShelf
    retention: Retention
    erasures: ErasureList


class Upkeep:
    """Does each chore when its time has come. Safe to run in several processes at once."""

    def __init__(self, store: SqlStore, kept: Kept, *, push_reminders: bool) -> None:
        inbox, tell_queue, look_queue = kept.inbox, kept.tell_queue, kept.look_queue
        self._store = store
        self._database = store.database
        self._clock = store.clock
        self._done_at: dict[str, datetime] = {}
        seconds, hours = timedelta(seconds=1), timedelta(hours=1)
        self._chores = (
            Chore("free_events", 2 * seconds, store.queue.free_expired),
            Chore("free_tellings", 2 * seconds, tell_queue.free_expired),
            Chore("free_looks", 2 * seconds, look_queue.free_expired),
            Chore("wipe_inbox", 5 * seconds, inbox.wipe),
            Chore("end_rides", 5 * seconds, lambda: tell_queue.end_rides(by_push=push_reminders)),
            Chore("erase_rewrites", 10 * seconds, self._erase_rewrites),
            Chore("wipe_looks", 5 * seconds, look_queue.wipe),
            Chore("wipe_copies", 5 * seconds, kept.copies.purge),
            Chore("end_looks", 10 * seconds, look_queue.end_overdue),
            Chore("end_questions", 10 * seconds, self._end_questions),
            Chore("list_ends", 10 * seconds, lambda: list_ends(store, kept.erasures)),
            Chore("heartbeat", 10 * seconds, self._beat),
            # After all that wipes: unsends, the inbox, rewrites.
            Chore("empty_log", 10 * seconds, self._empty_log),
            Chore("give_up_parked", hours, inbox.give_up_parked),
            Chore("give_up_parked_looks", hours, look_queue.give_up_parked),
            Chore("purge_inbox", hours, inbox.purge),
            Chore("purge_looks", hours, look_queue.purge),
            Chore("purge_marks", hours, self._purge_marks),
            Chore("purge_outbox", hours, self._purge_outbox),
            Chore("purge_day_keys", hours, self._purge_day_keys),
            Chore("renew_names", hours, lambda: renew_names(store.database, store.keys)),
            # Asked every hour, done once a day, by one process of all.
            Chore("retention", hours, kept.retention.run_daily),
        )

    def run(self) -> int:
        now = self._clock.now()
        return sum(self._do(chore, now) for chore in self._chores if self._is_due(chore, now))

    def run_all(self) -> int:
        """Every chore at once, due or not."""
        return sum(self._do(chore, self._clock.now()) for chore in self._chores)

    def _is_due(self, chore: Chore, now: datetime) -> bool:
        last = self._done_at.get(chore.name)
        # A clock that was set back must not stand upkeep still until it has caught up.
        return last is None or now < last or now - last >= chore.every

    def _do(self, chore: Chore, now: datetime) -> int:
        self._done_at[chore.name] = now
        changed = chore.do()
        if changed and chore.name != "heartbeat":
            logger.info(log.line(f"upkeep.{chore.name}", rows=changed))
        return changed

    def _erase_rewrites(self) -> int:
        with self._database.write() as connection:
            return erase_old_rewrites(connection, self._clock.now())

    def _end_questions(self) -> int:
        """Looked for first: to open a unit of work makes the keys of the day."""
        with self._database.read() as connection:
            if not any_overdue(connection, self._clock.now()):
                return 0
        with self._store.unit_of_work() as uow:
            return asking.end_unanswered(uow, self._clock.now())

    def _beat(self) -> int:
        now = self._clock.now()
        with self._database.write() as connection:
            statement = insert_into(connection, heartbeats).values(name="clock", at=now)
            connection.execute(
                statement.on_conflict_do_update(index_elements=["name"], set_={"at": now})
            )
        return 1

    def _empty_log(self) -> int:
        self._database.empty_log()
        return 0

    def _purge_marks(self) -> int:
        with self._database.write() as connection:
            return purge_marks(connection, self._clock.now() - _MARKS_KEPT)

    def _purge_outbox(self) -> int:
        before = self._clock.now() - OUTBOX_KEPT
        with self._database.write() as connection:
            return connection.execute(delete(outbox).where(outbox.c.settled_at < before)).rowcount

    def _purge_day_keys(self) -> int:
        before = self._clock.now() - _DAY_KEYS_KEPT
        with self._database.write() as connection:
            return connection.execute(
                delete(keys).where(
                    keys.c.kind == KeyKind.DAY.value, keys.c.created_at < before, *_is_unused()
                )
            ).rowcount


def _is_unused() -> tuple[ColumnElement[bool], ...]:
    users = (
        inbox.c.payload_key_id,
        outbox.c.body_key_id,
        looks.c.payload_key_id,
        safe_copies.c.picture_key_id,
    )
    return tuple(~select(user).where(user == keys.c.id).exists() for user in users)
