"""What the bot is to say, written into the outbox: few words, and never the identifier itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.actions import OutboxMessage, Purpose, Saying, Utterance, Way
from bot.domain.ids import new_id
from bot.domain.times import thai_date, thai_time, to_milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

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
_ANSWER_KEEPS = timedelta(minutes=5)
_CLOSED_KEEPS = timedelta(minutes=15)


def warn(
    event: InboundEvent,
    here: Here,
    incident: Incident,
    record: MessageRecord,
    *,
    offers_rewrite: bool,
    work: Work,
) -> None:
    """One warning for an incident, and the reminders that wait for a free reply."""
    utterance = Utterance(
        saying=Saying.WARNING,
        language=here.group.language,
        parameters=_about(record, work),
        mention=here.person.line_id if here.person else None,
        incident_token=incident.token,
        offers_rewrite=offers_rewrite,
    )
    work.uow.outbox.add(
        OutboxMessage(
            id=new_id(),
            key=f"warning:{incident.id}",
            purpose=Purpose.FIRST_WARNING,
            way=Way.REPLY_OR_PUSH,
            to=here.group.line_id,
            utterance=utterance,
            created_at=work.now,
            due_at=work.now,
            expires_at=work.now + _WARNING_KEEPS,
            reply_token=work.reply_token(event),
            incident_id=incident.id,
            group_id=here.group.id,
        )
    )
    _remind_later(incident, utterance, here, work)


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


def _remind_later(incident: Incident, warning: Utterance, here: Here, work: Work) -> None:
    for rung in _ladder(incident, warning):
        if rung.expires_at > work.now:  # an event that came late has rungs that are past
            _add_ride(rung, incident, here.group, work)


def _ladder(incident: Incident, warning: Utterance) -> Iterator[_Rung]:
    """Each reminder gives way to the next; after LINE's hour the last one speaks differently."""
    over_at = incident.opened_at + UNSEND_WINDOW
    due = [incident.opened_at + timedelta(minutes=minutes) for minutes in REMINDER_MINUTES]
    for minutes, start, end in zip(REMINDER_MINUTES, due, [*due[1:], over_at], strict=True):
        said = _same_about(warning, Saying.REMINDER, minutes=str(minutes))
        yield _Rung(f"reminder:{minutes}", start, end, said)
    said = _same_about(warning, Saying.WINDOW_OVER)
    yield _Rung("window_over", over_at, over_at + _WINDOW_OVER_KEEPS, said)


def _same_about(utterance: Utterance, saying: Saying, **more: str) -> Utterance:
    return Utterance(
        saying=saying,
        language=utterance.language,
        parameters={**utterance.parameters, **more},
        mention=utterance.mention,
        incident_token=utterance.incident_token,
        offers_rewrite=utterance.offers_rewrite,
    )


def _add_ride(rung: _Rung, incident: Incident, group: Group, work: Work) -> None:
    work.uow.outbox.add(
        OutboxMessage(
            id=new_id(),
            key=f"{rung.name}:{incident.id}",
            purpose=Purpose.REMINDER,
            way=Way.RIDE,
            to=group.line_id,
            utterance=rung.utterance,
            created_at=work.now,
            due_at=rung.due_at,
            expires_at=rung.expires_at,
            incident_id=incident.id,
            group_id=group.id,
        )
    )


def give_ride(event: InboundEvent, group: Group, work: Work) -> None:
    """A silent event's reply token is free: what waits for one here goes with it."""
    token = work.reply_token(event)
    if token is not None:
        work.uow.outbox.ride(group.id, token, work.now)


def say_closed(
    event: InboundEvent, group: Group, mention: str | None, incident: Incident, work: Work
) -> None:
    """'Thank you', with the seconds it took: at once where a reply is free, else with a ride."""
    if incident.closed_at is None or incident.is_simulated:
        return
    seconds = int((incident.closed_at - incident.opened_at).total_seconds())
    utterance = Utterance(
        Saying.CLOSED, group.language, {"seconds": str(max(0, seconds))}, mention=mention
    )
    token = work.reply_token(event)
    work.uow.outbox.add(
        OutboxMessage(
            id=new_id(),
            key=f"closed:{incident.id}",
            purpose=Purpose.COURTESY,
            way=Way.RIDE if token is None else Way.REPLY_ONLY,
            to=group.line_id,
            utterance=utterance,
            created_at=work.now,
            due_at=work.now,
            expires_at=work.now + _CLOSED_KEEPS,
            reply_token=token,
            group_id=group.id,
        )
    )


def answer(event: InboundEvent, utterance: Utterance, work: Work) -> None:
    """An answer to what somebody just did: by reply, or not at all."""
    token = work.reply_token(event)
    if token is None or event.source.chat_id is None:
        return
    work.uow.outbox.add(
        OutboxMessage(
            id=new_id(),
            key=f"answer:{event.event_id}",
            purpose=Purpose.ANSWER,
            way=Way.REPLY_ONLY,
            to=event.source.chat_id,
            utterance=utterance,
            created_at=work.now,
            due_at=work.now,
            expires_at=work.now + _ANSWER_KEEPS,
            reply_token=token,
        )
    )


def tell_privately(event: InboundEvent, to: str, utterance: Utterance, work: Work) -> None:
    """A push to one person, who has added the account; it counts as one message."""
    work.uow.outbox.add(
        OutboxMessage(
            id=new_id(),
            key=f"private:{event.event_id}",
            purpose=Purpose.ANSWER,
            way=Way.PUSH,
            to=to,
            utterance=utterance,
            created_at=work.now,
            due_at=work.now,
            expires_at=work.now + _ANSWER_KEEPS,
        )
    )


def introduce(event: InboundEvent, group: Group, work: Work) -> None:
    work.uow.outbox.add(
        OutboxMessage(
            id=new_id(),
            key=f"introduction:{event.event_id}",
            purpose=Purpose.COURTESY,
            way=Way.REPLY_OR_PUSH,
            to=group.line_id,
            utterance=Utterance(Saying.INTRODUCTION, group.language, {"contact": work.contact}),
            created_at=work.now,
            due_at=work.now,
            expires_at=work.now + _WARNING_KEEPS,
            reply_token=work.reply_token(event),
            group_id=group.id,
        )
    )
