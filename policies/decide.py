"""The decision: facts in, decision out. Equal inputs give an equal decision."""

from __future__ import annotations

from bot.domain.decisions import Action, Decision, Verdict
from bot.domain.findings import Assessment, Inspection
from bot.domain.situation import Situation
from policies.rules import Case, DecisionTable, Rule

# What a rule may want and the situation may hush. A record is never muted.
_SAID = frozenset({Action.WARN, Action.ASK, Action.OFFER_SAFE_REWRITE, Action.NOTIFY})
_MUTED_IN_SIMULATION = frozenset({Action.WARN, Action.ASK, Action.OFFER_SAFE_REWRITE})
_MUTED_IN_A_BURST = frozenset({Action.WARN, Action.ASK})
_MUTED_IN_AN_EMERGENCY = frozenset({Action.WARN, Action.ASK, Action.OFFER_SAFE_REWRITE})


def decide(assessment: Assessment, situation: Situation, table: DecisionTable) -> Decision:
    rule = table.rule_for(Case.of(assessment, situation))
    actions, muted = _mute(rule.actions, situation)
    return Decision(
        verdict=_verdict(actions),
        actions=actions,
        reasons=(*_facts(rule, assessment, situation), *muted),
        policy_version=table.version,
    )


def _verdict(actions: frozenset[Action]) -> Verdict:
    if Action.RECORD_INCIDENT in actions:
        return Verdict.INCIDENT
    if Action.RECORD_DISCLOSURE in actions:
        return Verdict.DISCLOSURE
    if Action.ASK in actions:
        return Verdict.QUESTION
    return Verdict.SILENT


def _facts(rule: Rule, assessment: Assessment, situation: Situation) -> tuple[str, ...]:
    approval = "approved" if situation.is_approved else "not approved"
    return (
        f"rule: {rule.name}",
        f"found: {_found(assessment)}",
        f"group: {situation.group_kind}, {approval}",
        f"sender: {situation.sender}",
    )


def _found(assessment: Assessment) -> str:
    parts = [str(label) for label in assessment.labels]
    if assessment.possible is not None:
        parts.append(f"possibly a patient ({assessment.possible})")
    if assessment.inspection is Inspection.NOT_INSPECTED:
        parts.append("not inspected")
    return ", ".join(parts) or "nothing"


def _mute(
    wanted: frozenset[Action], situation: Situation
) -> tuple[frozenset[Action], tuple[str, ...]]:
    reasons: list[str] = []
    for applies, hushed, why in (
        (not situation.is_active, _SAID, "another channel holds the chat (standby)"),
        (situation.is_simulated, _MUTED_IN_SIMULATION, "the group is in simulation"),
        (situation.has_emergency_pass, _MUTED_IN_AN_EMERGENCY, "an emergency pass is running"),
        (situation.is_burst, _MUTED_IN_A_BURST, "this sender was warned in this burst already"),
    ):
        muted = wanted & hushed if applies else frozenset[Action]()
        if muted:
            reasons.append(f"muted {', '.join(sorted(muted))}: {why}")
        wanted -= muted
    return wanted, tuple(reasons)
