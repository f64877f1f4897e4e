"""An incident as lines for people, and as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.cli.audience import audience_json, audience_lines, coverage, person_name
from bot.cli.found import short_id
from bot.domain.times import thai_date_time
from handlers.case_changes import proposal_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime, timedelta
    from uuid import UUID

    from bot.domain.accounts import IncidentAccount
    from bot.domain.cases import Case
    from bot.domain.exposure import Exposure
    from bot.domain.incidents import FlaggedMessage, Link
    from policies.severity import Proposal, SeverityScale

LIST_HEADS = ("case", "opened", "group", "kinds", "case state", "severity", "exposure", "stands")
_SECONDS_OF_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Shown:
    """One incident, and what only `show` opens: names, what people wrote, masked excerpts."""

    account: IncidentAccount
    case: Case
    scale: SeverityScale
    names: Mapping[UUID, str] = field(default_factory=dict)
    excerpts: Mapping[UUID, str] = field(default_factory=dict)
    is_in_full: bool = False

    @property
    def proposal(self) -> Proposal:
        return proposal_for(self.account)

    @property
    def severity(self) -> str:
        if self.case.severity is not None:
            return self.scale.shown(self.case.severity)
        return f"{self.scale.shown(self.proposal.severity)} (proposed)"


def list_cells(shown: Shown) -> tuple[str, ...]:
    account = shown.account
    return (
        account.incident.case_number or "-",
        thai_date_time(account.incident.opened_at) + _marks(account),
        account.group.name or f"(no name) {short_id(account.group)}",
        ", ".join(account.labels),
        shown.case.state.value,
        shown.severity,
        exposure_text(account.exposure),
        str(_standing(account)),
    )


def _marks(account: IncidentAccount) -> str:
    marks = ["simulation"] if account.incident.is_simulated else []
    if account.incident.basis == "emergency":
        marks.append("emergency")
    return f" ({', '.join(marks)})" if marks else ""


def exposure_text(exposure: Exposure) -> str:
    people = f"{'≥ ' if exposure.people_at_least else ''}{exposure.people} people"
    visible = f"{'≥ ' if exposure.visible_at_least else ''}{minutes_text(exposure.visible)}"
    return f"{people} × {visible}"


def minutes_text(span: timedelta) -> str:
    minutes, seconds = divmod(round(span.total_seconds()), _SECONDS_OF_MINUTE)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def as_rows(shown: Shown) -> list[tuple[str, str]]:
    account = shown.account
    return [
        *_facts(shown),
        *(line for message in account.messages for line in _message_lines(message, shown)),
        *_exposure_lines(account),
        *audience_lines(account.audience, shown.names),
        *(("same content", _link_text(link)) for link in account.links),
        *_case_lines(shown),
    ]


def _facts(shown: Shown) -> Iterator[tuple[str, str]]:
    account, incident = shown.account, shown.account.incident
    yield "case", f"{incident.case_number}{_marks(account)}"
    yield "group", f"{account.group.name or short_id(account.group)} · {account.group.kind}"
    yield "sender", person_name(incident.person_id, shown.names)
    yield "opened", thai_date_time(incident.opened_at)
    ended = incident.closed_at
    yield (
        "messages",
        f"{_standing(account)} of {len(account.messages)} still stand"
        if ended is None
        else f"none stands since {thai_date_time(ended)}",
    )
    yield "patients", f"{account.patients} at least, by their numbers"
    yield "basis", incident.basis.value


def _message_lines(message: FlaggedMessage, shown: Shown) -> Iterator[tuple[str, str]]:
    ended = "" if message.ended_at is None else f" {thai_date_time(message.ended_at)}"
    what = f"{thai_date_time(message.occurred_at)} · {', '.join(message.labels)}"
    yield "message", f"{what} · {message.standing}{ended}"
    excerpt = shown.excerpts.get(message.id)
    if excerpt:
        yield "  masked", " ⏎ ".join(excerpt.splitlines())


def _exposure_lines(account: IncidentAccount) -> Iterator[tuple[str, str]]:
    exposure, delays = account.exposure, account.delays
    least = "at least " if exposure.is_at_least else ""
    minutes = f"{least}{exposure.member_minutes} member-minutes"
    yield "exposure", f"{exposure_text(exposure)} = {minutes}"
    for name, span in (
        ("warned after", delays.warned),
        ("answered after", delays.answered),
        ("unsent after", delays.unsent),
    ):
        yield name, "-" if span is None else minutes_text(span)


def _link_text(link: Link) -> str:
    what = "an incident" if link.incident_id else "a disclosure"
    record = link.incident_id or link.disclosure_id
    return f"{what} of {thai_date_time(link.occurred_at)} · {record}"


def _case_lines(shown: Shown) -> Iterator[tuple[str, str]]:
    case = shown.case
    yield "case state", case.state.value
    yield "severity", shown.severity
    for reason in shown.proposal.reasons:
        yield "  rule", reason
    yield "in charge", case.assignee or "-"
    yield "due", "-" if case.due_at is None else thai_date_time(case.due_at)
    yield "cause", case.cause or "-"
    yield "corrective action", case.action or "-"


def _standing(account: IncidentAccount) -> int:
    return sum(message.ended_at is None for message in account.messages)


def as_json(shown: Shown) -> dict[str, object]:
    account, incident, case = shown.account, shown.account.incident, shown.case
    return {
        "case": incident.case_number,
        "id": str(incident.id),
        "opened_at": incident.opened_at.isoformat(),
        "none_stands_since": _time(incident.closed_at),
        "group": {"id": str(account.group.id), "kind": account.group.kind.value},
        "sender": None if incident.person_id is None else str(incident.person_id),
        "labels": list(account.labels),
        "patients": account.patients,
        "basis": incident.basis.value,
        "is_simulated": incident.is_simulated,
        "state": case.state.value,
        "severity": None if case.severity is None else shown.scale.shown(case.severity),
        "proposed_severity": shown.scale.shown(shown.proposal.severity),
        "why_proposed": list(shown.proposal.reasons),
        "assignee": case.assignee,
        "due_at": _time(case.due_at),
        "exposure": _exposure_json(account),
        "messages": [_message_json(message, shown) for message in account.messages],
        "coverage": coverage(account.audience),
        **_opened_json(shown),
    }


def _opened_json(shown: Shown) -> dict[str, object]:
    """What only `show` opens."""
    if not shown.is_in_full:
        return {}
    return {
        "cause": shown.case.cause,
        "action": shown.case.action,
        "audience": audience_json(shown.account.audience, shown.names),
        "same_content": [
            {"record": str(link.incident_id or link.disclosure_id), "at": _time(link.occurred_at)}
            for link in shown.account.links
        ],
    }


def _exposure_json(account: IncidentAccount) -> dict[str, object]:
    exposure, delays = account.exposure, account.delays
    return {
        "people": exposure.people,
        "people_at_least": exposure.people_at_least,
        "seconds": round(exposure.visible.total_seconds()),
        "seconds_at_least": exposure.visible_at_least,
        "member_minutes": exposure.member_minutes,
        "joined_meanwhile": exposure.joined,
        "warned_after_seconds": _seconds(delays.warned),
        "answered_after_seconds": _seconds(delays.answered),
        "unsent_after_seconds": _seconds(delays.unsent),
    }


def _message_json(message: FlaggedMessage, shown: Shown) -> dict[str, object]:
    said: dict[str, object] = {
        "at": message.occurred_at.isoformat(),
        "labels": list(message.labels),
        "standing": message.standing.value,
        "ended_at": _time(message.ended_at),
    }
    excerpt = shown.excerpts.get(message.id)
    return said if excerpt is None else {**said, "masked": excerpt}


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else round(span.total_seconds())
