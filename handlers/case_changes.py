"""The doors through which people work on the case of an incident: who did it, with an entry."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.cases import Case, CaseState, CaseStep, Findings, step
from bot.ledger.entry import EntryKind
from policies.severity import Gravity, propose

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.domain.accounts import IncidentAccount
    from bot.domain.incidents import Incident
    from bot.ports import UnitOfWork
    from handlers.breach_changes import Act
    from policies.severity import Proposal, SeverityScale

_ENTRIES = {
    CaseState.UNDER_REVIEW: EntryKind.CASE_UNDER_REVIEW,
    CaseState.CONFIRMED: EntryKind.CASE_CONFIRMED,
    CaseState.FALSE_ALARM: EntryKind.CASE_FALSE_ALARM,
    CaseState.CLOSED: EntryKind.CASE_CLOSED,
}


@dataclass(frozen=True, slots=True)
class _Change:
    """What is entered with it."""

    kind: EntryKind
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Severity:
    """What a person sets, beside what the rule had proposed, on the scale of the day."""

    level: int
    scale: SeverityScale
    proposal: Proposal


def proposal_for(account: IncidentAccount) -> Proposal:
    return propose(
        Gravity(
            labels=frozenset(account.labels),
            patients=account.patients,
            group_kind=account.group.kind,
            exposure=account.exposure,
            is_linked=account.is_linked,
        )
    )


def take_step(
    uow: UnitOfWork, incident: Incident, taken: CaseStep, found: Findings, act: Act
) -> Case:
    case = step(_locked(uow, incident), taken, found, act.at)
    written = {"cause": found.cause, "action": found.action}
    facts: dict[str, object] = {name: text for name, text in written.items() if text}
    return _save(uow, incident, case, _Change(_ENTRIES[case.state], facts), act)


def assign(
    uow: UnitOfWork, incident: Incident, assignee: str, due_at: datetime | None, act: Act
) -> Case:
    """Who is in charge, and until when; a due date that is not given stays."""
    before = _locked(uow, incident)
    case = replace(before, assignee=assignee, due_at=due_at or before.due_at, changed_at=act.at)
    facts: dict[str, object] = {"assignee": assignee}
    if case.due_at is not None:
        facts["due"] = case.due_at.isoformat()
    return _save(uow, incident, case, _Change(EntryKind.CASE_ASSIGNED, facts), act)


def set_severity(uow: UnitOfWork, incident: Incident, severity: Severity, act: Act) -> Case:
    case = replace(_locked(uow, incident), severity=severity.level, changed_at=act.at)
    facts: dict[str, object] = {
        "scale": severity.scale.value,
        "severity": severity.scale.shown(severity.level),
        "proposed": severity.scale.shown(severity.proposal.severity),
        "why_proposed": list(severity.proposal.reasons),
    }
    return _save(uow, incident, case, _Change(EntryKind.CASE_SEVERITY, facts), act)


def _locked(uow: UnitOfWork, incident: Incident) -> Case:
    uow.lock(f"case:{incident.id}")
    return uow.cases.of(incident.id)


def _save(uow: UnitOfWork, incident: Incident, case: Case, change: _Change, act: Act) -> Case:
    uow.cases.save(case)
    facts = {**act.facts, "case": incident.case_number, **change.facts}
    uow.ledger.append(change.kind, by=act.by, at=act.at, subject=incident.id, facts=facts)
    return case
