"""How many people, how long; and 'at least' where that is all that can be said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.audience import Audience, Count, Joiner, Recipient, Stood
from bot.domain.exposure import delay, exposure_of
from bot.domain.groups import KnownBy
from bot.domain.ids import new_id

NOON = datetime(2026, 11, 21, 5, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def audience(named: int, counted: int | None) -> Audience:
    recipients = tuple(Recipient(new_id(), KnownBy.SPOKE) for _ in range(named))
    count = None if counted is None else Count(counted)
    return Audience(recipients, joined=(Joiner(new_id(), at(1)),), count=count)


NOW = at(60)


def test_members_times_minutes() -> None:
    found = exposure_of([Stood(at(0), at(4))], audience(20, 31), NOW)
    assert (found.people, found.visible, found.member_minutes) == (30, timedelta(minutes=4), 120)
    assert not found.is_at_least
    assert found.joined == 1


def test_without_a_count_it_is_at_least_those_we_know() -> None:
    found = exposure_of([Stood(at(0), at(4))], audience(20, None), NOW)
    assert (found.people, found.people_at_least, found.is_at_least) == (20, True, True)


def test_what_still_stands_counts_until_now_and_is_at_least_that() -> None:
    found = exposure_of([Stood(at(0), at(4)), Stood(at(2))], audience(1, 3), NOW)
    assert (found.visible, found.visible_at_least) == (timedelta(minutes=60), True)


@pytest.mark.parametrize(
    ("spans", "minutes"),
    [
        ([(0, 4), (1, 3)], 4),
        ([(0, 4), (2, 9)], 9),
        ([(0, 4), (10, 12)], 6),
        ([(10, 12), (0, 4)], 6),
        ([(0, 4), (4, 5)], 5),
        ([(5, 2)], 0),
        ([], 0),
    ],
)
def test_time_that_several_stood_at_once_counts_once(
    spans: list[tuple[float, float]], minutes: float
) -> None:
    stood = [Stood(at(start), at(end)) for start, end in spans]
    assert exposure_of(stood, audience(1, 2), NOW).visible == timedelta(minutes=minutes)


def test_a_delay_is_never_less_than_nothing_and_unknown_stays_unknown() -> None:
    assert delay(at(0), at(3)) == timedelta(minutes=3)
    assert delay(at(3), at(0)) == timedelta()
    assert delay(at(0), None) is None
