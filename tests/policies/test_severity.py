"""The proposal can be explained, and never claims a harm that only people can see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.exposure import Exposure
from bot.domain.findings import Label
from bot.domain.groups import GroupKind
from policies.severity import Gravity, Proposal, SeverityScale, propose

exposures = st.builds(
    Exposure,
    people=st.integers(0, 500),
    people_at_least=st.booleans(),
    visible=st.timedeltas(timedelta(), timedelta(days=2)),
    visible_at_least=st.booleans(),
)
gravities = st.builds(
    Gravity,
    labels=st.frozensets(st.sampled_from(Label), min_size=1),
    patients=st.integers(0, 40),
    group_kind=st.sampled_from(GroupKind),
    exposure=exposures,
    is_linked=st.booleans(),
)


def proposed(
    *labels: Label,
    patients: int = 1,
    kind: GroupKind = GroupKind.UNKNOWN,
    people: int = 10,
    minutes: float = 20,
    stands: bool = False,
    linked: bool = False,
) -> Proposal:
    exposure = Exposure(people, False, timedelta(minutes=minutes), stands)  # noqa: FBT003
    return propose(Gravity(frozenset(labels), patients, kind, exposure, linked))


@pytest.mark.parametrize(
    ("found", "severity"),
    [
        (proposed(Label.PERSON), 1),
        (proposed(Label.HN), 2),
        (proposed(Label.HN, minutes=5), 1),
        (proposed(Label.HN, minutes=5.1), 2),
        (proposed(Label.HN, minutes=2, stands=True), 2),
        (proposed(Label.HN, minutes=60), 3),
        (proposed(Label.HN, patients=2), 3),
        (proposed(Label.HN, kind=GroupKind.SOCIAL), 3),
        (proposed(Label.HN, kind=GroupKind.SOCIAL, people=300), 3),
        (proposed(Label.HN, people=50), 3),
        (proposed(Label.HN, people=49), 2),
        (proposed(Label.HN, linked=True), 3),
        (proposed(Label.HN, patients=9, kind=GroupKind.SOCIAL, minutes=90, linked=True), 5),
        (proposed(Label.PERSON, minutes=1), 1),
    ],
)
def test_the_rule(found: Proposal, severity: int) -> None:
    assert found.severity == severity


@given(gravities)
def test_every_step_up_or_down_has_its_reason(gravity: Gravity) -> None:
    found = propose(gravity)
    steps = sum(1 if reason.startswith("+1: ") else -1 for reason in found.reasons)
    assert found.severity == max(1, min(5, 1 + steps))


@given(gravities, st.integers(1, 40))
def test_more_patients_are_never_less_grave(gravity: Gravity, more: int) -> None:
    graver = Gravity(
        gravity.labels,
        gravity.patients + more,
        gravity.group_kind,
        gravity.exposure,
        gravity.is_linked,
    )
    assert propose(graver).severity >= propose(gravity).severity


def test_the_scales_name_what_they_can_and_read_what_they_name() -> None:
    letters, numbers = SeverityScale.LETTERS, SeverityScale.NUMBERS
    assert [letters.parse(name) for name in "ABCDEFGHI"] == list(range(1, 10))
    assert letters.parse(" e ") == 5
    assert (letters.parse("J"), letters.parse("1"), numbers.parse("A")) == (None, None, None)
    assert (letters.shown(9), numbers.shown(9), numbers.shown(2)) == ("I", "5", "2")
