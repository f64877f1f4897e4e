"""The warning of an incident, the reminders while a message stands, and the thanks at its end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.actions import Purpose, Saying, Utterance, Way
from bot.domain.events import EventKind
from bot.domain.times import thai_date, thai_time, to_milliseconds
from handlers.telling import Route, message, put

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.domain.actions import OutboxMessage
    from bot.domain.events import InboundEvent
    from bot.domain.groups import Group
    from bot.domain.incidents import Incident, MessageRecord
    from handlers.places import Here
    from handlers.work import Work

# LINE's ordinary unsend window in Thailand is one hour; reminders live inside it.
UNSEND_WINDOW = timedelta(minutes=60)
REMINDER_MINUTES = (5, 20, 45)
_WARNING_KEEPS = timedelta(hours=24)
_WINDOW_OVER_KEEPS = timedelta(hours=24)
_THANKS_KEEP = timedelta(minutes=15)
_THINGS = {
    EventKind.IMAGE: "picture",
    EventKind.VIDEO: "video",
    EventKind.FILE: "file",
}


def warning_key(incident: Incident) -> str:
    """One warning for an incident, whoever asks for it and how often."""
    return f"warning:{incident.id}"


@dataclass(frozen=True, slots=True)
class Warned:
    """What somebody is warned of: 'message', 'picture' …, and which masked version is offered."""

    thing: str = "message"
    offers_rewrite: bool = False
    offers_copy: bool = False
    saying: Saying = Saying.WARNING


def thing_of(event: InboundEvent) -> str:
    return _THINGS.get(event.kind, "message")


def warned_of(event: InboundEvent, record: MessageRecord, work: Work, *, offers: bool) -> Warned:
    """A text has a masked version, a picture a safe copy; other contents have neither."""
    return Warned(
        thing=thing_of(event),
        offers_rewrite=offers and bool(record.rewrite),
        offers_copy=offers and event.kind is EventKind.IMAGE and work.makes_copies,
    )


def warn(
    event: InboundEvent,
    here: Here,
    incident: Incident,
    record: MessageRecord,
    warned: Warned,
    work: Work,
) -> None:
    """One warning for an incident, and the reminders that wait for a free reply."""
    utterance = Utterance(
        saying=warned.saying,
        language=here.group.language,
        parameters={**_about(record, work), "thing": warned.thing},
        mention=here.person.line_id if here.person else None,
        incident_token=incident.token,
        offers_rewrite=warned.offers_rewrite,
        offers_copy=warned.offers_copy,
    )
    route = Route(
        key=warning_key(incident),
        to=here.group.line_id,
        purpose=Purpose.FIRST_WARNING,
        way=Way.REPLY_OR_PUSH,
        keeps=_WARNING_KEEPS,
        reply_token=work.reply_token(event),
        incident_id=incident.id,
        group_id=here.group.id,
    )
    put(route, utterance, work)
    rungs = _ladder(incident, utterance)
    # An event that came late has rungs that are past.
    to_come = [rung for rung in rungs if rung.expires_at > work.now]
    work.uow.outbox.add_rides([_ride(rung, incident, here.group, work) for rung in to_come])


def _about(record: MessageRecord, work: Work) -> dict[str, str]:
    at = record.occurred_at
    is_today = thai_date(at) == thai_date(work.now)
    return {
        "kinds": ",".join(record.labels),
        "time": thai_time(at),
        "date": "" if is_today else thai_date(at),
        "contact": work.contact,
        # Not shown: by this the sender words what is still possible at the time of telling.
        "unsend_until": str(to_milliseconds(at + UNSEND_WINDOW)),
    }


@dataclass(frozen=True, slots=True)
class _Rung:
    """One rung of the ladder of reminders: from when, until when, and what is said."""

    name: str
    due_at: datetime
    expires_at: datetime
    utterance: Utterance


def _ladder(incident: Incident, warning: Utterance) -> Iterator[_Rung]:
    """Each reminder gives way to the next; after LINE's hour the last one speaks differently."""
    over_at = incident.opened_at + UNSEND_WINDOW
    due = [incident.opened_at + timedelta(minutes=minutes) for minutes in REMINDER_MINUTES]
    for minutes, start, end in zip(REMINDER_MINUTES, due, [*due[1:], over_at], strict=True):
        words = {**warning.parameters, "minutes": str(minutes)}
        said = replace(warning, saying=Saying.REMINDER, parameters=words)
        yield _Rung(f"reminder:{minutes}", start, end, said)
    said = replace(warning, saying=Saying.WINDOW_OVER)
    yield _Rung("window_over", over_at, over_at + _WINDOW_OVER_KEEPS, said)


def _ride(rung: _Rung, incident: Incident, group: Group, work: Work) -> OutboxMessage:
    route = Route(
        key=f"{rung.name}:{incident.id}",
        to=group.line_id,
        purpose=Purpose.REMINDER,
        way=Way.RIDE,
        keeps=rung.expires_at - rung.due_at,
        due_at=rung.due_at,
        incident_id=incident.id,
        group_id=group.id,
    )
    return message(route, rung.utterance, work)


def say_closed(
    event: InboundEvent, group: Group, mention: str | None, incident: Incident, work: Work
) -> None:
    """'Thank you', with the seconds it took: at once where a reply is free, else with a ride."""
    if incident.closed_at is None or not work.uow.outbox.is_said(warning_key(incident)):
        return  # whoever was never warned would not know what the thanks are for
    seconds = int((incident.closed_at - incident.opened_at).total_seconds())
    token = work.reply_token(event)
    route = Route(
        key=f"closed:{incident.id}",
        to=group.line_id,
        purpose=Purpose.COURTESY,
        way=Way.RIDE if token is None else Way.REPLY_ONLY,
        keeps=_THANKS_KEEP,
        reply_token=token,
        group_id=group.id,
    )
    words = {"seconds": str(max(0, seconds))}
    put(route, Utterance(Saying.CLOSED, group.language, words, mention=mention), work)
