"""The erasure list: a restored backup does not bring back what was erased since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, insert

from bot.domain.incidents import Standing
from bot.errors import StoreUnavailableError
from bot.ledger.entry import EntryKind
from bot.storage import erasing_again
from bot.storage.erasing_again import apply, list_ends
from bot.storage.erasures import Erased
from bot.storage.incidents import _message
from bot.storage.tables import (
    disclosures,
    identifier_tokens,
    incident_messages,
    incidents,
    keys,
    ledger_entries,
    ledger_openings,
    metadata,
)
from bot.worker.house import make_upkeep
from tests.storage.stage import Stage
from tests.storage.test_export_reads import add_disclosure, add_incident, group_of_two

# The ledger's own tables refuse to lose rows: what was entered since the backup stays in them.
BACKED_UP = [
    table
    for table in metadata.sorted_tables
    if not table.name.startswith("ledger_") or table is ledger_openings
]


@dataclass
class Backup:
    rows: list[Sequence[Any]]

    @classmethod
    def of(cls, stage: Stage) -> Backup:
        return cls([stage.rows(table) for table in BACKED_UP])

    def restore(self, stage: Stage) -> None:
        with stage.parts.database.write() as connection:
            for table in reversed(BACKED_UP):
                connection.execute(delete(table))
            for table, rows in zip(BACKED_UP, self.rows, strict=True):
                if rows:
                    connection.execute(insert(table), [dict(row._mapping) for row in rows])
        stage.parts.keys.forget()


def again(stage: Stage) -> dict[str, int]:
    return dict(apply(stage.parts.store, stage.parts.erasures))


def end_messages(stage: Stage, incident_id: UUID) -> None:
    rows = [row for row in stage.rows(incident_messages) if row.incident_id == incident_id]
    with stage.parts.store.unit_of_work() as uow:
        for row in rows:
            message = _message(row._mapping)
            uow.incidents.end_message(message, Standing.UNSENT, stage.clock.now())


def test_what_retention_erased_does_not_come_back(stage: Stage) -> None:
    group, sender = group_of_two(stage)
    over = add_incident(stage, group, sender, 1, closed_at=stage.clock.now())
    standing = add_incident(stage, group, sender, 2)
    add_disclosure(stage, group, sender, 3)
    stage.clock.advance(days=730, hours=1)
    backup = Backup.of(stage)
    stage.parts.retention.run("test", {})
    tables = (incidents, incident_messages, identifier_tokens, disclosures, ledger_openings)
    left = {table.name: set(stage.rows(table)) for table in tables}

    backup.restore(stage)
    assert over in {row.id for row in stage.rows(incidents)}
    gone = again(stage)

    assert {row.id for row in stage.rows(incidents)} == {standing}
    assert stage.rows(disclosures) == []
    assert gone["incidents"] == gone["disclosures"] == 1
    kinds = {row.id: row.kind for row in stage.rows(ledger_entries)}
    for name, rows in left.items():
        now = set(stage.rows(metadata.tables[name]))
        # Entries of the run itself, and of applying, are younger than the backup.
        young = {row for row in now ^ rows if kinds.get(row[0], "").startswith(("ret", "era"))}
        assert now ^ rows == young


def test_a_message_that_was_taken_back_stays_taken_back(stage: Stage) -> None:
    """Its masked text goes again, it stands no more, and its incident is over."""
    group, sender = group_of_two(stage)
    incident = add_incident(stage, group, sender, 1)
    backup = Backup.of(stage)
    stage.clock.advance(minutes=3)
    end_messages(stage, incident)
    make_upkeep(stage.parts).run()
    assert list_ends(stage.parts.store, stage.parts.erasures) == 0, "each is listed once"

    backup.restore(stage)
    assert {row.standing for row in stage.rows(incident_messages)} == {"standing"}
    again(stage)

    for row in stage.rows(incident_messages):
        assert (row.standing, row.ended_at) == ("unsent", stage.clock.now())
        assert (row.excerpt_sealed, row.rewrite_sealed) == (None, None)
    assert stage.row(incidents).closed_at == stage.clock.now()


def test_a_message_that_stands_is_not_touched_when_another_is_ended(stage: Stage) -> None:
    group, sender = group_of_two(stage)
    ended, standing = (add_incident(stage, group, sender, second) for second in (1, 2))
    backup = Backup.of(stage)
    end_messages(stage, ended)
    list_ends(stage.parts.store, stage.parts.erasures)
    backup.restore(stage)

    again(stage)

    rows = [row for row in stage.rows(incident_messages) if row.incident_id == standing]
    assert all(row.excerpt_sealed is not None for row in rows)
    assert {row.id: row.closed_at is None for row in stage.rows(incidents)}[standing]


def test_a_destroyed_key_stays_destroyed(stage: Stage) -> None:
    month = stage.parts.keys.month()
    backup = Backup.of(stage)
    stage.parts.erasures.note(Erased.KEYS, [month.id])
    with stage.parts.database.write() as connection:
        stage.parts.keys.destroy(connection, month.id)
    backup.restore(stage)
    assert month.id in {row.id for row in stage.rows(keys)}

    assert again(stage) == {"keys": 1}

    assert month.id not in {row.id for row in stage.rows(keys)}
    assert stage.parts.keys.month().id != month.id


def test_applying_twice_is_applying_once_and_is_entered_once(stage: Stage) -> None:
    group, sender = group_of_two(stage)
    add_incident(stage, group, sender, 1, closed_at=stage.clock.now())
    stage.clock.advance(days=730, hours=1)
    backup = Backup.of(stage)
    stage.parts.retention.run("test", {})
    assert again(stage) == {}, "nothing has come back"
    backup.restore(stage)

    assert again(stage)["incidents"] == 1
    assert again(stage) == {}

    kinds = [row.kind for row in stage.rows(ledger_entries)]
    assert kinds.count(EntryKind.ERASURES_APPLIED) == 1


def test_many_lines_are_applied_in_chunks(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing_again, "BATCH", 2)
    group, sender = group_of_two(stage)
    for second in range(5):
        end_messages(stage, add_incident(stage, group, sender, second))
    assert list_ends(stage.parts.store, stage.parts.erasures) == 10
    with stage.parts.database.write() as connection:
        connection.execute(incident_messages.update().values(standing="standing"))
    assert again(stage) == {"incident_messages": 10}


# --- the file -------------------------------------------------------------------------------------


def test_the_list_holds_ids_and_nothing_else_and_is_ours_alone(on_sqlite: Stage) -> None:
    erasures = on_sqlite.parts.erasures
    erasures.note(Erased.TOKENS, [UUID(int=7)])
    erasures.note(Erased.OPENINGS_BEFORE, until=on_sqlite.clock.now())
    assert erasures.path.stat().st_mode & 0o777 == 0o600
    first, second = erasures.read().lines
    assert (first.what, first.ids) == (Erased.TOKENS, (UUID(int=7),))
    assert (second.what, second.until) == (Erased.OPENINGS_BEFORE, on_sqlite.clock.now())


@pytest.mark.parametrize("cut", [1, 9, 30])
def test_a_half_written_last_line_is_named_and_spoils_no_other(on_sqlite: Stage, cut: int) -> None:
    erasures = on_sqlite.parts.erasures
    for number in (1, 2):
        erasures.note(Erased.TOKENS, [UUID(int=number)])
    raw = erasures.path.read_bytes()
    erasures.path.write_bytes(raw[:-cut])

    half = erasures.read()
    assert [line.ids for line in half.lines][:1] == [(UUID(int=1),)]
    assert half.is_cut_off
    erasures.note(Erased.TOKENS, [UUID(int=3)])

    contents = erasures.read()
    assert contents.lines[-1].ids == (UUID(int=3),)
    assert not contents.is_cut_off
    assert contents.unreadable == half.unreadable == ([] if cut == 1 else [2])


@pytest.mark.parametrize(
    "line",
    [b"{}", b"[1]", b'{"what":"love","at":1}', b'{"what":"tokens","at":1,"ids":["x"]}', b"\xff"],
)
def test_a_line_that_is_none_of_ours_is_named_by_its_number(on_sqlite: Stage, line: bytes) -> None:
    erasures = on_sqlite.parts.erasures
    erasures.note(Erased.TOKENS, [UUID(int=1)])
    with erasures.path.open("ab") as file:
        file.write(line + b"\n")
    assert erasures.read().unreadable == [2]
    assert again(on_sqlite) == {}


def test_what_cannot_be_listed_is_not_erased(on_sqlite: Stage) -> None:
    group, sender = group_of_two(on_sqlite)
    add_incident(on_sqlite, group, sender, 1, closed_at=on_sqlite.clock.now())
    on_sqlite.clock.advance(days=730, hours=1)
    on_sqlite.parts.erasures.path.mkdir()

    with pytest.raises(StoreUnavailableError, match="nothing was erased"):
        on_sqlite.parts.retention.run("test", {})

    assert len(on_sqlite.rows(incidents)) == 1
