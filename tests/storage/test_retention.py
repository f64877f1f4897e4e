"""Retention: what is old goes with all that belongs to it; what is needed stays."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import NoReturn
from uuid import UUID

import pytest
from sqlalchemy import insert, update

from bot.bootstrap import Parts
from bot.domain.groups import Group
from bot.domain.ids import new_id
from bot.errors import UsageError
from bot.ledger.entry import EntryKind
from bot.storage import retention
from bot.storage.daily import take_the_day
from bot.storage.keyring import unseal
from bot.storage.ledger_store import opening_bound_to
from bot.storage.tables import (
    acknowledgement_requests,
    breaches,
    cases,
    content_fingerprints,
    disclosures,
    identifier_tokens,
    incident_messages,
    incidents,
    ledger_entries,
    ledger_openings,
    roster_members,
    rosters,
)
from bot.worker.house import make_upkeep
from tests.storage.stage import Stage
from tests.storage.test_export_reads import add_disclosure, add_incident, group_of_two

KEPT = {"days": 730}


def old_records(stage: Stage) -> tuple[Group, UUID, UUID, UUID]:
    """An incident that is over, one that stands, a disclosure; then the years pass."""
    group, sender = group_of_two(stage)
    over = add_incident(stage, group, sender, 1, closed_at=stage.clock.now())
    standing = add_incident(stage, group, sender, 2)
    disclosure = add_disclosure(stage, group, sender, 3)
    stage.clock.advance(**KEPT, hours=1)
    return group, over, standing, disclosure


def run(stage: Stage) -> dict[str, int]:
    return dict(stage.parts.retention.run("test", {"reason": "because"}))


def ids(stage: Stage) -> set[UUID]:
    return {row.id for row in (*stage.rows(incidents), *stage.rows(disclosures))}


def opened(parts: Parts, kind: EntryKind) -> list[dict[str, object]]:
    """What the entries of this kind open to."""
    with parts.database.read() as connection:
        rows = connection.execute(
            ledger_entries.join(ledger_openings)
            .select()
            .where(ledger_entries.c.kind == kind.value)
            .order_by(ledger_entries.c.id)
        ).all()
        return [
            json.loads(
                unseal(
                    parts.keys.by_id(connection, row.month_key_id).value,
                    row.facts_sealed,
                    opening_bound_to(row.id),
                )
            )
            for row in rows
        ]


def test_what_is_old_goes_with_its_messages_and_tokens_and_what_stands_stays(stage: Stage) -> None:
    _, over, standing, _ = old_records(stage)

    gone = run(stage)

    assert ids(stage) == {standing}
    assert {row.incident_id for row in stage.rows(incident_messages)} == {standing}
    assert len(stage.rows(identifier_tokens)) == 2
    assert gone["incidents"] == gone["disclosures"] == 1
    assert (gone["incident_messages"], gone["identifier_tokens"]) == (2, 3)
    assert over not in ids(stage)


def test_a_day_before_its_time_nothing_goes(stage: Stage) -> None:
    old_records(stage)
    stage.clock.advance(days=-1)
    before = ids(stage)

    assert sum(run(stage).values()) == 0
    assert ids(stage) == before


def test_the_ledger_forgets_what_it_said_and_keeps_every_entry(stage: Stage) -> None:
    _, over, standing, _ = old_records(stage)
    entries = {row.id: row.subject for row in stage.rows(ledger_entries)}

    run(stage)

    left = {row.entry_id for row in stage.rows(ledger_openings)}
    assert entries.keys() <= {row.id for row in stage.rows(ledger_entries)}
    assert {subject for entry, subject in entries.items() if entry in left} == {standing}
    assert over in entries.values()


def test_an_incident_stays_while_its_breach_runs_and_goes_after_it(stage: Stage) -> None:
    _, over, standing, _ = old_records(stage)
    values = dict.fromkeys(("known_at", "declared_at"), stage.clock.now())
    with stage.parts.database.write() as connection:
        breach = insert(breaches).values(
            id=new_id(), incident_id=over, case_number="1", declared_by="test", **values
        )
        connection.execute(breach)
    run(stage)
    assert ids(stage) == {over, standing}

    with stage.parts.database.write() as connection:
        connection.execute(update(breaches).values(closed_at=stage.clock.now()))
    run(stage)
    assert ids(stage) == {standing}
    assert stage.rows(breaches) != []
    about = {row.id for row in stage.rows(ledger_entries) if row.subject == over}
    assert about & {row.entry_id for row in stage.rows(ledger_openings)}, "the breach's history"

    stage.clock.advance(**KEPT, hours=1)
    run(stage)
    assert stage.rows(breaches) == []
    assert not about & {row.entry_id for row in stage.rows(ledger_openings)}


def test_a_roster_goes_when_nobody_needs_it_and_the_newest_never(stage: Stage) -> None:
    group, sender = group_of_two(stage)
    old = add_incident(stage, group, sender, 1, closed_at=stage.clock.now())
    with stage.parts.store.unit_of_work() as uow:
        uow.registry.note_absence(group, uow.registry.ensure_person("U2"), at=stage.clock.now())
    standing = add_incident(stage, group, sender, 2)
    with stage.parts.store.unit_of_work() as uow:
        uow.registry.note_absence(group, uow.registry.ensure_person("U1"), at=stage.clock.now())
    add_incident(stage, group, sender, 3, closed_at=stage.clock.now())
    roster_of = {row.id: row.roster_id for row in stage.rows(incidents)}
    assert len(set(roster_of.values())) == 3
    stage.clock.advance(**KEPT, hours=1)

    run(stage)

    left = {row.id for row in stage.rows(rosters)}
    newest = max(stage.rows(rosters), key=lambda row: row.number).id
    assert left == {roster_of[standing], newest}
    assert roster_of[old] not in left
    assert {row.roster_id for row in stage.rows(roster_members)} <= left


def test_many_go_in_batches(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    monkeypatch.setattr(retention, "_PAGE", 2)
    group, sender = group_of_two(stage)
    for second in range(5):
        add_incident(stage, group, sender, second, closed_at=stage.clock.now())
    stage.clock.advance(**KEPT, hours=1)
    steps: list[int] = []

    gone = stage.parts.retention.run("test", {}, steps.append)

    assert (gone["incidents"], gone["openings"]) == (5, 5)
    assert len(steps) > 3
    assert ids(stage) == set()


def test_what_is_held_stays_until_it_is_released(stage: Stage) -> None:
    _, over, standing, _ = old_records(stage)
    case = next(row.case_number for row in stage.rows(incidents) if row.id == over)
    stage.parts.holds.set(case, "operator:มาลี", {"reason": "claim 12"})
    assert [(one.case, one.reason) for one in stage.parts.holds.listed()] == [(case, "claim 12")]

    run(stage)
    assert ids(stage) == {over, standing}
    with pytest.raises(UsageError, match="on hold already"):
        stage.parts.holds.set(case, "test", {"reason": "again"})

    stage.parts.holds.release(case, "operator:มาลี", {"reason": "settled"})
    with pytest.raises(UsageError, match="not on hold"):
        stage.parts.holds.release(case, "test", {"reason": "again"})
    kinds = [row.kind for row in stage.rows(ledger_entries) if row.subject == over]
    assert kinds[-2:] == [EntryKind.HOLD_SET, EntryKind.HOLD_RELEASED]
    run(stage)
    assert ids(stage) == {standing}


def test_a_hold_needs_a_case_that_exists(stage: Stage) -> None:
    with pytest.raises(UsageError, match="no incident has the number"):
        stage.parts.holds.set("2569-999999", "test", {"reason": "x"})


# --- on record ------------------------------------------------------------------------------------


def test_a_run_is_entered_before_it_begins_and_when_it_is_done(stage: Stage) -> None:
    old_records(stage)

    gone = run(stage)

    (begun,), (done,) = (
        opened(stage.parts, kind) for kind in (EntryKind.RETENTION_BEGUN, EntryKind.RETENTION_DONE)
    )
    assert (begun["by"], begun["reason"], begun["days"]) == ("test", "because", 730)
    assert (done["by"], done["reason"], done["erased"]) == ("test", "because", gone)


def test_a_run_that_finds_nothing_is_one_entry(stage: Stage) -> None:
    assert run(stage) == {}

    assert opened(stage.parts, EntryKind.RETENTION_BEGUN) == []
    (done,) = opened(stage.parts, EntryKind.RETENTION_DONE)
    assert (done["by"], done["reason"], done["erased"]) == ("test", "because", {})


def test_a_run_that_was_killed_is_on_record(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    old_records(stage)
    monkeypatch.setattr(retention, "erase_record", _dies)
    with pytest.raises(KeyboardInterrupt):
        run(stage)
    assert len(opened(stage.parts, EntryKind.RETENTION_BEGUN)) == 1
    assert opened(stage.parts, EntryKind.RETENTION_DONE) == []


def _dies(*_given: object) -> NoReturn:
    raise KeyboardInterrupt


def test_what_the_dry_run_lists_is_what_goes(stage: Stage) -> None:
    _, over, _, _ = old_records(stage)
    number = next(row.case_number for row in stage.rows(incidents) if row.id == over)
    before = ids(stage)

    plan = stage.parts.retention.plan()

    assert ids(stage) == before
    assert plan.cases == [(number, "2026-07")]
    gone = run(stage)
    assert plan.counts.items() <= {**dict.fromkeys(plan.counts, 0), **gone}.items()
    assert plan.counts["openings"] == gone["openings"] > 0


# --- once a day -----------------------------------------------------------------------------------


def test_upkeep_does_it_once_a_day_however_many_processes_there_are(stage: Stage) -> None:
    old_records(stage)
    first, second = make_upkeep(stage.parts), make_upkeep(stage.another())
    for upkeep in (first, second, first):
        upkeep.run_all()
    done = opened(stage.parts, EntryKind.RETENTION_DONE)
    assert [one["by"] for one in done] == ["system"]

    stage.clock.advance(days=1)
    second.run_all()
    assert len(opened(stage.parts, EntryKind.RETENTION_DONE)) == 2


def test_a_clock_that_was_set_back_does_not_stand_the_day_still(stage: Stage) -> None:
    database, now = stage.parts.database, stage.clock.now()
    assert take_the_day(database, "retention", now + timedelta(days=400))
    assert take_the_day(database, "retention", now)
    assert not take_the_day(database, "retention", now - timedelta(seconds=3))


def test_what_points_at_a_record_in_any_table_goes_with_it(stage: Stage) -> None:
    """Of every table that has a foreign key to incidents or their messages, one row."""
    _, over, standing, _ = old_records(stage)
    fingerprints = [
        {
            "id": new_id(),
            "digest": bytes(32),
            "key_version": 1,
            "kind": "text",
            "incident_message_id": row.id,
        }
        for row in stage.rows(incident_messages)
    ]
    with stage.parts.database.write() as connection:
        for incident in (over, standing):
            case = insert(cases).values(
                incident_id=incident, state="new", assignee="", changed_at=stage.clock.now()
            )
            connection.execute(case)
        connection.execute(insert(content_fingerprints), fingerprints)

    run(stage)

    assert {row.incident_id for row in stage.rows(cases)} == {standing}
    left = {row.id for row in stage.rows(incident_messages)}
    assert {row.incident_message_id for row in stage.rows(content_fingerprints)} == left


def test_a_request_to_tap_goes_after_the_last_disclosure_that_it_was_for(stage: Stage) -> None:
    _, _, _, disclosure = old_records(stage)
    asked, at = new_id(), stage.rows(disclosures)[0].occurred_at
    with stage.parts.database.write() as connection:
        group_id = stage.rows(rosters)[0].group_id
        request = insert(acknowledgement_requests).values(
            id=asked, token="t", group_id=group_id, first_at=at, last_at=at
        )
        connection.execute(request)
        connection.execute(update(disclosures).values(acknowledgement_id=asked))
    assert stage.parts.retention.plan().counts["acknowledgements"] == 0

    gone = run(stage)

    assert (gone["disclosures"], gone["acknowledgement_requests"]) == (1, 1)
    assert disclosure not in ids(stage)
