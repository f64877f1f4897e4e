"""People came into a group or left it: this is how recipients become known by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.events import EventKind, Outcome
from bot.domain.groups import KnownBy
from bot.ledger.entry import EntryKind
from bot.ports import ErrandKind
from handlers import telling
from handlers.places import add_group, note_member, roster_lock
from handlers.work import SYSTEM

if TYPE_CHECKING:
    from bot.domain.events import InboundEvent
    from bot.domain.groups import Group, Person
    from handlers.work import Work


def handle(event: InboundEvent, work: Work) -> Outcome:
    if not event.source.is_shared or event.source.chat_id is None:
        return Outcome.IGNORED
    registry = work.uow.registry
    group = registry.locate(event.source.chat_id, None).group or add_group(event, work)
    # People first and in order, then the roster, here as everywhere: two that took them the other
    # way round would wait for each other.
    people = [registry.ensure_person(line_id) for line_id in sorted(event.content.member_ids)]
    work.uow.lock(roster_lock(group))
    for person in people:
        _note(event, group, person, work)
    work.uow.errands.ask(ErrandKind.MEMBER_COUNT, group.line_id)
    telling.give_ride(event, group, work)
    return Outcome.NOTED


def _note(event: InboundEvent, group: Group, person: Person, work: Work) -> None:
    if event.kind is EventKind.MEMBER_JOINED:
        changed = note_member(group, person, KnownBy.JOIN_EVENT, event.occurred_at, work)
        kind = EntryKind.MEMBER_JOINED
    else:
        changed = work.uow.registry.note_absence(
            group, person, at=event.occurred_at, noted_at=work.now
        )
        kind = EntryKind.MEMBER_LEFT
    if changed:
        facts = {"group": str(group.id), "person": str(person.id)}
        work.uow.ledger.append(kind, by=SYSTEM, at=work.now, subject=group.id, facts=facts)
