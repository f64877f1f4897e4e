"""`parked`: events and looks that failed again and again, without contents; and another try."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any
from uuid import UUID

from bot.cli.common import migrated_parts, table
from bot.domain.times import thai_date_time
from bot.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    parser = commands.add_parser("parked", help="events and looks that could not be worked off")
    actions = parser.add_subparsers(required=True, metavar="action")
    actions.add_parser("list", help="what is parked, and why").set_defaults(run=run_list)
    again = actions.add_parser("re-run", help="try again: these, or all")
    again.add_argument("ids", nargs="*", help="ids from 'parked list'; none means all")
    again.set_defaults(run=run_again)


def run_list(_options: argparse.Namespace) -> int:
    parts = migrated_parts()
    found = [("event", row) for row in parts.queue.parked()]
    found += [("look", row) for row in parts.look_queue.parked()]
    if not found:
        sys.stdout.write("nothing is parked\n")
        return 0
    cells = [
        (
            str(row.id),
            what,
            row.kind,
            thai_date_time(row.received_at),
            str(row.attempts),
            row.park_reason,
        )
        for what, row in found
    ]
    sys.stdout.write(table(("id", "what", "kind", "received", "tries", "reason"), cells))
    return 0


def run_again(options: argparse.Namespace) -> int:
    parts, ids = migrated_parts(), _ids(options.ids)
    count = parts.queue.rerun(ids) + parts.look_queue.rerun(ids)
    sys.stdout.write(f"{count} to be tried again\n")
    return 0


def _ids(given: Sequence[str]) -> list[UUID]:
    try:
        return [UUID(one) for one in given]
    except ValueError:
        msg = "an id looks like those of 'python -m bot parked list'"
        raise UsageError(msg) from None
