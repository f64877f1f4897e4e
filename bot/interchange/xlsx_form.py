"""A workbook: the records, in as many sheets as they need, and their figures. Row by row."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from bot.domain.exports import About, ExportedRecord
from bot.domain.times import BANGKOK, thai_date, thai_date_time
from bot.interchange.cells import Cell, Column, columns, harmless
from bot.interchange.tally import Tally

# A sheet takes 1,048,576 rows, the heading among them.
ROWS_OF_A_SHEET = 1_048_575
_OPTIONS = {
    # Writes each row as it comes, instead of holding the book in memory.
    "constant_memory": True,
    # Text stays text, whatever it looks like.
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_xlsx(records: Iterable[ExportedRecord], about: About, file: BinaryIO) -> None:
    # The sheets lie there until the book is put together: a folder that only we can open.
    with tempfile.TemporaryDirectory(dir=_beside(file)) as folder:
        book = xlsxwriter.Workbook(file, {**_OPTIONS, "tmpdir": folder})
        tally = Tally()
        _Sheets(book, about).write(tally.passing(records))
        _write_figures(book, tally, about)
        book.close()


def _beside(file: BinaryIO) -> Path | None:
    """Next to the file that is made: the same disk, and no other place ever held the data."""
    name = getattr(file, "name", None)
    return Path(name).parent if isinstance(name, str) else None


class _Sheets:
    def __init__(self, book: Any, about: About) -> None:  # noqa: ANN401 - the library has no types
        self._book = book
        self._columns = columns(with_names=about.with_names)
        self._head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E3EEF3", "border": 1}
        )
        self._date = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._number = 0

    def write(self, records: Iterable[ExportedRecord]) -> None:
        sheet, row = self._sheet(), 0
        for record in records:
            if row == ROWS_OF_A_SHEET:
                sheet, row = self._sheet(), 0
            row += 1
            for at, column in enumerate(self._columns):
                self._write(sheet, (row, at), column.value(record))

    def _sheet(self) -> Any:  # noqa: ANN401
        self._number += 1
        sheet = self._book.add_worksheet(f"บันทึก Records {self._number}")
        for at, column in enumerate(self._columns):
            sheet.set_column(at, at, column.width)
        sheet.set_row(0, 32)
        sheet.freeze_panes(1, 0)
        self._write_heads(sheet, self._columns)
        return sheet

    def _write_heads(self, sheet: Any, shown: Iterable[Column]) -> None:  # noqa: ANN401
        for at, column in enumerate(shown):
            sheet.write_string(0, at, f"{column.thai}\n{column.english}", self._head)

    def _write(self, sheet: Any, place: tuple[int, int], value: Cell) -> None:  # noqa: ANN401
        match value:
            case None | "":
                return
            case datetime():
                # A spreadsheet knows no zones: the heading says that this is Bangkok's clock.
                local = value.astimezone(BANGKOK).replace(tzinfo=None, microsecond=0)
                sheet.write_datetime(*place, local, self._date)
            case int():
                sheet.write_number(*place, value)
            case str():
                sheet.write_string(*place, harmless(value))


def _write_figures(book: Any, tally: Tally, about: About) -> None:  # noqa: ANN401
    sheet = book.add_worksheet("สรุป Figures")
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 44)
    sheet.set_column(2, 2, 34)
    bold = book.add_format({"bold": True})
    for row, (thai, english, value) in enumerate(_figures(tally, about)):
        sheet.write_string(row, 0, thai, bold)
        sheet.write_string(row, 1, english)
        if isinstance(value, str):
            sheet.write_string(row, 2, harmless(value))
        elif value is not None:
            sheet.write_number(row, 2, value)


def _figures(tally: Tally, about: About) -> Iterator[tuple[str, str, str | int | float | None]]:
    period = f"{thai_date_time(about.period.start)} – {thai_date_time(about.period.end)}"
    yield "โรงพยาบาล", "Hospital", about.hospital or "-"
    yield "ช่วงเวลา", "Period", period
    yield "ทำเมื่อ", "Made", f"{thai_date(about.made_at)} ({about.made_at:%Y-%m-%d} UTC)"
    yield "มีชื่อคนหรือไม่", "With names", "มี / yes" if about.with_names else "ไม่มี / no"
    yield from tally.rows()
