"""The sealer: every committed entry gets one place, whoever dies or hurries, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, delete, event, insert, text, update
from sqlalchemy.exc import DBAPIError

from bot.errors import LedgerBrokenError
from bot.ledger import stranger
from bot.ledger.entry import EntryKind
from bot.storage import ledger_sealer, ledger_turn
from bot.storage.ledger_reads import LedgerReader
from bot.storage.ledger_turn import take_turn
from bot.storage.tables import (
    ledger_checkpoints,
    ledger_entries,
    ledger_frontier,
    ledger_kept,
    ledger_keys,
    ledger_leaves,
    ledger_openings,
    ledger_unsealed,
)
from tests.ledger.book import audited, enter, enter_and_seal, faults, ids, newest_note
from tests.services.server import wait_until
from tests.storage.stage import START, Stage

# The introduction of the first key is an entry, too.
OF_THE_KEY = 1


def placed(stage: Stage) -> list[UUID]:
    leaves = sorted(stage.rows(ledger_leaves), key=lambda row: row.position)
    return [row.entry_id for row in leaves]


def test_what_is_committed_gets_a_place_under_a_signed_checkpoint(stage: Stage) -> None:
    enter(stage, 3)
    assert len(stage.rows(ledger_unsealed)) == 3
    stage.parts.ledger_sealer.seal_all()
    checkpoint = stage.row(ledger_checkpoints)
    assert (checkpoint.size, checkpoint.previous_size, checkpoint.at) == (3 + OF_THE_KEY, 0, START)
    assert sorted(placed(stage)) == ids(stage)
    assert stage.rows(ledger_unsealed) == []
    assert faults(stage) == []


def test_nothing_new_makes_no_new_checkpoint(stage: Stage) -> None:
    enter_and_seal(stage, 2)
    before = stage.rows(ledger_checkpoints)
    stage.parts.ledger_sealer.seal_all()
    assert stage.rows(ledger_checkpoints) == before
    assert stage.rows(ledger_unsealed) == []


def test_an_empty_ledger_is_left_empty(stage: Stage) -> None:
    stage.parts.ledger_sealer.seal_all()
    assert stage.rows(ledger_checkpoints) == []
    assert stage.rows(ledger_keys) == []


def test_more_than_a_batch_goes_in_batches(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_sealer, "BATCH", 4)
    enter(stage, 10)
    stage.parts.ledger_sealer.seal_all()
    sizes = [row.size for row in stage.rows(ledger_checkpoints)]
    assert sizes == [4, 8, 10 + OF_THE_KEY]
    assert faults(stage) == []


def test_an_entry_with_a_low_id_that_commits_late_is_not_lost(on_postgresql: Stage) -> None:
    stage = on_postgresql
    with stage.parts.store.unit_of_work() as slow:
        slow.ledger.append("member.left", by="system", at=START, subject=None, facts={})
        slow.ledger.write()  # its id is made, the transaction is still open
        enter_and_seal(stage, 3)
        assert len(placed(stage)) == 3 + OF_THE_KEY
    late = min(ids(stage))
    assert late not in placed(stage)
    stage.parts.ledger_sealer.seal_all()
    assert placed(stage).index(late) == 3 + OF_THE_KEY
    assert faults(stage) == []


def test_sealers_of_many_processes_give_every_entry_one_place(stage: Stage) -> None:
    others = [stage.another().ledger_sealer for _ in range(3)]

    def busy(number: int) -> None:
        for _ in range(5):
            if number < 3:
                others[number].seal_all()
            else:
                enter(stage, 2)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(busy, range(6)))
    stage.parts.ledger_sealer.seal_all()
    assert sorted(placed(stage)) == ids(stage)
    assert len(stage.rows(ledger_keys)) == 1
    assert faults(stage) == []


def test_writers_do_not_wait_for_a_sealer_that_holds_its_turn(on_postgresql: Stage) -> None:
    stage = on_postgresql
    enter_and_seal(stage, 1)
    with stage.another().database.write() as connection:
        assert take_turn(connection)
        enter(stage, 2)
        assert stage.parts.ledger_sealer.seal() == 0
    assert stage.parts.ledger_sealer.seal() == 2


def test_a_sealer_that_falls_silent_in_the_middle_loses_its_turn(
    on_postgresql: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_turn, "_LEASE_SECONDS", 1)
    stage, silent = on_postgresql, on_postgresql.another().database
    enter_and_seal(stage, 1)
    enter(stage, 2)
    with silent.engine.connect() as connection:
        assert take_turn(connection)
        wait_until(lambda: stage.parts.ledger_sealer.seal() == 2, seconds=10)
        connection.invalidate()
    assert faults(stage) == []


def test_what_was_entered_before_there_was_a_tree_gets_its_place(stage: Stage) -> None:
    """As the migration does it."""
    enter(stage, 3)
    with stage.parts.database.write() as connection:
        connection.execute(delete(ledger_unsealed))
        connection.execute(
            text("INSERT INTO ledger_unsealed (entry_id) SELECT id FROM ledger_entries")
        )
    stage.parts.ledger_sealer.seal_all()
    assert len(placed(stage)) == 3 + OF_THE_KEY


class _Killed(Exception):  # noqa: N818 - it stands for a kill, not for an error
    pass


def test_a_sealer_killed_at_any_statement_leaves_the_old_state_or_the_new(stage: Stage) -> None:
    enter_and_seal(stage, 3)
    for deadly in range(1, 12):
        enter(stage, 2)
        count = iter(range(1, 100))

        def kill(*_given: object, deadly: int = deadly, count: Iterator[int] = count) -> None:
            if next(count) == deadly:
                raise _Killed

        engine = stage.parts.database.engine
        event.listen(engine, "before_cursor_execute", kill)
        try:
            stage.parts.ledger_sealer.seal()
        except _Killed:
            pass
        finally:
            event.remove(engine, "before_cursor_execute", kill)
        assert faults(stage) == []
        sizes = [row.size for row in stage.rows(ledger_checkpoints)]
        assert sizes[-1] == len(placed(stage))
    stage.parts.ledger_sealer.seal_all()
    assert sorted(placed(stage)) == ids(stage)


def test_the_frontier_is_worked_out_again_where_it_was_lost_or_spoilt(stage: Stage) -> None:
    enter_and_seal(stage, 5, 4)
    for change in (delete(ledger_frontier), update(ledger_frontier).values(hashes=b"x" * 64)):
        with stage.parts.database.write() as connection:
            connection.execute(change)
        enter_and_seal(stage, 2)
        assert faults(stage) == []


def without_triggers(connection: Connection) -> None:
    """As somebody could who owns the database."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        return
    names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    for name in list(names):
        connection.execute(text(f"DROP TRIGGER {name}"))


