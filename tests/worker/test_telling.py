"""How one message is told next: the whole table of the pure choice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.actions import Purpose, TellState, Way
from bot.domain.telling import (
    TOKEN_LIVES,
    UNCLEAR_FOR,
    Plan,
    Progress,
    Step,
    plan_telling,
    push_limit,
    retry_delay,
)

NOW = datetime(2026, 7, 28, 1, 0, tzinfo=UTC)
REPLY, PUSH = Plan(Step.REPLY), Plan(Step.PUSH)
PROBABLY = Plan(Step.END, TellState.PROBABLY_TOLD, "reply_unclear")
TOO_LATE = Plan(Step.END, TellState.NOT_TOLD, "too_late")
NO_TOKEN = Plan(Step.END, TellState.NOT_TOLD, "no_reply_token")

FRESH, OLD, AGES, NONE = timedelta(seconds=5), TOKEN_LIVES, UNCLEAR_FOR, None


def progress(way: Way, token_age: timedelta | None, **more: object) -> Progress:
    values: dict[str, object] = {
        "purpose": Purpose.FIRST_WARNING,
        "way": way,
        "expires_at": NOW + timedelta(hours=1),
        "token_received_at": None if token_age is None else NOW - token_age,
    }
    return Progress(**{**values, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("way", "token_age", "more", "plan"),
    [
        (Way.REPLY_OR_PUSH, FRESH, {}, REPLY),
        (Way.REPLY_OR_PUSH, OLD, {}, PUSH),
        (Way.REPLY_OR_PUSH, NONE, {}, PUSH),
        (Way.REPLY_OR_PUSH, FRESH, {"is_token_dead": True}, PUSH),
        (Way.REPLY_OR_PUSH, FRESH, {"is_unclear": True}, REPLY),
        (Way.REPLY_OR_PUSH, OLD, {"is_unclear": True}, REPLY),
        (Way.REPLY_OR_PUSH, OLD, {"is_unclear": True, "is_token_dead": True}, PROBABLY),
        (Way.REPLY_OR_PUSH, AGES, {"is_unclear": True}, PROBABLY),
        (Way.REPLY_ONLY, AGES, {"is_unclear": True}, PROBABLY),
        (Way.REPLY_ONLY, OLD, {"is_unclear": True, "expires_at": NOW}, PROBABLY),
        (Way.REPLY_OR_PUSH, FRESH, {"is_unclear": True, "expires_at": NOW}, PROBABLY),
        (Way.REPLY_OR_PUSH, NONE, {"is_unclear": True}, PROBABLY),
        (Way.REPLY_ONLY, FRESH, {}, REPLY),
        (Way.REPLY_ONLY, OLD, {}, NO_TOKEN),
        (Way.REPLY_ONLY, NONE, {}, NO_TOKEN),
        (Way.REPLY_ONLY, FRESH, {"is_token_dead": True}, NO_TOKEN),
        (Way.REPLY_ONLY, OLD, {"is_unclear": True}, REPLY),
        (Way.PUSH, FRESH, {}, PUSH),
        (Way.PUSH, NONE, {}, PUSH),
        (Way.RIDE, NONE, {}, NO_TOKEN),
        (Way.REPLY_OR_PUSH, OLD, {"expires_at": NOW}, TOO_LATE),
        (Way.REPLY_OR_PUSH, FRESH, {"expires_at": NOW}, REPLY),
        (Way.PUSH, NONE, {"expires_at": NOW}, TOO_LATE),
        (Way.REPLY_ONLY, OLD, {"expires_at": NOW}, TOO_LATE),
    ],
)
def test_the_next_step(
    way: Way, token_age: timedelta | None, more: dict[str, object], plan: Plan
) -> None:
    assert plan_telling(progress(way, token_age, **more), NOW) == plan


@given(
    st.builds(
        Progress,
        purpose=st.sampled_from(Purpose),
        way=st.sampled_from(Way),
        expires_at=st.sampled_from([NOW - FRESH, NOW, NOW + FRESH]),
        token_received_at=st.sampled_from([None, NOW, NOW - FRESH, NOW - OLD, NOW + FRESH]),
        is_token_dead=st.booleans(),
        is_unclear=st.just(value=True),
        attempts=st.integers(0, 100),
    )
)
def test_an_unclear_reply_is_never_followed_by_a_push(unclear: Progress) -> None:
    assert plan_telling(unclear, NOW).step is not Step.PUSH


def test_tries_come_further_and_further_apart_and_never_more_than_five_minutes() -> None:
    delays = [retry_delay(attempts).total_seconds() for attempts in range(1, 20)]
    assert delays[:5] == [1, 2, 4, 8, 16]
    assert delays == sorted(delays)
    assert delays[-1] == 300
    assert retry_delay(10**9).total_seconds() == 300


def test_the_last_part_of_the_budget_is_for_first_warnings() -> None:
    assert push_limit(Purpose.FIRST_WARNING, 200) == 200
    assert {push_limit(p, 200) for p in Purpose if p is not Purpose.FIRST_WARNING} == {140}
    assert push_limit(Purpose.REMINDER, 0) == 0
