"""How far patient data got: how many people, for how long, and how fast somebody acted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.domain.audience import Audience, Stood

_NONE = timedelta()


@dataclass(frozen=True, slots=True)
class Exposure:
    """`people` could read it from the start. A number that can only have been larger is said to be
    'at least': where LINE never told how many members there are, or it still stands."""

    people: int
    people_at_least: bool
    visible: timedelta
    visible_at_least: bool
    joined: int = 0

    @property
    def member_minutes(self) -> int:
        return round(self.people * self.visible.total_seconds() / 60)

    @property
    def is_at_least(self) -> bool:
        return self.people_at_least or self.visible_at_least


@dataclass(frozen=True, slots=True)
class Delays:
    """From the first message on; None where it did not happen, or is not known."""

    warned: timedelta | None = None
    answered: timedelta | None = None
    unsent: timedelta | None = None


def exposure_of(spans: Iterable[Stood], audience: Audience, until: datetime) -> Exposure:
    """Time during which at least one message stood, as far as anybody told us: `until` now, or the
    bot was taken out of the group."""
    stood = list(spans)
    return Exposure(
        people=audience.named if audience.total is None else audience.total,
        people_at_least=audience.total is None,
        visible=_covered(stood, until),
        visible_at_least=any(span.end is None for span in stood),
        joined=len(audience.joined),
    )


def _covered(spans: Iterable[Stood], until: datetime) -> timedelta:
    """Time that several messages stood at once counts once."""
    total, reached = _NONE, None
    for span in sorted(spans, key=lambda span: span.start):
        end = until if span.end is None else span.end
        start = span.start if reached is None else max(span.start, reached)
        total += max(end - start, _NONE)
        reached = end if reached is None else max(reached, end)
    return total


def delay(start: datetime, at: datetime | None) -> timedelta | None:
    """Two clocks may disagree by a moment: never less than nothing."""
    return None if at is None else max(at - start, _NONE)
