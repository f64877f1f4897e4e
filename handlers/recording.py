"""Writes incidents and disclosures, their ends, and the ledger entries that go with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.ids import new_id, new_public_token
from bot.domain.incidents import (
    Basis,
    Disclosure,
    FlaggedMessage,
    Incident,
    Standing,
)
from bot.domain.times import to_milliseconds
from bot.ledger.entry import EntryKind
from handlers.places import roster_lock
from handlers.work import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from bot.domain.decisions import Decision
    from bot.domain.events import InboundEvent
    from bot.domain.incidents import MessageRecord
    from handlers.places import Here
    from handlers.work import Work


def record_incident(
    event: InboundEvent,
    here: Here,
    record: MessageRecord,
    decision: Decision,
    burst: Incident | None,
    work: Work,
) -> Incident:
    """Opens an incident, or adds the message to the sender's open burst."""
    known = _standing_message(event, work)
    if known is not None:
        return _revise(known, record, work)
    incident = _prolong(burst, event, work) if burst else _open(event, here, decision, work)
    message = work.uow.incidents.add_message(incident, record)
    _enter(EntryKind.INCIDENT_MESSAGE, incident.id, _message_facts(message, record), work)
    if record.fingerprint is not None:
        _note_links(incident, message, work)
    return incident


def _note_links(incident: Incident, message: FlaggedMessage, work: Work) -> None:
    """The same was posted in another group as well: whoever reviews one wants to know of both."""
    links = [one for one in work.uow.incidents.links(message) if one.group_id != incident.group_id]
    if links:
        others = [str(link.incident_id or link.disclosure_id) for link in links]
        facts = {"message": str(message.id), "same_as": others}
        _enter(EntryKind.INCIDENT_LINKED, incident.id, facts, work)


def _standing_message(event: InboundEvent, work: Work) -> tuple[Incident, FlaggedMessage] | None:
    """The same message, flagged before: an edit that still identifies the patient."""
    found = work.uow.incidents.message(event.message_id) if event.message_id else None
    return found if found and found[1].standing is Standing.STANDING else None


def _revise(known: tuple[Incident, FlaggedMessage], record: MessageRecord, work: Work) -> Incident:
    incident, message = known
    work.uow.incidents.revise_message(message, record)
    _enter(EntryKind.INCIDENT_MESSAGE, incident.id, _message_facts(message, record), work)
    if record.fingerprint is not None:
        _note_links(incident, message, work)
    return incident


def _prolong(burst: Incident, event: InboundEvent, work: Work) -> Incident:
    prolonged = replace(
        burst,
        opened_at=min(burst.opened_at, event.occurred_at),
        last_message_at=max(burst.last_message_at, event.occurred_at),
    )
    work.uow.incidents.save(prolonged)
    return prolonged


def _open(event: InboundEvent, here: Here, decision: Decision, work: Work) -> Incident:
    roster_id = _roster(event, here, work)
    incident = Incident(
        id=new_id(),
        token=new_public_token(),
        group_id=here.group.id,
        person_id=here.person.id if here.person else None,
        opened_at=event.occurred_at,
        last_message_at=event.occurred_at,
        is_simulated=here.group.is_simulated,
        policy_version=decision.policy_version,
        roster_id=roster_id,
        basis=Basis.EMERGENCY if has_pass(event, here, work) else Basis.UNKNOWN,
    )
    work.uow.incidents.add(incident)
    facts = {
        "group": str(incident.group_id),
        "sender": _id_or_none(incident.person_id),
        "roster": _id_or_none(incident.roster_id),
        "policy": decision.policy_version,
        "simulated": incident.is_simulated,
    }
    _enter(EntryKind.INCIDENT_OPENED, incident.id, facts, work)
    return incident


def has_pass(event: InboundEvent, here: Here, work: Work) -> bool:
    """What is sent under an emergency pass is recorded as such, and comes up for review."""
    if here.person is None:
        return False
    return work.uow.incidents.has_pass(here.group.id, here.person.id, event.occurred_at)


