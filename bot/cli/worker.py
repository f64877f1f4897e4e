"""`worker`: judges events and tells what is to be told (PostgreSQL)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.cli.common import migrated_parts
from bot.worker.service import run_worker

if TYPE_CHECKING:
    import argparse


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    commands.add_parser("worker", help="judge and tell (PostgreSQL)").set_defaults(run=run)


def run(_options: argparse.Namespace) -> int:
    run_worker(migrated_parts())
    return 0
