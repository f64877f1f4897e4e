"""`clock`: keeps house and runs errands (PostgreSQL). One is enough; two do no harm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.cli.common import migrated_parts
from bot.worker.service import run_clock

if TYPE_CHECKING:
    import argparse


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    commands.add_parser("clock", help="keep house (PostgreSQL)").set_defaults(run=run)


def run(_options: argparse.Namespace) -> int:
    run_clock(migrated_parts())
    return 0
