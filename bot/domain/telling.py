"""How one outbox message is told next: a pure choice from what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.actions import Purpose, TellState, Way

if TYPE_CHECKING:
    from datetime import datetime

# LINE says 'about a minute' and asks not to build on it; a call needs some seconds to arrive.
TOKEN_LIVES = timedelta(seconds=55)
# A token is dead long before; only while LINE answers nothing clear at all is this ever reached.
UNCLEAR_FOR = timedelta(minutes=30)
# The last part of the month's pushes is kept for first warnings.
SHARE_FOR_OTHERS = 0.7
_FIRST_DELAY_SECONDS = 1
_LONGEST_DELAY_SECONDS = 300


class Step(StrEnum):
    REPLY = "reply"
    PUSH = "push"
    END = "end"


@dataclass(frozen=True, slots=True)
class Progress:
    """What has been tried so far."""

    purpose: Purpose
    way: Way
    expires_at: datetime
    token_received_at: datetime | None
    is_token_dead: bool = False
    is_unclear: bool = False
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    step: Step
    state: TellState = TellState.TELLING
    reason: str = ""


def plan_telling(progress: Progress, now: datetime) -> Plan:
    """Reply while the token lives, else push; an unclear reply is never followed by a push."""
    if _may_reply(progress, now):
        return Plan(Step.REPLY)
    if progress.is_unclear:
        return Plan(Step.END, TellState.PROBABLY_TOLD, "reply_unclear")
    if now >= progress.expires_at:
        return Plan(Step.END, TellState.NOT_TOLD, "too_late")
    if progress.way in (Way.REPLY_OR_PUSH, Way.PUSH):
        return Plan(Step.PUSH)
    return Plan(Step.END, TellState.NOT_TOLD, "no_reply_token")


def _may_reply(progress: Progress, now: datetime) -> bool:
    """An unclear one is tried until LINE says that the token is used or dead, or it is too late."""
    if progress.token_received_at is None or progress.is_token_dead or progress.way is Way.PUSH:
        return False
    if progress.is_unclear:
        return now < min(progress.expires_at, progress.token_received_at + UNCLEAR_FOR)
    return now - progress.token_received_at < TOKEN_LIVES


def retry_delay(attempts: int) -> timedelta:
    """After the first, second, third attempt 1, 2, 4 … seconds, five minutes at the most."""
    doublings = min(max(attempts - 1, 0), 9)
    return timedelta(seconds=min(_LONGEST_DELAY_SECONDS, _FIRST_DELAY_SECONDS * 2**doublings))


def push_limit(purpose: Purpose, budget: int) -> int:
    return budget if purpose is Purpose.FIRST_WARNING else int(budget * SHARE_FOR_OTHERS)
