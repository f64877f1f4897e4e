"""`erasures`: the list of what was erased, and applying it to a database that was restored."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

from bot.cli.common import migrated_parts, table
from bot.storage.erasing_again import apply, list_ends

if TYPE_CHECKING:
    import argparse

    from bot.storage.erasures import Contents, ErasureList


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    parser = commands.add_parser("erasures", help="erase again what a restored backup brought back")
    actions = parser.add_subparsers(required=True, metavar="action")
    actions.add_parser("show", help="what is on the list").set_defaults(run=run_show)
    again = actions.add_parser("apply", help="as every start does; may be done any number of times")
    again.set_defaults(run=run_apply)


def run_show(_options: argparse.Namespace) -> int:
    erasures = migrated_parts().erasures
    contents = erasures.read()
    ids = Counter[str]()
    for line in contents.lines:
        ids[line.what.value] += len(line.ids) or 1
    rows = [(what, str(number)) for what, number in sorted(ids.items())]
    sys.stdout.write(f"{erasures.path}: {len(contents.lines)} lines\n")
    sys.stdout.write(table(("what", "ids"), rows or [("nothing yet", "0")]))
    return _say_unreadable(contents, erasures)


def run_apply(_options: argparse.Namespace) -> int:
    parts = migrated_parts()
    gone = apply(parts.store, parts.erasures)
    list_ends(parts.store, parts.erasures)
    rows = [(what, str(number)) for what, number in sorted(gone.items())]
    sys.stdout.write(table(("erased again", "rows"), rows or [("all of it was gone already", "0")]))
    return _say_unreadable(parts.erasures.read(), parts.erasures)


def _say_unreadable(contents: Contents, erasures: ErasureList) -> int:
    """A line that a kill left half written was never committed; any other one is a loss."""
    for number in contents.unreadable:
        is_half = contents.ends_broken and number == contents.line_count
        why = "half written, so nothing was erased for it" if is_half else "not readable"
        sys.stderr.write(f"{erasures.path}, line {number}: {why}; the others were read\n")
    lost = len(contents.unreadable) - (1 if contents.ends_broken else 0)
    return 1 if lost else 0
