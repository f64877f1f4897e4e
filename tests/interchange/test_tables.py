"""CSV and workbooks: as a spreadsheet reads them, and nothing in them runs."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.exports import ExportedRecord, Party, Realm
from bot.interchange import xlsx_form
from bot.interchange.cells import harmless
from bot.interchange.forms import WRITERS, Format
from tests.interchange.records import AT, NAMED_NURSE, about, disclosure, record, written

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", " =HYPERLINK(1)", "\u200b=1")


def rows_of_csv(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "Excel takes Thai for something else without it"
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def workbook(content: bytes) -> Any:  # noqa: ANN401 - the library has no types
    return openpyxl.load_workbook(io.BytesIO(content))


def test_a_row_of_csv_says_when_in_both_eras_and_how_many_of_the_group_are_known() -> None:
    (row,) = rows_of_csv(written(Format.CSV, record()))
    assert row["เกิดเมื่อ (UTC) / Occurred, UTC"] == "2026-07-28T03:42:07.120Z"
    assert row["เกิดเมื่อ (พ.ศ.) / Occurred, B.E."] == "28 ก.ค. 2569 10:42 น."
    assert row["สมาชิกที่รู้ว่าเป็นใคร / Members known"] == "2"
    assert row["สมาชิกทั้งหมด / Members in all"] == "34"
    assert row["เห็นได้กี่นาที / Minutes visible"] == "4"


@pytest.mark.parametrize("form", [Format.CSV, Format.XLSX])
def test_names_are_there_only_when_asked_for(form: Format) -> None:
    one = record(sender=NAMED_NURSE)
    without, with_names = (written(form, one, with_names=asked) for asked in (False, True))
    if form is Format.CSV:
        assert ("พยาบาลนก" in without.decode(), "พยาบาลนก" in with_names.decode()) == (False, True)
        return
    cells = [
        [cell.value for cell in workbook(content).worksheets[0][2]]
        for content in (without, with_names)
    ]
    assert ["พยาบาลนก" in row for row in cells] == [False, True]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    one = record(sender=Party(NAMED_NURSE.id, text))
    (row,) = rows_of_csv(written(Format.CSV, one, with_names=True))
    assert row["ชื่อผู้ส่ง / Sender name"].startswith("'")
    sheet = workbook(written(Format.XLSX, one, with_names=True)).worksheets[0]
    cell = next(cell for cell in sheet[2] if isinstance(cell.value, str) and cell.value[:1] == "'")
    assert cell.data_type == "s"


@given(st.text(max_size=40))
def test_no_text_becomes_a_formula(text: str) -> None:
    assert not harmless(text).lstrip().startswith(("=", "+", "-", "@"))


def test_a_name_with_line_breaks_and_quotes_stays_in_its_cell() -> None:
    name = 'นก "พยาบาล"\nเวร, เช้า\x00'
    (row,) = rows_of_csv(
        written(Format.CSV, record(sender=Party(NAMED_NURSE.id, name)), with_names=True)
    )
    assert row["ชื่อผู้ส่ง / Sender name"] == 'นก "พยาบาล"\nเวร, เช้า\ufffd'


def test_a_workbook_has_real_dates_a_frozen_heading_and_its_figures() -> None:
    simulated = record(realm=Realm.SIMULATED, messages=40)
    book = workbook(written(Format.XLSX, record(), disclosure(), simulated))
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].value == "ชนิดบันทึก\nRecord"
    assert sheet["D2"].value == datetime(2026, 7, 28, 10, 42, 7), (  # noqa: DTZ001 - a spreadsheet knows no zones
        "Bangkok's clock"
    )
    assert sheet["D2"].is_date
    assert [cell.value for cell in sheet["B"]][1:] == ["live", "live", "simulated"]
    figures = {row[1].value: row[2].value for row in book.worksheets[-1].iter_rows()}
    assert (figures["Incidents"], figures["Disclosures"]) == (1, 1)
    assert figures["Messages of incidents"] == 2, "what was simulated is no indicator"
    assert figures["Left out: simulation"] == 1


def test_a_full_sheet_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_form, "ROWS_OF_A_SHEET", 3)
    book = workbook(written(Format.XLSX, *[record()] * 7))
    assert [sheet.max_row for sheet in book.worksheets[:-1]] == [4, 4, 2]


def many(number: int) -> Iterator[ExportedRecord]:
    return (record(occurred_at=AT + timedelta(seconds=i)) for i in range(number))


@pytest.mark.parametrize("form", Format)
def test_memory_does_not_grow_with_the_number_of_records(form: Format, tmp_path: Path) -> None:
    """A small version: twenty times as many records may not take even twice the memory.

    In a process of its own: here, what other tests have left behind allocates as well.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as another:
        _, few, lots = another.map(partial(peak_of, form, tmp_path / "file"), (10, 100, 2000))
    assert lots < 2 * few + 300_000


def peak_of(form: Format, path: Path, number: int) -> int:
    with path.open("w+b") as file:
        tracemalloc.start()
        WRITERS[form](many(number), about(), file)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak


def test_a_workbook_leaves_nothing_beside_it(tmp_path: Path) -> None:
    with (tmp_path / "book.xlsx").open("w+b") as file:
        WRITERS[Format.XLSX](many(5), about(), file)
    assert [path.name for path in tmp_path.iterdir()] == ["book.xlsx"]
