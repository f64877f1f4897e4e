"""What several sub-commands share."""

from __future__ import annotations

import getpass
import json
from typing import TYPE_CHECKING

from bot import log
from bot.bootstrap import build
from bot.errors import UsageError
from bot.settings import load_settings
from bot.storage.migrate import level, newest_level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.bootstrap import Parts


def parts_from_environment() -> Parts:
    settings = load_settings()
    log.set_up(settings.log_level)
    return build(settings)


def migrated_parts() -> Parts:
    """For commands that need the tables: says what to do where they are missing or old."""
    parts = parts_from_environment()
    with parts.database.read() as connection:
        if level(connection) != newest_level():
            msg = "the database is not at this release's level; run: python -m bot migrate"
            raise UsageError(msg)
    parts.keys.check()
    return parts


def operator() -> str:
    """Who is at the keyboard, for the record."""
    return f"operator:{getpass.getuser()}"


def json_line(value: object) -> str:
    """Lone surrogates cannot be written as UTF-8; JSON has a spelling for them."""
    text = json.dumps(value, ensure_ascii=False)
    return (text if text.isprintable() else json.dumps(value)) + "\n"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell. Thai marks above and below take no room."""
    widths = [max(_width(row[i]) for row in (heads, *rows)) for i in range(len(heads))]
    lines = [_line(row, widths) for row in (heads, ["-" * width for width in widths], *rows)]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)
    )
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    return sum(1 for character in text if not _takes_no_room(character))


def _takes_no_room(character: str) -> bool:
    return (
        character == "\u0e31"
        or "\u0e34" <= character <= "\u0e3a"
        or "\u0e47" <= character <= "\u0e4e"
    )
