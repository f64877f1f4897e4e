"""`migrate`: brings the database to this release's level, and seeds the shipped documents."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from bot.cli.common import parts_from_environment
from bot.storage.erasing_again import apply
from bot.storage.migrate import migrate, newest_level

if TYPE_CHECKING:
    import argparse


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    commands.add_parser("migrate", help="bring the database up to date").set_defaults(run=run)


def run(_options: argparse.Namespace) -> int:
    parts = parts_from_environment()
    migrate(parts.database)
    parts.keys.check()
    parts.keys.make_ready()
    parts.seed_documents()
    apply(parts.store, parts.erasures)
    sys.stdout.write(f"database is at level {newest_level()}\n")
    return 0
