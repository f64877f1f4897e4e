"""`parked`: events that failed again and again, without their contents; and another try."""

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
    parser = commands.add_parser("parked", help="events that could not be worked off")
    actions = parser.add_subparsers(required=True, metavar="action")
    actions.add_parser("list", help="what is parked, and why").set_defaults(run=run_list)
    again = actions.add_parser("re-run", help="try again: these, or all")
    again.add_argument("ids", nargs="*", help="ids from 'parked list'; none means all")
    again.set_defaults(run=run_again)


def run_list(_options: argparse.Namespace) -> int:
    rows = migrated_parts().queue.parked()
    if not rows:
        sys.stdout.write("nothing is parked\n")
        return 0
    cells = [
        (str(row.id), row.kind, thai_date_time(row.received_at), str(row.attempts), row.park_reason)
        for row in rows
    ]
    sys.stdout.write(table(("id", "kind", "received", "tries", "reason"), cells))
    return 0


def run_again(options: argparse.Namespace) -> int:
    count = migrated_parts().queue.rerun(_ids(options.ids))
    sys.stdout.write(f"{count} to be tried again\n")
    return 0


def _ids(given: Sequence[str]) -> list[UUID]:
    try:
        return [UUID(one) for one in given]
    except ValueError:
        msg = "an id looks like those of 'python -m bot parked list'"
        raise UsageError(msg) from None
