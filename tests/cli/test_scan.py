"""`scan` answers every good line and names every bad one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.cli.main import main

Scan = Callable[..., tuple[int, list[dict[str, Any]], str]]


@pytest.fixture
def scan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Scan:
    def run(text: str, *arguments: str) -> tuple[int, list[dict[str, Any]], str]:
        file = tmp_path / "lines"
        file.write_text(text, encoding="utf-8")
        code = main(["scan", str(file), *arguments])
        captured = capsys.readouterr()
        return code, [json.loads(line) for line in captured.out.splitlines()], captured.err

    return run


def test_a_message_is_answered_with_its_spans_and_masked(scan: Scan) -> None:
    code, (answer,), _ = scan('{"id": "a", "text": "คนไข้ HN 650012345"}\n')
    assert code == 0
    assert (answer["id"], answer["flag"]) == ("a", True)
    assert answer["spans"] == [
        {"start": 9, "end": 18, "label": "HN", "reason": "HN label + 9 digits"}
    ]
    assert answer["masked"] == "คนไข้ HN ██████345"


def test_ordinary_talk_comes_back_as_it_is(scan: Scan) -> None:
    _, (answer,), _ = scan('{"id": 1, "text": "ขอบคุณค่ะ"}\n')
    assert answer == {"id": 1, "flag": False, "spans": [], "masked": "ขอบคุณค่ะ"}


@pytest.mark.parametrize(
    "mention",
    ['{"start": 0, "end": 13}', '{"index": 0, "length": 13}', "[0, 13]"],
)
def test_a_mention_is_left_alone_however_it_is_given(scan: Scan, mention: str) -> None:
    _, (answer,), _ = scan(f'{{"id": 1, "text": "@HN 650012345 ดูด้วย", "mentions": [{mention}]}}')
    assert answer["flag"] is False


def test_bad_lines_are_named_and_good_ones_answered(scan: Scan) -> None:
    text = 'x\n{"id": 1, "text": "ok"}\n[]\n{"id": 2}\n\n{"id": 3, "text": "a", "mentions": [7]}\n'
    code, answers, complaints = scan(text)
    assert code == 1
    assert [answer["id"] for answer in answers] == [1]
    assert [line.split(":")[0] for line in complaints.splitlines()] == [
        "line 1",
        "line 3",
        "line 4",
        "line 6",
    ]


def test_a_complaint_holds_nothing_of_the_line(scan: Scan) -> None:
    _, _, complaints = scan('{"text": "HN 650012345"\n')
    assert complaints == "line 1: is not JSON\n"


def test_threads_are_read_by_sender_within_two_minutes(scan: Scan) -> None:
    messages = [
        {"sender": "A", "at": 0, "text": "HN"},
        {"sender": "B", "at": 10, "text": "650012345"},
        {"sender": "A", "at": 120, "text": "650012345"},
        {"sender": "A", "at": 300, "text": "650012345"},
    ]
    _, (answer,), _ = scan(json.dumps({"id": "t", "messages": messages}), "--threads")
    assert answer == {"id": "t", "flags": [False, False, True, False]}


def test_a_thread_without_messages_is_a_bad_line(scan: Scan) -> None:
    code, answers, complaints = scan('{"id": 1}\n{"id": 2, "messages": []}\n', "--threads")
    assert (code, answers) == (1, [{"id": 2, "flags": []}])
    assert complaints.startswith("line 1: 'messages'")


def test_plain_lines_are_numbered(scan: Scan) -> None:
    _, answers, _ = scan("สวัสดี\nHN 650012345\n", "--plain")
    assert [(answer["id"], answer["flag"]) for answer in answers] == [("1", False), ("2", True)]


def test_lone_surrogates_and_bad_bytes_are_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "lines"
    file.write_bytes(b'{"id": 1, "text": "\\ud800 HN 650012345"}\n{"id": 2, "text": "\xff"}\n')
    assert main(["scan", str(file)]) == 0
    assert [json.loads(line)["flag"] for line in capsys.readouterr().out.splitlines()] == [
        True,
        False,
    ]


def test_a_file_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", "/nowhere/at/all"]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_the_hospital_can_say_how_it_writes_its_numbers(
    scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert scan("ตาม 65-9912-07 ด้วย", "--plain")[1][0]["flag"] is False
    monkeypatch.setenv("HN_FORMATS", "99-9999-99")
    assert scan("ตาม 65-9912-07 ด้วย", "--plain")[1][0]["flag"] is True
    assert scan("lot 65-9912-07", "--plain")[1][0]["flag"] is False


def test_a_format_that_would_match_everything_is_refused(
    scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HN_FORMATS", "99")
    code, _, complaint = scan("x", "--plain")
    assert code == 1
    assert "HN_FORMATS" in complaint
