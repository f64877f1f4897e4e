"""One-to-one with the bot: the masked version that was asked for, and the self-check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.detectors.mask import safe_rewrite
from bot.domain.actions import Saying, Utterance
from bot.domain.events import Outcome
from bot.domain.groups import Language
from bot.ledger.entry import EntryKind
from bot.ports import ErrandKind, TextContext
from handlers import copying, telling
from handlers.judging import is_over

if TYPE_CHECKING:
    from bot.domain.events import InboundEvent
    from bot.domain.groups import Person
    from bot.domain.incidents import Incident
    from handlers.work import Work

# What the button that opens this chat types for the person, and what people type themselves.
_ASKS_FOR_REWRITE = ("ปกปิด", "masked")
_PICTURE_WORDS = ("ภาพ", "รูป", "picture", "photo")


def handle_text(event: InboundEvent, work: Work) -> Outcome:
    if event.source.user_id is None or not event.content.text.strip():
        return Outcome.IGNORED
    if is_over(event, work):
        return Outcome.TAKEN_BACK_UNREAD
    person = _person(event.source.user_id, work)
    asked = any(word in event.content.text.lower() for word in _ASKS_FOR_REWRITE)
    if not (asked and give_masked(event, person, work)):
        _check(event, work, asked_in_vain=asked)
    return Outcome.ANSWERED


def give_masked(event: InboundEvent, person: Person, work: Work) -> bool:
    """The masked text, or the copy of a picture: what was asked for by name comes first."""
    if any(word in event.content.text.lower() for word in _PICTURE_WORDS):
        return copying.ask_by_name(event, person, work) or give_rewrite(event, person, work)
    return give_rewrite(event, person, work) or copying.ask_privately(person, work)


def _person(line_id: str, work: Work) -> Person:
    person = work.uow.registry.ensure_person(line_id)
    if not person.name:
        work.uow.errands.ask(ErrandKind.FRIEND_PROFILE, line_id, line_id)
    return person


def _check(event: InboundEvent, work: Work, *, asked_in_vain: bool) -> None:
    """Would this text be safe in a group? Asked here, it goes on no record."""
    text = event.content.text
    assessment = work.reader.assess(text, TextContext())
    if assessment.is_flagged:
        rewrite = safe_rewrite(text, assessment.findings)
        found = {"kinds": ",".join(assessment.labels), "rewrite": rewrite}
        said = Utterance(Saying.SELF_CHECK_FOUND, Language.THAI, found)
    elif asked_in_vain:
        said = Utterance(Saying.REWRITE_GONE, Language.THAI)
    else:
        said = Utterance(Saying.SELF_CHECK_CLEAN, Language.THAI)
    telling.answer(event, said, work)


def give_rewrite(event: InboundEvent, person: Person, work: Work) -> bool:
    """The masked version of the newest incident that still has one, by free reply."""
    waiting = work.uow.incidents.rewritable(person.id, work.now)
    if not waiting or work.reply_token(event) is None:
        return False
    telling.answer(event, rewrite_of(waiting[0], work), work)
    return True


def rewrite_of(incident: Incident, work: Work) -> Utterance:
    rewrite = "\n\n".join(work.uow.incidents.rewrites(incident.id, work.now))
    facts = {"case": incident.case_number}
    work.uow.ledger.append(
        EntryKind.REWRITE_GIVEN,
        by=f"person:{incident.person_id}",
        at=work.now,
        subject=incident.id,
        facts=facts,
    )
    return Utterance(Saying.REWRITE, Language.THAI, {"rewrite": rewrite})
