"""Who could read a record: its roster version, and what was learnt after that was made."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.domain.audience import (
    Count,
    MembershipChange,
    Movement,
    RosterVersion,
    Stood,
    audience_of,
)
from bot.domain.groups import KnownBy
from bot.storage.tables import member_counts, membership_changes, roster_members, rosters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Connection

    from bot.domain.audience import Audience


@dataclass(frozen=True, slots=True)
class Asked:
    """A record whose audience is wanted."""

    roster_id: UUID | None
    sender_id: UUID | None
    stood: Stood


@dataclass(frozen=True, slots=True)
class _Version:
    roster: RosterVersion
    made_for: datetime


def audiences(connection: Connection, asked: Sequence[Asked]) -> list[Audience | None]:
    """One for each, in the same order; None where there is no roster. Four statements for all."""
    ids = {one.roster_id for one in asked if one.roster_id is not None}
    if not ids:
        return [None for _ in asked]
    versions = _versions(connection, ids)
    since: dict[UUID, datetime] = {}
    for version in versions.values():
        group_id = version.roster.group_id
        since[group_id] = min(version.made_for, since.get(group_id, version.made_for))
    changes, counts = _changes(connection, since), _counts(connection, since)
    return [_audience(one, versions, changes, counts) for one in asked]


def _audience(
    asked: Asked,
    versions: dict[UUID, _Version],
    changes: dict[UUID, list[MembershipChange]],
    counts: dict[UUID, list[Count]],
) -> Audience | None:
    version = None if asked.roster_id is None else versions.get(asked.roster_id)
    if version is None:
        return None
    group_id, made_for = version.roster.group_id, version.made_for
    since = [one for one in changes[group_id] if one.noted_at >= made_for]
    later = (one for one in counts[group_id] if one.learnt_at and one.learnt_at >= made_for)
    return audience_of(version.roster, asked.sender_id, asked.stood, since, next(later, None))


def _versions(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, _Version]:
    members: dict[UUID, dict[UUID, KnownBy]] = defaultdict(dict)
    rows = connection.execute(
        select(roster_members)
        .where(roster_members.c.roster_id.in_(list(ids)))
        .order_by(roster_members.c.person_id)
    )
    for row in rows:
        members[row.roster_id][row.person_id] = KnownBy(row.known_by)
    found = connection.execute(select(rosters).where(rosters.c.id.in_(list(ids))))
    return {
        row.id: _Version(
            RosterVersion(row.id, row.group_id, members[row.id], row.member_count),
            row.effective_at,
        )
        for row in found
    }


def _changes(
    connection: Connection, since: dict[UUID, datetime]
) -> dict[UUID, list[MembershipChange]]:
    """Noted since the earliest roster of each group; a fact of before may be noted after."""
    found: dict[UUID, list[MembershipChange]] = defaultdict(list)
    columns = membership_changes.c
    for group_id, start in since.items():
        rows = connection.execute(
            select(membership_changes).where(
                columns.group_id == group_id, columns.noted_at >= start
            )
        )
        found[group_id] = [
            MembershipChange(
                row.person_id, Movement(row.movement), KnownBy(row.known_by), row.at, row.noted_at
            )
            for row in rows
        ]
    return found


def _counts(connection: Connection, since: dict[UUID, datetime]) -> dict[UUID, list[Count]]:
    found: dict[UUID, list[Count]] = defaultdict(list)
    for group_id, start in since.items():
        rows = connection.execute(
            select(member_counts)
            .where(member_counts.c.group_id == group_id, member_counts.c.at >= start)
            .order_by(member_counts.c.at)
        )
        found[group_id] = [Count(row.number, row.at) for row in rows]
    return found
