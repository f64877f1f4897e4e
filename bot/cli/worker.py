"""`worker`: judges events, tells what is to be told, looks at pictures and files (PostgreSQL)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.cli.common import migrated_parts
from bot.worker.service import Duty, run_worker

if TYPE_CHECKING:
    import argparse


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    parser = commands.add_parser("worker", help="judge, tell and look (PostgreSQL)")
    duty = parser.add_mutually_exclusive_group()
    for option, value, what in (
        ("--looks", Duty.LOOKS, "only look at pictures and files"),
        ("--no-looks", Duty.NO_LOOKS, "only judge and tell: without the models' memory"),
    ):
        duty.add_argument(option, dest="duty", action="store_const", const=value, help=what)
    parser.set_defaults(run=run, duty=Duty.ALL)


def run(options: argparse.Namespace) -> int:
    run_worker(migrated_parts(), options.duty)
    return 0
