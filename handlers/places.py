"""Where an event happened and who was there, written into the registry on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.events import ChatKind
from bot.domain.groups import Group, KnownBy, Member, Person
from bot.domain.ids import new_id
from bot.domain.times import to_milliseconds
from bot.ledger.entry import EntryKind
from bot.ports import ErrandKind
from handlers.work import SYSTEM

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.events import InboundEvent
    from handlers.work import Work


@dataclass(frozen=True, slots=True)
class Here:
    """A group, and the person whose event it is where LINE says so."""

    group: Group
    person: Person | None


def find_here(event: InboundEvent, work: Work) -> Here:
    """The group and the sender; both are written down when they are seen for the first time."""
    chat_id = _chat_id(event)
    place = work.uow.registry.locate(chat_id, event.source.user_id)
    group = place.group or add_group(event, work)
    person = place.person
    if person is None and event.source.user_id is not None:
        person = work.uow.registry.ensure_person(event.source.user_id)
    if person is not None:
        _note_speaker(group, person, place.member, event.occurred_at, work)
    return Here(group, person)


def add_group(event: InboundEvent, work: Work) -> Group:
    """A group that nobody registered counts as unknown and not approved."""
    group = Group(new_id(), _chat_id(event), is_room=event.source.kind is ChatKind.ROOM)
    added = work.uow.registry.add_group(group)
    ask_about_group(added, work)
    return added


def ask_about_group(group: Group, work: Work) -> None:
    if not group.is_room:  # old multi-person chats have no summary
        work.uow.errands.ask(ErrandKind.GROUP_SUMMARY, group.line_id)
    work.uow.errands.ask(ErrandKind.MEMBER_COUNT, group.line_id)
    work.uow.errands.ask(ErrandKind.MEMBER_LIST, group.line_id)


def note_member(group: Group, person: Person, known_by: KnownBy, at: datetime, work: Work) -> bool:
    """True when the roster changed; a person without a name is asked about."""
    if not work.uow.registry.note_presence(
        group, person, known_by=known_by, at=at, noted_at=work.now
    ):
        return False
    if not person.name:
        work.uow.errands.ask(ErrandKind.MEMBER_PROFILE, group.line_id, person.line_id)
    return True


def _note_speaker(
    group: Group, person: Person, member: Member | None, at: datetime, work: Work
) -> None:
    if member is None or (not member.is_present and member.changed_at < at):
        work.uow.lock(roster_lock(group))
        if note_member(group, person, KnownBy.SPOKE, at, work):
            facts = {"group": str(group.id), "person": str(person.id), "at": to_milliseconds(at)}
            work.uow.ledger.append(
                EntryKind.MEMBER_SEEN, by=SYSTEM, at=work.now, subject=group.id, facts=facts
            )


def roster_lock(group: Group) -> str:
    return f"roster:{group.id}"


def touched(group: Group, at: datetime) -> Group:
    return replace(group, changed_at=at)


def is_stale(group: Group, at: datetime) -> bool:
    """An event older than what changed this group last: it comes too late to say anything."""
    return group.changed_at is not None and to_milliseconds(at) < to_milliseconds(group.changed_at)


def _chat_id(event: InboundEvent) -> str:
    if event.source.chat_id is None:
        msg = "an event of no chat was taken for one of a group"
        raise ValueError(msg)
    return event.source.chat_id
