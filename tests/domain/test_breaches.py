"""The 72 hours: to the millisecond, and whatever the clock does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from bot.domain.breaches import AlarmStep, Breach, span_in_english, span_in_thai, step_due

KNOWN = datetime(2026, 7, 28, 3, 0, tzinfo=UTC)
TICK = timedelta(milliseconds=1)
BREACH = Breach(UUID(int=1), UUID(int=2), "2569-000042", KNOWN, KNOWN, "operator:มาลี")


def after(hours: float) -> datetime:
    return KNOWN + timedelta(hours=hours)


def test_at_seventy_two_hours_exactly_it_is_still_in_time() -> None:
    assert BREACH.deadline == after(72)
    assert not BREACH.is_overdue(after(72))
    assert BREACH.is_overdue(after(72) + TICK)
    assert not replace(BREACH, office_told_at=after(72)).was_late
    assert replace(BREACH, office_told_at=after(72) + TICK).was_late


@pytest.mark.parametrize(
    ("told", "now", "due"),
    [
        (None, after(0), AlarmStep.DECLARED),
        (AlarmStep.DECLARED, after(0), None),
        (AlarmStep.DECLARED, after(24) - TICK, None),
        (AlarmStep.DECLARED, after(24), AlarmStep.LEFT_48),
        (AlarmStep.LEFT_48, after(48) - TICK, None),
        (AlarmStep.LEFT_48, after(48), AlarmStep.LEFT_24),
        (AlarmStep.LEFT_24, after(66) - TICK, None),
        (AlarmStep.LEFT_24, after(66), AlarmStep.LEFT_6),
        (AlarmStep.LEFT_6, after(72), None),
        (AlarmStep.LEFT_6, after(72) + TICK, AlarmStep.OVERDUE),
        (AlarmStep.OVERDUE, after(1000), None),
    ],
)
def test_each_step_is_due_once_and_at_its_time(
    told: AlarmStep | None, now: datetime, due: AlarmStep | None
) -> None:
    assert step_due(replace(BREACH, alarmed=told), now) == due


def test_after_an_outage_only_the_furthest_step_is_told() -> None:
    assert step_due(BREACH, after(70)) is AlarmStep.LEFT_6
    assert step_due(replace(BREACH, alarmed=AlarmStep.DECLARED), after(80)) is AlarmStep.OVERDUE


def test_a_clock_that_was_set_back_tells_nothing_again_and_gives_no_more_time() -> None:
    told = replace(BREACH, alarmed=AlarmStep.LEFT_24)
    assert step_due(told, after(-500)) is None
    assert step_due(told, after(10)) is None
    assert told.time_left(after(-500)) == timedelta(hours=72)


@pytest.mark.parametrize(
    "over",
    [replace(BREACH, office_told_at=after(5)), replace(BREACH, closed_at=after(5))],
    ids=["notice", "end"],
)
def test_notice_to_the_office_or_an_end_stops_the_clock(over: Breach) -> None:
    assert not over.is_running
    assert not over.is_overdue(after(100))
    assert step_due(over, after(100)) is None


def test_notice_to_the_patients_does_not_stop_it() -> None:
    assert replace(BREACH, subjects_told_at=after(5)).is_running


def test_what_is_left_is_never_said_to_be_more_than_it_is() -> None:
    left = BREACH.time_left(after(71) + timedelta(minutes=1, milliseconds=1))
    assert (span_in_english(left), span_in_thai(left)) == ("0 h 58 min", "0 ชม. 58 นาที")
    assert span_in_english(BREACH.time_left(after(73.5))) == "1 h 30 min"
