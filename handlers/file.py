"""Files: the name is text and is judged like one; what is inside is not inspected yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.events import Outcome
from handlers.judging import judge_and_give_ride

if TYPE_CHECKING:
    from bot.domain.events import InboundEvent
    from handlers.work import Work


def handle(event: InboundEvent, work: Work) -> Outcome:
    if not event.source.is_shared:
        return Outcome.NOT_INSPECTED
    outcome = judge_and_give_ride(event, work)
    return Outcome.NOT_INSPECTED if outcome is Outcome.BENIGN else outcome
