"""new → under review → confirmed | false alarm → closed, and back where somebody erred."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cases import Case, CaseState, CaseStep, Findings, step, steps_from
from bot.domain.ids import new_id
from bot.errors import CaseStepError

NOON = datetime(2026, 11, 21, 5, tzinfo=UTC)
FOUND = Findings("ส่งผิดกลุ่ม", "แยกกลุ่มเวรออกจากกลุ่มสังสรรค์")
WAY = {
    (CaseState.NEW, CaseStep.REVIEW): CaseState.UNDER_REVIEW,
    (CaseState.UNDER_REVIEW, CaseStep.CONFIRM): CaseState.CONFIRMED,
    (CaseState.UNDER_REVIEW, CaseStep.FALSE_ALARM): CaseState.FALSE_ALARM,
    (CaseState.CONFIRMED, CaseStep.CLOSE): CaseState.CLOSED,
    (CaseState.FALSE_ALARM, CaseStep.CLOSE): CaseState.CLOSED,
    (CaseState.CONFIRMED, CaseStep.REVIEW): CaseState.UNDER_REVIEW,
    (CaseState.FALSE_ALARM, CaseStep.REVIEW): CaseState.UNDER_REVIEW,
    (CaseState.CLOSED, CaseStep.REVIEW): CaseState.UNDER_REVIEW,
}


def case(state: CaseState = CaseState.NEW) -> Case:
    return Case(new_id(), state)


@pytest.mark.parametrize("taken", CaseStep)
@pytest.mark.parametrize("state", CaseState)
def test_each_step_leads_where_it_should_or_nowhere(state: CaseState, taken: CaseStep) -> None:
    if (state, taken) in WAY:
        after = step(case(state), taken, FOUND, NOON)
        assert after.state is WAY[state, taken]
        assert after.changed_at == NOON
    else:
        with pytest.raises(CaseStepError, match=f"the case is '{state}'"):
            step(case(state), taken, FOUND, NOON)


@pytest.mark.parametrize("found", [Findings(), Findings(cause="x"), Findings(action="x")])
def test_a_confirmed_case_closes_with_cause_and_action_only(found: Findings) -> None:
    with pytest.raises(CaseStepError, match="cause"):
        step(case(CaseState.CONFIRMED), CaseStep.CLOSE, found, NOON)
    assert step(case(CaseState.FALSE_ALARM), CaseStep.CLOSE, found, NOON).cause == found.cause


def test_what_was_written_down_earlier_stays_until_something_else_is() -> None:
    confirmed = step(case(CaseState.UNDER_REVIEW), CaseStep.CONFIRM, FOUND, NOON)
    closed = step(confirmed, CaseStep.CLOSE, Findings(action="อีกอย่าง"), NOON)
    assert (closed.cause, closed.action) == (FOUND.cause, "อีกอย่าง")


@given(st.lists(st.sampled_from(CaseStep), max_size=12))
def test_no_way_leads_past_a_review(taken: list[CaseStep]) -> None:
    now, reviewed = case(), False
    for one in taken:
        if one not in steps_from(now.state):
            continue
        now = step(now, one, FOUND, NOON)
        reviewed = reviewed or now.state is CaseState.UNDER_REVIEW
        assert reviewed
