"""Loops outlive whatever happens in them, and a broker that is gone costs intake nothing."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from threading import Event
from time import monotonic
from uuid import UUID, uuid4

import pytest
from dramatiq import Worker

from bot.errors import StoreUnavailableError
from bot.worker import loops
from bot.worker.actors import LOOK, TELL, WORK, Hints, declare_actors, make_broker
from bot.worker.loops import Loop
from tests.services.server import free_port, wait_until


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "_AFTER_TROUBLE_SECONDS", 0.01)


@contextmanager
def running(loop: Loop) -> Iterator[Loop]:
    loop.start()
    yield loop
    loop.stop()
    assert not loop._thread.is_alive()


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "error", [StoreUnavailableError("down"), ValueError("HN 650012345"), KeyError]
)
def test_a_loop_goes_on_after_an_exception_and_does_not_quote_it(
    caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    caplog.set_level(logging.DEBUG)
    done = Event()
    left = [error] * 3

    def step() -> int:
        if left:
            raise left.pop()
        done.set()
        return 0

    with running(Loop("work", step, 0.01)):
        assert done.wait(5)
    assert "650012345" not in caplog.text


def test_a_loop_that_sleeps_is_woken_by_a_hint() -> None:
    steps: list[float] = []

    def step() -> int:
        steps.append(monotonic())
        return 0

    with running(Loop("work", step, 60)) as loop:
        wait_until(lambda: len(steps) == 1, 5)
        loop.wake()
        wait_until(lambda: len(steps) == 2, 5)


def test_a_loop_does_not_sleep_while_there_is_work() -> None:
    left, done = [1, 1, 1, 0], Event()

    def step() -> int:
        found = left.pop(0) if left else 0
        if not left:
            done.set()
        return found

    with running(Loop("work", step, 60)):
        assert done.wait(5)


# --- the broker -----------------------------------------------------------------------------------


def seconds_for_hints(url: str) -> float:
    hints, start = Hints(url), monotonic()
    for _ in range(20):
        hints.work([uuid4()])
    return monotonic() - start


def test_a_broker_that_is_dead_costs_intake_less_than_a_tenth_of_a_second() -> None:
    assert seconds_for_hints(f"redis://127.0.0.1:{free_port()}/0") < 0.1


def test_a_broker_that_never_answers_costs_intake_less_than_a_tenth_of_a_second() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        assert seconds_for_hints(f"redis://127.0.0.1:{deaf.getsockname()[1]}/0") < 0.1


def test_hints_reach_the_workers_by_their_kind(redis_url: str) -> None:

    got: list[tuple[str, list[UUID]]] = []

    def note(kind: str, ids: Sequence[UUID]) -> None:
        got.append((kind, list(ids)))

    broker = make_broker(redis_url, for_worker=True)
    wakes = {kind: partial(note, kind) for kind in (WORK, TELL, LOOK)}
    declare_actors(broker, wakes)
    worker = Worker(broker, worker_threads=1)
    worker.start()
    hints, one, other = Hints(redis_url), uuid4(), uuid4()
    hints.work([one])
    hints.tell([other])
    hints.look([one, other])
    hints.work([])
    wait_until(lambda: len(got) == 3, 10)
    worker.stop()
    broker.close()

    assert sorted(got) == [(LOOK, [one, other]), (TELL, [other]), (WORK, [one])]


def test_a_worker_that_fails_on_a_hint_takes_the_next_one(redis_url: str) -> None:

    seen: list[UUID] = []

    def work(ids: Sequence[UUID]) -> None:
        seen.extend(ids)
        raise ValueError("HN 650012345")

    broker = make_broker(redis_url, for_worker=True)
    declare_actors(broker, {WORK: work})
    worker = Worker(broker, worker_threads=1)
    worker.start()
    hints = Hints(redis_url)
    hints.work([uuid4()])
    wait_until(lambda: len(seen) == 1, 10)
    hints.work([uuid4()])
    wait_until(lambda: len(seen) == 2, 10)
    worker.stop()
    broker.close()
