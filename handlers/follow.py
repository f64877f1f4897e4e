"""Somebody added the account, or blocked it: whether a private message can arrive at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.actions import Saying, Utterance
from bot.domain.events import EventKind, Outcome
from bot.domain.groups import Language
from handlers import private, telling

if TYPE_CHECKING:
    from bot.domain.events import InboundEvent
    from bot.domain.groups import Person
    from handlers.work import Work


def handle(event: InboundEvent, work: Work) -> Outcome:
    if event.source.user_id is None:
        return Outcome.IGNORED
    person = work.uow.registry.ensure_person(event.source.user_id)
    if not _is_newer(event, person):
        return Outcome.IGNORED
    follows = event.kind is EventKind.FOLLOW
    work.uow.registry.save_person(
        replace(person, is_friend=follows, follow_changed_at=event.occurred_at)
    )
    if follows:
        _welcome(event, person, work)
    return Outcome.NOTED


def _is_newer(event: InboundEvent, person: Person) -> bool:
    return person.follow_changed_at is None or person.follow_changed_at <= event.occurred_at


def _welcome(event: InboundEvent, person: Person, work: Work) -> None:
    """Whoever comes for a masked version gets that, instead of a greeting."""
    if not private.give_rewrite(event, person, work):
        parameters = {"contact": work.contact}
        telling.answer(event, Utterance(Saying.WELCOME, Language.THAI, parameters), work)
