"""The decision table, read from TOML and checked so that a broken one never comes into use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import TypeVar

from bot.domain.decisions import Action
from bot.domain.findings import Assessment, Inspection
from bot.domain.groups import GroupKind, SenderKind
from bot.domain.situation import Situation
from policies.toml_lines import Document, Path, read

Word = TypeVar("Word", bound=StrEnum)

ANY = "any"
_TABLE_KEYS = frozenset({"version", "rule"})
_RULE_KEYS = ("name", "findings", "groups", "approved", "senders", "actions")
# 'notify' comes with the console: until then a table that counts on it would promise what nothing
# keeps.
_NOT_YET = (Action.NOTIFY,)
_NEED_AN_INCIDENT = frozenset({Action.WARN, Action.OFFER_SAFE_REWRITE})


class FindingKind(StrEnum):
    """What an assessment comes to."""

    IDENTIFIERS = "identifiers"
    MEDICAL = "medical"
    FACE = "face"
    NONE = "none"
    NOT_INSPECTED = "not_inspected"

    @classmethod
    def of(cls, assessment: Assessment) -> FindingKind:
        """What was found outweighs what could not be read; both outweigh silence."""
        if assessment.is_flagged:
            return cls.IDENTIFIERS
        if assessment.possible is not None:
            return cls(assessment.possible.value)
        if assessment.inspection is Inspection.NOT_INSPECTED:
            return cls.NOT_INSPECTED
        return cls.NONE


_ASKED_ABOUT = frozenset({FindingKind.FACE, FindingKind.MEDICAL})


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a rule can look at: one cell of the table."""

    finding: FindingKind
    group: GroupKind
    is_approved: bool
    sender: SenderKind

    @classmethod
    def of(cls, assessment: Assessment, situation: Situation) -> Case:
        finding = FindingKind.of(assessment)
        return cls(finding, situation.group_kind, situation.is_approved, situation.sender)


ALL_CASES = tuple(
    Case(finding, group, is_approved, sender)
    for finding, group, is_approved, sender in product(
        FindingKind, GroupKind, (True, False), SenderKind
    )
)


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    findings: frozenset[FindingKind]
    groups: frozenset[GroupKind]
    approved: frozenset[bool]
    senders: frozenset[SenderKind]
    actions: frozenset[Action]

    def matches(self, case: Case) -> bool:
        return (
            case.finding in self.findings
            and case.group in self.groups
            and case.is_approved in self.approved
            and case.sender in self.senders
        )


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """Rules in order; every case has one, because the last rule matches everything."""

    version: int
    rules: tuple[Rule, ...]

    def rule_for(self, case: Case) -> Rule:
        return next(rule for rule in self.rules if rule.matches(case))


def parse_table(text: str, name: str) -> DecisionTable:
    """Read and check a table; a PolicyError names the file and the line of what is wrong."""
    document = read(text, name)
    _refuse_unknown_keys(document, (), document.data, _TABLE_KEYS)
    version = _version(document)
    rules = tuple(_rule(document, number, raw) for number, raw in enumerate(_raw_rules(document)))
    _refuse_double_names(document, rules)
    _require_catch_all(document, rules)
    _refuse_unreachable(document, rules)
    return DecisionTable(version, rules)


def _version(document: Document) -> int:
    version = document.data.get("version")
    if type(version) is not int or version < 1:
        raise document.wrong(("version",), "'version' must be a whole number from 1 on")
    return version


def _raw_rules(document: Document) -> list[object]:
    rules = document.data.get("rule")
    if not isinstance(rules, list) or not rules:
        raise document.wrong(("rule",), "there must be at least one [[rule]]")
    return rules


def _rule(document: Document, number: int, raw: object) -> Rule:
    path: Path = ("rule", number)
    if not isinstance(raw, dict):
        raise document.wrong(path, "a rule must be written as [[rule]]")
    _refuse_unknown_keys(document, path, raw, frozenset(_RULE_KEYS))
    for key in _RULE_KEYS:
        if key not in raw:
            raise document.wrong(path, f"the rule has no '{key}'")
    rule = Rule(
        name=_name(document, (*path, "name"), raw["name"]),
        findings=_any_or_words(document, (*path, "findings"), raw["findings"], FindingKind),
        groups=_any_or_words(document, (*path, "groups"), raw["groups"], GroupKind),
        approved=_approved(document, (*path, "approved"), raw["approved"]),
        senders=_any_or_words(document, (*path, "senders"), raw["senders"], SenderKind),
        actions=_words(document, (*path, "actions"), raw["actions"], Action),
    )
    _check_actions(document, (*path, "actions"), rule)
    return rule


