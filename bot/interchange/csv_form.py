"""A table as CSV, such that Excel shows its Thai and runs nothing in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO

from bot.domain.exports import About, ExportedRecord
from bot.domain.times import BANGKOK
from bot.interchange.cells import Cell, columns, harmless


def write_csv(records: Iterable[ExportedRecord], about: About, file: BinaryIO) -> None:
    """UTF-8 behind a byte order mark, without which Excel takes Thai for something else."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", errors="replace")
    writer = csv.writer(text, lineterminator="\r\n")
    shown = columns(with_names=about.with_names)
    writer.writerow([column.heading for column in shown])
    for record in records:
        writer.writerow([_cell(column.value(record)) for column in shown])
    text.detach()  # flushes, and leaves the file to its owner


def _cell(value: Cell) -> str | int:
    if isinstance(value, datetime):
        return f"{value.astimezone(BANGKOK):%Y-%m-%d %H:%M:%S}"
    return harmless(value or "") if value is None or isinstance(value, str) else value
