"""Groups, people, and who was in which group when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import and_, bindparam, case, insert, literal, or_, select, update

from bot.domain.audience import Movement
from bot.domain.groups import (
    Approval,
    Group,
    GroupKind,
    KnownBy,
    Language,
    Member,
    Person,
    Place,
    SenderKind,
)
from bot.domain.ids import new_id
from bot.storage.keyring import KeyKind, open_with_any, seal
from bot.storage.membership import Fact, arrival, note_count, note_fact
from bot.storage.tables import groups, members, people, roster_members, rosters
from bot.storage.types import UtcTime
from bot.storage.upsert import insert_into, insert_or_ignore

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Select, Table

    from bot.storage.keyring import KeyRing
    from bot.storage.types import AnyRow

# How well a way of knowing proves presence; a weaker one never replaces a stronger one.
_WEIGHT = {
    KnownBy.LEAVE_EVENT: 0,
    KnownBy.SPOKE: 0,
    KnownBy.JOIN_EVENT: 1,
    KnownBy.API: 2,
    KnownBy.REGISTER: 3,
}


def _locate() -> Select[Any]:
    """Always one row; what is not known is NULL in it."""
    group = select(groups).where(groups.c.line_id == bindparam("chat_id")).subquery("grp")
    person = select(people).where(people.c.line_id == bindparam("user_id")).subquery("person")
    one = select(literal(1)).subquery("one")
    is_member = and_(members.c.group_id == group.c.id, members.c.person_id == person.c.id)
    return (
        select(
            *[column.label(f"g_{column.name}") for column in group.c],
            *[column.label(f"p_{column.name}") for column in person.c],
            *[column.label(f"m_{column.name}") for column in members.c],
        )
        .select_from(one)
        .outerjoin(group, group.c.id.is_not(None))
        .outerjoin(person, person.c.id.is_not(None))
        .outerjoin(members, is_member)
    )


# Built once: putting this statement together takes longer than the database takes to answer it.
_LOCATE = _locate()


class SqlRegistry:
    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    # Groups

    def locate(self, chat_id: str, user_id: str | None) -> Place:
        """Group, person and membership in one look: this runs for every message."""
        asked = {"chat_id": chat_id, "user_id": user_id}
        row = self._connection.execute(_LOCATE, asked).one()._mapping
        return Place(
            group=None if row["g_id"] is None else self._group(_part(row, "g_")),
            person=None if row["p_id"] is None else self._person(_part(row, "p_")),
            member=None if row["m_person_id"] is None else _member(_part(row, "m_")),
        )

    def group_of(self, row: AnyRow) -> Group:
        return self._group(row._mapping)

    def person_of(self, row: AnyRow) -> Person:
        return self._person(row._mapping)

    @staticmethod
    def member_of(row: AnyRow) -> Member:
        return _member(row._mapping)

    def group(self, group_id: UUID) -> Group | None:
        row = self._connection.execute(select(groups).where(groups.c.id == group_id)).one_or_none()
        return None if row is None else self._group(row._mapping)

    def groups(self) -> list[Group]:
        rows = self._connection.execute(select(groups).order_by(groups.c.id))
        return [self._group(row._mapping) for row in rows]

    def add_group(self, group: Group) -> Group:
        """Two events of a new group may race: the first one in wins, both get its row."""
        self._connection.execute(
            insert_or_ignore(self._connection, groups).values(self._group_values(group))
        )
        row = self._connection.execute(
            select(groups).where(groups.c.line_id == group.line_id)
        ).one()
        return self._group(row._mapping)

    def save_group(self, group: Group) -> None:
        """All but the name and the count, which LINE tells at any time: each column has one door,
        so that neither an answer of LINE nor an approval overwrites the other."""
        self._change_group(group.line_id, self._standing_of(group))

    def name_group(self, line_id: str, name: str) -> None:
        group_id = self._connection.scalar(select(groups.c.id).where(groups.c.line_id == line_id))
        if group_id is not None:
            sealed = self._sealed_name(groups, group_id, name)
            self._change_group(line_id, {"name_sealed": sealed})

    def count_members(self, line_id: str, count: int, at: datetime) -> None:
        self._change_group(line_id, {"member_count": count})
        group_id = self._connection.scalar(select(groups.c.id).where(groups.c.line_id == line_id))
        if group_id is not None:
            note_count(self._connection, group_id, count, at)

    def _change_group(self, line_id: str, values: dict[str, Any]) -> None:
        self._connection.execute(update(groups).where(groups.c.line_id == line_id).values(values))

    def _group_values(self, group: Group) -> dict[str, Any]:
        return {
            "id": group.id,
            "line_id": group.line_id,
            "is_room": group.is_room,
            "name_sealed": self._sealed_name(groups, group.id, group.name),
            "member_count": group.member_count,
            **self._standing_of(group),
        }

    @staticmethod
    def _standing_of(group: Group) -> dict[str, Any]:
        return {
            "kind": group.kind.value,
            "approval": group.approval.value,
            "purpose": group.purpose,
            "owner": group.owner,
            "approved_from": group.approved_from,
            "review_at": group.review_at,
            "is_simulated": group.is_simulated,
            "language": group.language.value,
            "asks_acknowledgement": group.asks_acknowledgement,
            "changed_at": group.changed_at,
            "left_at": group.left_at,
        }

    def _group(self, row: Any) -> Group:  # noqa: ANN401 - a row mapping
        return Group(
            id=row["id"],
            line_id=row["line_id"],
            is_room=row["is_room"],
            name=self._opened_name(groups, row["id"], row["name_sealed"]),
            kind=GroupKind(row["kind"]),
            approval=Approval(row["approval"]),
            purpose=row["purpose"],
            owner=row["owner"],
            approved_from=row["approved_from"],
            review_at=row["review_at"],
            is_simulated=row["is_simulated"],
            language=Language(row["language"]),
            member_count=row["member_count"],
            changed_at=row["changed_at"],
            left_at=row["left_at"],
            asks_acknowledgement=row["asks_acknowledgement"],
        )

    # People

    def person(self, person_id: UUID) -> Person | None:
        row = self._connection.execute(select(people).where(people.c.id == person_id)).one_or_none()
        return None if row is None else self._person(row._mapping)

    def people(self) -> list[Person]:
        rows = self._connection.execute(select(people).order_by(people.c.id))
        return [self._person(row._mapping) for row in rows]

    def ensure_person(self, line_id: str) -> Person:
        fresh = Person(new_id(), line_id)
        self._connection.execute(
            insert_or_ignore(self._connection, people).values(self._person_values(fresh))
        )
        row = self._connection.execute(select(people).where(people.c.line_id == line_id)).one()
        return self._person(row._mapping)

    def set_follow(self, person_id: UUID, *, is_friend: bool, at: datetime) -> bool:
        """False when something newer is known: told late, an older event changes nothing."""
        known_at = people.c.follow_changed_at
        changed = self._connection.execute(
            update(people)
            .where(people.c.id == person_id, or_(known_at.is_(None), known_at <= at))
            .values(is_friend=is_friend, follow_changed_at=at)
        )
        return changed.rowcount == 1

    def name_person(self, line_id: str, name: str) -> None:
        person_id = self.ensure_person(line_id).id
        sealed = self._sealed_name(people, person_id, name)
        self._connection.execute(
            update(people).where(people.c.id == person_id).values(name_sealed=sealed)
        )

    def _person_values(self, person: Person) -> dict[str, Any]:
        return {
            "id": person.id,
            "line_id": person.line_id,
            "name_sealed": self._sealed_name(people, person.id, person.name),
            "kind": person.kind.value,
            "is_friend": person.is_friend,
            "follow_changed_at": person.follow_changed_at,
        }

    def _person(self, row: Any) -> Person:  # noqa: ANN401 - a row mapping
        return Person(
            id=row["id"],
            line_id=row["line_id"],
            name=self._opened_name(people, row["id"], row["name_sealed"]),
            kind=SenderKind(row["kind"]),
            is_friend=row["is_friend"],
            follow_changed_at=row["follow_changed_at"],
        )

    # Names of groups and people are sealed: a group may be named after a patient.

    def _sealed_name(self, table: Table, row_id: UUID, name: str) -> bytes | None:
        if not name:
            return None
        plain = name.encode("utf-8", "surrogatepass")
        return seal(self._keys.registry().value, plain, name_bound_to(table, row_id))

    def _opened_name(self, table: Table, row_id: UUID, sealed: bytes | None) -> str:
        if sealed is None:
            return ""
        plain = open_with_any(
            self._keys.all_of(KeyKind.REGISTRY), sealed, name_bound_to(table, row_id)
        )
        return plain.decode("utf-8", "surrogatepass")

    # Presence

    def note_presence(
        self,
        group: Group,
        person: Person,
        *,
        known_by: KnownBy,
        at: datetime,
        noted_at: datetime | None = None,
    ) -> bool:
        now_known = self._member(group, person)
        if now_known is None:
            self._add_member(group, person, known_by, at)
        elif not self._strengthen(group, person, now_known, known_by, at):
            return False
        if now_known is None or not now_known.is_present or known_by is KnownBy.JOIN_EVENT:
            fact = Fact(group.id, person.id, arrival(known_by), known_by, at)
            note_fact(self._connection, fact, noted_at or at)
        return self._count_change(group, at)

    def note_absence(
        self, group: Group, person: Person, *, at: datetime, noted_at: datetime | None = None
    ) -> bool:
        known = self._member(group, person)
        if known is None:
            # Who leaves was there until then. Without this row, a join that is told late would
            # bring them back.
            self._add_member(group, person, KnownBy.LEAVE_EVENT, at, is_present=False)
        elif not known.is_present or known.changed_at > at:
            return False
        else:
            self._save_member(group, person, is_present=False, changed_at=at)
        known_by = KnownBy.LEAVE_EVENT if known is None else known.known_by
        fact = Fact(group.id, person.id, Movement.LEFT, known_by, at)
        note_fact(self._connection, fact, noted_at or at)
        return self._count_change(group, at)

    def _member(self, group: Group, person: Person) -> Member | None:
        row = self._connection.execute(
            select(members).where(members.c.group_id == group.id, members.c.person_id == person.id)
        ).one_or_none()
        return None if row is None else _member(row._mapping)

    def _add_member(
        self,
        group: Group,
        person: Person,
        known_by: KnownBy,
        at: datetime,
        *,
        is_present: bool = True,
    ) -> None:
        self._connection.execute(
            insert_into(self._connection, members)
            .values(
                group_id=group.id,
                person_id=person.id,
                known_by=known_by.value,
                since=at,
                is_present=is_present,
                changed_at=at,
            )
            .on_conflict_do_nothing()
        )

    def _strengthen(
        self, group: Group, person: Person, known: Member, known_by: KnownBy, at: datetime
    ) -> bool:
        comes_back = not known.is_present and at > known.changed_at
        knows_better = known.is_present and _WEIGHT[known_by] > _WEIGHT[known.known_by]
        if comes_back:
            self._save_member(
                group, person, is_present=True, changed_at=at, since=at, known_by=known_by.value
            )
        elif knows_better:
            self._save_member(
                group, person, known_by=known_by.value, **self._seen_from_to(known, at)
            )
        elif known.is_present and at > known.changed_at:
            # Nothing new, but a departure from before this moment is over.
            self._save_member(group, person, changed_at=at)
        return comes_back or knows_better

    def _seen_from_to(self, known: Member, at: datetime) -> dict[str, object]:
        """A join may be told after what its person said: it began with the earlier of the two."""
        earlier = case((members.c.since > at, literal(at, UtcTime())), else_=members.c.since)
        return {"since": earlier, "changed_at": max(known.changed_at, at)}

    def _save_member(self, group: Group, person: Person, **values: object) -> None:
        self._connection.execute(
            update(members)
            .where(members.c.group_id == group.id, members.c.person_id == person.id)
            .values(values)
        )

    def _count_change(self, group: Group, at: datetime) -> bool:
        changed_at = groups.c.roster_changed_at
        is_newest = or_(changed_at.is_(None), changed_at < at)
        self._connection.execute(
            update(groups)
            .where(groups.c.id == group.id)
            .values(
                roster_changes=groups.c.roster_changes + 1,
                roster_changed_at=case((is_newest, literal(at, UtcTime())), else_=changed_at),
            )
        )
        return True

    # Rosters

    def roster_at(self, group_id: UUID, at: datetime) -> UUID | None:
        """The version that stands for this moment; made when a record first asks for it."""
        state = self._connection.execute(
            select(
                groups.c.roster_changes, groups.c.roster_changed_at, groups.c.member_count
            ).where(groups.c.id == group_id)
        ).one_or_none()
        if state is None:
            return None
        is_current = state.roster_changed_at is None or at >= state.roster_changed_at
        same = self._current_roster(group_id, state) if is_current else None
        return same or self._make_roster(group_id, at, state)

    def _current_roster(self, group_id: UUID, state: AnyRow) -> UUID | None:
        """One made since the last change, for a moment since the last change."""
        query = select(rosters.c.id).where(
            rosters.c.group_id == group_id, rosters.c.roster_changes == state.roster_changes
        )
        if state.roster_changed_at is not None:
            query = query.where(rosters.c.effective_at >= state.roster_changed_at)
        found: UUID | None = self._connection.scalar(query.order_by(rosters.c.number).limit(1))
        return found

    def _newest_roster(self, group_id: UUID) -> AnyRow | None:
        return self._connection.execute(
            select(rosters)
            .where(rosters.c.group_id == group_id)
            .order_by(rosters.c.number.desc())
            .limit(1)
        ).one_or_none()

    def _make_roster(self, group_id: UUID, at: datetime, state: AnyRow) -> UUID:
        newest = self._newest_roster(group_id)
        roster_id = new_id()
        self._connection.execute(
            insert(rosters).values(
                id=roster_id,
                group_id=group_id,
                number=1 if newest is None else newest.number + 1,
                roster_changes=state.roster_changes,
                effective_at=at,
                member_count=state.member_count,
            )
        )
        present = self._present_at(group_id, at)
        if present:
            self._connection.execute(
                insert(roster_members),
                [{"roster_id": roster_id, **row._mapping} for row in present],
            )
        return roster_id

    def _present_at(self, group_id: UUID, at: datetime) -> list[AnyRow]:
        """Only a join event says when somebody came; all others may have been there before."""
        was_there = or_(members.c.known_by != KnownBy.JOIN_EVENT.value, members.c.since <= at)
        not_gone = or_(members.c.is_present, members.c.changed_at > at)
        return list(
            self._connection.execute(
                select(members.c.person_id, members.c.known_by).where(
                    members.c.group_id == group_id, was_there, not_gone
                )
            ).all()
        )

    def member_names(self, group_id: UUID) -> tuple[str, ...]:
        rows = self._connection.execute(
            select(people.c.id, people.c.name_sealed)
            .join(members, members.c.person_id == people.c.id)
            .where(members.c.group_id == group_id, people.c.name_sealed.is_not(None))
        )
        return tuple(self._opened_name(people, row.id, row.name_sealed) for row in rows)


def name_bound_to(table: Table, row_id: UUID) -> bytes:
    return f"{table.name}:".encode() + row_id.bytes


def _part(row: Any, prefix: str) -> dict[str, Any]:  # noqa: ANN401 - a row mapping
    return {name[len(prefix) :]: value for name, value in row.items() if name.startswith(prefix)}


def _member(row: Any) -> Member:  # noqa: ANN401 - a row mapping
    return Member(row["person_id"], KnownBy(row["known_by"]), row["is_present"], row["changed_at"])
