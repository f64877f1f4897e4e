"""`look` answers every file that can be read, names every one that cannot, and keeps nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.cli.look import _said
from bot.cli.main import main
from bot.domain.findings import Label
from bot.domain.sights import Look, LookOutcome, Region, Sight, SightKind, Unseen
from bot.seeing.isolated import IsolatedLooker
from bot.seeing.limits import Limits
from tests.seeing import samples
from tests.seeing.samples import HN

Run = Callable[..., tuple[int, list[dict[str, Any]], str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    limits = Limits(seconds=10, memory_mb=600)

    def blind(*_settings: object) -> IsolatedLooker:
        return IsolatedLooker(limits, eyes="tests.seeing.blind:Eyes")

    monkeypatch.setattr("bot.cli.look.looker_for", blind)

    def run(*arguments: object) -> tuple[int, list[dict[str, Any]], str]:
        code = main(["look", *map(str, arguments)])
        captured = capsys.readouterr()
        return code, [json.loads(line) for line in captured.out.splitlines()], captured.err

    return run


def written(folder: Path, name: str, content: bytes) -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def test_each_file_is_answered_with_findings_place_and_time(run: Run, tmp_path: Path) -> None:
    sheet = written(tmp_path, "lab.xlsx", samples.xlsx())
    code, [answer], _ = run(sheet)
    assert code == 0
    assert (answer["file"], answer["outcome"]) == (str(sheet), "identifiers")
    assert answer["findings"][0] == {
        "label": "HN",
        "place": "sheet Lab, row 2",
        "masked": "██████345",
        "reason": "HN column or field of a record",
    }
    assert isinstance(answer["ms"], int)
    assert "why" not in answer


def test_what_could_not_be_seen_says_why(run: Run, tmp_path: Path) -> None:
    _, [answer], _ = run(written(tmp_path, "a.wav", samples.sound()))
    assert (answer["outcome"], answer["why"]) == ("unreadable", "audio")
    assert answer["findings"] == []


def test_a_path_that_cannot_be_read_is_named_and_the_others_are_answered(
    run: Run, tmp_path: Path
) -> None:
    good = written(tmp_path, "list.csv", samples.csv())
    code, answers, complaints = run(tmp_path / "nowhere.pdf", tmp_path, good)
    assert code == 1
    assert [answer["file"] for answer in answers] == [str(good)]
    assert [line.split(": ")[0] for line in complaints.splitlines()] == [
        str(tmp_path / "nowhere.pdf"),
        str(tmp_path),
    ]


def test_nothing_that_is_written_holds_the_number(run: Run, tmp_path: Path) -> None:
    _, answers, complaints = run(written(tmp_path, "lab.xlsx", samples.xlsx()))
    assert HN not in json.dumps(answers) + complaints


def test_a_file_name_that_is_no_text_is_answered(run: Run, tmp_path: Path) -> None:
    _, [answer], _ = run(written(tmp_path, "\udcff\u202e\x1b.txt", b"x"))
    assert answer["outcome"] == "none"


def test_safe_copies_have_names_of_their_own_without_the_number_that_they_hide(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    one = written(tmp_path, f"HN {HN}.png", samples.picture("PNG"))
    two = written(tmp_path / "a", f"HN {HN}.png", samples.picture("PNG"))
    _, answers, _ = run("--safe-copy", tmp_path / "copies", one, two)
    copies = [Path(answer["safe_copy"]) for answer in answers]
    assert [copy.name for copy in copies] == ["picture.safe.jpg", "picture.2.safe.jpg"]
    assert all(copy.read_bytes().startswith(b"\xff\xd8\xff") for copy in copies)


def test_a_looker_that_cannot_start_is_an_error_and_no_answer(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_settings: object) -> IsolatedLooker:
        return IsolatedLooker(Limits(), eyes="tests.seeing.nowhere:Eyes")

    monkeypatch.setattr("bot.cli.look.looker_for", broken)
    code, answers, said = run(written(tmp_path, "lab.xlsx", samples.xlsx()))
    assert (code, answers) == (1, [])
    assert "scripts/setup run" in said


def test_no_copy_is_made_of_what_holds_nothing(run: Run, tmp_path: Path) -> None:
    _, [answer], _ = run("--safe-copy", tmp_path / "copies", written(tmp_path, "a.txt", b"x"))
    assert "safe_copy" not in answer
    assert list((tmp_path / "copies").iterdir()) == []


def test_a_sight_says_its_region_and_a_partial_look_that_it_is_one() -> None:
    region = Region(((0.0, 0.0), (1.0, 0.0), (1.0, 0.5), (0.0, 0.5)))
    face = Sight(SightKind.FACE, "face", region=region)
    number = Sight(SightKind.IDENTIFIER, "citizen number", Label.NATIONAL_ID, "█", region, "page 1")
    said = _said(Look(LookOutcome.IDENTIFIERS, (face, number), Unseen.TOO_LONG, is_partial=True))
    assert said == {
        "outcome": "identifiers",
        "findings": [
            {"kind": "face", "region": region.corners, "masked": "", "reason": "face"},
            {
                "label": "NATIONAL_ID",
                "place": "page 1",
                "region": region.corners,
                "masked": "█",
                "reason": "citizen number",
            },
        ],
        "why": "too_long",
        "is_partial": True,
    }
