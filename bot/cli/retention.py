"""`retention`: how long records are kept, what would go, and the run that erases it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.cli.common import add_operator, migrated_parts, named_operator, table
from bot.cli.progress import Bar
from bot.domain.times import thai_date, thai_date_time
from bot.storage.retention import kept
from bot.storage.tables import heartbeats

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

    from bot.bootstrap import Parts
    from bot.storage.retention import Plan


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    parser = commands.add_parser("retention", help="what is kept how long, and what would go")
    actions = parser.add_subparsers(required=True, metavar="action")
    show = actions.add_parser("show", help="the rule, the last run, and what stays beyond it")
    show.set_defaults(run=run_show)
    dry = actions.add_parser("dry-run", help="what a run would erase now; changes nothing")
    dry.set_defaults(run=run_dry)
    run = actions.add_parser("run", help="erase it now, rather than with the daily run")
    add_operator(run)
    run.set_defaults(run=run_now)
    for name, text, do in (
        ("hold", "keep an incident for a legal claim, however old", run_hold),
        ("release", "end that", run_release),
    ):
        action = actions.add_parser(name, help=text)
        action.add_argument("case", metavar="CASE", help="its number, such as 2569-000042")
        add_operator(action)
        action.set_defaults(run=do)


def run_show(_options: argparse.Namespace) -> int:
    parts = migrated_parts()
    before = parts.retention.cutoff()
    with parts.database.read() as connection:
        last = connection.scalar(select(heartbeats.c.at).where(heartbeats.c.name == "retention"))
        stay = kept(connection, before)
    rows = [
        ("kept for", f"{parts.settings.retention_days} days (RETENTION_DAYS)"),
        ("older than that", f"before {thai_date(before)}"),
        ("last daily run", thai_date_time(last) if last else "none yet"),
        ("older, but a message stands", str(stay.standing)),
        ("older, but a breach runs", str(stay.in_breach)),
        ("older, but on hold", str(stay.held)),
    ]
    sys.stdout.write(table(("what", "value"), rows))
    held = parts.holds.listed()
    if held:
        cells = [(one.case, thai_date_time(one.at), one.by, one.reason) for one in held]
        sys.stdout.write("\n" + table(("on hold", "since", "by", "why"), cells))
    return 0


def run_hold(options: argparse.Namespace) -> int:
    by, why = named_operator(options)
    migrated_parts().holds.set(options.case, by, why)
    sys.stdout.write(f"{options.case}: on hold; neither age nor a request erases it\n")
    return 0


def run_release(options: argparse.Namespace) -> int:
    by, why = named_operator(options)
    migrated_parts().holds.release(options.case, by, why)
    sys.stdout.write(f"{options.case}: released; it goes when it has reached its age\n")
    return 0


def run_dry(_options: argparse.Namespace) -> int:
    plan = migrated_parts().retention.plan()
    sys.stdout.write(f"Older than {thai_date(plan.before)}. Nothing was changed.\n\n")
    if plan.cases:
        sys.stdout.write(table(("case", "month"), plan.cases) + "\n")
    sys.stdout.write(table(("what", "month", "number"), _by_month(plan)))
    return 0


def _by_month(plan: Plan) -> list[tuple[str, str, str]]:
    rows = [
        (kind, month, str(number))
        for kind, months in plan.months.items()
        for month, number in sorted(months.items())
    ]
    return rows or [("nothing", "-", "0")]


def run_now(options: argparse.Namespace) -> int:
    by, why = named_operator(options)
    parts = migrated_parts()
    gone = parts.retention.run(by, why, _progress(parts))
    sys.stdout.write(table(("erased from", "rows"), _counts(gone)))
    sys.stdout.write("entered in the ledger\n")
    return 0


def _counts(gone: Mapping[str, int]) -> list[tuple[str, str]]:
    rows = [(name, str(number)) for name, number in sorted(gone.items()) if number]
    return rows or [("nothing was old enough", "0")]


def _progress(parts: Parts) -> Callable[[int], None]:
    """A bar on a terminal; nothing in a pipe. What belongs to a record counts beyond the plan."""
    if not sys.stderr.isatty():
        return lambda _done: None
    total, bar = sum(parts.retention.plan().counts.values()) or 1, Bar(sys.stderr.write)
    return lambda done: bar.show(done / total, f"{done:,} rows")
