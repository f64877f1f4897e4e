"""Threads that do one thing again and again: woken by a hint, and by the clock in any case."""

from __future__ import annotations

import logging
from itertools import count
from math import ceil
from threading import Event, Thread
from typing import TYPE_CHECKING

from bot import log
from bot.errors import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger("wongraksa.loops")

_AFTER_TROUBLE_SECONDS = 1.0
# How long a loop sleeps when no hint wakes it: the promise behind the hints.
POLL_SECONDS = 1.0


class Loop:
    """Runs `step` until it returns 0, then waits for a wake-up or for `seconds`."""

    def __init__(self, name: str, step: Callable[[], int], seconds: float) -> None:
        self._name = name
        self._step = step
        self._seconds = seconds
        self._wake = Event()
        self._stop = Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._wake.set()

    def stop(self, timeout: float = 5.0) -> None:
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            if not self._step_safely():
                self._wake.wait(self._seconds)

    def _step_safely(self) -> int:
        try:
            return self._step()
        except StoreUnavailableError:
            logger.warning(log.line("loop.store_unavailable", loop=self._name))
        except Exception as error:  # noqa: BLE001 - a loop that ends would lose its work
            logger.error(  # noqa: TRY400 - places only
                log.line("loop.failed", loop=self._name, at=log.trace_of(error))
            )
        self._stop.wait(_AFTER_TROUBLE_SECONDS)
        return 0


class Crew:
    """Loops that do the same. A hint wakes as many as have something to do, not all of them."""

    def __init__(self, name: str, step: Callable[[], int], loops: int, batch: int) -> None:
        self.loops = [Loop(f"{name}-{n}", step, POLL_SECONDS) for n in range(loops)]
        self._batch = batch
        self._next = count()

    def wake(self, rows: int) -> None:
        """For so many rows. A loop that is busy goes on by itself until nothing is left."""
        for _ in range(min(len(self.loops), ceil(rows / self._batch))):
            self.loops[next(self._next) % len(self.loops)].wake()
