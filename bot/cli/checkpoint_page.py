"""A checkpoint as a page to print: a code to scan, the text itself, and what it is good for."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

import segno

from bot.domain.times import thai_date_time

if TYPE_CHECKING:
    from datetime import datetime


def page_of(note: str, *, key: str, at: datetime) -> str:
    """One file that needs nothing else, on one sheet of A4."""
    origin, size, _root, hospital, *_ = note.splitlines()
    code = segno.make(note, error="m", encoding="utf-8", micro=False)
    values = {
        "hospital": hospital.partition(" ")[2],
        "at": thai_date_time(at),
        "size": f"{int(size):,}",
        "origin": origin,
        "key": key,
        "note": note,
    }
    shown = {name: escape(value) for name, value in values.items()}
    template = files("bot.cli").joinpath("checkpoint_page.html").read_text(encoding="utf-8")
    drawn = code.svg_inline(omitsize=True, title="QR")
    return Template(template).substitute(shown, qr=drawn)
