"""What is held on one patient or one member of staff: all of it, and nothing of anybody else."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert, update

from bot.domain.exports import Period, RecordKind
from bot.domain.findings import Label
from bot.domain.groups import Group
from bot.domain.holdings import Holdings
from bot.domain.ids import new_id
from bot.domain.incidents import PatientNumber
from bot.storage.erasing_again import apply
from bot.storage.keyring import ANNOUNCED, KeyKind
from bot.storage.tables import (
    breaches,
    content_fingerprints,
    disclosures,
    identifier_tokens,
    incident_messages,
    incidents,
    ledger_entries,
    ledger_openings,
)
from bot.storage.types import AnyRow
from handlers.identities import identity
from tests.storage.stage import START, Stage
from tests.storage.test_erasures import Backup
from tests.storage.test_export_reads import DAY, add_disclosure, add_incident, group_of_two

HN = PatientNumber(Label.HN, "650012345")
ANOTHER = PatientNumber(Label.HN, "650099999")
BOTH = (RecordKind.INCIDENT, RecordKind.DISCLOSURE)


def records(stage: Stage) -> tuple[Group, UUID, UUID, UUID]:
    group, sender = group_of_two(stage)
    incident = add_incident(stage, group, sender, 1)
    disclosure = add_disclosure(stage, group, sender, 2)
    stage.clock.advance(minutes=1)
    return group, sender, incident, disclosure


def erase(stage: Stage, number: PatientNumber = HN) -> tuple[str, ...]:
    with stage.parts.store.unit_of_work() as uow:
        return stage.parts.subjects.erase(uow, number)[0].kept_cases


def of_patient(stage: Stage, number: PatientNumber = HN) -> Holdings:
    return stage.parts.subjects.of_patient(number)


def test_a_patient_is_found_however_the_number_is_written(stage: Stage) -> None:
    _, _, incident, disclosure = records(stage)
    for written in ("HN 650012345", "๖๕๐๐๑๒๓๔๕", "65-0012345", "hn650012345"):
        found = of_patient(stage, identity(Label.HN, written))
        assert {one.trace.id for one in found.records} == {incident, disclosure}, written
        assert found.tokens == 3
    (of_incident,) = [one for one in of_patient(stage).records if one.texts]
    assert {text.excerpt for text in of_incident.texts} == {"HN ●"}
    assert (of_incident.group, of_incident.sender) == ("ชมรมวิ่ง", "พยาบาลนก")


def test_a_patient_is_found_by_older_versions_of_the_pepper(stage: Stage) -> None:
    group, sender, incident, disclosure = records(stage)
    with stage.parts.store.unit_of_work() as uow:
        stage.parts.keys.rotate(uow.connection, KeyKind.PEPPER)
    stage.clock.advance(seconds=ANNOUNCED.total_seconds() + 30)
    newer = add_incident(stage, group, sender, 3)
    assert {row.pepper_version for row in stage.rows(identifier_tokens)} == {1, 2}
    found = {one.trace.id for one in of_patient(stage).records}
    assert found == {incident, disclosure, newer}


def test_another_patient_has_nothing(stage: Stage) -> None:
    records(stage)
    assert of_patient(stage, ANOTHER) == Holdings()
    before = stage.rows(identifier_tokens)
    assert erase(stage, ANOTHER) == ()
    assert stage.rows(identifier_tokens) == before
    assert not stage.parts.erasures.path.exists()


# --- erasing --------------------------------------------------------------------------------------


def test_what_is_erased_is_found_no_more_and_the_bare_record_stays(stage: Stage) -> None:
    _, _, incident, disclosure = records(stage)
    with stage.parts.database.write() as connection:
        values = {"digest": bytes(32), "key_version": 1, "kind": "text"}
        fingerprint = insert(content_fingerprints).values(
            id=new_id(), disclosure_id=disclosure, **values
        )
        connection.execute(fingerprint)
    entries = len(stage.rows(ledger_entries))

    assert erase(stage) == ()

    assert of_patient(stage) == Holdings()
    assert stage.rows(identifier_tokens) == stage.rows(content_fingerprints) == []
    assert {row.excerpt_sealed for row in stage.rows(incident_messages)} == {None}
    assert {row.rewrite_sealed for row in stage.rows(incident_messages)} == {None}
    assert [row.id for row in stage.rows(incidents)] == [incident]
    assert [row.id for row in stage.rows(disclosures)] == [disclosure]
    about = {row.id for row in stage.rows(ledger_entries) if row.subject in (incident, disclosure)}
    assert len(stage.rows(ledger_entries)) == entries
    assert about
    assert not about & {row.entry_id for row in stage.rows(ledger_openings)}


def test_another_patient_of_the_same_group_keeps_everything(stage: Stage) -> None:
    group, sender, _, _ = records(stage)
    theirs = add_incident(stage, group, sender, 9)
    with stage.parts.store.unit_of_work() as uow:
        of_theirs = [row.id for row in stage_messages(stage, theirs)]
        uow.connection.execute(
            update(identifier_tokens)
            .where(identifier_tokens.c.incident_message_id.in_(of_theirs))
            .values(digest=bytes(32))
        )

    erase(stage)

    assert all(row.excerpt_sealed is not None for row in stage_messages(stage, theirs))
    assert {row.incident_message_id for row in stage.rows(identifier_tokens)} == set(of_theirs)


def stage_messages(stage: Stage, incident_id: UUID) -> list[AnyRow]:
    return [row for row in stage.rows(incident_messages) if row.incident_id == incident_id]


def test_what_is_on_hold_or_a_breach_is_kept_and_said_to_be(stage: Stage) -> None:
    group, sender, held, _ = records(stage)
    reported = add_incident(stage, group, sender, 3)
    cases = {row.id: row.case_number for row in stage.rows(incidents)}
    stage.parts.holds.set(cases[held], "test", {"reason": "claim"})
    with stage.parts.database.write() as connection:
        at = {"known_at": START, "declared_at": START, "declared_by": "x"}
        breach = insert(breaches).values(
            id=new_id(), incident_id=reported, case_number=cases[reported], **at
        )
        connection.execute(breach)

    assert erase(stage) == tuple(sorted(cases.values()))

    left = of_patient(stage).records
    assert {one.trace.id: one.kept_for for one in left} == {
        held: "on hold",
        reported: "declared a breach",
    }
    assert all(row.excerpt_sealed is not None for row in stage.rows(incident_messages))
    assert {row.disclosure_id for row in stage.rows(identifier_tokens)} == {None}


def test_a_restored_backup_does_not_bring_a_patient_back(stage: Stage) -> None:
    records(stage)
    backup = Backup.of(stage)
    erase(stage)
    backup.restore(stage)
    assert len(of_patient(stage).records) == 2

    apply(stage.parts.store, stage.parts.erasures)

    assert of_patient(stage) == Holdings()
    assert {row.excerpt_sealed for row in stage.rows(incident_messages)} == {None}
    assert dict(apply(stage.parts.store, stage.parts.erasures)) == {}


# --- restricting ----------------------------------------------------------------------------------


def test_what_is_restricted_is_in_no_list_and_no_export_until_it_is_lifted(stage: Stage) -> None:
    _, sender, incident, disclosure = records(stage)
    subjects, reads = stage.parts.subjects, stage.parts.export_reads
    traces = [one.trace for one in of_patient(stage).records]

    def listed() -> tuple[int, int, int, int]:
        always = Period(START, stage.clock.now().replace(year=9000))
        return (
            len(list(reads.records(DAY, BOTH, with_names=False))),
            reads.count(DAY, BOTH),
            len(stage.parts.traces.of_patient(HN, always, 100).traces),
            len(stage.parts.traces.of_sender(sender, always, 100).traces),
        )

    assert listed() == (2, 2, 2, 2)
    with stage.parts.store.unit_of_work() as uow:
        assert subjects.restrict(uow, traces, is_restricted=True) == 2
    assert listed() == (0, 0, 0, 0)
    assert all(one.is_restricted for one in of_patient(stage).records)
    assert {one.trace.id for one in of_patient(stage).records} == {incident, disclosure}
    with stage.parts.store.unit_of_work() as uow:
        subjects.restrict(uow, traces, is_restricted=False)
    assert listed() == (2, 2, 2, 2)


# --- staff ----------------------------------------------------------------------------------------


def test_of_staff_everything_that_points_at_them_is_gathered_and_nothing_sealed(
    stage: Stage,
) -> None:
    _, sender, incident, disclosure = records(stage)
    held = stage.parts.subjects.of_person(sender)
    assert {one.trace.id for one in held.records} == {incident, disclosure}
    assert {"people", "members", "roster_members", "incidents", "disclosures"} <= held.rows.keys()
    assert held.rows["people"][0]["line_id"] == "U1"
    assert all(row["person_id"] == str(sender) for row in held.rows["members"])
    cells = [cell for rows in held.rows.values() for row in rows for cell in row.values()]
    assert not any(isinstance(cell, bytes) for cell in cells)
