"""Safe copies of pictures: asked for by the sender, given to the sender alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.actions import Purpose, Saying, Utterance, Way
from bot.domain.events import EventKind, Outcome
from bot.domain.groups import Language
from bot.domain.looks import PICTURE_WANTED_FOR, LookEnd, LookEnding, LookTask
from bot.ledger.entry import EntryKind
from handlers import telling
from handlers.telling import Route

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from bot.domain.events import InboundEvent
    from bot.domain.groups import Person
    from bot.domain.incidents import Incident
    from handlers.places import Here
    from handlers.work import Work

# The copy itself lives ten minutes from when it was made.
_KEEPS = timedelta(minutes=5)


# Asking for one


def ask_in_group(event: InboundEvent, here: Here, incident: Incident, work: Work) -> None:
    """The button under a warning: the copy goes to the private chat."""
    person = here.person
    if person is None or person.id != incident.person_id or not work.makes_copies:
        return
    if not person.is_friend or not work.uow.outbox.can_push(Purpose.ANSWER):
        _say(event, Saying.COPY_PRIVATELY, here.group.language, work, mention=person.line_id)
    elif work.uow.looks.of_incident(incident.id):
        _ask(person, incident.id, work)
    else:
        want_picture(event, person, work)


def ask_privately(person: Person, work: Work) -> bool:
    """False where there is no picture of this person's that a copy could be made of."""
    incident_id = work.uow.looks.copyable(person.id) if work.makes_copies else None
    if incident_id is None:
        return False
    _ask(person, incident_id, work)
    return True


def ask_by_name(event: InboundEvent, person: Person, work: Work) -> bool:
    """Asked for a picture, of which LINE has none any more: the sender may bring it here."""
    if not ask_privately(person, work):
        if not work.makes_copies:
            return False
        want_picture(event, person, work)
    return True


def _ask(person: Person, incident_id: UUID, work: Work) -> None:
    """Whoever taps twice gets one."""
    if not work.uow.looks.is_copy_under_way(incident_id):
        work.uow.looks.ask(LookTask.COPY, work.row_id, person_id=person.id, incident_id=incident_id)


def want_picture(event: InboundEvent, person: Person, work: Work) -> None:
    """It was unsent, or its hour is over: only the sender still has it."""
    work.uow.looks.note_wanted(work.row_id, person.id)
    _tell(event, person, Utterance(Saying.PICTURE_WANTED, Language.THAI), work)


def take_sent(event: InboundEvent, work: Work) -> Outcome:
    """A picture in the private chat: looked at only where we asked for it, and never kept."""
    if event.source.user_id is None or event.kind is not EventKind.IMAGE or not work.makes_copies:
        return Outcome.NOT_INSPECTED
    person = work.uow.registry.ensure_person(event.source.user_id)
    if not work.uow.looks.wants_picture(person.id, work.now - PICTURE_WANTED_FOR):
        return Outcome.NOT_INSPECTED
    work.uow.looks.ask(LookTask.COPY_OF_SENT, work.row_id, person_id=person.id)
    return Outcome.LOOK_ASKED


# What came of it


def give(
    event: InboundEvent, person: Person, addresses: Sequence[str], subject: UUID | None, work: Work
) -> LookEnding:
    said = Utterance(Saying.SAFE_COPY, Language.THAI, {"copies": " ".join(addresses)})
    _tell(event, person, said, work)
    work.uow.ledger.append(
        EntryKind.COPY_GIVEN,
        by=f"person:{person.id}",
        at=work.now,
        subject=subject,
        facts={"pictures": len(addresses)},
    )
    return LookEnding(LookEnd.COPY_GIVEN)


def give_nothing(event: InboundEvent, person: Person, reason: str, work: Work) -> LookEnding:
    """It could not be made: better no copy than one that was not looked at."""
    _tell(event, person, Utterance(Saying.COPY_NOT_MADE, Language.THAI), work)
    return LookEnding(LookEnd.COPY_NOT_MADE, reason)


def picture_is_gone(event: InboundEvent, person: Person, work: Work) -> LookEnding:
    """LINE has it no more: the sender may bring it to the private chat."""
    _tell(event, person, Utterance(Saying.PICTURE_WANTED, Language.THAI), work)
    return LookEnding(LookEnd.PICTURE_WANTED)


def _tell(event: InboundEvent, person: Person, said: Utterance, work: Work) -> None:
    """In the private chat by its own reply, else by a push. An unsend does not call it back: it
    is what the sender asked for before taking the picture away."""
    is_private = not event.source.is_shared
    token = work.reply_token(event) if is_private else None
    route = Route(
        key=f"{said.saying}:{work.row_id}",
        to=person.line_id,
        purpose=Purpose.ANSWER,
        way=Way.PUSH if token is None else Way.REPLY_OR_PUSH,
        keeps=_KEEPS,
        reply_token=token,
    )
    telling.put(route, said, work)


def _say(
    event: InboundEvent, saying: Saying, language: Language, work: Work, *, mention: str
) -> None:
    telling.answer(event, Utterance(saying, language, {}, mention), work)