def _roster(event: InboundEvent, here: Here, work: Work) -> UUID | None:
    work.uow.lock(roster_lock(here.group))
    return work.uow.registry.roster_at(here.group.id, event.occurred_at)


def record_disclosure(
    event: InboundEvent, here: Here, record: MessageRecord, decision: Decision, work: Work
) -> Disclosure:
    known = work.uow.incidents.disclosure(event.message_id) if event.message_id else None
    disclosure = known or Disclosure(
        id=new_id(),
        group_id=here.group.id,
        person_id=here.person.id if here.person else None,
        roster_id=_roster(event, here, work),
        occurred_at=event.occurred_at,
        policy_version=decision.policy_version,
        basis=Basis.CARE,
    )
    _end_earlier_incident(event, work)
    if known is None:
        work.uow.incidents.add_disclosure(disclosure, record)
    else:
        work.uow.incidents.revise_disclosure(disclosure, record)
    facts = {
        "group": str(here.group.id),
        "sender": _id_or_none(disclosure.person_id),
        "roster": _id_or_none(disclosure.roster_id),
        "labels": list(record.labels),
        "policy": decision.policy_version,
    }
    _enter(EntryKind.DISCLOSURE_RECORDED, disclosure.id, facts, work)
    return disclosure


def _end_earlier_incident(event: InboundEvent, work: Work) -> None:
    """The group was approved after the message was flagged, and then it was edited: what stands
    there now is a disclosure, and nobody need be reminded of it."""
    known = _standing_message(event, work)
    if known is not None:
        end_message(*known, Standing.APPROVED_LATER, event.occurred_at, work)


def end_message(
    incident: Incident, message: FlaggedMessage, standing: Standing, at: datetime, work: Work
) -> Incident | None:
    """A message was taken back. Returns the incident when that closed it."""
    if message.standing is not Standing.STANDING:
        return None
    work.uow.incidents.end_message(message, standing, at)
    facts = {
        "message": str(message.id),
        "how": standing.value,
        "after_seconds": _seconds(message.occurred_at, at),
    }
    _enter(EntryKind.MESSAGE_TAKEN_BACK, incident.id, facts, work)
    if work.uow.incidents.standing_count(incident.id):
        return None
    return _close(incident, at, work)


def _close(incident: Incident, at: datetime, work: Work) -> Incident:
    closed = replace(incident, closed_at=at)
    work.uow.incidents.save(closed)
    work.uow.outbox.cancel_for_incident(incident.id)
    facts = {"after_seconds": _seconds(incident.opened_at, at)}
    _enter(EntryKind.INCIDENT_CLOSED, incident.id, facts, work)
    return closed


def take_back_disclosure(disclosure: Disclosure, at: datetime, work: Work) -> None:
    if disclosure.taken_back_at is not None:
        return
    work.uow.incidents.take_back_disclosure(disclosure, at)
    facts = {"after_seconds": _seconds(disclosure.occurred_at, at)}
    _enter(EntryKind.DISCLOSURE_TAKEN_BACK, disclosure.id, facts, work)


def _message_facts(message: FlaggedMessage, record: MessageRecord) -> dict[str, object]:
    return {
        "message": str(message.id),
        "labels": list(record.labels),
        "occurred": to_milliseconds(record.occurred_at),
        "text": to_milliseconds(record.text_at),
    }


def _enter(kind: EntryKind, subject: UUID, facts: Mapping[str, object], work: Work) -> None:
    work.uow.ledger.append(kind, by=SYSTEM, at=work.now, subject=subject, facts=facts)


def _seconds(start: datetime, end: datetime) -> int:
    return max(0, int((end - start).total_seconds()))


def _id_or_none(value: UUID | None) -> str | None:
    return None if value is None else str(value)
