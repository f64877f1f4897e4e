"""The bot came into a group, or was taken out of it. A new group is not approved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.events import Outcome
from bot.domain.groups import Approval
from bot.ledger.entry import EntryKind
from handlers import telling
from handlers.places import add_group, ask_about_group, is_stale, touched
from handlers.work import SYSTEM

if TYPE_CHECKING:
    from bot.domain.events import InboundEvent
    from bot.domain.groups import Group
    from handlers.work import Work


def handle_join(event: InboundEvent, work: Work) -> Outcome:
    group = _group(event, work)
    if group is None or is_stale(group, event.occurred_at):
        return Outcome.IGNORED
    fresh = replace(
        touched(group, event.occurred_at), approval=Approval.NONE, review_at=None, left_at=None
    )
    work.uow.registry.save_group(fresh)
    ask_about_group(fresh, work)
    _enter(EntryKind.GROUP_JOINED, fresh, work)
    if event.is_active:
        telling.introduce(event, fresh, work)
    return Outcome.NOTED


def handle_leave(event: InboundEvent, work: Work) -> Outcome:
    group = _group(event, work)
    if group is None or is_stale(group, event.occurred_at):
        return Outcome.IGNORED
    left = replace(
        touched(group, event.occurred_at), approval=Approval.NONE, left_at=event.occurred_at
    )
    work.uow.registry.save_group(left)
    _enter(EntryKind.GROUP_LEFT, left, work)
    return Outcome.NOTED


def _group(event: InboundEvent, work: Work) -> Group | None:
    if not event.source.is_shared or event.source.chat_id is None:
        return None
    work.uow.lock(f"group:{event.source.chat_id}")
    return work.uow.registry.locate(event.source.chat_id, None).group or add_group(event, work)


def _enter(kind: EntryKind, group: Group, work: Work) -> None:
    work.uow.ledger.append(
        kind, by=SYSTEM, at=work.now, subject=group.id, facts={"group": str(group.id)}
    )