def an_entry() -> dict[str, object]:
    number = UUID(int=9)
    columns = {"kind": "x", "version": 1, "at": START, "subject": None, "commitment": bytes(32)}
    return {"id": number, **columns}


def test_nothing_is_signed_on_top_of_tables_that_contradict_each_other(stage: Stage) -> None:
    enter_and_seal(stage, 5)
    with stage.parts.database.write() as connection:
        without_triggers(connection)
        connection.execute(delete(ledger_frontier))
        spoil = update(ledger_leaves).where(ledger_leaves.c.position == 1)
        connection.execute(spoil.values(leaf=bytes(32)))
    before = stage.rows(ledger_checkpoints)
    with stage.parts.database.write() as connection:
        connection.execute(insert(ledger_entries), [an_entry()])
        if stage.parts.database.is_sqlite:  # its triggers are gone for good
            connection.execute(insert(ledger_unsealed), [{"entry_id": UUID(int=9)}])
    with pytest.raises(LedgerBrokenError, match="ledger verify"):
        stage.parts.ledger_sealer.seal()
    assert stage.rows(ledger_checkpoints) == before


REFUSED = {
    "UPDATE {table} SET {key} = {key}": ("sqlite", "postgresql"),
    "DELETE FROM {table}": ("sqlite", "postgresql"),
    "TRUNCATE {table} CASCADE": ("postgresql",),
    "INSERT OR REPLACE INTO {table} SELECT * FROM {table}": ("sqlite",),
}
KEYS = {
    "ledger_entries": "id",
    "ledger_leaves": "position",
    "ledger_checkpoints": "size",
    "ledger_keys": "number",
    "ledger_kept": "id",
}


@pytest.mark.parametrize("table", KEYS)
def test_the_database_itself_refuses_changes(stage: Stage, table: str) -> None:
    enter_and_seal(stage, 2)
    kept = {"id": UUID(int=1), "size": 3, "at": START, "way": "file"}
    with stage.parts.database.write() as connection:
        connection.execute(insert(ledger_kept), [kept])
    kind = stage.parts.database.engine.dialect.name
    for statement in [one for one, spoken_by in REFUSED.items() if kind in spoken_by]:
        with (
            pytest.raises(DBAPIError, match="never changed"),
            stage.parts.database.write() as connection,
        ):
            connection.execute(text(statement.format(table=table, key=KEYS[table])))


def test_a_clock_that_goes_back_keeps_the_order_and_is_remarked_on(stage: Stage) -> None:
    enter_and_seal(stage, 2)
    stage.clock.at -= timedelta(hours=3)
    enter_and_seal(stage, 2)
    audit = audited(stage)
    assert audit.faults == []
    (remark,) = audit.remarks
    assert "from 2026-07-28T01:00:00.000Z to 2026-07-27T22:00:00.000Z" in remark


# --- keys -----------------------------------------------------------------------------------------


def test_a_new_key_is_introduced_by_the_old_one_and_signs_from_then_on(stage: Stage) -> None:
    enter_and_seal(stage, 2)
    stage.clock.advance(days=400)
    stage.parts.ledger_keys.change(by="operator:somchai")
    enter_and_seal(stage, 2)
    first, second = stage.rows(ledger_keys)
    assert (first.by_previous, second.number) == (None, 2)
    assert stranger.read_checkpoint(newest_note(stage)).key_number == 2
    assert [row.kind for row in stage.rows(ledger_entries)].count("ledger_key.introduced") == 2
    assert faults(stage) == []


def test_a_key_slipped_in_without_the_old_ones_word_is_found(stage: Stage) -> None:
    enter_and_seal(stage, 2)
    stage.parts.ledger_keys.change(by="operator:somchai")
    with stage.parts.database.write() as connection:
        without_triggers(connection)
        spoil = update(ledger_keys).where(ledger_keys.c.number == 2)
        connection.execute(spoil.values(by_previous=bytes(64)))
    with pytest.raises(stranger.DoesNotHoldError, match="key 2"):
        audited(stage)


def test_keys_that_were_destroyed_are_spelled_as_openings_spell_them(stage: Stage) -> None:
    enter(stage)
    key_id = stage.rows(ledger_openings)[0].month_key_id
    with stage.parts.database.snapshot() as connection:
        assert LedgerReader(connection).destroyed_keys() == frozenset()
    with stage.parts.store.unit_of_work() as uow:
        now = stage.clock.now()
        uow.ledger.append(EntryKind.KEY_DESTROYED, by="test", at=now, subject=key_id, facts={})
    with stage.parts.database.snapshot() as connection:
        reader = LedgerReader(connection)
        assert reader.destroyed_keys() == {row[3] for row in reader.openings()} != set()
