"""`erasures`: a database that was restored loses again what was erased since."""

from __future__ import annotations

import shutil

import pytest

from tests.cli.command import Folder
from tests.cli.test_retention import WHY, ready

__all__ = ["ready"]


@pytest.fixture
def restored(ready: Folder) -> Folder:
    """Backed up, erased, and the backup put back."""
    database = ready.path / "var/wongraksa.db"
    assert ready.bot("migrate").code == 0
    shutil.copy(database, ready.path / "backup.db")
    assert ready.bot("retention", "run", *WHY).code == 0
    for end in ("", "-wal", "-shm"):
        database.with_name(database.name + end).unlink(missing_ok=True)
    shutil.copy(ready.path / "backup.db", database)
    assert "2562-000001" in ready.bot("retention", "dry-run").out
    return ready


def test_migrate_erases_again_and_says_nothing_is_left_to_do(restored: Folder) -> None:
    said = restored.bot("migrate")
    assert (said.code, "erasures.applied" in said.err) == (0, True)
    assert "2562-000001" not in restored.bot("retention", "dry-run").out
    assert "all of it was gone already" in restored.bot("erasures", "apply").out


def test_it_can_be_applied_by_hand(restored: Folder) -> None:
    said = restored.bot("erasures", "apply")
    assert said.code == 0
    assert "\nincidents          1\n" in said.out
    assert "incidents" in restored.bot("erasures", "show").out


def test_a_half_line_is_named_and_is_no_loss_and_a_foreign_one_is(ready: Folder) -> None:
    assert ready.bot("retention", "run", *WHY).code == 0
    listed = ready.path / "var/erasures.jsonl"
    whole = listed.read_text()
    listed.write_text(whole + whole[:20])
    half = ready.bot("erasures", "show")
    assert (half.code, "half written" in half.err) == (0, True)
    listed.write_text("hello\n" + whole)
    foreign = ready.bot("erasures", "show")
    assert (foreign.code, "line 1: not readable" in foreign.err) == (1, True)
