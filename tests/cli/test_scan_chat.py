"""`scan-chat` reads what LINE exports, whichever LINE it was."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path

import pytest

from bot.cli.exported import Said, read_chat
from bot.cli.main import main
from bot.cli.progress import Bar
from bot.cli.scan_chat import _counted

THAI_PHONE = """[LINE] ประวัติการแชทใน หอผู้ป่วย 5
บันทึกเมื่อ: 2024/09/18 10:15

2024/09/18(พ)
09:14\tสมหญิง ใจดี\tขอผล hn
09:15\tสมหญิง ใจดี\t650012877
09:16\tหมอเอก\t"สองบรรทัด
HN 6500123
คำว่า ""จบ"" ค่ะ"
"""
ENGLISH_PHONE = """[LINE] Chat history with Ward 5
Saved on: 09/18/2024 10:15

Wed, 09/18/2024
09:14 AM\tNok\tHN
09:15 AM\tNok\t650012877
2:05 PM\tNok\tthanks
"""
THAI_ENGLISH_DESKTOP = """2024.09.18 วันพุธ
09:14 สมหญิง ใจดี ขอผล hn
09:15 สมหญิง ใจดี 650012877
และบรรทัดต่อ
09:16 หมอเอก รับทราบ
09:20 หมอเอก ขอบคุณ
"""


def said(text: str) -> list[Said]:
    return list(read_chat(text.splitlines(keepends=True)))


@pytest.mark.parametrize(
    ("text", "senders"),
    [
        (THAI_PHONE, ["สมหญิง ใจดี", "สมหญิง ใจดี", "หมอเอก"]),
        (ENGLISH_PHONE, ["Nok", "Nok", "Nok"]),
        (THAI_ENGLISH_DESKTOP, ["สมหญิง ใจดี", "สมหญิง ใจดี", "หมอเอก", "หมอเอก"]),
    ],
)
def test_senders_are_read_on_phone_and_desktop(text: str, senders: list[str]) -> None:
    assert [one.sender for one in said(text)] == senders


def test_days_and_halves_of_the_day_are_read() -> None:
    assert said(ENGLISH_PHONE)[2].at == datetime(2024, 9, 18, 14, 5)  # noqa: DTZ001 - no zone known
    assert said("18/09/2567\n09:14\tA\tx\n")[0].at == datetime(2024, 9, 18, 9, 14)  # noqa: DTZ001


def test_a_message_of_several_lines_is_one_and_loses_its_quotation_marks() -> None:
    assert said(THAI_PHONE)[2].text == 'สองบรรทัด\nHN 6500123\nคำว่า "จบ" ค่ะ'
    assert said(THAI_ENGLISH_DESKTOP)[1].text == "650012877\nและบรรทัดต่อ"


def test_a_time_within_a_message_of_several_lines_does_not_end_it_without_a_day() -> None:
    assert said("no chat at all\n09:14 is when\n") == []


@pytest.fixture
def chat(tmp_path: Path) -> str:
    file = tmp_path / "chat.txt"
    file.write_text("\ufeff" + THAI_PHONE, encoding="utf-8")
    return str(file)


def test_the_tables_count_and_mask(chat: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan-chat", chat]) == 0
    out = capsys.readouterr().out
    assert "messages read                     3" in out
    assert "██████877" in out
    assert "650012877" not in out


def test_csv_and_json_hold_the_same_findings(chat: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["scan-chat", "--csv", chat])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    main(["scan-chat", "--json", chat])
    objects = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["line"] for row in rows] == [str(one["line"]) for one in objects] == ["6", "7"]
    assert objects[0]["labels"] == ["HN"]


def test_a_cell_that_a_spreadsheet_would_run_is_defused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "chat.txt"
    file.write_text("2024/09/18\n09:14\t=cmd()\tHN 650012877\n", encoding="utf-8")
    main(["scan-chat", "--csv", str(file)])
    assert "'=cmd()" in capsys.readouterr().out


def test_progress_ends_with_a_clean_line() -> None:
    written: list[str] = []
    lines = [f"{i}\n" for i in range(500)]
    assert list(_counted(lines, sum(map(len, lines)), Bar(written.append))) == lines
    assert any("%" in piece for piece in written)
    assert written[-1].endswith("\r")
