"""Words that fit the moment of telling: a queued warning or reminder may be told much later."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.actions import Saying, Utterance
from bot.domain.times import from_milliseconds

_UNSEND_WINDOW = timedelta(minutes=60)


def timely(utterance: Utterance, now: datetime) -> Utterance:
    """After LINE's hour a warning says what can still be done; a reminder counts real minutes."""
    until = utterance.parameters.get("unsend_until", "")
    if not until.isdecimal():
        return utterance
    ends_at = from_milliseconds(int(until))
    if utterance.saying is Saying.WARNING and now >= ends_at:
        return replace(utterance, saying=Saying.WARNING_AFTER_WINDOW)
    if utterance.saying is Saying.REMINDER:
        return _with_minutes(utterance, now - (ends_at - _UNSEND_WINDOW))
    return utterance


def _with_minutes(utterance: Utterance, since: timedelta) -> Utterance:
    minutes = str(max(0, int(since.total_seconds() // 60)))
    return replace(utterance, parameters={**utterance.parameters, "minutes": minutes})
