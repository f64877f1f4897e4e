from __future__ import annotations

import json

import pytest

from bot.errors import PolicyError
from policies import SHIPPED_TABLE
from policies.rules import ALL_CASES, parse_table

WARN_RULE = """
[[rule]]
name = "outside"
findings = ["identifiers"]
groups = "any"
approved = false
senders = "any"
actions = ["record_incident", "warn"]
"""
REST_RULE = """
[[rule]]
name = "rest"
findings = "any"
groups = "any"
approved = "any"
senders = "any"
actions = []
"""
GOOD = "version = 3\n" + WARN_RULE + REST_RULE
# Lines of GOOD: 1 version, 3 the first rule, 4 to 9 its keys, 11 the second, 12 to 17 its keys.


def asking(findings: str, groups: str = '"any"', actions: str = '["ask"]') -> str:
    """The first rule of GOOD, about pictures."""
    text = GOOD.replace('["identifiers"]', findings, 1).replace(
        'groups = "any"', f"groups = {groups}", 1
    )
    start = text.index("actions = ")
    return text[:start] + f"actions = {actions}" + text[text.index("\n", start) :]


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) >= 1
    return GOOD.replace(old, new, 1)


def complaint(text: str) -> str:
    with pytest.raises(PolicyError) as caught:
        parse_table(text, "table.toml")
    return str(caught.value)


def test_the_shipped_table_is_version_one_and_knows_every_case() -> None:
    table = parse_table(SHIPPED_TABLE.read_text(encoding="utf-8"), SHIPPED_TABLE.name)

    assert table.version == 1
    assert all(table.rule_for(case) for case in ALL_CASES)


def test_the_first_rule_that_matches_wins() -> None:
    table = parse_table(GOOD, "table.toml")

    assert {table.rule_for(case).name for case in ALL_CASES} == {"outside", "rest"}


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (changed("approved = false", "approved = "), 7, "not valid TOML"),
        (changed('"record_incident", "warn"]', '"record_incident"'), 11, "not valid TOML"),
        ('version = 1\nname = """\nnever closed', 3, "not valid TOML"),
        (changed("version = 3\n", "\n"), 1, "'version' must be"),
        (changed("version = 3", 'version = "3"'), 1, "'version' must be"),
        (changed("version = 3", "version = true"), 1, "'version' must be"),
        (changed("version = 3", "version = 3\ncolour = 1"), 2, "unknown key 'colour'"),
        ("version = 1\n", 1, "at least one [[rule]]"),
        ("version = 1\n[rule]\nname = 'x'\n", 2, "at least one [[rule]]"),
        ("version = 1\nrule = [1]\n", 2, "must be written as [[rule]]"),
        (changed('senders = "any"\n', ""), 3, "has no 'senders'"),
        (changed('senders = "any"', 'sender = "any"'), 8, "unknown key 'sender'"),
        (changed('name = "outside"', 'name = ""'), 4, "'name' must be a text"),
        (changed('["identifiers"]', '["identifier"]'), 5, "unknown word 'identifier'"),
        (changed('["identifiers"]', "[3]"), 5, "unknown word 3"),
        (changed('["identifiers"]', "[]"), 5, "can never match"),
        (changed('["identifiers"]', '"identifiers"'), 5, "must be a list"),
        (changed('groups = "any"', 'groups = ["icu"]'), 6, "unknown word 'icu'"),
        (changed("approved = false", 'approved = "no"'), 7, "true, false or"),
        (changed("approved = false", "approved = 0"), 7, "true, false or"),
        (changed('"warn"]', '"shout"]'), 9, "unknown word 'shout'"),
        (changed('"record_incident", "warn"', '"warn"'), 9, "need 'record_incident'"),
        (changed('"warn"]', '"record_disclosure"]'), 9, "never both"),
        (changed('"warn"]', '"warn", "ask"]'), 9, "'ask' is for 'face' and 'medical' only"),
        (asking('["medical"]', actions='["ask", "record_incident"]'), 9, "does nothing else"),
        (asking('["medical", "not_inspected"]'), 9, "'face' and 'medical' only"),
        (asking('["face"]'), 9, "in 'social' groups"),
        (
            asking('["face"]', '["social"]', '["record_incident", "warn"]'),
            9,
            "in 'social' groups",
        ),
        (changed('"warn"]', '"warn", "notify"]'), 9, "'notify' is not available yet"),
        (changed("actions = []", 'actions = ["ask"]'), 17, "matches 'none'"),
        (changed('"rest"', '"outside"'), 12, "second rule named 'outside'"),
        (changed('approved = "any"', "approved = true"), 11, "last rule must match everything"),
        (GOOD + WARN_RULE.replace("outside", "late"), 19, "last rule must match everything"),
        (
            "version = 1\n" + WARN_RULE + WARN_RULE.replace("outside", "again") + REST_RULE,
            11,
            "'again' can never be reached",
        ),
    ],
)
def test_a_broken_table_names_file_and_line(text: str, line: int, what: str) -> None:
    said = complaint(text)

    assert said.startswith(f"table.toml, line {line}: ")
    assert what in said


def test_lines_are_right_after_lists_and_texts_over_several_lines() -> None:
    spread = changed('["identifiers"]', '[\n  "identifiers",  # [[rule]]\n]')
    named = spread.replace('"outside"', '"""out\nname = 1\nside"""')

    assert "line 11: " in complaint(named.replace("approved = false", "approved = 1"))


def test_a_rule_that_shares_only_some_cases_with_earlier_ones_is_reachable() -> None:
    wider = WARN_RULE.replace("outside", "wider").replace("approved = false", 'approved = "any"')

    table = parse_table("version = 1\n" + WARN_RULE + wider + REST_RULE, "table.toml")

    assert [rule.name for rule in table.rules] == ["outside", "wider", "rest"]


def test_windows_line_ends_keep_their_numbers() -> None:
    text = changed("approved = false", "approved = 1").replace("\n", "\r\n")

    assert "line 7: " in complaint(text)


@pytest.mark.parametrize(
    ("finding", "groups", "actions"),
    [
        ("medical", '"any"', '["ask"]'),
        ("face", '["unit", "teaching"]', '["ask"]'),
        ("face", '["unit"]', '["record_incident", "warn"]'),
        ("medical", '["social"]', '["record_incident", "warn", "offer_safe_rewrite"]'),
        ("face", '"any"', "[]"),
    ],
)
def test_a_kind_of_group_can_be_asked_warned_or_left_alone(
    finding: str, groups: str, actions: str
) -> None:
    table = parse_table(asking(f'["{finding}"]', groups, actions), "table.toml")

    assert {str(action) for action in table.rules[0].actions} == set(json.loads(actions))
