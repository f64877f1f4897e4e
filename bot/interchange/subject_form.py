"""What is held on one person, as a bundle that they can read: a page, and the same as JSON."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.domain.exports import RecordKind
from bot.domain.times import thai_date_time
from bot.interchange.cells import utc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.audience import Audience
    from bot.domain.holdings import HeldRecord, Holdings


class Whose(StrEnum):
    """On whom a bundle is."""

    PATIENT = "patient"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Bundle:
    """`kind`: by which kind of number a patient was looked for. Names of staff only where asked."""

    whose: Whose
    kind: str
    holdings: Holdings
    hospital: str
    made_at: datetime
    with_names: bool
    # What people call the kinds of data, in Thai, by their labels.
    kinds: Mapping[str, str]


def write_subject(bundle: Bundle, file: BinaryIO) -> None:
    values = _values(bundle)
    page = _pages().get_template("subject.html").render(values, thai=_thai, kinds=bundle.kinds)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("index.html", page)
        folder.writestr("data.json", json.dumps(values, ensure_ascii=False, indent=1))


@cache
def _pages() -> Environment:
    folder = FileSystemLoader(Path(__file__).parent / "templates")
    return Environment(loader=folder, autoescape=True, undefined=StrictUndefined)


def _thai(at: str | None) -> str:
    return thai_date_time(datetime.fromisoformat(at)) if at else "–"


def _values(bundle: Bundle) -> dict[str, Any]:
    held = bundle.holdings
    return {
        "whose": bundle.whose.value,
        "looked_for_by": bundle.kind,
        "hospital": bundle.hospital,
        "made_at": utc(bundle.made_at),
        "keyed_hashes": held.tokens,
        "records": [_record(one, with_names=bundle.with_names) for one in held.records],
        "rows": {name: [_row(row) for row in rows] for name, rows in held.rows.items()},
    }


def _record(one: HeldRecord, *, with_names: bool) -> dict[str, Any]:
    trace = one.trace
    return {
        "id": str(trace.id),
        "kind": trace.kind.value,
        "is_incident": trace.kind is RecordKind.INCIDENT,
        "case_number": trace.case_number,
        "at": utc(trace.at),
        "ended_at": utc(trace.stood.end) if trace.stood.end else None,
        "kinds_of_data": [label.value for label in trace.labels],
        "basis": trace.basis.value,
        "is_simulated": trace.is_simulated,
        "group": one.group,
        "sender": (one.sender if with_names else None) or _code(trace.sender_id),
        "could_read_it": _audience(trace.audience),
        "is_restricted": one.is_restricted,
        "kept_for": one.kept_for,
        "messages": [
            {
                "at": utc(text.at),
                "kinds_of_data": [label for label in text.labels.split(",") if label],
                "standing": text.standing,
                "masked_text": text.excerpt,
                "original_is_sealed": text.has_original,
            }
            for text in one.texts
        ],
    }


def _audience(audience: Audience | None) -> dict[str, int | None] | None:
    if audience is None:
        return None
    return {"named": audience.named, "of": audience.total, "joined_later": len(audience.joined)}


def _code(person_id: object) -> str:
    return "–" if person_id is None else str(person_id)[-8:]


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: utc(value) if isinstance(value, datetime) else value for name, value in row.items()
    }
