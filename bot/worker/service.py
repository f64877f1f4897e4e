"""The processes of the large size: `worker` judges and tells, `clock` keeps house."""

from __future__ import annotations

import logging
import signal
from threading import Event
from typing import TYPE_CHECKING

from dramatiq import Worker

from bot import log
from bot.errors import UsageError
from bot.storage.ledger_sealer import SEAL_SECONDS
from bot.worker.actors import Hints, declare_actors, make_broker
from bot.worker.asking import Asker
from bot.worker.house import make_processor, make_sender, make_upkeep
from bot.worker.loops import POLL_SECONDS, Crew, Loop
from bot.worker.policy import PolicyOfTheDay
from bot.worker.processing import BATCH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.bootstrap import Parts

logger = logging.getLogger("wongraksa.service")


def run_worker(parts: Parts) -> None:
    """Hints make it quick; the loops look for themselves, so that no hint is ever needed."""
    _need_server_database(parts, "worker")
    policy = PolicyOfTheDay(parts.documents, parts.clock)
    policy.check()
    hints = Hints(parts.settings.redis_url) if parts.settings.redis_url else None
    processor = make_processor(parts, policy, hints.tell if hints else lambda _ids: None)
    sender = make_sender(parts, policy)
    settings = parts.settings
    work = Crew("work", processor.work, settings.work_threads, BATCH)
    tell = Crew("tell", sender.tell, settings.tell_threads, 1)
    listener = _listen(parts, work, tell)
    _run_until_told_to_stop("worker", [*work.loops, *tell.loops, _seal(parts)])
    if listener is not None:
        listener.stop()


def _listen(parts: Parts, work: Crew, tell: Crew) -> Worker | None:
    """One thread hears the hints and wakes the loops: these take whole batches, oldest first."""
    if not parts.settings.redis_url:
        return None
    broker = make_broker(parts.settings.redis_url, for_worker=True)
    declare_actors(broker, lambda ids: work.wake(len(ids)), lambda ids: tell.wake(len(ids)))
    listener = Worker(broker, worker_threads=1)
    listener.start()
    return listener


def run_clock(parts: Parts) -> None:
    _need_server_database(parts, "clock")
    asker = Asker(parts.errand_queue, parts.store, parts.line_api, parts.clock)
    loops = [
        Loop("upkeep", make_upkeep(parts).run, POLL_SECONDS),
        Loop("ask", asker.run, POLL_SECONDS),
        _seal(parts),
    ]
    _run_until_told_to_stop("clock", loops)


def _seal(parts: Parts) -> Loop:
    """In every process of ours; they take turns (bot/storage/ledger_turn.py)."""
    return Loop("seal", parts.ledger_sealer.run, SEAL_SECONDS)


def _need_server_database(parts: Parts, command: str) -> None:
    if parts.settings.is_embedded:
        msg = (
            f"'{command}' is for PostgreSQL; with SQLite one process does everything: "
            "use 'python -m bot run', or set DATABASE_URL"
        )
        raise UsageError(msg)


def _run_until_told_to_stop(name: str, loops: Sequence[Loop]) -> None:
    told = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    for loop in loops:
        loop.start()
    logger.info(log.line(f"{name}.started"))
    told.wait()
    for loop in loops:
        loop.stop()
    logger.info(log.line(f"{name}.stopped"))
