"""Pictures, videos and voice messages: recorded as not inspected, never passed off as clean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.events import Outcome
from handlers import telling
from handlers.judging import is_over
from handlers.places import find_here

if TYPE_CHECKING:
    from bot.domain.events import InboundEvent
    from handlers.work import Work


def handle(event: InboundEvent, work: Work) -> Outcome:
    if not event.source.is_shared:
        return Outcome.NOT_INSPECTED
    if is_over(event, work):
        return Outcome.TAKEN_BACK_UNREAD
    here = find_here(event, work)
    telling.give_ride(event, here.group, work)
    return Outcome.NOT_INSPECTED
