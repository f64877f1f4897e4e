"""'We know this and leave it' and 'we have never seen this' are different ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.events import EventKind, Outcome

if TYPE_CHECKING:
    from bot.domain.events import InboundEvent
    from handlers.work import Work

_ENDS = {
    EventKind.UNKNOWN: Outcome.UNKNOWN_KIND,
    EventKind.UNKNOWN_MESSAGE: Outcome.UNKNOWN_KIND,
    EventKind.UNREADABLE: Outcome.UNREADABLE,
}


def handle(event: InboundEvent, _work: Work) -> Outcome:
    return _ENDS.get(event.kind, Outcome.IGNORED)
