"""The ledger's commands, and the verifier that is shipped: alone, with Python and nothing else."""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from uuid import UUID

import pytest

from bot.bootstrap import build
from bot.cli.common import named_operator
from bot.cli.main import main
from bot.domain.ids import new_id
from bot.errors import UsageError
from bot.ledger.entry import EntryKind
from bot.storage.migrate import migrate
from bot.storage.tables import ledger_checkpoints, ledger_entries, ledger_kept
from tests.cli.command import Folder, Said
from tests.cli.test_commands import checks
from tests.ledger.book import enter
from tests.ledger.test_sealing import without_triggers
from tests.storage.stage import Hands, Stage, settings_of

PERIOD = ("--from", "2026-07-28", "--to", "28/7/2569")
ASKED = ("--operator", "พญ. สมใจ", "--reason", "ตรวจประจำเดือน")


@pytest.fixture
def book(folder: Folder) -> Iterator[Stage]:
    """Twelve entries of one day and three of the next, and the one of the key."""
    tables(folder)
    clock = Hands()
    stage = Stage(
        build(settings_of(folder.database_url), clock), clock, settings_of(folder.database_url)
    )
    enter(stage, 12)
    stage.parts.ledger_sealer.seal_all()
    clock.advance(days=1)
    enter(stage, 3)
    yield stage
    stage.close()


def typed(folder: Folder, *arguments: str) -> Said:
    """As `python -m bot …`, in this process: starting another one takes a second each time."""
    out, err = io.StringIO(), io.StringIO()
    with chdir(folder.path), redirect_stdout(out), redirect_stderr(err):
        code = main(arguments)
    return Said(code, out.getvalue(), err.getvalue())


def tables(folder: Folder) -> None:
    """Without the shipped documents, whose coming into force would be entries too."""
    before = os.umask(0o077)
    parts = build(settings_of(folder.database_url))
    migrate(parts.database)
    parts.database.close()
    os.umask(before)


def key_of(folder: Folder) -> str:
    return typed(folder, "ledger", "keys").out.strip()


def alone(folder: Folder, *arguments: str) -> Said:
    """The shipped verifier as a stranger has it: in a folder of its own, isolated."""
    with zipfile.ZipFile(folder.path / "month.zip") as bundle:
        (folder.path / "verify.py").write_bytes(bundle.read("verify.py"))
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify.py", *arguments],
        cwd=folder.path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return Said(done.returncode, done.stdout, done.stderr)


def last_line(said: Said) -> str:
    return said.out.splitlines()[-1]


# --- verify ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("book")
def test_a_sound_ledger_holds_and_its_tail_is_named(folder: Folder) -> None:
    said = typed(folder, "ledger", "verify")
    assert (said.code, last_line(said)) == (0, "ตรวจแล้วถูกต้อง · IT HOLDS")
    assert "unsealed tail: 3 entries that no checkpoint covers yet, since 29 ก.ค. 2569" in said.out
    assert "window of trust: all of it" in said.out
    assert "facts: 16 as they were entered" in said.out


def test_before_anything_was_entered_there_is_nothing_to_doubt(folder: Folder) -> None:
    tables(folder)
    assert typed(folder, "ledger", "verify").code == 0
    assert "nothing was entered" in typed(folder, "ledger", "checkpoint").err


def test_the_first_bad_entry_is_named(folder: Folder, book: Stage) -> None:
    third = book.rows(ledger_entries)[2].id
    with book.parts.database.write() as connection:
        without_triggers(connection)
        spoil = ledger_entries.update().where(ledger_entries.c.id == third)
        connection.execute(spoil.values(kind="member.left"))
    said = typed(folder, "ledger", "verify")
    assert said.code == 1
    assert "IT DOES NOT HOLD: position " in last_line(said)
    assert third.hex in last_line(said)


