"""`records export`: what is written, and that nothing is written without being entered."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest
from fhir.resources.R4B.bundle import Bundle

from bot.bootstrap import Parts, build
from bot.cli import records
from bot.cli.main import main
from bot.domain.times import BANGKOK
from bot.ledger.entry import EntryKind
from bot.settings import load_settings
from bot.storage.keyring import unseal
from bot.storage.tables import ledger_entries, ledger_openings
from tests.cli.command import Folder
from tests.storage.stage import START, stage_on
from tests.storage.test_export_reads import add_incident, group_of_two

DAY = START.astimezone(BANGKOK).strftime("%Y-%m-%d")
WHY = ("--operator", "มาลี", "--reason", "quarterly review")


@pytest.fixture
def ready(folder: Folder) -> Folder:
    """Three incidents of one day."""
    with stage_on(folder.database_url) as stage:
        group, sender = group_of_two(stage)
        for second in (1, 2, 3):
            add_incident(stage, group, sender, second)
    return folder


def export(folder: Folder, form: str, *more: str) -> Path:
    file = folder.path / f"out.{form}"
    said = folder.bot(
        "records", "export", "--format", form, "--from", DAY, "--to", DAY, *WHY, *more,
        "-o", str(file),
    )  # fmt: skip
    assert (said.code, said.err) == (0, "")
    assert hashlib.sha256(file.read_bytes()).hexdigest() in said.out
    return file


def facts_of(folder: Folder) -> list[tuple[str, dict[str, object]]]:
    """What the ledger's entries on exports open to, in their order."""
    settings = load_settings({"DATABASE_URL": folder.database_url}, folder.path / ".env")
    parts = build(settings)
    try:
        return list(_opened(parts))
    finally:
        parts.database.close()


def _opened(parts: Parts) -> list[tuple[str, dict[str, object]]]:
    joined = ledger_entries.join(ledger_openings)
    with parts.database.read() as connection:
        rows = connection.execute(joined.select().order_by(ledger_entries.c.id)).all()
        return [
            (
                row.kind,
                json.loads(
                    unseal(
                        parts.keys.by_id(connection, row.month_key_id).value,
                        row.facts_sealed,
                        b"ledger_openings:" + row.id.bytes,
                    )
                ),
            )
            for row in rows
            if row.kind.startswith("records.")
        ]


def test_each_form_holds_the_records_of_the_period(ready: Folder) -> None:
    table = export(ready, "csv").read_text(encoding="utf-8-sig")
    assert len(list(csv.reader(table.splitlines()))) == 4
    assert len(export(ready, "jsonl").read_text(encoding="utf-8").splitlines()) == 3
    bundle = Bundle.model_validate_json(export(ready, "fhir").read_bytes())
    assert len(bundle.entry or ()) == 3
    assert export(ready, "xlsx").read_bytes().startswith(b"PK")


def test_a_run_is_entered_with_who_why_what_and_the_digest_of_the_file(ready: Folder) -> None:
    file = export(ready, "csv", "--names", "--what", "incidents")
    (first, asked), (second, written) = facts_of(ready)
    assert (first, second) == (EntryKind.RECORDS_EXPORTED, EntryKind.EXPORT_WRITTEN)
    assert (asked["by"], asked["reason"]) == ("operator:มาลี", "quarterly review")
    assert (asked["what"], asked["names"], asked["records"]) == ("incidents", True, 3)
    assert written["records"] == 3
    assert written["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()


def test_nothing_is_exported_without_a_name_and_a_reason(ready: Folder) -> None:
    base = ("records", "export", "--format", "csv", "--from", DAY, "--to", DAY, "-o", "out.csv")
    assert ready.bot(*base).code == 2
    said = ready.bot(*base, "--operator", " ", "--reason", "x")
    assert said.code == 1
    assert "neither may be empty" in said.err
    assert not (ready.path / "out.csv").exists()
    assert facts_of(ready) == []


def test_an_export_that_cannot_be_written_is_refused_before_it_is_entered(ready: Folder) -> None:
    base = ("records", "export", "--format", "csv", *WHY)
    backwards = ready.bot(*base, "--from", DAY, "--to", "2026-01-01", "-o", "out.csv")
    assert "lies before --from" in backwards.err
    nowhere = ready.bot(*base, "--from", DAY, "--to", DAY, "-o", "nowhere/out.csv")
    assert "is no folder" in nowhere.err
    assert facts_of(ready) == []


def test_a_kill_between_the_entry_and_the_file_leaves_the_entry(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed when the first record is about to be written, and again when the file is whole."""
    given = ["records", "export", "--format", "csv", "--from", DAY, "--to", DAY, *WHY, "-o"]

    def killed(*_given: object) -> None:
        raise SystemExit

    with stage_on(folder.database_url) as stage:
        monkeypatch.setattr(records, "migrated_parts", lambda: stage.parts)
        for moment in ("_write", "_enter_written"):
            with monkeypatch.context() as patch:
                patch.setattr(records._Export, moment, killed)
                with pytest.raises(SystemExit):
                    main([*given, str(tmp_path / moment)])
            assert not (tmp_path / moment).exists()
        kinds = [row.kind for row in stage.rows(ledger_entries)]
    assert kinds == [EntryKind.RECORDS_EXPORTED] * 2
