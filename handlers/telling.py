"""Puts what is to be said into the outbox: few words, and never the identifier itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.actions import OutboxMessage, Purpose, ReplyToken, Saying, Utterance, Way
from bot.domain.ids import new_id

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from bot.domain.events import InboundEvent
    from bot.domain.groups import Group
    from handlers.work import Work

# An answer that comes later than this answers nothing any more.
_ANSWER_KEEPS = timedelta(minutes=5)
_INTRODUCTION_KEEPS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Route:
    """Why something is said, to which chat, and by which way it may travel."""

    key: str
    to: str
    purpose: Purpose
    way: Way
    keeps: timedelta
    due_at: datetime | None = None
    reply_token: ReplyToken | None = None
    incident_id: UUID | None = None
    group_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Once:
    """What is said once for an incident, however often a button is tapped; an unsend recalls it."""

    key: str
    incident_id: UUID


def put(route: Route, utterance: Utterance, work: Work) -> None:
    work.uow.outbox.add(message(route, utterance, work))


def message(route: Route, utterance: Utterance, work: Work) -> OutboxMessage:
    due_at = route.due_at or work.now
    return OutboxMessage(
        id=new_id(),
        key=route.key,
        purpose=route.purpose,
        way=route.way,
        to=route.to,
        utterance=utterance,
        created_at=work.now,
        due_at=due_at,
        expires_at=due_at + route.keeps,
        reply_token=route.reply_token,
        incident_id=route.incident_id,
        group_id=route.group_id,
    )


def give_ride(event: InboundEvent, group: Group, work: Work) -> None:
    """A silent event's reply token is free: what waits for one here goes with it."""
    token = work.reply_token(event)
    if token is not None:
        work.uow.outbox.ride(group.id, token, work.now)


def answer(event: InboundEvent, utterance: Utterance, work: Work, once: Once | None = None) -> None:
    """An answer to what somebody just did: by reply, or not at all."""
    token = work.reply_token(event)
    if token is None or event.source.chat_id is None:
        return
    route = Route(
        key=once.key if once else f"answer:{event.event_id}",
        to=event.source.chat_id,
        purpose=Purpose.ANSWER,
        way=Way.REPLY_ONLY,
        keeps=_ANSWER_KEEPS,
        reply_token=token,
        incident_id=once.incident_id if once else None,
    )
    put(route, utterance, work)


def tell_privately(to: str, utterance: Utterance, once: Once, work: Work) -> None:
    """A push to one person, who has added the account; it counts as one message."""
    route = Route(
        key=once.key,
        to=to,
        purpose=Purpose.ANSWER,
        way=Way.PUSH,
        keeps=_ANSWER_KEEPS,
        incident_id=once.incident_id,
    )
    put(route, utterance, work)


def introduce(event: InboundEvent, group: Group, work: Work) -> None:
    route = Route(
        key=f"introduction:{event.event_id}",
        to=group.line_id,
        purpose=Purpose.COURTESY,
        way=Way.REPLY_OR_PUSH,
        keeps=_INTRODUCTION_KEEPS,
        reply_token=work.reply_token(event),
        group_id=group.id,
    )
    said = Utterance(Saying.INTRODUCTION, group.language, {"contact": work.contact})
    put(route, said, work)