def test_a_ledger_cut_off_is_found_with_the_checkpoint_kept_elsewhere(
    folder: Folder, book: Stage
) -> None:
    kept = folder.path / "kept.txt"
    assert typed(folder, "ledger", "checkpoint", "-o", "kept.txt").code == 0
    assert typed(folder, "ledger", "verify", "--checkpoint", "kept.txt").code == 0
    with book.parts.database.write() as connection:
        without_triggers(connection)
        for table, column in (("ledger_leaves", "position >="), ("ledger_checkpoints", "size >")):
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE {column} 13")  # noqa: S608
        connection.exec_driver_sql(
            "DELETE FROM ledger_openings WHERE entry_id NOT IN (SELECT entry_id FROM ledger_leaves)"
        )
        connection.exec_driver_sql(
            "DELETE FROM ledger_entries WHERE id NOT IN (SELECT entry_id FROM ledger_leaves)"
        )
        connection.exec_driver_sql("DELETE FROM ledger_unsealed")
    said = typed(folder, "ledger", "verify")
    assert "cut off: a checkpoint of 16 entries was kept elsewhere" in last_line(said)
    with book.parts.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM ledger_kept")
    assert typed(folder, "ledger", "verify").code == 0  # nothing inside the database can tell
    said = typed(folder, "ledger", "verify", "--checkpoint", "kept.txt")
    assert said.code == 1
    assert "cut off: the checkpoint that you kept covers 16 entries" in last_line(said)
    kept.write_text(kept.read_text(encoding="utf-8")[:-30], encoding="utf-8")
    assert typed(folder, "ledger", "verify", "--checkpoint", "kept.txt").code == 2


@pytest.mark.usefixtures("book")
def test_what_cannot_be_checked_is_never_a_pass(folder: Folder) -> None:
    (folder.path / "foreign.zip").write_bytes(b"PK\x03\x04 nothing of ours")
    other = "wongraksa/0123456789abcdef+00000000+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    for arguments, code in (
        (("foreign.zip", "--key", other), 2),
        (("foreign.zip",), 2),
        (("missing.zip", "--key", other), 2),
        (("--key", other), 1),
        (("--key", "rubbish"), 2),
        (("--checkpoint", "missing.txt"), 2),
    ):
        said = typed(folder, "ledger", "verify", *arguments)
        assert (said.code, said.err) == (code, ""), arguments
        assert ("COULD NOT" if code == 2 else "DOES NOT HOLD") in last_line(said)


def test_facts_that_were_forgotten_leave_the_ledger_whole(folder: Folder, book: Stage) -> None:
    with book.parts.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM ledger_openings WHERE rowid % 2 = 0")
        connection.exec_driver_sql("DELETE FROM keys WHERE kind = 'month'")
    said = typed(folder, "ledger", "verify")
    assert said.code == 0
    assert "facts: 0 as they were entered" in said.out
    assert "without their key" in said.out


def test_a_key_destroyed_on_record_and_one_that_only_looks_so_are_told_apart(
    folder: Folder, book: Stage
) -> None:
    with book.parts.database.write() as connection:
        connection.exec_driver_sql(
            "UPDATE ledger_openings SET month_key_id = '0190a0000000700080000000000000ff' "
            "WHERE rowid = 4"
        )
    said = typed(folder, "ledger", "verify")
    assert "1 without their key" in said.out
    assert "note: 1 of those without their key name one whose destruction was never" in said.out

    with book.parts.store.unit_of_work() as uow:
        uow.ledger.append(
            EntryKind.KEY_DESTROYED,
            by="test",
            at=book.clock.now(),
            subject=UUID("0190a0000000700080000000000000ff"),
            facts={},
        )
    said = typed(folder, "ledger", "verify")
    assert "1 without their key" in said.out
    assert "never entered" not in said.out


def test_facts_that_were_changed_are_found(folder: Folder, book: Stage) -> None:
    with book.parts.database.write() as connection:
        connection.exec_driver_sql("UPDATE ledger_openings SET salt = zeroblob(32) WHERE rowid = 4")
    said = typed(folder, "ledger", "verify")
    assert said.code == 1
    assert "its facts are not those that were entered" in last_line(said)
    assert typed(folder, "ledger", "verify", "--without-facts").code == 0


# --- export ---------------------------------------------------------------------------------------


