"""People look at what happened: the list, one incident in full, and each step of its case."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import delete

from bot.cli import incident, incident_steps
from bot.cli.main import main
from bot.domain.buttons import Button, encode
from bot.domain.groups import GroupKind
from bot.ledger.entry import EntryKind
from bot.storage.ledger_proofs import entry_of, opened_entry
from bot.storage.tables import (
    cases,
    content_fingerprints,
    incidents,
    keys,
    ledger_entries,
)
from handlers import group_changes
from tests.way.conftest import Cast
from tests.way.product import HN_TEXT, Product

CASE = "2569-000001"
WHY = ("--operator", "มาลี", "--reason", "ประชุมทีม")
OTHER_TEXT = "คนไข้เตียง 9 HN 650077777 ฝากตามผล lab"

Ask = Callable[..., str]


@pytest.fixture
def ask(
    product: Product, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Ask:
    """`python -m bot incident …` in this process: what it said."""
    for module in (incident, incident_steps):
        monkeypatch.setattr(module, "migrated_parts", lambda: product.parts)
    monkeypatch.setattr("bot.log.set_up", lambda _level: None)

    def run(*arguments: str) -> str:
        code = main(["incident", *arguments])
        said = capsys.readouterr()
        return said.out if code == 0 else said.err

    return run


def facts_of(product: Product, kind: EntryKind) -> dict[str, object]:
    parts = product.parts
    (row,) = [row for row in product.rows(ledger_entries) if row.kind == kind]
    parts.ledger_sealer.seal_all()
    with parts.database.read() as connection:
        placed = entry_of(connection, row.id, product.count(ledger_entries))
        assert placed is not None
        facts: dict[str, object] = json.loads(opened_entry(connection, parts.keys, placed).facts)
    return facts


def one(ask: Ask, *more: str) -> dict[str, object]:
    (line,) = ask("list", "--json", *more).splitlines()
    found: dict[str, object] = json.loads(line)
    return found


def test_the_list_names_no_person_and_shows_nothing_that_was_written(
    product: Product, cast: Cast, ask: Ask
) -> None:
    assert ask("list") == "no incidents\n"
    product.say(cast.club, cast.nurse, HN_TEXT)

    said = ask("list")
    assert CASE in said
    assert "ชมรมวิ่ง" in said
    assert "new" in said
    assert "(proposed)" in said
    assert "พยาบาลนก" not in said
    assert "เตียง 5" not in said
    assert EntryKind.INCIDENT_SHOWN not in product.entries()


def test_exposure_counts_people_minutes_and_delays(product: Product, cast: Cast, ask: Ask) -> None:
    product.say(cast.club, cast.doctor, "สวัสดีครับ")
    product.advance(minutes=5)
    message = product.say(cast.club, cast.nurse, HN_TEXT)
    (row,) = product.rows(incidents)
    product.advance(minutes=2)
    product.platform.postback(cast.club, cast.nurse, encode(Button.CLAIMED, row.token))
    product.settle()
    product.advance(minutes=2)
    product.platform.unsend(message)
    product.settle()

    exposure = one(ask)["exposure"]
    assert isinstance(exposure, dict)
    assert (exposure["people"], exposure["people_at_least"]) == (2, False)
    assert 240 <= exposure["seconds"] < 245
    assert exposure["member_minutes"] == 8
    assert not exposure["seconds_at_least"]
    assert exposure["warned_after_seconds"] < 5
    assert 120 <= exposure["answered_after_seconds"] < 125
    assert exposure["unsent_after_seconds"] == exposure["seconds"]


def test_what_still_stands_is_exposed_at_least_so_long(
    product: Product, cast: Cast, ask: Ask
) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    product.advance(minutes=90)

    exposure = one(ask)["exposure"]
    assert isinstance(exposure, dict)
    assert exposure["seconds_at_least"]
    assert exposure["seconds"] >= 90 * 60
    assert exposure["unsent_after_seconds"] is None


def test_one_incident_in_full_is_masked_and_on_record(
    product: Product, cast: Cast, ask: Ask
) -> None:
    product.say(cast.club, cast.doctor, "สวัสดีครับ")
    product.say(cast.club, cast.nurse, HN_TEXT)

    said = ask("show", CASE, *WHY)

    assert "พยาบาลนก" in said
    assert "หมอเอ · spoke" in said
    assert "1 of 2 named" in said
    assert "คนไข้เตียง 5 HN" in said
    assert "650012345" not in said
    assert "+1: names one patient for sure (HN)" in said
    assert facts_of(product, EntryKind.INCIDENT_SHOWN)["by"] == "operator:มาลี"
    assert json.loads(ask("show", CASE, *WHY, "--json"))["audience"]["named"] == 1
    assert "no incident has the number" in ask("show", "2569-999999", *WHY)


def test_a_case_goes_its_way_step_by_step_each_with_a_name(
    product: Product, cast: Cast, ask: Ask
) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)

    assert "from there: review" in ask("confirm", CASE, *WHY)
    assert ask("review", CASE, *WHY).startswith(f"{CASE}: under_review")
    assigned = ask("assign", CASE, "--to", "สมศรี", "--due", "31/7/2569", *WHY)
    assert "สมศรี is in charge" in assigned
    assert ask("severity", CASE, "d", *WHY).startswith(f"{CASE}: D (the rule proposed ")
    assert "one of A, B" in ask("severity", CASE, "Z", *WHY)
    assert ask("confirm", CASE, "--cause", "ส่งผิดกลุ่ม", *WHY).startswith(f"{CASE}: confirmed")
    assert "closes with a cause and a corrective action" in ask("close", CASE, *WHY)
    assert ask("close", CASE, "--action", "แยกกลุ่ม", *WHY).startswith(f"{CASE}: closed")

    found = one(ask, "--state", "closed")
    assert (found["state"], found["severity"], found["assignee"]) == ("closed", "D", "สมศรี")
    assert str(found["due_at"]).startswith("2026-07-30T17:00")
    said = ask("show", CASE, *WHY)
    assert "ส่งผิดกลุ่ม" in said
    assert "แยกกลุ่ม" in said
    assert [kind for kind in product.entries() if kind.startswith("case.")] == [
        "case.under_review",
        "case.assigned",
        "case.severity",
        "case.confirmed",
        "case.closed",
    ]
    facts = facts_of(product, EntryKind.CASE_CONFIRMED)
    assert (facts["by"], facts["reason"], facts["cause"]) == (
        "operator:มาลี",
        "ประชุมทีม",
        "ส่งผิดกลุ่ม",
    )


def test_what_people_wrote_is_sealed_and_dies_with_the_months_key(
    product: Product, cast: Cast, ask: Ask
) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    ask("review", CASE, "--cause", "ส่งผิดกลุ่ม", *WHY)
    (row,) = product.rows(cases)
    assert "ส่งผิดกลุ่ม".encode() not in row.cause_sealed

    with product.parts.database.write() as connection:
        connection.execute(delete(keys).where(keys.c.kind == "month"))
    product.parts.keys.forget()
    said = ask("show", CASE, *WHY)
    assert "ส่งผิดกลุ่ม" not in said
    assert "under_review" in said


def test_the_end_of_the_messages_is_not_the_end_of_the_case(
    product: Product, cast: Cast, ask: Ask
) -> None:
    message = product.say(cast.club, cast.nurse, HN_TEXT)
    product.platform.unsend(message)
    product.settle()

    found = one(ask)
    assert found["none_stands_since"] is not None
    assert found["state"] == "new"


def test_the_same_text_in_another_group_is_linked_and_raises_the_proposal(
    product: Product, cast: Cast, ask: Ask
) -> None:
    product.say(cast.ward, cast.doctor, "สวัสดีครับ")
    product.say(cast.ward, cast.nurse, HN_TEXT)
    before = one(ask)
    product.advance(minutes=10)
    product.say(cast.club, cast.friend, HN_TEXT.replace("650012345", "65-0012345"))
    product.advance(minutes=10)
    product.say(cast.club, cast.friend, OTHER_TEXT)

    other, second, first = map(json.loads, ask("list", "--json").splitlines())
    assert "+1: the same was posted in another group" not in before["why_proposed"]  # type: ignore[operator]
    for found, is_linked in ((first, True), (second, True), (other, False)):
        assert ("+1: the same was posted in another group" in found["why_proposed"]) is is_linked
    facts = facts_of(product, EntryKind.INCIDENT_LINKED)
    assert facts["same_as"] == [first["id"]]
    assert "an incident of" in ask("show", CASE, *WHY)
    assert all(b"650012345" not in row.digest for row in product.rows(content_fingerprints))


def test_what_was_allowed_there_and_posted_elsewhere_is_linked_too(
    product: Product, cast: Cast, ask: Ask
) -> None:
    product.say(cast.ward, cast.doctor, "สวัสดีครับ")
    product.approve(cast.ward)
    product.say(cast.ward, cast.doctor, HN_TEXT)
    product.advance(minutes=10)
    product.say(cast.club, cast.doctor, HN_TEXT)

    assert "a disclosure of" in ask("show", CASE, *WHY)


def test_the_same_in_the_same_group_is_no_further_spread(
    product: Product, cast: Cast, ask: Ask
) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    product.advance(minutes=10)
    product.say(cast.club, cast.doctor, HN_TEXT)

    assert EntryKind.INCIDENT_LINKED not in product.entries()
    assert "same content" in ask("show", CASE, *WHY)


def test_a_false_alarm_needs_no_cause_and_can_be_taken_up_again(
    product: Product, cast: Cast, ask: Ask
) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    for taken in ("review", "false-alarm", "close"):
        ask(taken, CASE, *WHY)
    assert ask("review", CASE, *WHY).startswith(f"{CASE}: under_review")
    assert ask("list", "--state", "false_alarm") == "no incidents\n"


def test_a_group_of_friends_counts_as_graver(product: Product, cast: Cast, ask: Ask) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    before = one(ask)["proposed_severity"]
    with product.parts.store.unit_of_work() as uow:
        group = uow.registry.locate(cast.club.chat_id, None).group
        assert group is not None
        now = product.parts.clock.now()
        group_changes.classify(uow, group, kind=GroupKind.SOCIAL, by="test", at=now)
    after = one(ask)["proposed_severity"]
    assert str(before) < str(after)


def test_what_was_sent_in_an_emergency_comes_up_for_review(
    product: Product, cast: Cast, ask: Ask
) -> None:
    product.say(cast.club, cast.doctor, HN_TEXT)
    product.advance(minutes=5)
    product.say(cast.club, cast.nurse, OTHER_TEXT)
    assert ask("list", "--emergency") == "no incidents\n"
    product.say(cast.club, cast.nurse, "ฉุกเฉิน")
    product.advance(minutes=10)
    product.say(cast.club, cast.nurse, HN_TEXT)

    found = [json.loads(line) for line in ask("list", "--emergency", "--json").splitlines()]
    assert [one["case"] for one in found] == ["2569-000003", "2569-000002"]
    assert found[0]["basis"] == "emergency"
