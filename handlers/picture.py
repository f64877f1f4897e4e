"""Pictures, videos and voice messages: to be looked at, by a queue of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.events import Outcome
from bot.domain.looks import LookTask
from handlers import copying
from handlers.judging import is_over
from handlers.places import find_here

if TYPE_CHECKING:
    from bot.domain.events import InboundEvent
    from handlers.work import Work


def handle(event: InboundEvent, work: Work) -> Outcome:
    if event.message_id is None:
        return Outcome.NOT_INSPECTED
    if is_over(event, work):
        return Outcome.TAKEN_BACK_UNREAD
    if not event.source.is_shared:
        return copying.take_sent(event, work)
    find_here(event, work)
    # Its token waits with it: a warning may need it, and a ride gets it where nothing is found.
    work.uow.looks.ask(LookTask.LOOK, work.row_id)
    return Outcome.LOOK_ASKED
