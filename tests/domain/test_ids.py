from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.domain import ids
from bot.domain.ids import new_id


def test_what_was_made_later_sorts_behind() -> None:
    made = [new_id() for _ in range(5_000)]
    assert made == sorted(made)


def test_a_clock_that_is_set_back_turns_nothing_round(monkeypatch: pytest.MonkeyPatch) -> None:
    before = new_id()
    an_hour_ago = time.time_ns() - 3_600 * 10**9
    monkeypatch.setattr(time, "time_ns", lambda: an_hour_ago)
    assert before < new_id() < new_id()


def test_no_two_threads_are_given_the_same_moment() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = [*pool.map(lambda _: new_id(), range(4_000))]
    assert len({one.int >> 64 for one in made}) == len(made)


def test_an_id_tells_its_version_and_its_millisecond(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "_moments", ids._Moments())
    monkeypatch.setattr(time, "time_ns", lambda: 1_790_000_000_123_456_789)
    made = new_id()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == 1_790_000_000_123
