"""What several sub-commands share."""

from __future__ import annotations

import argparse
import getpass
import json
from typing import TYPE_CHECKING

from bot import log
from bot.bootstrap import build
from bot.errors import UsageError
from bot.ledger.checkpoint import one_line
from bot.settings import load_settings
from bot.storage.migrate import level, newest_level
from handlers.breach_changes import Act

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


def add_operator(parser: argparse.ArgumentParser) -> None:
    """For whatever reads records out or changes what becomes of them: who, and why."""
    parser.add_argument("--operator", required=True, help="your name or staff number; on record")
    parser.add_argument(
        "--reason", required=True, help="why; goes on record, so write no patient's name or number"
    )


def named_operator(options: argparse.Namespace) -> tuple[str, dict[str, object]]:
    """Who says they are at the keyboard, and the facts that go with it: why, and whose account."""
    # In one line: what is typed here is shown on other people's terminals later.
    name, reason = one_line(options.operator), one_line(options.reason)
    if "-" in (name, reason):
        msg = "--operator and --reason: neither may be empty; both go on record"
        raise UsageError(msg)
    return f"operator:{name}", {"reason": reason, "account": getpass.getuser()}


def named_act(options: argparse.Namespace, parts: Parts) -> Act:
    """What is done now, by whoever says they are at the keyboard."""
    by, facts = named_operator(options)
    return Act(by, parts.clock.now(), facts)


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
