"""Which forms an export can have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import BinaryIO, TypeAlias

from bot.domain.exports import About, ExportedRecord
from bot.interchange.csv_form import write_csv
from bot.interchange.fhir_form import write_fhir
from bot.interchange.siem_form import write_jsonl
from bot.interchange.xlsx_form import write_xlsx

Write: TypeAlias = Callable[[Iterable[ExportedRecord], About, BinaryIO], None]


class Format(StrEnum):
    """The form of an exported file."""

    CSV = "csv"
    XLSX = "xlsx"
    FHIR = "fhir"
    JSONL = "jsonl"


WRITERS: Mapping[Format, Write] = {
    Format.CSV: write_csv,
    Format.XLSX: write_xlsx,
    Format.FHIR: write_fhir,
    Format.JSONL: write_jsonl,
}
