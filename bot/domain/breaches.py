"""A breach: an incident that the hospital must report, and the 72 hours it has for that.

PDPA s.37(4): to the regulator without delay, within 72 hours of becoming aware as far as that is
possible, unless the breach is no risk to anybody; where the risk is high, to the patients as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

TIME_TO_REPORT = timedelta(hours=72)


class AlarmStep(StrEnum):
    """What the data protection officer is told, in this order; a later one stands for earlier."""

    DECLARED = "declared"
    LEFT_48 = "48_hours_left"
    LEFT_24 = "24_hours_left"
    LEFT_6 = "6_hours_left"
    OVERDUE = "overdue"


class Notified(StrEnum):
    """To whom notice was given."""

    OFFICE = "office"
    SUBJECTS = "subjects"


class ClosedAs(StrEnum):
    """How a breach ended."""

    REPORTED = "reported"
    NO_RISK = "no_risk"
    MISTAKEN = "mistaken"


_LEFT = {
    AlarmStep.LEFT_48: timedelta(hours=48),
    AlarmStep.LEFT_24: timedelta(hours=24),
    AlarmStep.LEFT_6: timedelta(hours=6),
}
_ORDER = tuple(AlarmStep)


@dataclass(frozen=True, slots=True)
class Breach:
    """`known_at` starts the clock; notice to the office, or an end, stops it."""

    id: UUID
    incident_id: UUID
    case_number: str
    known_at: datetime
    declared_at: datetime
    declared_by: str
    office_told_at: datetime | None = None
    subjects_told_at: datetime | None = None
    closed_at: datetime | None = None
    closed_as: ClosedAs | None = None
    alarmed: AlarmStep | None = None

    @property
    def deadline(self) -> datetime:
        return self.known_at + TIME_TO_REPORT

    @property
    def is_running(self) -> bool:
        return self.office_told_at is None and self.closed_at is None

    @property
    def was_late(self) -> bool:
        return self.office_told_at is not None and self.office_told_at > self.deadline

    def is_overdue(self, now: datetime) -> bool:
        """At 72:00:00 exactly it is still in time."""
        return self.is_running and now > self.deadline

    def time_left(self, now: datetime) -> timedelta:
        """Never more than there was to begin with, even where a clock was set back."""
        return min(self.deadline - now, TIME_TO_REPORT)


def step_due(breach: Breach, now: datetime) -> AlarmStep | None:
    """The furthest step that is reached and that nobody was told of yet.

    Each is told once: a clock that is set back reaches none again, and after an outage only the
    furthest is told.
    """
    if not breach.is_running:
        return None
    furthest = [step for step in AlarmStep if _is_reached(breach, step, now)][-1]
    if breach.alarmed is not None and _ORDER.index(furthest) <= _ORDER.index(breach.alarmed):
        return None
    return furthest


def _is_reached(breach: Breach, step: AlarmStep, now: datetime) -> bool:
    if step is AlarmStep.DECLARED:
        return True
    if step is AlarmStep.OVERDUE:
        return now > breach.deadline
    return now >= breach.deadline - _LEFT[step]


def span_in_thai(span: timedelta) -> str:
    hours, minutes = _hours_and_minutes(span)
    return f"{hours} ชม. {minutes} นาที"


def span_in_english(span: timedelta) -> str:
    hours, minutes = _hours_and_minutes(span)
    return f"{hours} h {minutes} min"


def _hours_and_minutes(span: timedelta) -> tuple[int, int]:
    """Of what is left, whole minutes: never more than there is."""
    return divmod(int(abs(span).total_seconds()) // 60, 60)
