"""'รับทราบ': asked once for a burst, where the group wants it; each tap is noted in silence."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.acknowledgements import Acknowledged, AcknowledgementRequest
from bot.domain.actions import Purpose, Saying, Utterance, Way
from bot.domain.events import Outcome
from bot.domain.ids import new_id, new_public_token
from bot.domain.times import thai_date, thai_time
from bot.ledger.entry import EntryKind
from handlers import telling
from handlers.places import find_here
from handlers.telling import Route
from handlers.work import SYSTEM

if TYPE_CHECKING:
    from bot.domain.events import InboundEvent
    from bot.domain.incidents import Disclosure
    from handlers.places import Here
    from handlers.work import Work

# As for warnings: what one sender posts within two minutes of the last is asked about once.
_BURST = timedelta(seconds=120)
_KEEPS = timedelta(minutes=5)


def ask(event: InboundEvent, here: Here, disclosure: Disclosure, work: Work) -> None:
    """By a free reply or not at all; nobody's push budget pays for it."""
    group = here.group
    if disclosure.occurred_at != event.occurred_at:
        return  # an edit of what was asked about before
    if not group.asks_acknowledgement or group.is_simulated or work.reply_token(event) is None:
        return
    at, person_id = event.occurred_at, disclosure.person_id
    request = work.uow.acknowledgements.of_burst(group.id, person_id, at, _BURST)
    if request is None:
        request = AcknowledgementRequest(
            new_id(), new_public_token(), group.id, person_id, first_at=at, last_at=at
        )
        work.uow.acknowledgements.add(request)
        _put(event, here, request, work)
    work.uow.acknowledgements.attach(request, disclosure.id, at)
    work.uow.ledger.append(
        EntryKind.ACKNOWLEDGEMENT_ASKED,
        by=SYSTEM,
        at=work.now,
        subject=disclosure.id,
        facts={"request": str(request.id)},
    )


def _put(event: InboundEvent, here: Here, request: AcknowledgementRequest, work: Work) -> None:
    at = request.first_at
    is_today = thai_date(at) == thai_date(work.now)
    words = {"time": thai_time(at), "date": "" if is_today else thai_date(at)}
    route = Route(
        key=f"acknowledge:{request.id}",
        to=here.group.line_id,
        purpose=Purpose.ANSWER,
        way=Way.REPLY_ONLY,
        keeps=_KEEPS,
        reply_token=work.reply_token(event),
        group_id=here.group.id,
    )
    said = Utterance(Saying.ACKNOWLEDGE, here.group.language, words, incident_token=request.token)
    telling.put(route, said, work)


def note_tap(event: InboundEvent, token: str, work: Work) -> Outcome:
    """Of anybody in the group but the sender, once each. The bot says nothing: a group of thirty
    would be thanked thirty times."""
    request, here = work.uow.acknowledgements.by_token(token), find_here(event, work)
    if request is None or here.person is None or request.group_id != here.group.id:
        return Outcome.IGNORED
    tapped = Acknowledged(here.person.id, event.occurred_at)
    is_sender = here.person.id == request.person_id
    if is_sender or not work.uow.acknowledgements.note(request, tapped):
        return Outcome.IGNORED
    work.uow.ledger.append(
        EntryKind.ACKNOWLEDGED,
        by=f"person:{here.person.id}",
        at=work.now,
        subject=request.id,
        facts={"group": str(here.group.id)},
    )
    telling.give_ride(event, here.group, work)
    return Outcome.NOTED
