"""`subject`: a bundle that its subject can read; erased and restricted as far as the law allows."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from bot.cli import typed
from bot.cli.main import main
from bot.ledger.entry import EntryKind
from bot.storage.tables import ledger_entries
from tests.cli.command import Folder
from tests.storage.stage import Stage, stage_on
from tests.storage.test_export_reads import add_disclosure, add_incident, group_of_two
from tests.storage.test_retention import opened

WHY = ("--operator", "มาลี", "--reason", "request 7/2569")
NUMBER = "650012345"


@pytest.fixture
def here(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401 - yields a Stage
    """The command runs in this process, on either database."""
    with stage_on(database_url) as stage:
        group, sender = group_of_two(stage)
        add_incident(stage, group, sender, 1)
        add_disclosure(stage, group, sender, 2)
        monkeypatch.setattr("bot.cli.subject.migrated_parts", lambda: stage.parts)
        monkeypatch.setattr(typed, "secretly", lambda given, _name: given)
        yield stage


def ask(*arguments: str) -> int:
    return main(["subject", *arguments, *WHY])


def read(file: Path) -> tuple[str, dict[str, Any]]:
    with zipfile.ZipFile(file) as folder:
        return folder.read("index.html").decode(), json.loads(folder.read("data.json"))


def test_a_bundle_holds_all_records_and_never_the_number(
    here: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "patient.zip"
    assert ask("patient", "--hn", "HN 65-0012345", "-o", str(file)) == 0

    page, data = read(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(data["records"]) == 2
    assert "HN ●" in page
    assert "พยาบาลนก" not in page
    said = capsys.readouterr()
    everything = page + json.dumps(data, ensure_ascii=False) + said.out + said.err
    assert NUMBER not in everything
    assert "0012345" not in everything
    entered = [
        opened(here.parts, kind)[0] for kind in (EntryKind.SUBJECT_ASKED, EntryKind.SUBJECT_WRITTEN)
    ]
    assert (entered[0]["by"], entered[0]["reason"]) == ("operator:มาลี", "request 7/2569")
    assert entered[0]["looked_for_by"] == "HN"
    assert NUMBER not in json.dumps(entered)


def test_names_of_staff_stand_there_where_they_are_asked_for(here: Stage, tmp_path: Path) -> None:
    assert here.parts.settings.retention_days
    ask("patient", "--hn", NUMBER, "--names", "-o", str(tmp_path / "a.zip"))
    assert "พยาบาลนก" in read(tmp_path / "a.zip")[0]


def test_erasing_comes_after_the_bundle_and_leaves_nothing_to_find(
    here: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask("patient", "--hn", NUMBER, "--erase", "-o", str(tmp_path / "a.zip")) == 0
    assert "tokens        3" in capsys.readouterr().out
    assert len(read(tmp_path / "a.zip")[1]["records"]) == 2
    ask("patient", "--hn", NUMBER, "-o", str(tmp_path / "b.zip"))
    page, data = read(tmp_path / "b.zip")
    assert data["records"] == []
    assert "ไม่พบบันทึก" in page
    (erased,) = opened(here.parts, EntryKind.SUBJECT_ERASED)
    assert erased["erased"] == {"tokens": 3, "messages": 2, "openings": 1, "fingerprints": 0}


def test_restricting_and_lifting_are_entries(here: Stage, tmp_path: Path) -> None:
    for option in ("restrict", "lift"):
        file = tmp_path / f"{option}.zip"
        assert ask("patient", "--hn", NUMBER, f"--{option}", "-o", str(file)) == 0
    kinds = [row.kind for row in here.rows(ledger_entries)]
    assert {EntryKind.SUBJECT_RESTRICTED, EntryKind.SUBJECT_LIFTED} <= set(kinds)


def test_staff_are_found_by_name_or_line_id(here: Stage, tmp_path: Path) -> None:
    assert here.parts.settings.erasures_file
    for number, how in enumerate((("--name", "พยาบาลนก"), ("--line-id", "U1"))):
        file = tmp_path / f"{number}.zip"
        assert ask("staff", *how, "-o", str(file)) == 0
        page, data = read(file)
        assert len(data["records"]) == 2
        assert data["rows"]["people"][0]["line_id"] == "U1"
        assert "บุคลากรคนหนึ่ง" in page


def test_what_cannot_be_answered_is_refused_before_anything_is_entered(
    here: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.zip"
    before = len(here.rows(ledger_entries))
    assert ask("patient", "--hn", "12", "-o", str(file)) == 1
    assert ask("staff", "--name", "ไม่มีใคร", "-o", str(file)) == 1
    file.write_text("mine")
    assert ask("patient", "--hn", NUMBER, "-o", str(file)) == 1
    assert "is there already" in capsys.readouterr().err
    assert file.read_text() == "mine"
    assert len(here.rows(ledger_entries)) == before


def test_the_number_is_read_from_standard_input(folder: Folder) -> None:
    assert folder.bot("migrate").code == 0
    said = folder.bot("subject", "patient", "--hn", *WHY, "-o", "a.zip")
    assert (said.code, "nothing was typed" in said.err) == (1, True)
    assert folder.bot("subject", "patient", "--hn", NUMBER, "-o", "a.zip").code == 2