def test_a_stranger_checks_a_month_with_python_alone(folder: Folder, book: Stage) -> None:
    typed(folder, "ledger", "checkpoint", "-o", "kept.txt")
    enter(book, 2)
    said = typed(folder, "ledger", "export", *PERIOD, *ASKED, "--with-facts", "-o", "month.zip")
    assert (said.code, said.err) == (0, "")
    key = key_of(folder)
    for checked in (
        alone(folder, "month.zip", "--key", key),
        alone(folder, "month.zip", "--key", key, "--checkpoint", "kept.txt"),
        typed(folder, "ledger", "verify", "month.zip", "--key", key),
    ):
        assert (checked.code, last_line(checked)) == (0, "ตรวจแล้วถูกต้อง · IT HOLDS")
        assert "13 entries, all under it" in checked.out
        assert "facts shown and as they were entered: 13 of 13" in checked.out


@pytest.mark.usefixtures("book")
def test_an_export_shows_no_facts_unless_asked_and_never_another_period(folder: Folder) -> None:
    assert typed(folder, "ledger", "export", *PERIOD, *ASKED, "-o", "month.zip").code == 0
    with zipfile.ZipFile(folder.path / "month.zip") as bundle:
        entries = [json.loads(line) for line in bundle.read("entries.jsonl").splitlines()]
        about = json.loads(bundle.read("about.json"))
    assert len(entries) == 13
    assert not any("facts" in entry or "salt" in entry for entry in entries)
    assert (about["operator"], about["reason"]) == ("พญ. สมใจ", "ตรวจประจำเดือน")


def test_an_export_is_itself_on_record(folder: Folder, book: Stage) -> None:
    typed(folder, "ledger", "export", *PERIOD, *ASKED, "-o", "month.zip")
    assert EntryKind.LEDGER_EXPORTED in [row.kind for row in book.rows(ledger_entries)]
    for refused in (
        ("--from", "2026-07-28", "--to", "2026-07-27", *ASKED),
        (*PERIOD, "--operator", " ", "--reason", "x"),
    ):
        assert typed(folder, "ledger", "export", *refused, "-o", "no.zip").code == 1
    assert not (folder.path / "no.zip").exists()


