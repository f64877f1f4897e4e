"""An edit: the new text is judged anew. The newest timestamp wins, in whatever order they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.events import Outcome
from bot.domain.incidents import Standing
from handlers import recording, telling
from handlers.judging import is_over, judge
from handlers.places import find_here
from handlers.warning import say_closed

if TYPE_CHECKING:
    from bot.domain.events import InboundEvent
    from handlers.work import Work


def handle(event: InboundEvent, work: Work) -> Outcome:
    if event.message_id is None or not event.source.is_shared:
        return Outcome.IGNORED
    if is_over(event, work):
        return Outcome.TAKEN_BACK_UNREAD
    newest = work.uow.marks.newest_version_at(event.message_id)
    if newest is not None and newest > event.occurred_at:
        return Outcome.SUPERSEDED
    work.uow.marks.mark_version(event.message_id, event.occurred_at)
    outcome = judge(event, work)
    if outcome is Outcome.BENIGN:
        _conclude_clean(event, event.message_id, work)
    return outcome


def _conclude_clean(event: InboundEvent, message_id: str, work: Work) -> None:
    """An edit that removes the identifier counts as taken back."""
    group = find_here(event, work).group
    disclosure = work.uow.incidents.disclosure(message_id)
    if disclosure is not None:
        recording.take_back_disclosure(disclosure, event.occurred_at, work)
    known = work.uow.incidents.message(message_id)
    closed = (
        recording.end_message(*known, Standing.EDITED_CLEAN, event.occurred_at, work)
        if known
        else None
    )
    if closed is None:
        telling.give_ride(event, group, work)
    else:
        say_closed(event, group, event.source.user_id, closed, work)
