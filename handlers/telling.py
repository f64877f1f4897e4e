"""What the bot is to say, written into the outbox: few words, and never the identifier itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.actions import OutboxMessage, Purpose, Saying, Utterance, Way
from bot.domain.ids import new_id
from bot.domain.times import thai_date, thai_time, to_milliseconds

if TYPE_CHECKING:
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
    return {
        "kinds": ",".join(record.labels),
        "time": thai_time(at),
        "date": thai_date(at),
        "contact": work.contact,
        # Not shown: by this the sender words what is still possible at the time of telling.
        "unsend_until": str(to_milliseconds(at + UNSEND_WINDOW)),
    }


def _remind_later(incident: Incident, warning: Utterance, here: Here, work: Work) -> None:
    over_at = incident.opened_at + UNSEND_WINDOW
    ends = [*(incident.opened_at + timedelta(minutes=m) for m in REMINDER_MINUTES[1:]), over_at]
    for minutes, expires_at in zip(REMINDER_MINUTES, ends, strict=True):
        due_at = incident.opened_at + timedelta(minutes=minutes)
        said = _same_about(warning, Saying.REMINDER, minutes=str(minutes))
        _add_ride(f"reminder:{minutes}", incident, said, here.group, due_at, expires_at, work)
    said = _same_about(warning, Saying.WINDOW_OVER)
    _add_ride(
        "window_over", incident, said, here.group, over_at, over_at + _WINDOW_OVER_KEEPS, work
    )


def _same_about(utterance: Utterance, saying: Saying, **more: str) -> Utterance:
    return Utterance(
        saying=saying,
        language=utterance.language,
        parameters={**utterance.parameters, **more},
        mention=utterance.mention,
        incident_token=utterance.incident_token,
        offers_rewrite=utterance.offers_rewrite,
    )


def _add_ride(
    name: str,
    incident: Incident,
    utterance: Utterance,
    group: Group,
    due_at: datetime,
    expires_at: datetime,
    work: Work,
) -> None:
    if expires_at <= work.now:  # the event came late: this rung of the ladder is past
        return
    work.uow.outbox.add(
        OutboxMessage(
            id=new_id(),
            key=f"{name}:{incident.id}",
            purpose=Purpose.REMINDER,
            way=Way.RIDE,
            to=group.line_id,
            utterance=utterance,
            created_at=work.now,
            due_at=due_at,
            expires_at=expires_at,
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
