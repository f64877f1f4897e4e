"""What the rule proposes, and that it never says 'no risk'."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.findings import Label
from policies.breach_risk import (
    LEVELS,
    REASONS,
    Exposed,
    RiskLevel,
    RiskReason,
    propose_risk,
)

HN_ONLY = frozenset({Label.HN})


def level(
    *labels: Label, people: int = 1, members: int | None = 20, minutes: int | None = 3
) -> RiskLevel:
    return propose_risk(Exposed(frozenset(labels), people, members, minutes)).level


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (level(Label.HN), RiskLevel.UNLIKELY),
        (level(Label.HN, Label.VISIT_NO, minutes=5, members=30), RiskLevel.UNLIKELY),
        (level(Label.HN, minutes=6), RiskLevel.LIKELY),
        (level(Label.HN, members=31), RiskLevel.LIKELY),
        (level(Label.HN, members=None), RiskLevel.LIKELY),
        (level(Label.HN, Label.PERSON), RiskLevel.LIKELY),
        (level(Label.HN, minutes=None), RiskLevel.HIGH),
        (level(Label.HN, people=10), RiskLevel.HIGH),
        (level(Label.HN, people=9, minutes=60), RiskLevel.LIKELY),
        (level(Label.HN, members=100), RiskLevel.HIGH),
        (level(Label.HN, members=99), RiskLevel.LIKELY),
        (level(Label.NATIONAL_ID), RiskLevel.HIGH),
        (level(Label.PASSPORT), RiskLevel.HIGH),
        (level(Label.ACCOUNT), RiskLevel.HIGH),
        (level(Label.PERSON, Label.PHONE), RiskLevel.LIKELY),
    ],
)
def test_the_levels(found: RiskLevel, wanted: RiskLevel) -> None:
    assert found is wanted


@given(
    st.frozensets(st.sampled_from(Label), min_size=1),
    st.integers(1, 50),
    st.none() | st.integers(0, 500),
    st.none() | st.integers(0, 5000),
)
def test_more_exposure_never_means_less_risk(
    labels: frozenset[Label], people: int, members: int | None, minutes: int | None
) -> None:
    order = list(RiskLevel)
    here = propose_risk(Exposed(labels, people, members, minutes))
    worse = propose_risk(Exposed(labels | {Label.NATIONAL_ID}, people + 1, members, None))
    assert order.index(worse.level) >= order.index(here.level)
    assert here.reasons


def test_every_level_and_reason_has_words_in_two_languages() -> None:
    assert LEVELS.keys() == set(RiskLevel)
    assert REASONS.keys() == set(RiskReason)
    assert all(thai and english for thai, english in [*LEVELS.values(), *REASONS.values()])
