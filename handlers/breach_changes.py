"""The few doors through which a breach is declared and changed: who did it, with an entry."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.domain.breaches import Breach, ClosedAs, Notified
from bot.domain.ids import new_id
from bot.domain.times import thai_date_time, to_milliseconds
from bot.errors import UsageError
from bot.ledger.entry import EntryKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.domain.incidents import Incident
    from bot.ports import UnitOfWork

_HELD_FOR = "declared a breach"


@dataclass(frozen=True, slots=True)
class Act:
    """Who does it, when, and what else is to be entered with it, such as the reason."""

    by: str
    at: datetime
    facts: Mapping[str, object] = field(default_factory=dict)


def declare(uow: UnitOfWork, incident: Incident, known_at: datetime, act: Act) -> Breach:
    """From `known_at` on the clock runs. An incident is declared once; it can be closed and noted
    upon, never declared again with another clock."""
    uow.lock(f"breach:{incident.id}")
    if uow.breaches.of_incident(incident.id) is not None:
        msg = f"{incident.case_number}: was declared a breach before; 'breach show' tells when"
        raise UsageError(msg)
    _check_known(incident, known_at, act.at)
    case = incident.case_number or ""
    breach = Breach(new_id(), incident.id, case, known_at, act.at, act.by)
    uow.breaches.add(breach)
    facts = {"case": case, "known": to_milliseconds(known_at)}
    _enter(uow, EntryKind.BREACH_DECLARED, breach, act, facts)
    _hold(uow, breach, act)
    return breach


def _hold(uow: UnitOfWork, breach: Breach, act: Act) -> None:
    """Claims come after a breach is closed, too: a person ends the hold, not the clock."""
    if uow.breaches.hold(breach, _HELD_FOR):
        _enter(uow, EntryKind.HOLD_SET, breach, act, {"reason": _HELD_FOR})


def _check_known(incident: Incident, known_at: datetime, now: datetime) -> None:
    if known_at > now:
        raise UsageError("--known-at: lies in the future; is this machine's clock right?")
    if known_at < incident.opened_at.replace(second=0, microsecond=0):
        began = thai_date_time(incident.opened_at)
        raise UsageError(f"--known-at: lies before the incident itself, which began {began}")


def note(uow: UnitOfWork, breach: Breach, text: str, act: Act) -> None:
    """Notes stand in the ledger only: sealed with the month's key, provable, and erasable."""
    _enter(uow, EntryKind.BREACH_NOTED, breach, act, {"text": text})


def notify(uow: UnitOfWork, breach: Breach, whom: Notified, told_at: datetime, act: Act) -> Breach:
    """Notice was given, outside this program. The one to the office stops the clock."""
    if not breach.known_at <= told_at <= act.at:
        msg = "--at: notice cannot be given before the breach was known, nor in the future"
        raise UsageError(msg)
    is_office = whom is Notified.OFFICE
    if (breach.office_told_at if is_office else breach.subjects_told_at) is not None:
        raise UsageError(f"{breach.case_number}: this notice is on record; add a note to correct")
    told = (
        replace(breach, office_told_at=told_at)
        if is_office
        else replace(breach, subjects_told_at=told_at)
    )
    uow.breaches.save(told)
    facts = {"whom": whom.value, "told": to_milliseconds(told_at)}
    _enter(uow, EntryKind.BREACH_NOTIFIED, told, act, facts)
    return told


def close(uow: UnitOfWork, breach: Breach, closed_as: ClosedAs, act: Act) -> Breach:
    if breach.closed_at is not None:
        raise UsageError(f"{breach.case_number}: is closed already")
    if closed_as is ClosedAs.REPORTED and breach.office_told_at is None:
        msg = "not reported yet: 'breach told CASE --whom office' first, or close it otherwise"
        raise UsageError(msg)
    closed = replace(breach, closed_at=act.at, closed_as=closed_as)
    uow.breaches.save(closed)
    _enter(uow, EntryKind.BREACH_CLOSED, closed, act, {"as": closed_as.value})
    return closed


def _enter(
    uow: UnitOfWork, kind: EntryKind, breach: Breach, act: Act, facts: Mapping[str, object]
) -> None:
    entered = {**act.facts, **facts, "breach": str(breach.id)}
    uow.ledger.append(kind, by=act.by, at=act.at, subject=breach.incident_id, facts=entered)
