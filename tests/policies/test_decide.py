from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.decisions import Action, Decision, Verdict
from bot.domain.findings import NOT_INSPECTED, NOTHING_FOUND, Assessment, Finding, Label
from bot.domain.groups import GroupKind, SenderKind
from bot.domain.situation import Situation
from policies import SHIPPED_TABLE
from policies.decide import decide
from policies.rules import parse_table

TABLE = parse_table(SHIPPED_TABLE.read_text(encoding="utf-8"), SHIPPED_TABLE.name)
NOON = datetime(2026, 11, 21, 5, tzinfo=UTC)
HN_AND_NAME = Assessment((Finding(9, 18, Label.PERSON), Finding(0, 6, Label.HN)))
WARNED = {Action.RECORD_INCIDENT, Action.WARN, Action.OFFER_SAFE_REWRITE}

assessments = st.builds(
    Assessment,
    st.lists(st.builds(Finding, st.just(0), st.just(6), st.sampled_from(Label))).map(tuple),
    st.sampled_from([NOTHING_FOUND.inspection, NOT_INSPECTED.inspection]),
)
situations = st.builds(
    Situation,
    at=st.just(NOON),
    group_kind=st.sampled_from(GroupKind),
    is_approved=st.booleans(),
    sender=st.sampled_from(SenderKind),
    is_simulated=st.booleans(),
    is_active=st.booleans(),
    is_burst=st.booleans(),
)


def decided(assessment: Assessment = HN_AND_NAME, **facts: bool | GroupKind) -> Decision:
    situation = Situation(NOON, **facts)  # type: ignore[arg-type]  # each test names its facts
    return decide(assessment, situation, TABLE)


@given(assessments, situations)
def test_equal_inputs_give_an_equal_decision(assessment: Assessment, situation: Situation) -> None:
    again = parse_table(SHIPPED_TABLE.read_text(encoding="utf-8"), SHIPPED_TABLE.name)

    assert decide(assessment, situation, TABLE) == decide(assessment, situation, again)


@given(assessments, situations)
def test_identifiers_always_go_on_record_and_nothing_else_does(
    assessment: Assessment, situation: Situation
) -> None:
    decision = decide(assessment, situation, TABLE)

    assert (decision.verdict is Verdict.SILENT) is not assessment.is_flagged
    if not assessment.is_flagged:
        assert decision.actions == frozenset()


@given(assessments, situations)
def test_what_is_muted_has_its_reason(assessment: Assessment, situation: Situation) -> None:
    decision = decide(assessment, situation, TABLE)
    is_told = decision.verdict is Verdict.INCIDENT and decision.calls_for(Action.WARN)
    is_muted = any(reason.startswith("muted warn") for reason in decision.reasons) or any(
        "warn:" in reason for reason in decision.reasons
    )

    assert is_muted is (decision.verdict is Verdict.INCIDENT and not is_told)


@pytest.mark.parametrize("kind", GroupKind)
def test_patient_data_in_a_group_that_is_not_approved_is_warned_about(kind: GroupKind) -> None:
    decision = decided(group_kind=kind, is_approved=False)

    assert decision.verdict is Verdict.INCIDENT
    assert decision.actions == WARNED


@pytest.mark.parametrize(
    "kind",
    [GroupKind.CARE_TEAM, GroupKind.REFERRAL_NETWORK, GroupKind.UNIT, GroupKind.UNKNOWN],
)
def test_patient_data_in_an_approved_group_is_a_disclosure_and_nothing_is_said(
    kind: GroupKind,
) -> None:
    decision = decided(group_kind=kind, is_approved=True)

    assert decision.verdict is Verdict.DISCLOSURE
    assert decision.actions == {Action.RECORD_DISCLOSURE}


@pytest.mark.parametrize("kind", [GroupKind.SOCIAL, GroupKind.HOSPITAL_WIDE, GroupKind.TEACHING])
def test_no_approval_turns_a_group_without_care_into_a_care_team(kind: GroupKind) -> None:
    assert decided(group_kind=kind, is_approved=True).actions == WARNED


def test_ordinary_talk_has_no_consequence() -> None:
    decision = decided(NOTHING_FOUND)

    assert decision.verdict is Verdict.SILENT
    assert decision.actions == frozenset()
    assert "found: nothing" in decision.reasons


def test_what_could_not_be_inspected_is_not_passed_off_as_clean() -> None:
    decision = decided(NOT_INSPECTED)

    assert decision.actions == frozenset()
    assert decision.reasons[:2] == ("rule: could-not-be-inspected", "found: not inspected")


def test_what_was_found_outweighs_what_could_not_be_read() -> None:
    half_read = Assessment(HN_AND_NAME.findings, NOT_INSPECTED.inspection)

    decision = decided(half_read)

    assert decision.verdict is Verdict.INCIDENT
    assert "found: HN, PERSON, not inspected" in decision.reasons


def test_a_decision_says_why_in_stable_words() -> None:
    decision = decided(group_kind=GroupKind.UNIT)

    assert decision.policy_version == 1
    assert decision.reasons == (
        "rule: patient-data-outside-an-approved-group",
        "found: HN, PERSON",
        "group: unit, not approved",
        "sender: unlinked",
    )


def test_simulation_says_nothing_but_keeps_the_record() -> None:
    decision = decided(is_simulated=True)

    assert decision.verdict is Verdict.INCIDENT
    assert decision.actions == {Action.RECORD_INCIDENT}
    assert decision.reasons[-1] == "muted offer_safe_rewrite, warn: the group is in simulation"


def test_standby_says_nothing_but_keeps_the_record() -> None:
    decision = decided(is_active=False)

    assert decision.actions == {Action.RECORD_INCIDENT}
    assert decision.reasons[-1].endswith("another channel holds the chat (standby)")


def test_a_burst_is_warned_about_once_but_still_offered_a_rewrite() -> None:
    decision = decided(is_burst=True)

    assert decision.actions == {Action.RECORD_INCIDENT, Action.OFFER_SAFE_REWRITE}
    assert decision.reasons[-1] == "muted warn: this sender was warned in this burst already"


def test_a_reason_to_mute_is_given_only_where_something_was_muted() -> None:
    decision = decided(NOTHING_FOUND, is_simulated=True, is_burst=True, is_active=False)

    assert not any(reason.startswith("muted") for reason in decision.reasons)
