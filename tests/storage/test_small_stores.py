"""Marks, errands, published documents, the ledger's rows, and times in columns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, StatementError

from bot.domain.ids import new_id
from bot.domain.times import from_milliseconds, to_milliseconds
from bot.ledger.entry import EntryKind, commitment
from bot.ports import ErrandKind
from bot.storage.keyring import unseal
from bot.storage.marks import purge_marks
from bot.storage.published import DocumentKind
from bot.storage.tables import (
    errands,
    heartbeats,
    ledger_entries,
    ledger_openings,
    message_marks,
    published,
)
from tests.storage.stage import START, Stage

# --- marks --------------------------------------------------------------------------------------


def test_a_message_that_was_taken_back_is_remembered_by_its_hash_only(stage: Stage) -> None:
    with stage.parts.store.unit_of_work() as uow:
        assert not uow.marks.is_unsent("620000601212251558")
        uow.marks.mark_unsent("620000601212251558", stage.clock.now())
        assert uow.marks.is_unsent("620000601212251558")
        assert not uow.marks.is_unsent("620000601212251559")
    assert b"620000601212251558" not in stage.row(message_marks).message_key


def test_the_newest_version_stays_whatever_comes_later(stage: Stage) -> None:
    with stage.parts.store.unit_of_work() as uow:
        for seconds in (5, 9, 2):
            uow.marks.mark_version("1", START + timedelta(seconds=seconds))
        uow.marks.mark_unsent("1", START)
        assert uow.marks.newest_version_at("1") == START + timedelta(seconds=9)
        assert uow.marks.newest_version_at("2") is None


def test_marks_are_forgotten_when_they_are_old(stage: Stage) -> None:
    with stage.parts.store.unit_of_work() as uow:
        uow.marks.mark_unsent("1", START)
    with stage.parts.database.write() as connection:
        assert purge_marks(connection, START) == 0
        assert purge_marks(connection, START + timedelta(seconds=1)) == 1


# --- errands ------------------------------------------------------------------------------------


def ask(stage: Stage, kind: ErrandKind = ErrandKind.MEMBER_COUNT, chat: str = "C1") -> None:
    with stage.parts.store.unit_of_work() as uow:
        uow.errands.ask(kind, chat)


def test_what_is_asked_twice_is_one_errand(stage: Stage) -> None:
    ask(stage)
    ask(stage)
    ask(stage, ErrandKind.GROUP_SUMMARY)
    ask(stage, chat="C2")
    assert len(stage.rows(errands)) == 3


def test_an_errand_under_way_is_left_alone_and_comes_up_again_after_its_lease(
    stage: Stage,
) -> None:
    ask(stage)
    (errand,) = stage.parts.errand_queue.claim(8)
    assert (errand.kind, errand.chat_id, errand.attempts) == (ErrandKind.MEMBER_COUNT, "C1", 1)
    assert stage.parts.errand_queue.claim(8) == []
    stage.clock.advance(seconds=60)
    assert [again.attempts for again in stage.parts.errand_queue.claim(8)] == [2]


def test_an_errand_ends_when_it_is_done_and_waits_when_it_is_put_off(stage: Stage) -> None:
    ask(stage)
    (errand,) = stage.parts.errand_queue.claim(8)
    stage.parts.errand_queue.later(errand, timedelta(seconds=4))
    assert stage.parts.errand_queue.claim(8) == []
    stage.clock.advance(seconds=4)
    (errand,) = stage.parts.errand_queue.claim(8)
    stage.parts.errand_queue.done(errand)
    assert stage.rows(errands) == []


def test_no_more_errands_are_handed_out_than_were_asked_for(stage: Stage) -> None:
    for number in range(5):
        ask(stage, chat=f"C{number}")
    assert len(stage.parts.errand_queue.claim(2)) == 2
    assert len(stage.parts.errand_queue.claim(8)) == 3


# --- published documents ------------------------------------------------------------------------


def publish(stage: Stage, version: int, **more: object) -> None:
    now = stage.clock.now()
    values = {
        "id": new_id(),
        "kind": "decision_table",
        "version": version,
        "state": "published",
        "body": f"version {version}",
        "created_at": now,
        "proposed_by": "test",
        "valid_from": now,
    }
    with stage.parts.database.write() as connection:
        connection.execute(insert(published).values({**values, **more}))


def current(stage: Stage) -> int:
    return stage.parts.documents.current(DocumentKind.DECISION_TABLE).version


def test_the_shipped_files_become_version_one_once(stage: Stage) -> None:
    stage.parts.seed_documents()
    stage.parts.seed_documents()
    found = {(row.kind, row.version, row.state) for row in stage.rows(published)}
    assert found == {("decision_table", 1, "published"), ("wording", 1, "published")}


def test_seeding_does_not_touch_what_was_published_since(stage: Stage) -> None:
    publish(stage, 1)
    stage.parts.seed_documents()
    assert stage.parts.documents.current(DocumentKind.DECISION_TABLE).body == "version 1"


def test_the_newest_version_that_is_published_and_valid_now_counts(stage: Stage) -> None:
    publish(stage, 1)
    publish(stage, 2)
    publish(stage, 3, state="draft")
    publish(stage, 4, valid_from=START + timedelta(hours=1))
    publish(stage, 5, valid_until=START)
    assert current(stage) == 2
    stage.clock.advance(hours=1)
    assert current(stage) == 4


# --- the ledger's rows --------------------------------------------------------------------------


def enter(stage: Stage) -> None:
    with stage.parts.store.unit_of_work() as uow:
        facts = {"case": "2569-000001", "after_seconds": 40}
        uow.ledger.append(
            EntryKind.INCIDENT_CLOSED, by="system", at=START, subject=new_id(), facts=facts
        )


def test_an_entry_holds_a_commitment_that_its_opening_proves(stage: Stage) -> None:
    enter(stage)
    entry, opening = stage.row(ledger_entries), stage.row(ledger_openings)
    month = stage.parts.keys.month()
    plain = unseal(month.value, opening.facts_sealed, b"ledger_openings:" + entry.id.bytes)

    assert plain == b'{"after_seconds":40,"by":"system","case":"2569-000001"}'
    facts = {"by": "system", "after_seconds": 40, "case": "2569-000001"}
    assert entry.commitment == commitment(opening.salt, facts)
    assert b"2569" not in entry.commitment + opening.facts_sealed


@pytest.mark.parametrize(
    "change",
    [
        update(ledger_entries).values(kind="group.left"),
        update(ledger_entries).values(at=START + timedelta(days=1)),
        delete(ledger_entries),
    ],
)
def test_the_database_itself_refuses_to_change_an_entry(
    stage: Stage,
    change: update | delete,  # type: ignore[valid-type]
) -> None:
    enter(stage)
    before = stage.rows(ledger_entries)
    with stage.parts.database.write() as connection:
        connection.execute(delete(ledger_openings))
    with pytest.raises(DBAPIError, match="never changed"), stage.parts.database.write() as writing:
        writing.execute(change)
    assert stage.rows(ledger_entries) == before


def test_an_entry_cannot_be_replaced_by_the_back_door_of_sqlite(on_sqlite: Stage) -> None:
    enter(on_sqlite)
    before = on_sqlite.row(ledger_entries)
    replacing = text(
        "INSERT OR REPLACE INTO ledger_entries (id, kind, version, at, commitment) "
        "SELECT id, 'group.left', version, at, commitment FROM ledger_entries"
    )
    with on_sqlite.parts.database.write() as connection:
        connection.execute(delete(ledger_openings))
    with (
        pytest.raises(DBAPIError, match="never changed"),
        on_sqlite.parts.database.write() as writing,
    ):
        writing.execute(replacing)
    assert on_sqlite.row(ledger_entries) == before


def test_entries_cannot_be_truncated(on_postgresql: Stage) -> None:
    enter(on_postgresql)
    truncating = text("TRUNCATE ledger_entries CASCADE")
    with (
        pytest.raises(DBAPIError, match="never changed"),
        on_postgresql.parts.database.write() as writing,
    ):
        writing.execute(truncating)
    assert len(on_postgresql.rows(ledger_entries)) == 1


# --- times --------------------------------------------------------------------------------------


def test_a_time_without_a_zone_is_refused_before_it_is_stored(stage: Stage) -> None:
    naive = insert(heartbeats).values(name="clock", at=datetime(2026, 7, 28, 8, 0))  # noqa: DTZ001
    with pytest.raises(StatementError, match="zone"), stage.parts.database.write() as connection:
        connection.execute(naive)
    assert stage.rows(heartbeats) == []


def test_a_time_comes_back_in_utc_with_its_milliseconds(stage: Stage) -> None:
    bangkok = timezone(timedelta(hours=7))
    at = datetime(2026, 7, 28, 8, 0, 0, 73_999, tzinfo=bangkok)
    with stage.parts.database.write() as connection:
        connection.execute(insert(heartbeats).values(name="clock", at=at))
    with stage.parts.database.read() as connection:
        found = connection.scalar(select(heartbeats.c.at))
    assert found == datetime(2026, 7, 28, 1, 0, 0, 73_000, tzinfo=UTC)
    assert found.tzinfo is UTC


@given(st.integers(-10_000_000_000_000, 250_000_000_000_000))
def test_every_millisecond_survives_there_and_back(milliseconds: int) -> None:
    assert to_milliseconds(from_milliseconds(milliseconds)) == milliseconds


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_stored_times_sort_as_the_times_do(one: datetime, other: datetime) -> None:
    assert (to_milliseconds(one) <= to_milliseconds(other)) or one > other
