"""Eight writers at once: plain inserts of ready-made rows beside the same with sealing.

On PostgreSQL each writer and the sealer is a process of its own, as in the large size; on SQLite
they are threads of one process, as in the small one. Each has a database of its own; rounds are
taken A B A B, and the sealer works through all of B.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from statistics import median
from threading import Event, Thread
from typing import Any

from bench.ledger.book import database_url, enter, parts_of, ready, rows, without_list
from bench.tables import Figure
from bot.bootstrap import Parts
from bot.storage.ledger_reads import state_of
from bot.storage.ledger_sealer import SEAL_SECONDS
from bot.worker.loops import Loop

WRITERS = 8
# As an incident does it: what happened and what was told, in one transaction.
_TOGETHER = 2
# For each writer, made before its round begins: more than it can write in that time.
_READY = 8000
_processes = get_context("spawn")


def measure(kind: str, *, seconds: float = 12.0, rounds: int = 3) -> list[Figure]:
    plain, sealed = [], []
    with ExitStack() as stack:
        urls = [stack.enter_context(database_url(kind)) for _ in range(2)]
        parts = [stack.enter_context(ready(url)) for url in urls]
        without_list(parts[0])
        for _ in range(rounds):
            plain.append(_written(parts[0], seconds))
            with sealing(parts[1]):
                sealed.append(_written(parts[1], seconds))
    name = "SQLite" if kind == "sqlite" else "PostgreSQL"
    ratio = median(sealed) / median(plain)
    return [
        Figure(f"{name}: plain inserts, {WRITERS} writers", median(plain), "entries/s"),
        Figure(f"{name}: the same with sealing", median(sealed), "entries/s"),
        Figure(f"{name}: ratio", ratio, "×", "≥ 0.7"),
    ]


@contextmanager
def sealing(parts: Parts) -> Iterator[None]:
    """The product's own loop; in a process of its own where the product has more than one."""
    if parts.database.is_sqlite:
        loop = Loop("seal", parts.ledger_sealer.run, SEAL_SECONDS)
        loop.start()
        yield
        loop.stop(60)
        return
    stop = _processes.Event()
    process = _processes.Process(target=_seal_until, args=(parts.settings.database_url, stop))
    process.start()
    yield
    stop.set()
    process.join()


def _seal_until(url: str, stop: Any) -> None:  # noqa: ANN401 - an event of another process
    parts = parts_of(url)
    loop = Loop("seal", parts.ledger_sealer.run, SEAL_SECONDS)
    loop.start()
    stop.wait()
    loop.stop(60)


def _written(parts: Parts, seconds: float) -> float:
    """Entries a second, all writers together."""
    if parts.database.is_sqlite:
        return _written_by_threads(parts, seconds)
    url, counts = parts.settings.database_url, _processes.Queue()
    start = _processes.Barrier(WRITERS)
    processes = [
        _processes.Process(target=_write_in_process, args=(url, seconds, start, counts))
        for _ in range(WRITERS)
    ]
    for process in processes:
        process.start()
    total = sum(counts.get() for _ in processes)
    for process in processes:
        process.join()
    return float(total)


def _write_in_process(url: str, seconds: float, start: Any, counts: Any) -> None:  # noqa: ANN401
    parts = parts_of(url)
    write = _writer(parts)
    start.wait()
    counts.put(_for(seconds, write))
    parts.database.close()


def _written_by_threads(parts: Parts, seconds: float) -> float:
    counts: list[float] = []
    writers = [_writer(parts) for _ in range(WRITERS)]
    go = Event()

    def work(write: Callable[[], int]) -> None:
        go.wait()
        counts.append(_for(seconds, write))

    threads = [Thread(target=work, args=(write,)) for write in writers]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join()
    return sum(counts)


def _writer(parts: Parts) -> Callable[[], int]:
    entries, openings = rows(parts, _READY)
    starts = iter(range(0, _READY, _TOGETHER))

    def write() -> int:
        first = next(starts, None)
        if first is None:
            return 0
        some = slice(first, first + _TOGETHER)
        enter(parts, entries[some], openings[some])
        return _TOGETHER

    return write


def _for(seconds: float, write: Callable[[], int]) -> float:
    """Entries a second; ends early where the rows run out, on a machine quicker than ours."""
    began, count = time.monotonic(), 0
    while time.monotonic() - began < seconds and (written := write()):
        count += written
    return count / (time.monotonic() - began)


def measure_lag(kind: str, *, seconds: float = 40.0, rate: int = 1000) -> list[Figure]:
    """Entries come at a steady rate; how long has the oldest one waited, asked all the time?"""
    together, worst = 10, 0.0
    with database_url(kind) as url, ready(url) as parts, sealing(parts):
        stock = rows(parts, int(seconds * rate))
        stop = Event()
        entered = Thread(target=_enter_steadily, args=(parts, stock, together, rate, stop))
        began = time.monotonic()
        entered.start()
        while entered.is_alive():
            worst = max(worst, _lag(parts))
            time.sleep(0.25)
        took = time.monotonic() - began
    name = "SQLite" if kind == "sqlite" else "PostgreSQL"
    return [
        Figure(f"{name}: entered", int(seconds * rate) / took, "entries/s"),
        Figure(f"{name}: the sealer was behind by at most", worst, "s", "≤ 10"),
    ]


def _enter_steadily(
    parts: Parts, stock: tuple[list[Any], list[Any]], together: int, rate: int, stop: Event
) -> None:
    entries, openings = stock
    began = time.monotonic()
    for first in range(0, len(entries), together):
        wait = began + first / rate - time.monotonic()
        if wait > 0:
            stop.wait(wait)
        now = parts.clock.now()
        some = [{**row, "at": now} for row in entries[first : first + together]]
        enter(parts, some, openings[first : first + together])


def _lag(parts: Parts) -> float:
    with parts.database.read() as connection:
        oldest = state_of(connection).oldest_unsealed_at
    return 0.0 if oldest is None else (parts.clock.now() - oldest).total_seconds()
