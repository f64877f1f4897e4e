"""Finds the sub-command, gives it settings and parts, and turns our errors into one clear line."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from bot import log
from bot.errors import WongRaksaError

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMANDS = (
    "run",
    "worker",
    "clock",
    "migrate",
    "parked",
    "group",
    "keys",
    "records",
    "retention",
    "follow",
    "incident",
    "erasures",
    "subject",
    "evidence",
    "ledger",
    "breach",
    "doctor",
    "scan",
    "scan-chat",
    "look",
)


def main(arguments: Sequence[str] | None = None) -> int:
    # What we write, the database and .env among it, is for our own eyes.
    os.umask(0o077)
    given = sys.argv[1:] if arguments is None else list(arguments)
    options = _parser(given[0] if given else "").parse_args(given)
    log.set_up("INFO")
    try:
        code: int = options.run(options)
    except WongRaksaError as error:
        sys.stderr.write(f"{type(error).__name__.removesuffix('Error')}: {error}\n")
        return 1
    except (KeyboardInterrupt, BrokenPipeError):
        return 130
    return code


def _parser(wanted: str) -> argparse.ArgumentParser:
    """Only the command that is wanted is loaded: a worker need not carry the web around."""
    parser = argparse.ArgumentParser(
        prog="python -m bot", description="วงรักษา · WongRaksa: guards patient data in LINE groups."
    )
    parser.set_defaults(run=lambda _options: _all_commands(parser))
    commands = parser.add_subparsers(metavar="command")
    for name in [wanted] if wanted in _COMMANDS else _COMMANDS:
        import_module(f"bot.cli.{name.replace('-', '_')}").add_to(commands)
    return parser


def _all_commands(parser: argparse.ArgumentParser) -> int:
    """Who names no command is shown all of them."""
    parser.print_help(sys.stderr)
    return 2
