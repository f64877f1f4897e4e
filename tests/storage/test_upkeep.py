"""Upkeep: what was wiped is gone from the disk, and nothing goes that is still needed."""

from __future__ import annotations

from pathlib import Path

from bot.domain.events import Outcome
from bot.storage.inbox import WIPE_AFTER
from bot.storage.keyring import KeyKind
from bot.storage.tables import heartbeats, inbox, keys, outbox
from bot.worker.house import make_upkeep
from tests.storage.stage import Stage, stage_on
from tests.storage.test_outbox import add


def settle_all(stage: Stage) -> None:
    for claimed in stage.claim():
        with stage.parts.store.unit_of_work() as uow:
            uow.settle(claimed, Outcome.BENIGN)


def files_with(folder: Path, content: bytes) -> list[str]:
    return [file.name for file in folder.iterdir() if content in file.read_bytes()]


def test_what_was_wiped_is_in_no_file(tmp_path: Path) -> None:
    with stage_on(f"sqlite:///{tmp_path}/wongraksa.db") as stage:
        stage.store(stage.text("HN 650012345 " * 400))
        sealed = stage.row(inbox).payload_sealed
        # A middle piece: long values are spread over pages.
        piece = sealed[1000:1032]
        assert files_with(tmp_path, piece)
        settle_all(stage)
        stage.clock.advance(seconds=WIPE_AFTER.total_seconds() + 1)

        make_upkeep(stage.parts).run()

        assert stage.row(inbox).payload_sealed is None
        assert files_with(tmp_path, piece) == []


def test_emptying_the_log_waits_for_no_reader(tmp_path: Path) -> None:
    with stage_on(f"sqlite:///{tmp_path}/wongraksa.db") as stage:
        with stage.parts.database.read() as reader:
            reader.exec_driver_sql("SELECT count(*) FROM inbox")
            stage.store(stage.text())
            stage.parts.database.empty_log()
        assert (tmp_path / "wongraksa.db-wal").stat().st_size > 0
        stage.parts.database.empty_log()
        assert (tmp_path / "wongraksa.db-wal").stat().st_size == 0


# --- day keys -------------------------------------------------------------------------------------


def day_keys(stage: Stage) -> list[str]:
    return sorted(row.period for row in stage.rows(keys) if row.kind == KeyKind.DAY.value)


def test_a_day_key_goes_after_nine_days(stage: Stage) -> None:
    stage.parts.keys.make_ready()
    assert day_keys(stage) == ["2026-07-28"]
    stage.clock.advance(days=9, seconds=1)
    make_upkeep(stage.parts).run()
    assert "2026-07-28" not in day_keys(stage)


def test_a_day_key_stays_while_an_event_is_sealed_with_it(stage: Stage) -> None:
    (row_id,) = stage.store(stage.text("HN 650012345"))
    stage.clock.advance(days=30)

    make_upkeep(stage.parts).run()

    assert "2026-07-28" in day_keys(stage)
    assert [one.id for one in stage.another().queue.claim(1)] == [row_id]


def test_a_day_key_stays_while_something_to_be_told_is_sealed_with_it(stage: Stage) -> None:
    add(stage)
    stage.clock.advance(days=30)

    make_upkeep(stage.parts).run()

    assert stage.row(outbox).body_key_id is not None
    assert "2026-07-28" in day_keys(stage)


# --- time -----------------------------------------------------------------------------------------


def test_a_clock_that_goes_back_stops_no_chore(stage: Stage) -> None:
    upkeep = make_upkeep(stage.parts)
    upkeep.run()
    stage.clock.advance(days=-1)
    upkeep.run()
    beats = {row.name: row.at for row in stage.rows(heartbeats)}
    assert beats["clock"] == stage.clock.now()
