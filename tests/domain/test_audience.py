"""Who could read a message, as far as we know, and since when we know it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.audience import (
    Audience,
    Count,
    MembershipChange,
    Movement,
    RosterVersion,
    Stood,
    audience_of,
)
from bot.domain.groups import KnownBy
from bot.domain.ids import new_id

NOON = datetime(2026, 11, 21, 5, tzinfo=UTC)
SENDER, ANN, BEE, CAT = (new_id() for _ in range(4))


def minutes(count: float) -> datetime:
    return NOON + timedelta(minutes=count)


def roster(*members: UUID, counted: int | None = None) -> RosterVersion:
    known = dict.fromkeys(members, KnownBy.SPOKE)
    return RosterVersion(new_id(), new_id(), known, counted)


def change(
    who: UUID,
    movement: Movement,
    at: float,
    known_by: KnownBy = KnownBy.SPOKE,
    noted: float | None = None,
) -> MembershipChange:
    noted_at = minutes(at if noted is None else noted)
    return MembershipChange(who, movement, known_by, minutes(at), noted_at)


def audience(
    version: RosterVersion,
    *changes: MembershipChange,
    stood: Stood | None = None,
    later: Count | None = None,
) -> Audience:
    return audience_of(version, SENDER, stood or Stood(NOON, minutes(30)), changes, later)


def test_the_sender_is_no_recipient_and_the_unknown_are_counted() -> None:
    known = [new_id() for _ in range(31)]
    found = audience(roster(SENDER, *known, counted=35))
    assert (found.named, found.total, found.unknown) == (31, 34, 3)


def test_without_a_count_of_lines_nobody_pretends_to_know_how_many_are_missing() -> None:
    found = audience(roster(SENDER, ANN))
    assert (found.named, found.total, found.unknown) == (1, None, None)


def test_a_count_that_came_later_is_used_with_its_time_but_replaces_none() -> None:
    later = Count(9, minutes(1))
    assert audience(roster(ANN), later=later).count == later
    assert audience(roster(ANN, counted=5), later=later).count == Count(5)


def test_more_named_than_counted_means_that_the_count_is_old() -> None:
    found = audience(roster(ANN, BEE, CAT, counted=2))
    assert (found.total, found.unknown) == (3, 0)


def test_who_speaks_later_without_having_joined_had_been_there() -> None:
    found = audience(roster(SENDER, counted=3), change(ANN, Movement.SEEN, 5))
    (fact,) = found.late
    assert (fact.person_id, fact.learnt_at, fact.was_there) == (ANN, minutes(5), True)
    assert (found.named, found.unknown, found.joined) == (1, 1, ())


def test_who_leaves_later_and_was_unknown_had_been_there() -> None:
    left = change(ANN, Movement.LEFT, 5, KnownBy.LEAVE_EVENT)
    assert [fact.was_there for fact in audience(roster(), left).late] == [True]


@pytest.mark.parametrize(("at", "is_counted"), [(0, False), (0.1, True), (30, True), (30.1, False)])
def test_who_joins_while_it_stands_is_kept_apart(at: float, *, is_counted: bool) -> None:
    found = audience(roster(), change(ANN, Movement.JOINED, at, KnownBy.JOIN_EVENT))
    assert [one.person_id for one in found.joined] == ([ANN] if is_counted else [])
    assert found.named == (1 if at == 0 else 0)


def test_while_it_still_stands_everybody_who_joins_counts() -> None:
    joined = change(ANN, Movement.JOINED, 9_000, KnownBy.JOIN_EVENT)
    assert len(audience(roster(), joined, stood=Stood(NOON)).joined) == 1


def test_who_joined_and_then_spoke_had_not_been_there() -> None:
    joined = change(ANN, Movement.JOINED, 3, KnownBy.JOIN_EVENT, noted=9)
    found = audience(roster(), change(ANN, Movement.SEEN, 5), joined)
    assert found.late == ()
    assert [one.at for one in found.joined] == [minutes(3)]


def test_who_leaves_and_comes_back_is_a_recipient_once() -> None:
    found = audience(
        roster(ANN),
        change(ANN, Movement.LEFT, 5),
        change(ANN, Movement.JOINED, 9, KnownBy.JOIN_EVENT),
    )
    assert (found.named, found.late, found.joined) == (1, (), ())


def test_a_departure_from_before_that_is_told_late_takes_somebody_out_again() -> None:
    found = audience(roster(ANN, BEE, counted=4), change(ANN, Movement.LEFT, -1, noted=7))
    (fact,) = found.late
    assert (fact.was_there, fact.learnt_at) == (False, minutes(7))
    assert (found.named, found.unknown) == (1, 2)


def test_a_join_from_before_that_is_told_late_brings_somebody_in() -> None:
    joined = change(ANN, Movement.JOINED, -1, KnownBy.JOIN_EVENT, noted=7)
    assert [fact.was_there for fact in audience(roster(), joined).late] == [True]


people = st.sampled_from([SENDER, ANN, BEE, CAT])
changes = st.lists(
    st.builds(
        change,
        people,
        st.sampled_from(Movement),
        st.integers(-60, 60),
        st.sampled_from(KnownBy),
    )
)


@given(st.sets(people), changes, st.randoms(), st.integers(0, 9))
def test_the_order_in_which_facts_are_told_changes_nothing(
    members: set[UUID], told: list[MembershipChange], dice: Random, counted: int
) -> None:
    told = list({(one.person_id, one.at): one for one in told}.values())
    version = roster(*sorted(members), counted=counted)
    before = audience(version, *told)
    dice.shuffle(told)
    after = audience(version, *told)
    assert after == before
    assert after.named + (after.unknown or 0) == after.total
    everybody = {
        *(one.person_id for one in after.recipients),
        *(one.person_id for one in after.late),
        *(one.person_id for one in after.joined),
    }
    assert SENDER not in everybody
