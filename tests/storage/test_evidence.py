"""Sealed originals: off unless turned on, opened by two, once and soon; dead with the unsend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from bot.domain.evidence import Role, Signature
from bot.domain.incidents import Standing
from bot.errors import UsageError
from bot.ledger.entry import EntryKind
from bot.storage.erasing_again import apply, list_ends
from bot.storage.tables import evidence, evidence_requests, incidents, ledger_entries
from tests.storage.stage import Stage, stage_on
from tests.storage.test_erasures import Backup, end_messages
from tests.storage.test_export_reads import add_incident, group_of_two, message
from tests.storage.test_retention import opened

SAID = "คนไข้เตียง 5 HN 650012345"
QUALITY = Signature("มาลี", Role.QUALITY, "wongraksa")
DPO = Signature("สมชาย", Role.DPO, "wongraksa")


@pytest.fixture
def turned_on(database_url: str) -> Iterator[Stage]:
    with stage_on(database_url, evidence=True) as ready:
        yield ready


def add(stage: Stage, message_id: str = "m-sealed") -> tuple[UUID, str]:
    """An incident with two messages of which nothing is sealed, and one of which the text is."""
    group, sender = group_of_two(stage)
    incident_id = add_incident(stage, group, sender, 1)
    with stage.parts.store.unit_of_work() as uow:
        incident = uow.incidents.by_id(incident_id)
        assert incident is not None
        uow.incidents.add_message(
            incident, replace(message(), message_id=message_id, original=SAID)
        )
    return incident_id, next(r.case_number for r in stage.rows(incidents) if r.id == incident_id)


def approved(stage: Stage, case: str) -> str:
    code = stage.parts.evidence_desk.request(case, QUALITY, "committee").code
    return stage.parts.evidence_desk.approve(code, DPO).code


def open_(stage: Stage, code: str, by: Signature = QUALITY) -> list[str | None]:
    return [one.text for one in stage.parts.evidence_desk.open(code, by.name, by.account)]


def test_nothing_is_sealed_unless_the_hospital_turns_it_on(stage: Stage) -> None:
    _, case = add(stage)
    assert stage.rows(evidence) == []
    with pytest.raises(UsageError, match="no original is sealed"):
        stage.parts.evidence_desk.request(case, QUALITY, "x")
    assert stage.rows(evidence_requests) == []


def test_two_people_open_it_and_each_step_is_an_entry(turned_on: Stage) -> None:
    incident_id, case = add(turned_on)
    assert SAID.encode() not in turned_on.row(evidence).text_sealed

    assert open_(turned_on, approved(turned_on, case)) == [SAID]

    kinds = (EntryKind.EVIDENCE_REQUESTED, EntryKind.EVIDENCE_APPROVED, EntryKind.EVIDENCE_OPENED)
    entries = [row for row in turned_on.rows(ledger_entries) if row.kind in kinds]
    assert {row.subject for row in entries} == {incident_id}
    facts = [opened(turned_on.parts, kind)[0] for kind in kinds]
    assert [one["by"] for one in facts] == ["operator:มาลี", "operator:สมชาย", "operator:มาลี"]
    assert [one["role"] for one in facts] == ["quality", "dpo", "quality"]
    assert facts[0]["reason"] == "committee"
    assert facts[1]["same_account"] is True
    assert SAID not in str(facts)


@pytest.mark.parametrize(
    "by", [Signature(" มาลี ", Role.DPO, "other"), Signature("สมชาย", Role.QUALITY, "other")]
)
def test_one_person_or_one_role_is_not_enough(turned_on: Stage, by: Signature) -> None:
    _, case = add(turned_on)
    code = turned_on.parts.evidence_desk.request(case, QUALITY, "x").code
    with pytest.raises(UsageError, match="another person of another role"):
        turned_on.parts.evidence_desk.approve(code, by)
    with pytest.raises(UsageError, match="nobody has approved"):
        open_(turned_on, code)


def test_it_opens_once_for_who_asked_and_within_thirty_minutes(turned_on: Stage) -> None:
    _, case = add(turned_on)
    code = approved(turned_on, case)
    for other in (DPO, Signature("มาลี", Role.QUALITY, "another account")):
        with pytest.raises(UsageError, match="only who requested it"):
            open_(turned_on, code, other)
    turned_on.clock.advance(minutes=29)
    assert open_(turned_on, code.lower()) == [SAID]
    with pytest.raises(UsageError, match="opened already"):
        open_(turned_on, code)

    late = approved(turned_on, case)
    turned_on.clock.advance(minutes=30)
    with pytest.raises(UsageError, match="30 minutes are over"):
        open_(turned_on, late)
    assert len(opened(turned_on.parts, EntryKind.EVIDENCE_OPENED)) == 1


def test_a_request_that_nobody_approves_is_over_after_seven_days(turned_on: Stage) -> None:
    _, case = add(turned_on)
    code = turned_on.parts.evidence_desk.request(case, QUALITY, "x").code
    turned_on.clock.advance(days=7)
    with pytest.raises(UsageError, match="within seven days"):
        turned_on.parts.evidence_desk.approve(code, DPO)
    (listed,) = turned_on.parts.evidence_desk.listed()
    assert listed.state(turned_on.clock.now()) == "over"
    with pytest.raises(UsageError, match="no request"):
        turned_on.parts.evidence_desk.approve("NONE", DPO)


# --- its end --------------------------------------------------------------------------------------


@pytest.mark.parametrize("standing", [Standing.UNSENT, Standing.EDITED_CLEAN])
def test_it_dies_when_the_message_is_taken_back_even_on_hold(
    turned_on: Stage, standing: Standing
) -> None:
    _, case = add(turned_on)
    code = approved(turned_on, case)
    turned_on.parts.holds.set(case, "test", {"reason": "claim"})
    with turned_on.parts.store.unit_of_work() as uow:
        known = uow.incidents.message("m-sealed")
        assert known is not None
        uow.incidents.end_message(known[1], standing, turned_on.clock.now())
    assert turned_on.rows(evidence) == []
    with pytest.raises(UsageError, match="taken back"):
        open_(turned_on, code)


def test_an_edit_that_still_identifies_leaves_only_what_stands_now(turned_on: Stage) -> None:
    _, case = add(turned_on)
    with turned_on.parts.store.unit_of_work() as uow:
        known = uow.incidents.message("m-sealed")
        assert known is not None
        uow.incidents.revise_message(known[1], replace(message(), original="HN 650099999"))
    assert open_(turned_on, approved(turned_on, case)) == ["HN 650099999"]


def test_a_restored_backup_does_not_bring_it_back(turned_on: Stage) -> None:
    incident_id, _ = add(turned_on)
    backup = Backup.of(turned_on)
    end_messages(turned_on, incident_id)
    list_ends(turned_on.parts.store, turned_on.parts.erasures)
    backup.restore(turned_on)
    assert turned_on.rows(evidence) != []
    apply(turned_on.parts.store, turned_on.parts.erasures)
    assert turned_on.rows(evidence) == []


def test_it_goes_with_its_incident_and_is_noise_without_its_month(turned_on: Stage) -> None:
    incident_id, case = add(turned_on)
    code = approved(turned_on, case)
    with turned_on.parts.database.write() as connection:
        turned_on.parts.keys.destroy(connection, turned_on.row(evidence).month_key_id)
    assert open_(turned_on, code) == [None]

    with turned_on.parts.store.unit_of_work() as uow:
        incident = uow.incidents.by_id(incident_id)
        assert incident is not None
        uow.incidents.save(replace(incident, closed_at=turned_on.clock.now()))
    turned_on.clock.advance(days=731)
    turned_on.parts.retention.run("test", {})
    assert turned_on.rows(evidence) == turned_on.rows(evidence_requests) == []
