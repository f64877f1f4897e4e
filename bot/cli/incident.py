"""`incident`: which incidents there are, one of them in full, and the work of people on it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.cli import incident_steps
from bot.cli.common import add_operator, json_line, migrated_parts, named_operator, table
from bot.cli.incident_shown import LIST_HEADS, Shown, as_json, as_rows, list_cells
from bot.cli.moments import day, day_after
from bot.domain.accounts import CaseFilter
from bot.domain.cases import CaseState
from bot.domain.exports import Period
from bot.errors import UsageError
from bot.ledger.entry import EntryKind
from policies.severity import SeverityScale

if TYPE_CHECKING:
    import argparse

_BEGINNING, _END = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
_MOST = 50


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    parser = commands.add_parser(
        "incident", help="list, show, review, confirm, false-alarm, close, assign, severity"
    )
    actions = parser.add_subparsers(required=True, metavar="action")
    _add_list(actions)
    show = actions.add_parser("show", help="one incident in full; entered in the ledger")
    show.add_argument("case", metavar="CASE", help="its number, such as 2569-000042")
    show.add_argument("--json", action="store_true", help="for machines")
    add_operator(show)
    show.set_defaults(run=run_show)
    incident_steps.add_to(actions)


def _add_list(actions: Any) -> None:  # noqa: ANN401
    listing = actions.add_parser("list", help="the newest first, without what was written")
    listing.add_argument(
        "--state", action="append", choices=[state.value for state in CaseState], help="of the case"
    )
    listing.add_argument("--emergency", action="store_true", help="under an emergency pass only")
    listing.add_argument("--from", dest="start", type=day, default=_BEGINNING, help="first day")
    listing.add_argument("--to", dest="end", type=day_after, default=_END, help="last day")
    listing.add_argument("--most", type=int, default=_MOST, help=f"at the most so many ({_MOST})")
    listing.add_argument("--json", action="store_true", help="for machines, one line each")
    listing.set_defaults(run=run_list)


def run_list(options: argparse.Namespace) -> int:
    parts = migrated_parts()
    states = frozenset(options.state) if options.state else None
    wanted = CaseFilter(
        Period(options.start, options.end), states, options.emergency, max(1, options.most)
    )
    scale = SeverityScale(parts.settings.severity_scale)
    found = [Shown(one, one.case, scale) for one in parts.incident_reads.listed(wanted)]
    if options.json:
        sys.stdout.write("".join(json_line(as_json(one)) for one in found))
    elif not found:
        sys.stdout.write("no incidents\n")
    else:
        sys.stdout.write(table(LIST_HEADS, [list_cells(one) for one in found]))
        if len(found) == wanted.most:
            sys.stdout.write("there may be more: narrow the period, or raise --most\n")
    return 0


def run_show(options: argparse.Namespace) -> int:
    by, why = named_operator(options)
    parts = migrated_parts()
    with parts.store.unit_of_work() as uow:
        incident = uow.incidents.by_case(options.case)
        if incident is None:
            raise UsageError(f"no incident has the number '{options.case}'")
        account = parts.incident_reads.one(uow.connection, incident.id)
        shown = Shown(
            account,
            uow.cases.of(incident.id),
            SeverityScale(parts.settings.severity_scale),
            parts.incident_reads.names(uow.connection, account),
            uow.incidents.excerpts(incident.id),
            is_in_full=True,
        )
        uow.ledger.append(
            EntryKind.INCIDENT_SHOWN,
            by=by,
            at=parts.clock.now(),
            subject=incident.id,
            facts={**why, "case": options.case},
        )
    # Only now that it is on record that somebody looked.
    if options.json:
        sys.stdout.write(json_line(as_json(shown)))
    else:
        sys.stdout.write(table(("what", "value"), as_rows(shown)))
    return 0
