"""The emergency pass: an hour in which the bot does not talk to this person in this group.

It delays the talk, never the record: what is sent meanwhile is recorded, and comes up for review.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.actions import Saying, Utterance
from bot.domain.incidents import EMERGENCY_PASS, Basis
from bot.domain.looks import LOOK_WITHIN
from bot.domain.times import to_milliseconds
from bot.ledger.entry import EntryKind
from handlers import telling
from handlers.judging import is_over
from handlers.places import find_here
from handlers.telling import Once
from handlers.warning import warning_key

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.events import InboundEvent
    from bot.domain.incidents import Incident
    from handlers.places import Here
    from handlers.work import Work

# From the warning on. After this nobody can tell any more what the word or the tap is about.
ASKED_WITHIN = timedelta(minutes=10)
# A warning may come late, after a slow look or when LINE was away: as late as LINE's hour.
_FLAGGED_WITHIN = ASKED_WITHIN + LOOK_WITHIN
_WORDS = ("ฉุกเฉิน", "emergency")


def is_asked_for(text: str) -> bool:
    return text.strip().strip("!").strip().lower() in _WORDS


def by_word(event: InboundEvent, work: Work) -> bool:
    """False where the word is just a word: from somebody who was not warned a moment ago."""
    here = find_here(event, work)
    if here.person is None or is_over(event, work):
        return False
    since = event.occurred_at - _FLAGGED_WITHIN
    incident = work.uow.incidents.newest_of(here.group.id, here.person.id, since)
    return incident is not None and take(event, here, incident, work)


def take(event: InboundEvent, here: Here, incident: Incident, work: Work) -> bool:
    """Once for an incident, within ten minutes of its warning; tapping again makes it no longer."""
    at = event.occurred_at
    if here.person is None or incident.basis is Basis.EMERGENCY:
        return False
    if not _was_just_warned_of(incident, at, work):
        return False
    work.uow.incidents.save(replace(incident, basis=Basis.EMERGENCY))
    work.uow.incidents.add_pass(incident, at)
    work.uow.outbox.hush(here.group.id, here.person.id, at + EMERGENCY_PASS)
    _enter(incident, at, here, work)
    _answer(event, here, incident, work)
    return True


def _was_just_warned_of(incident: Incident, at: datetime, work: Work) -> bool:
    warned_at = work.uow.outbox.said_at(warning_key(incident))
    return warned_at is not None and at <= warned_at + ASKED_WITHIN


def _enter(incident: Incident, at: datetime, here: Here, work: Work) -> None:
    work.uow.ledger.append(
        EntryKind.EMERGENCY_TAKEN,
        by=f"person:{here.person.id if here.person else None}",
        at=work.now,
        subject=incident.id,
        facts={"from": to_milliseconds(at), "until": to_milliseconds(at + EMERGENCY_PASS)},
    )


def _answer(event: InboundEvent, here: Here, incident: Incident, work: Work) -> None:
    mention = here.person.line_id if here.person else None
    said = Utterance(Saying.EMERGENCY_NOTED, here.group.language, mention=mention)
    telling.answer(event, said, work, Once(f"emergency:{incident.id}", incident.id))
