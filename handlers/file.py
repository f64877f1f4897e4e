"""Files: the name is text and is judged at once; what is inside is looked at afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.events import Outcome
from bot.domain.looks import LookTask
from handlers.judging import judge

if TYPE_CHECKING:
    from bot.domain.events import InboundEvent
    from handlers.work import Work


def handle(event: InboundEvent, work: Work) -> Outcome:
    if not event.source.is_shared or event.message_id is None:
        return Outcome.NOT_INSPECTED
    outcome = judge(event, work)
    if outcome is Outcome.TAKEN_BACK_UNREAD:
        return outcome
    work.uow.looks.ask(LookTask.LOOK, work.row_id)
    return Outcome.LOOK_ASKED if outcome is Outcome.BENIGN else outcome
