"""Who could read a message: known at the time, learnt of later, and joined while it stood.

A roster version says who was known to be there when a record was made. Whatever is learnt
afterwards never changes it: it is put beside it, with its date.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

from bot.domain.groups import KnownBy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID


class Movement(StrEnum):
    """What was learnt of somebody's presence. Only a join says when somebody came."""

    JOINED = "joined"
    SEEN = "seen"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class MembershipChange:
    """One fact: `at` is when it happened, `noted_at` when we heard of it."""

    person_id: UUID
    movement: Movement
    known_by: KnownBy
    at: datetime
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class RosterVersion:
    """Who was known to be in a group when a record first asked; `counted` is LINE's number."""

    id: UUID
    group_id: UUID
    members: Mapping[UUID, KnownBy]
    counted: int | None


@dataclass(frozen=True, slots=True)
class Stood:
    """How long something could be read; `end` is None while it still stands."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    person_id: UUID
    known_by: KnownBy


@dataclass(frozen=True, slots=True)
class LateFact:
    """Learnt after the roster was made: somebody had been there, or had left before."""

    person_id: UUID
    known_by: KnownBy
    learnt_at: datetime
    was_there: bool


@dataclass(frozen=True, slots=True)
class Joiner:
    """Somebody who came while it stood, and could scroll back."""

    person_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Count:
    """LINE's number of members; `learnt_at` where it was told after the roster was made."""

    number: int
    learnt_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Audience:
    """The recipients of a record. The sender is none of them."""

    recipients: tuple[Recipient, ...]
    late: tuple[LateFact, ...] = ()
    joined: tuple[Joiner, ...] = ()
    count: Count | None = None

    @property
    def named_ids(self) -> frozenset[UUID]:
        """Everybody of whom we can say that they could read it from the start."""
        gone = {fact.person_id for fact in self.late if not fact.was_there}
        there = {fact.person_id for fact in self.late if fact.was_there}
        return frozenset({one.person_id for one in self.recipients} - gone | there)

    @property
    def named(self) -> int:
        return len(self.named_ids)

    @property
    def total(self) -> int | None:
        """By LINE's count, without the sender. None where LINE never told it."""
        if self.count is None:
            return None
        return max(self.count.number - 1, self.named)

    @property
    def unknown(self) -> int | None:
        return None if self.total is None else self.total - self.named


def audience_of(
    roster: RosterVersion,
    sender_id: UUID | None,
    stood: Stood,
    changes: Sequence[MembershipChange],
    later_count: Count | None = None,
) -> Audience:
    """`changes`: all that was noted since the record was made, in any order."""
    others = [change for change in changes if change.person_id != sender_id]
    return Audience(
        recipients=tuple(
            Recipient(person_id, known_by)
            for person_id, known_by in roster.members.items()
            if person_id != sender_id
        ),
        late=tuple(_late(roster, stood.start, others)),
        joined=tuple(_joined(roster, stood, others)),
        count=later_count if roster.counted is None else Count(roster.counted),
    )


def _late(
    roster: RosterVersion, start: datetime, changes: Iterable[MembershipChange]
) -> Iterator[LateFact]:
    for person_id, of_person in _by_person(changes):
        telling = _telling(of_person, start)
        if telling is None:
            continue
        was_there = telling.movement is not Movement.LEFT or telling.at > start
        if was_there != (person_id in roster.members):
            yield LateFact(person_id, telling.known_by, telling.noted_at, was_there)


def _telling(changes: Sequence[MembershipChange], start: datetime) -> MembershipChange | None:
    """The one of a person's changes that says whether they were there at the start: the last one
    before it; else the first one after it, unless that is a join."""
    before = [change for change in changes if change.at <= start]
    after = [change for change in changes if change.at > start]
    if before:
        return before[-1]
    return after[0] if after and after[0].movement is not Movement.JOINED else None


def _joined(
    roster: RosterVersion, stood: Stood, changes: Iterable[MembershipChange]
) -> Iterator[Joiner]:
    """Whoever was there before, and left and came back, is a recipient already."""
    for person_id, of_person in _by_person(changes):
        first = next((change for change in of_person if change.at > stood.start), None)
        if first is None or first.movement is not Movement.JOINED or person_id in roster.members:
            continue
        if stood.end is None or first.at <= stood.end:
            yield Joiner(person_id, first.at)


def _by_person(
    changes: Iterable[MembershipChange],
) -> Iterator[tuple[UUID, list[MembershipChange]]]:
    ordered = sorted(changes, key=lambda change: (change.person_id, change.at))
    for person_id, of_person in groupby(ordered, key=lambda change: change.person_id):
        yield person_id, list(of_person)