@pytest.mark.usefixtures("book")
def test_another_hospitals_key_and_a_cut_file_are_told_apart(folder: Folder) -> None:
    typed(folder, "ledger", "export", *PERIOD, *ASKED, "-o", "month.zip")
    whole = (folder.path / "month.zip").read_bytes()
    key = key_of(folder)
    changed = key.replace(key[11:13], "00" if key[11:13] != "00" else "11", 1)
    assert alone(folder, "month.zip", "--key", changed).code == 1
    (folder.path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    said = alone(folder, "cut.zip", "--key", key)
    assert (said.code, "COULD NOT BE CHECKED" in said.out) == (2, True)


@pytest.mark.usefixtures("book")
def test_a_bundle_holds_under_an_older_and_a_newer_key(folder: Folder) -> None:
    first = key_of(folder)
    assert typed(folder, "keys", "rotate", "signing").code == 0
    typed(folder, "ledger", "export", *PERIOD, *ASKED, "-o", "month.zip")
    second = key_of(folder).splitlines()[1]
    assert first != second
    for key in (first, second):
        assert alone(folder, "month.zip", "--key", key).code == 0
    assert "with key 2" in alone(folder, "month.zip", "--key", first).out


def test_one_entry_can_be_proved_by_a_receipt(folder: Folder, book: Stage) -> None:
    typed(folder, "ledger", "export", *PERIOD, *ASKED, "-o", "month.zip")
    entry = book.rows(ledger_entries)[5]
    assert typed(folder, "ledger", "prove", str(entry.id), "-o", "one.json").code == 0
    key = key_of(folder)
    assert alone(folder, "one.json", "--key", key).code == 0
    receipt = json.loads((folder.path / "one.json").read_text(encoding="utf-8"))
    receipt["entry"]["kind"] = "member.left"
    (folder.path / "one.json").write_text(json.dumps(receipt), encoding="utf-8")
    assert alone(folder, "one.json", "--key", key).code == 1
    assert typed(folder, "ledger", "prove", str(new_id()), "-o", "two.json").code == 1


# --- checkpoint -----------------------------------------------------------------------------------


def test_a_checkpoint_is_printed_and_only_what_is_taken_away_is_recorded(
    folder: Folder, book: Stage
) -> None:
    said = typed(folder, "ledger", "checkpoint")
    assert said.out.startswith("wongraksa/")
    assert book.rows(ledger_kept) == []
    assert typed(folder, "ledger", "checkpoint", "--page", "page.html", "-o", "kept.txt").code == 0
    assert sorted(row.way for row in book.rows(ledger_kept)) == ["file", "page"]
    assert book.rows(ledger_checkpoints)[-1].size == 16
    assert "window of trust: 2 entries" in typed(folder, "ledger", "verify").out


@pytest.mark.usefixtures("book")
def test_the_page_stands_alone_and_shows_what_is_signed(folder: Folder) -> None:
    typed(folder, "ledger", "checkpoint", "--page", "page.html", "-o", "kept.txt")
    page = (folder.path / "page.html").read_text(encoding="utf-8")
    note = (folder.path / "kept.txt").read_text(encoding="utf-8")
    assert note.splitlines()[2] in page
    assert key_of(folder) in page
    assert "<svg" in page
    assert "พ.ศ." in page or "2569" in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "<script" not in page


@pytest.mark.usefixtures("book")
def test_sending_without_an_address_says_what_to_set(folder: Folder) -> None:
    said = typed(folder, "ledger", "checkpoint", "--send")
    assert (said.code, "DPO_EMAIL" in said.err) == (1, True)


@pytest.mark.usefixtures("book")
def test_doctor_knows_the_sealer_and_what_was_kept_elsewhere(folder: Folder) -> None:
    assert states(folder)["ledger sealer"].startswith("not ok: 3 wait, oldest of 29 ก.ค. 2569")
    assert states(folder)["checkpoint elsewhere"].startswith("not ok: never yet python -m bot")
    typed(folder, "ledger", "checkpoint", "-o", "kept.txt")
    typed(folder, "ledger", "checkpoint")
    assert states(folder)["ledger sealer"] == "ok: 0 wait"
    assert states(folder)["checkpoint elsewhere"].startswith("ok: 16 entries")
    assert states(folder)["ledger checkpoint"].startswith("ok: 17 entries")


def states(folder: Folder) -> dict[str, str]:
    return {what: found[0] for what, found in checks(typed(folder, "doctor")).items()}


def test_without_settings_nothing_is_a_pass(tmp_path: Path) -> None:
    said = typed(Folder(tmp_path), "ledger", "verify")
    assert (said.code, "COULD NOT BE CHECKED" in said.out) == (2, True)


@pytest.mark.usefixtures("book")
@pytest.mark.parametrize("content", [b"no database at all " * 500, b""])
def test_a_damaged_database_is_said_to_be_so_by_every_command(
    folder: Folder, content: bytes
) -> None:
    file = folder.path / "var" / "wongraksa.db"
    broken = content or file.read_bytes()[:8192] + os.urandom(file.stat().st_size - 8192)
    for log in file.parent.glob("wongraksa.db-*"):
        log.unlink()
    file.write_bytes(broken)
    for command in (("ledger", "checkpoint"), ("breach", "list"), ("incident", "list")):
        said = typed(folder, *command)
        assert said.code == 1, command
        assert "the database could not be used, its file is damaged" in said.err
    said = typed(folder, "ledger", "verify")
    assert said.code == 2
    assert "COULD NOT BE CHECKED: the database could not be used" in last_line(said)


@pytest.mark.parametrize("typed_name", ["", "  ", "\x1b", "-"])
def test_a_name_of_nothing_is_no_name(typed_name: str) -> None:
    with pytest.raises(UsageError, match="neither may be empty"):
        named_operator(argparse.Namespace(operator=typed_name, reason="ตรวจ"))


def test_a_name_cannot_drive_the_terminals_on_which_it_is_shown() -> None:
    by, facts = named_operator(argparse.Namespace(operator="a\nb\x1b[31m", reason="ที่\r\nร้องขอ"))
    assert (by, facts["reason"]) == ("operator:a b [31m", "ที่ ร้องขอ")
