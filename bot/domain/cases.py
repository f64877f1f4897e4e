"""The case of an incident: what people make of it. A state machine, and nothing else.

Not to be mixed up with an incident's own end: the bot closes an *incident* when none of its
messages stands any more; people close its *case* when they have dealt with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.errors import CaseStepError

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


class CaseState(StrEnum):
    """How far people have dealt with an incident."""

    NEW = "new"
    UNDER_REVIEW = "under_review"
    CONFIRMED = "confirmed"
    FALSE_ALARM = "false_alarm"
    CLOSED = "closed"


class CaseStep(StrEnum):
    """What a person does with a case."""

    REVIEW = "review"
    CONFIRM = "confirm"
    FALSE_ALARM = "false_alarm"
    CLOSE = "close"


_JUDGED = frozenset({CaseState.CONFIRMED, CaseState.FALSE_ALARM})
# Whoever judged wrongly, or closed too early, takes it under review again: what was said before
# stays in the ledger.
_FROM = {
    CaseStep.REVIEW: frozenset({CaseState.NEW, CaseState.CLOSED}) | _JUDGED,
    CaseStep.CONFIRM: frozenset({CaseState.UNDER_REVIEW}),
    CaseStep.FALSE_ALARM: frozenset({CaseState.UNDER_REVIEW}),
    CaseStep.CLOSE: _JUDGED,
}
_LEADS_TO = {
    CaseStep.REVIEW: CaseState.UNDER_REVIEW,
    CaseStep.CONFIRM: CaseState.CONFIRMED,
    CaseStep.FALSE_ALARM: CaseState.FALSE_ALARM,
    CaseStep.CLOSE: CaseState.CLOSED,
}


@dataclass(frozen=True, slots=True)
class Case:
    """`severity` is 1 to 9 on the scale A to I, or 1 to 5; None while only proposed by the rule."""

    incident_id: UUID
    state: CaseState = CaseState.NEW
    severity: int | None = None
    assignee: str = ""
    due_at: datetime | None = None
    cause: str = ""
    action: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What a person writes down with a step: why it happened, and what is done about it."""

    cause: str = ""
    action: str = ""


def step(case: Case, taken: CaseStep, found: Findings, at: datetime) -> Case:
    """The case after this step; CaseStepError where it cannot be taken now."""
    if case.state not in _FROM[taken]:
        allowed = ", ".join(steps_from(case.state))
        raise CaseStepError(f"the case is '{case.state}'; from there: {allowed}")
    after = replace(
        case,
        state=_LEADS_TO[taken],
        cause=found.cause or case.cause,
        action=found.action or case.action,
        changed_at=at,
    )
    if taken is CaseStep.CLOSE and case.state is CaseState.CONFIRMED:
        _require_findings(after)
    return after


def steps_from(state: CaseState) -> tuple[CaseStep, ...]:
    return tuple(one for one in CaseStep if state in _FROM[one])


def _require_findings(case: Case) -> None:
    """A confirmed case without a cause and without an answer to it teaches nobody anything."""
    if not case.cause or not case.action:
        raise CaseStepError("a confirmed case closes with a cause and a corrective action")
