"""Somebody took a message back: the only remedy LINE knows, and the end of what was kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.events import Outcome
from bot.domain.incidents import Standing
from handlers import asking, recording
from handlers.judging import burst_lock, message_lock
from handlers.warning import say_closed

if TYPE_CHECKING:
    from bot.domain.events import InboundEvent
    from handlers.work import Work


def handle(event: InboundEvent, work: Work) -> Outcome:
    if event.message_id is None:
        return Outcome.UNREADABLE
    work.uow.lock(message_lock(event.message_id))
    work.uow.marks.mark_unsent(event.message_id, event.occurred_at)
    work.uow.inbox.wipe_message(event.message_id)
    question_id = work.uow.looks.take_back(event.message_id)
    if question_id is not None:
        asking.take_back(question_id, work)
    _end_incident_message(event, event.message_id, work)
    disclosure = work.uow.incidents.disclosure(event.message_id)
    if disclosure is not None:
        recording.take_back_disclosure(disclosure, event.occurred_at, work)
    return Outcome.NOTED


def _end_incident_message(event: InboundEvent, message_id: str, work: Work) -> None:
    known = work.uow.incidents.message(message_id)
    if known is None:
        return
    # A message of the same sender may be joining this incident right now: after the lock,
    # look again.
    work.uow.lock(burst_lock(known[0].group_id, known[0].person_id))
    incident, message = work.uow.incidents.message(message_id) or known
    closed = recording.end_message(incident, message, Standing.UNSENT, event.occurred_at, work)
    group = work.uow.registry.group(incident.group_id)
    if closed is not None and group is not None:
        say_closed(event, group, event.source.user_id, closed, work)
