"""The processes of the large size: `worker` judges, tells and looks, `clock` keeps house."""

from __future__ import annotations

import logging
import signal
from enum import StrEnum
from threading import Event
from typing import TYPE_CHECKING

from dramatiq import Worker

from bot import log
from bot.errors import UsageError
from bot.storage.erasing_again import apply
from bot.storage.ledger_sealer import SEAL_SECONDS
from bot.worker.actors import LOOK, TELL, WORK, Hints, declare_actors, make_broker
from bot.worker.asking import Asker
from bot.worker.breach_alarm import ALARM_SECONDS, make_alarm
from bot.worker.checkpoint_post import POST_SECONDS, CheckpointPost
from bot.worker.house import make_looking, make_processor, make_sender, make_upkeep, nobody
from bot.worker.loops import POLL_SECONDS, Crew, Loop
from bot.worker.policy import PolicyOfTheDay
from bot.worker.processing import BATCH

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.bootstrap import HandOn, Parts

logger = logging.getLogger("wongraksa.service")


class Duty(StrEnum):
    """What a worker does. Only one that looks loads the models, and takes their memory."""

    ALL = "all"
    LOOKS = "looks"
    NO_LOOKS = "no_looks"


def run_worker(parts: Parts, duty: Duty = Duty.ALL) -> None:
    """Hints make it quick; the loops look for themselves, so that no hint is ever needed."""
    _need_server_database(parts, "worker")
    apply(parts.store, parts.erasures)
    policy = PolicyOfTheDay(parts.documents, parts.clock)
    policy.check()
    crews = _crews(parts, policy, duty)
    listener = _listen(parts, crews)
    loops = [loop for crew in crews.values() for loop in crew.loops]
    _run_until_told_to_stop("worker", [*loops, _seal(parts)], parts.close_looker)
    if listener is not None:
        listener.stop()


def _crews(parts: Parts, policy: PolicyOfTheDay, duty: Duty) -> dict[str, Crew]:
    """By the kind of hint that wakes them."""
    settings = parts.settings
    hints = Hints(settings.redis_url) if settings.redis_url else None
    to_tell, to_look = (hints.tell, hints.look) if hints else (nobody, nobody)
    crews: dict[str, Crew] = {}
    if duty is not Duty.LOOKS:
        processor = make_processor(parts, policy, to_tell, to_look)
        sender = make_sender(parts, policy)
        crews[WORK] = Crew("work", processor.work, settings.work_threads, BATCH)
        crews[TELL] = Crew("tell", sender.tell, settings.tell_threads, 1)
    if duty is not Duty.NO_LOOKS:
        # One: what it looks with is one process, too. More workers look at more at once.
        crews[LOOK] = Crew("look", make_looking(parts, policy, to_tell).look, 1, 1)
    return crews


def _listen(parts: Parts, crews: Mapping[str, Crew]) -> Worker | None:
    """One thread hears the hints and wakes the loops: these take whole batches, oldest first."""
    if not parts.settings.redis_url:
        return None
    broker = make_broker(parts.settings.redis_url, for_worker=True)
    declare_actors(broker, {kind: _waker(crew) for kind, crew in crews.items()})
    listener = Worker(broker, worker_threads=1)
    listener.start()
    return listener


def _waker(crew: Crew) -> HandOn:
    return lambda ids: crew.wake(len(ids))


def run_clock(parts: Parts) -> None:
    _need_server_database(parts, "clock")
    apply(parts.store, parts.erasures)
    asker = Asker(parts.errand_queue, parts.store, parts.line_api, parts.clock)
    loops = [
        Loop("upkeep", make_upkeep(parts).run, POLL_SECONDS),
        Loop("ask", asker.run, POLL_SECONDS),
        Loop("post", CheckpointPost(parts).run, POST_SECONDS),
        Loop("alarm", make_alarm(parts).run, ALARM_SECONDS),
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


def _run_until_told_to_stop(
    name: str, loops: Sequence[Loop], let_go: Callable[[], None] = lambda: None
) -> None:
    """`let_go` ends what a loop would otherwise be waited for."""
    told = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    for loop in loops:
        loop.start()
    logger.info(log.line(f"{name}.started"))
    told.wait()
    let_go()
    for loop in loops:
        loop.stop()
    logger.info(log.line(f"{name}.stopped"))
