"""The large size: dramatiq on Redis carries ids to workers on any machine.

Its own retries, age limits and dead letters are off: the inbox and the outbox know better. A
message here is a hint; a worker that gets none looks for itself every second, and a broker
that loses all its data loses no event.
"""

from __future__ import annotations

import logging
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any
from uuid import UUID

import dramatiq
import redis
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import Callbacks, Pipelines

from bot import log

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

logger = logging.getLogger("wongraksa.broker")

WORK = "work"
TELL = "tell"
LOOK = "look"
# What Redis may cost a process that hands out a hint. Hints are sent by a thread of their own,
# so that intake does not even wait for this.
_BROKER_SECONDS = 0.1
_PAUSE_AFTER_TROUBLE_SECONDS = 2.0
_MOST_IDS = 100
# A hint costs Redis and a worker a millisecond each; those of this moment travel together.
_GATHER_SECONDS = 0.02


def make_broker(redis_url: str, *, for_worker: bool) -> RedisBroker:
    """A worker's connection may wait for messages; one that only sends must not wait at all."""
    patience: dict[str, Any] = {} if for_worker else {"socket_timeout": _BROKER_SECONDS}
    client = redis.Redis.from_url(
        redis_url, socket_connect_timeout=_BROKER_SECONDS if not for_worker else 5, **patience
    )
    return RedisBroker(client=client, middleware=[Pipelines(), Callbacks()], namespace="wongraksa")


class Hints:
    """Hands ids to the workers, from a thread that starts with the first hint."""

    def __init__(self, redis_url: str) -> None:
        self._redis_url = redis_url
        self._broker: RedisBroker | None = None
        self._waiting: SimpleQueue[tuple[str, Sequence[UUID]]] = SimpleQueue()
        self._thread: Thread | None = None
        self._lock = Lock()
        self._pause_until = 0.0

    def work(self, ids: Sequence[UUID]) -> None:
        self._hand_out(WORK, ids)

    def tell(self, ids: Sequence[UUID]) -> None:
        self._hand_out(TELL, ids)

    def look(self, ids: Sequence[UUID]) -> None:
        self._hand_out(LOOK, ids)

    def _hand_out(self, actor: str, ids: Sequence[UUID]) -> None:
        if not ids or monotonic() < self._pause_until:
            return
        self._start()
        self._waiting.put((actor, ids))

    def _start(self) -> None:
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = Thread(target=self._run, name="hints", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        while True:
            for actor, ids in self._gather().items():
                for start in range(0, len(ids), _MOST_IDS):
                    self._send(actor, ids[start : start + _MOST_IDS])

    def _gather(self) -> dict[str, list[UUID]]:
        """Everything that came meanwhile goes in one message."""
        gathered: dict[str, list[UUID]] = {}
        actor, ids = self._waiting.get()
        sleep(_GATHER_SECONDS)
        while True:
            gathered.setdefault(actor, []).extend(ids)
            try:
                actor, ids = self._waiting.get_nowait()
            except Empty:
                return gathered

    def _send(self, actor: str, ids: Sequence[UUID]) -> None:
        if self._broker is None:
            self._broker = make_broker(self._redis_url, for_worker=False)
        message: dramatiq.Message[None] = dramatiq.Message(
            queue_name=actor,
            actor_name=actor,
            args=([str(one) for one in ids],),
            kwargs={},
            options={},
        )
        try:
            self._broker.enqueue(message)
        except Exception as error:  # noqa: BLE001 - a lost hint costs a second, never an event
            self._pause_until = monotonic() + _PAUSE_AFTER_TROUBLE_SECONDS
            logger.warning(log.line("broker.unreachable", error=type(error).__name__))


def declare_actors(
    broker: RedisBroker, wakes: Mapping[str, Callable[[Sequence[UUID]], None]]
) -> None:
    """By kind of hint. Each only wakes somebody, so that a hint is dealt with in no time; what is
    not named here is left to other workers."""

    def take(wake: Callable[[Sequence[UUID]], None]) -> Callable[[list[str]], None]:
        def actor(ids: list[str]) -> None:
            wake([UUID(one) for one in ids])

        return actor

    for name, wake in wakes.items():
        dramatiq.actor(actor_name=name, queue_name=name, broker=broker)(take(wake))
