"""Somebody added the account, or blocked it: whether a private message can arrive at all."""

from __future__ import annotations

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
    follows = event.kind is EventKind.FOLLOW
    if not work.uow.registry.set_follow(person.id, is_friend=follows, at=event.occurred_at):
        return Outcome.IGNORED
    if follows:
        _welcome(event, person, work)
    return Outcome.NOTED


def _welcome(event: InboundEvent, person: Person, work: Work) -> None:
    """Whoever comes for a masked version gets that, instead of a greeting."""
    if not private.give_masked(event, person, work):
        parameters = {"contact": work.contact}
        telling.answer(event, Utterance(Saying.WELCOME, Language.THAI, parameters), work)