def _refuse_unknown_keys(
    document: Document, path: Path, table: Mapping[str, object], known: frozenset[str]
) -> None:
    for key in table:
        if key not in known:
            expected = ", ".join(sorted(known))
            raise document.wrong((*path, key), f"unknown key '{key}' (expected: {expected})")


def _name(document: Document, path: Path, raw: object) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise document.wrong(path, "'name' must be a text that is not empty")
    return raw


def _approved(document: Document, path: Path, raw: object) -> frozenset[bool]:
    if raw == ANY:
        return frozenset({True, False})
    if not isinstance(raw, bool):
        raise document.wrong(path, "'approved' must be true, false or \"any\"")
    return frozenset({raw})


def _any_or_words(document: Document, path: Path, raw: object, kind: type[Word]) -> frozenset[Word]:
    if raw == ANY:
        return frozenset(kind)
    words = _words(document, path, raw, kind)
    if not words:
        raise document.wrong(path, f"'{path[-1]}' is empty, so the rule can never match")
    return words


def _words(document: Document, path: Path, raw: object, kind: type[Word]) -> frozenset[Word]:
    if not isinstance(raw, list):
        raise document.wrong(path, f"'{path[-1]}' must be a list of words")
    return frozenset(_word(document, path, item, kind) for item in raw)


def _word(document: Document, path: Path, raw: object, kind: type[Word]) -> Word:
    known = {word.value: word for word in kind}
    if not isinstance(raw, str) or raw not in known:
        expected = ", ".join(known)
        raise document.wrong(path, f"unknown word {raw!r} in '{path[-1]}' (expected: {expected})")
    return known[raw]


def _check_actions(document: Document, path: Path, rule: Rule) -> None:
    actions = rule.actions
    if FindingKind.NONE in rule.findings and actions:
        # Benign talk leaves no trace: no table can change that promise by accident.
        raise document.wrong(path, "a rule that matches 'none' must have no actions")
    for action in _NOT_YET:
        if action in actions:
            raise document.wrong(path, f"'{action}' is not available yet")
    if {Action.RECORD_INCIDENT, Action.RECORD_DISCLOSURE} <= actions:
        raise document.wrong(path, "a message is an incident or a disclosure, never both")
    if actions & _NEED_AN_INCIDENT and Action.RECORD_INCIDENT not in actions:
        # The buttons of a warning lead to its incident.
        raise document.wrong(path, "'warn' and 'offer_safe_rewrite' need 'record_incident'")
    _check_asking(document, path, rule)


def _check_asking(document: Document, path: Path, rule: Rule) -> None:
    if Action.ASK in rule.actions:
        if not rule.findings <= _ASKED_ABOUT:
            raise document.wrong(path, "'ask' is for 'face' and 'medical' only")
        if len(rule.actions) > 1:
            raise document.wrong(path, "a rule that asks does nothing else: the answer decides")
    is_heard = rule.actions & {Action.ASK, Action.WARN}
    if is_heard and FindingKind.FACE in rule.findings and GroupKind.SOCIAL in rule.groups:
        # Friends share their own faces all day.
        raise document.wrong(path, "nobody is asked or warned about a 'face' in 'social' groups")


def _refuse_double_names(document: Document, rules: tuple[Rule, ...]) -> None:
    seen: set[str] = set()
    for number, rule in enumerate(rules):
        if rule.name in seen:
            raise document.wrong(("rule", number, "name"), f"a second rule named '{rule.name}'")
        seen.add(rule.name)


def _require_catch_all(document: Document, rules: tuple[Rule, ...]) -> None:
    if not all(rules[-1].matches(case) for case in ALL_CASES):
        path = ("rule", len(rules) - 1)
        raise document.wrong(path, "the last rule must match everything ('any' in each condition)")


def _refuse_unreachable(document: Document, rules: tuple[Rule, ...]) -> None:
    """The last rule is exempt: it is the net under a table that already covers every case."""
    open_cases = set(ALL_CASES)
    for number, rule in enumerate(rules[:-1]):
        mine = {case for case in open_cases if rule.matches(case)}
        if not mine:
            what = f"rule '{rule.name}' can never be reached: earlier rules match all its cases"
            raise document.wrong(("rule", number), what)
        open_cases -= mine
