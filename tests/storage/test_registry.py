"""Groups, people, and who was in which group when: by event time, in whatever order it is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from sqlalchemy import select

from bot.domain.groups import Approval, Group, GroupKind, KnownBy, Person
from bot.domain.ids import new_id
from bot.errors import SealBrokenError
from bot.storage.registry import SqlRegistry
from bot.storage.tables import groups, members, people, roster_members, rosters
from tests.storage.stage import START, Stage


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


@dataclass
class Ward:
    """One group, and people who come and go."""

    registry: SqlRegistry
    group: Group

    def person(self, line_id: str) -> Person:
        return self.registry.ensure_person(line_id)

    def speaks(self, line_id: str, minute: float) -> bool:
        return self._is_here(line_id, KnownBy.SPOKE, minute)

    def joins(self, line_id: str, minute: float) -> bool:
        return self._is_here(line_id, KnownBy.JOIN_EVENT, minute)

    def is_listed(self, line_id: str, minute: float) -> bool:
        return self._is_here(line_id, KnownBy.API, minute)

    def leaves(self, line_id: str, minute: float) -> bool:
        return self.registry.note_absence(self.group, self.person(line_id), at=at(minute))

    def is_present(self, line_id: str) -> bool:
        member = self.registry.locate("C1", line_id).member
        return member is not None and member.is_present

    def roster(self, minute: float) -> UUID:
        roster = self.registry.roster_at(self.group.id, at(minute))
        assert roster is not None
        return roster

    def names(self, roster: UUID) -> set[str]:
        rows = self.registry._connection.scalars(
            select(people.c.line_id)
            .join(roster_members, roster_members.c.person_id == people.c.id)
            .where(roster_members.c.roster_id == roster)
        )
        return set(rows)

    def _is_here(self, line_id: str, known_by: KnownBy, minute: float) -> bool:
        return self.registry.note_presence(
            self.group, self.person(line_id), known_by=known_by, at=at(minute)
        )


@contextmanager
def ward_of(stage: Stage) -> Iterator[Ward]:
    with stage.parts.store.unit_of_work() as uow:
        yield Ward(uow.registry, uow.registry.add_group(Group(new_id(), "C1")))


@pytest.fixture
def ward(stage: Stage) -> Iterator[Ward]:
    with ward_of(stage) as ready:
        yield ready


# --- groups and people --------------------------------------------------------------------------


def test_a_group_keeps_everything_that_is_known_of_it(stage: Stage) -> None:
    known = Group(
        new_id(),
        "C1",
        name="ทีมดูแล \ud83d",
        kind=GroupKind.CARE_TEAM,
        approval=Approval.APPROVED,
        purpose="care",
        owner="U1",
        review_at=at(1),
        is_simulated=True,
        member_count=34,
        changed_at=at(0),
    )
    with stage.parts.store.unit_of_work() as uow:
        assert uow.registry.add_group(known) == known
    with stage.parts.store.unit_of_work() as uow:
        assert uow.registry.group(known.id) == known
        assert uow.registry.groups() == [known]
        assert uow.registry.locate("C1", None).group == known


def test_names_of_groups_and_people_are_sealed(stage: Stage) -> None:
    with stage.parts.store.unit_of_work() as uow:
        uow.registry.add_group(Group(new_id(), "C1", name="กลุ่มคุณยาย"))
        uow.registry.name_person("U1", "พยาบาลนก")
    assert "คุณยาย".encode() not in stage.row(groups).name_sealed
    assert "นก".encode() not in stage.row(people).name_sealed


def test_the_name_of_one_person_does_not_open_as_that_of_another(stage: Stage) -> None:
    with stage.parts.store.unit_of_work() as uow:
        uow.registry.name_person("U1", "พยาบาลนก")
    sealed = stage.row(people).name_sealed
    with stage.parts.store.unit_of_work() as uow:
        uow.registry.ensure_person("U2")
        uow.connection.execute(people.update().values(name_sealed=sealed))
        with pytest.raises(SealBrokenError):
            uow.registry.ensure_person("U2")


def test_two_events_of_a_new_group_get_the_same_group(ward: Ward) -> None:
    assert ward.registry.add_group(Group(new_id(), "C1")).id == ward.group.id
    assert ward.person("U1") == ward.person("U1")


def test_whoever_is_unknown_is_found_nowhere(ward: Ward) -> None:
    place = ward.registry.locate("C9", "U9")
    assert (place.group, place.person, place.member) == (None, None, None)
    assert ward.registry.roster_at(new_id(), at(0)) is None


def test_a_name_that_arrives_meanwhile_and_a_follow_leave_each_other_alone(
    on_postgresql: Stage,
) -> None:
    store = on_postgresql.parts.store
    with store.unit_of_work() as uow:
        person = uow.registry.ensure_person("U1")
    with store.unit_of_work() as slow:
        read_before = slow.registry.ensure_person("U1")
        with store.unit_of_work() as uow:
            uow.registry.name_person("U1", "พยาบาลนก")
        assert slow.registry.set_follow(read_before.id, is_friend=True, at=at(1))
    with store.unit_of_work() as uow:
        known = replace(person, name="พยาบาลนก", is_friend=True, follow_changed_at=at(1))
        assert uow.registry.person(person.id) == known


def test_a_follow_that_is_told_late_changes_nothing(stage: Stage) -> None:
    with stage.parts.store.unit_of_work() as uow:
        person = uow.registry.ensure_person("U1")
        assert uow.registry.set_follow(person.id, is_friend=False, at=at(2))
        assert not uow.registry.set_follow(person.id, is_friend=True, at=at(1))
        assert uow.registry.person(person.id) == replace(person, follow_changed_at=at(2))


def test_what_line_tells_of_a_group_and_an_approval_leave_each_other_alone(
    on_postgresql: Stage,
) -> None:
    store = on_postgresql.parts.store
    with store.unit_of_work() as uow:
        group = uow.registry.add_group(Group(new_id(), "C1"))
    with store.unit_of_work() as slow:
        read_before = slow.registry.group(group.id)
        assert read_before is not None
        with store.unit_of_work() as uow:
            uow.registry.name_group("C1", "ทีมดูแล")
            uow.registry.count_members("C1", 34, START)
        slow.registry.save_group(replace(read_before, approval=Approval.APPROVED))
    with store.unit_of_work() as uow:
        uow.registry.name_group("C9", "never seen")
        known = replace(group, name="ทีมดูแล", member_count=34, approval=Approval.APPROVED)
        assert uow.registry.groups() == [known]


def test_names_of_members_are_those_of_this_group(ward: Ward) -> None:
    ward.registry.name_person("U1", "พยาบาลนก")
    ward.registry.name_person("U2", "หมอเอ")
    ward.speaks("U1", 1)
    assert ward.registry.member_names(ward.group.id) == ("พยาบาลนก",)


# --- presence by event time ---------------------------------------------------------------------


def test_who_speaks_is_there_and_who_leaves_is_not(ward: Ward) -> None:
    assert ward.speaks("U1", 1)
    assert not ward.speaks("U1", 2)
    assert ward.leaves("U1", 3)
    assert not ward.is_present("U1")
    assert ward.joins("U1", 4)
    assert ward.is_present("U1")


@pytest.mark.parametrize("order", list(permutations(("joins", "leaves", "rejoins"))))
def test_joining_leaving_and_joining_again_ends_in_the_group_in_every_order(
    stage: Stage, order: tuple[str, ...]
) -> None:
    with ward_of(stage) as ward:
        deeds = {
            "joins": lambda: ward.joins("U1", 1),
            "leaves": lambda: ward.leaves("U1", 2),
            "rejoins": lambda: ward.joins("U1", 3),
        }
        for deed in order:
            deeds[deed]()
        assert ward.is_present("U1")


@pytest.mark.parametrize("order", list(permutations(("speaks", "joins", "leaves"))))
def test_who_left_last_is_gone_in_whatever_order_it_is_told(
    stage: Stage, order: tuple[str, ...]
) -> None:
    with ward_of(stage) as ward:
        deeds = {
            "joins": lambda: ward.joins("U1", 1),
            "speaks": lambda: ward.speaks("U1", 2),
            "leaves": lambda: ward.leaves("U1", 3),
        }
        for deed in order:
            deeds[deed]()
        assert not ward.is_present("U1")


def test_a_better_way_of_knowing_replaces_a_weaker_one_and_never_the_reverse(
    stage: Stage,
) -> None:
    with ward_of(stage) as ward:
        ward.speaks("U1", 1)
        assert ward.is_listed("U1", 2)
        assert not ward.joins("U1", 3)
        assert not ward.speaks("U1", 4)
    assert stage.row(members).known_by == "api"


# --- rosters ------------------------------------------------------------------------------------


def test_a_roster_is_used_again_until_membership_changes(ward: Ward) -> None:
    ward.speaks("U1", 1)
    first = ward.roster(2)
    assert ward.roster(3) == first
    ward.speaks("U2", 4)
    second = ward.roster(5)

    assert second != first
    assert (ward.names(first), ward.names(second)) == ({"U1"}, {"U1", "U2"})


def test_a_roster_never_changes_once_it_is_made(ward: Ward) -> None:
    ward.speaks("U1", 1)
    first = ward.roster(2)
    ward.leaves("U1", 3)
    ward.joins("U2", 4)
    assert ward.names(first) == {"U1"}
    assert ward.names(ward.roster(5)) == {"U2"}


def test_a_roster_for_an_earlier_time_leaves_out_who_came_later(ward: Ward) -> None:
    ward.joins("U1", 1)
    ward.joins("U2", 10)
    assert ward.names(ward.roster(5)) == {"U1"}


def test_a_roster_for_an_earlier_time_holds_who_has_left_since(ward: Ward) -> None:
    ward.joins("U1", 1)
    ward.leaves("U1", 10)
    assert ward.names(ward.roster(5)) == {"U1"}


def test_a_roster_made_for_an_earlier_time_does_not_stand_for_now(ward: Ward) -> None:
    ward.joins("U1", 1)
    ward.joins("U2", 10)
    earlier = ward.roster(5)

    now = ward.roster(11)

    assert now != earlier
    assert ward.names(now) == {"U1", "U2"}
    assert ward.roster(12) == now


def test_who_left_before_we_ever_heard_of_them_was_there_until_then(ward: Ward) -> None:
    ward.leaves("U1", 10)
    assert ward.names(ward.roster(5)) == {"U1"}
    assert ward.names(ward.roster(11)) == set()


def test_a_join_that_is_told_late_counts_from_its_own_time(ward: Ward) -> None:
    ward.speaks("U1", 10)
    ward.joins("U1", 1)
    assert ward.names(ward.roster(5)) == {"U1"}
    assert ward.names(ward.roster(0)) == set()


def test_rosters_are_numbered_and_say_how_many_members_the_group_had(stage: Stage) -> None:
    with ward_of(stage) as ward:
        ward.registry.count_members("C1", 34, START)
        ward.speaks("U1", 1)
        ward.roster(2)
        ward.speaks("U2", 3)
        ward.roster(4)
    made = sorted(stage.rows(rosters), key=lambda row: row.number)
    assert [(row.number, row.member_count) for row in made] == [(1, 34), (2, 34)]
