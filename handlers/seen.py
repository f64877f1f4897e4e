"""From what was seen in a picture or file to what follows, by the same table as for a text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.detectors.mask import safe_rewrite
from bot.domain.decisions import Verdict
from bot.domain.events import Outcome
from bot.domain.findings import Assessment, Finding, Possible, Strength
from bot.domain.incidents import MessageRecord
from bot.domain.looks import LOOK_WITHIN, LedTo, LookEnd, LookEnding
from bot.domain.sights import LookOutcome, SightKind
from bot.ports import TextContext
from handlers import asking, telling
from handlers.asking import Asked
from handlers.judging import (
    Flagged,
    burst_lock,
    burst_of,
    follow,
    is_over,
    situation_of,
)
from handlers.places import find_here
from policies.decide import decide

if TYPE_CHECKING:
    from uuid import UUID

    from bot.domain.decisions import Decision
    from bot.domain.events import InboundEvent
    from bot.domain.fingerprints import Fingerprint
    from bot.domain.incidents import Incident
    from bot.domain.sights import Look, Sight, Unseen
    from handlers.work import Work

_POSSIBLE = {LookOutcome.MEDICAL: Possible.MEDICAL, LookOutcome.FACE: Possible.FACE}
_LED_TO = {Outcome.INCIDENT: LedTo.INCIDENT, Outcome.DISCLOSURE: LedTo.DISCLOSURE}
# A ride on an older token would be lost with it, when it could wait for the next one.
_FRESH = timedelta(seconds=40)


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture or file, its place in the queue, and what was seen in it."""

    event: InboundEvent
    look_id: UUID
    look: Look
    content: Fingerprint


def taken_back(event: InboundEvent, work: Work) -> LookEnding | None:
    """The unsend was quicker: what was seen is forgotten, as if it had never been looked at."""
    return LookEnding(LookEnd.TAKEN_BACK_UNREAD) if is_over(event, work) else None


def not_inspected(event: InboundEvent, why: Unseen, work: Work) -> LookEnding:
    """Counted and shown as such. Its token is free for what waits here."""
    if over := taken_back(event, work):
        return over
    _give_ride(event, work)
    return LookEnding(LookEnd.NOT_INSPECTED, why.value)


def conclude(seen: Seen, work: Work) -> LookEnding:
    """Everything that follows from a look, in one unit of work."""
    event, look = seen.event, seen.look
    if over := taken_back(event, work):
        return over
    why = "" if look.unseen is None else look.unseen.value
    assessment = _assessment(look)
    if not assessment.is_flagged and assessment.possible is None:
        _give_ride(event, work)
        return LookEnding(LookEnd(look.outcome.value), why, LedTo.NOTHING)
    ending = _judge(seen, assessment, work)
    if ending.led_to is LedTo.NOTHING:
        _give_ride(event, work)
    return replace(ending, reason=ending.reason or why)


def _assessment(look: Look) -> Assessment:
    """Places in a picture are no spans of a text: a finding says its place in its reason."""
    found = tuple(
        Finding(0, 0, sight.label, Strength.CERTAIN, _reason(sight))
        for sight in look.sights
        if sight.kind is SightKind.IDENTIFIER and sight.label is not None
    )
    possible = None if found else _POSSIBLE.get(look.outcome)
    return Assessment(found if look.outcome is LookOutcome.IDENTIFIERS else (), possible=possible)


def _reason(sight: Sight) -> str:
    return f"{sight.reason} ({sight.place})" if sight.place else sight.reason


def _judge(seen: Seen, assessment: Assessment, work: Work) -> LookEnding:
    event = seen.event
    here = find_here(event, work)
    work.uow.lock(burst_lock(here.group.id, here.person.id if here.person else None))
    burst = burst_of(event, here, work) or _incident_of_set(event, work)
    decision = decide(assessment, situation_of(event, here, burst, work), work.table)
    outcome = LookEnd(seen.look.outcome.value)
    if decision.verdict is Verdict.QUESTION:
        return asking.ask(event, seen.look_id, Asked(here, decision, SightKind(outcome)), work)
    record = _record(seen, decision, work)
    followed = follow(event, here, Flagged(record, decision), burst, work)
    if followed is Outcome.INCIDENT:
        asking.overtake(event, here, work)
    return _ended(event, outcome, _LED_TO.get(followed, LedTo.NOTHING), work)


def _incident_of_set(event: InboundEvent, work: Work) -> Incident | None:
    """Images of one set may be looked at minutes apart: they are one burst all the same."""
    incident_id = work.uow.looks.incident_of_set(event)
    incident = work.uow.incidents.by_id(incident_id) if incident_id else None
    return incident if incident is not None and incident.is_open else None


def _ended(event: InboundEvent, outcome: LookEnd, led_to: LedTo, work: Work) -> LookEnding:
    if led_to is not LedTo.INCIDENT or event.message_id is None:
        return LookEnding(outcome, led_to=led_to)
    known = work.uow.incidents.message(event.message_id)
    return LookEnding(
        outcome,
        led_to=led_to,
        incident_id=known[0].id if known else None,
        keeps_until=event.occurred_at + LOOK_WITHIN,
    )


def _record(seen: Seen, decision: Decision, work: Work) -> MessageRecord:
    event, look = seen.event, seen.look
    return MessageRecord(
        message_id=event.message_id,
        occurred_at=event.occurred_at,
        text_at=event.occurred_at,
        labels=look.labels,
        reasons=(*decision.reasons, *_reasons(look)),
        excerpt=_excerpt(look),
        rewrite=_name_without_identifiers(event, work),
        tokens=look.numbers,
        fingerprint=seen.content,
    )


def _reasons(look: Look) -> tuple[str, ...]:
    """What was seen where; and that something was not, so that nobody takes it for all."""
    said = [f"{sight.label or sight.kind}: {_reason(sight)}" for sight in look.sights]
    if look.unseen is not None:
        said.append(f"not inspected: {look.unseen}")
    return tuple(dict.fromkeys(said))


def _excerpt(look: Look) -> str:
    """The masked lines of what was seen; no text around them, and nothing of the picture."""
    return "\n".join(dict.fromkeys(sight.masked for sight in look.sights if sight.masked))


def _name_without_identifiers(event: InboundEvent, work: Work) -> str:
    """Of a file whose name already earned a warning: that one has its masked version."""
    name = event.content.file_name
    if not name:
        return ""
    found = work.reader.assess(name, TextContext())
    return safe_rewrite(name, found.findings) if found.is_flagged else ""


def _give_ride(event: InboundEvent, work: Work) -> None:
    if work.now - work.token_received_at < _FRESH:
        telling.give_ride(event, find_here(event, work).group, work)
