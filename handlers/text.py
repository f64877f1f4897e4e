"""Words that somebody wrote: a text, a location's title and address, the text of a sticker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.events import Outcome
from handlers import emergency, private
from handlers.judging import judge_and_give_ride

if TYPE_CHECKING:
    from bot.domain.events import InboundEvent
    from handlers.work import Work


def handle(event: InboundEvent, work: Work) -> Outcome:
    if not event.source.is_shared:
        return private.handle_text(event, work)
    newest = work.uow.marks.newest_version_at(event.message_id) if event.message_id else None
    if newest is not None and newest > event.occurred_at:
        return Outcome.SUPERSEDED
    if emergency.is_asked_for(event.content.text) and emergency.by_word(event, work):
        return Outcome.ANSWERED
    return judge_and_give_ride(event, work)
