"""`breach`: an incident that must be reported: its clock, its history, its papers."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from bot.cli import breach_dossier
from bot.cli.common import add_operator, migrated_parts, named_act, table
from bot.cli.found import find_incident
from bot.cli.moments import moment
from bot.domain.breaches import Breach, ClosedAs, Notified, span_in_english
from bot.domain.times import thai_date_time
from bot.errors import UsageError
from handlers import breach_changes

if TYPE_CHECKING:
    import argparse
    from datetime import datetime

    from bot.bootstrap import Parts
    from bot.ports import UnitOfWork


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    parser = commands.add_parser("breach", help="declare, list, show, note, told, close, dossier")
    actions = parser.add_subparsers(required=True, metavar="action")
    _add_declare(actions)
    listing = actions.add_parser("list", help="time left of each, the most urgent first")
    listing.set_defaults(run=run_list)
    _with_case(actions, "show", "one breach and its history", run_show)
    note = _with_case(actions, "note", "write something down about it", run_note)
    note.add_argument("--text", required=True, help="no patient's name or number")
    note.add_argument("--operator", required=True, help="your name or staff number; on record")
    told = _with_case(
        actions, "told", "notice was given; to the office, it stops the clock", run_told
    )
    told.add_argument("--whom", required=True, choices=[one.value for one in Notified])
    told.add_argument("--at", type=moment, help="when, Bangkok's clock; now if left out")
    add_operator(told)
    close = _with_case(actions, "close", "it is over", run_close)
    close.add_argument("--as", required=True, dest="closed_as", choices=[c.value for c in ClosedAs])
    add_operator(close)
    breach_dossier.add_to(actions)


def _add_declare(actions: Any) -> None:  # noqa: ANN401
    declare = _with_case(actions, "declare", "from now on 72 hours run (PDPA s.37(4))", run_declare)
    declare.add_argument(
        "--known-at", type=moment, help="when the hospital came to know of it; now if left out"
    )
    add_operator(declare)


def _with_case(actions: Any, name: str, text: str, run: Any) -> argparse.ArgumentParser:  # noqa: ANN401
    parser: argparse.ArgumentParser = actions.add_parser(name, help=text)
    parser.add_argument("case", metavar="CASE", help="the incident's number, such as 2569-000042")
    parser.set_defaults(run=run)
    return parser


def run_declare(options: argparse.Namespace) -> int:
    parts = migrated_parts()
    act = named_act(options, parts)
    with parts.store.unit_of_work() as uow:
        incident = find_incident(uow, options.case)
        breach = breach_changes.declare(uow, incident, options.known_at or act.at, act)
    sys.stdout.write(f"{breach.case_number}: {state_of(breach, act.at)}\n")
    if not parts.settings.dpo_email:
        sys.stdout.write("nobody is told by e-mail: DPO_EMAIL is not set\n")
    return 0


def run_list(_options: argparse.Namespace) -> int:
    parts = migrated_parts()
    now = parts.clock.now()
    found = parts.breach_reads.all()
    if not found:
        sys.stdout.write("no breach was ever declared\n")
        return 0
    cells = [
        (b.case_number, state_of(b, now), thai_date_time(b.deadline), thai_date_time(b.known_at))
        for b in found
    ]
    sys.stdout.write(table(("case", "state", "72 hours end", "known"), cells))
    return 0


def run_show(options: argparse.Namespace) -> int:
    parts = migrated_parts()
    now, breach = parts.clock.now(), breach_of(parts, options.case)
    rows = [
        ("case", breach.case_number),
        ("state", state_of(breach, now)),
        ("known", thai_date_time(breach.known_at)),
        ("72 hours end", thai_date_time(breach.deadline)),
        ("declared", f"{thai_date_time(breach.declared_at)} by {breach.declared_by}"),
        ("office told", _when(breach.office_told_at)),
        ("patients told", _when(breach.subjects_told_at)),
        ("last e-mail", breach.alarmed.value if breach.alarmed else "-"),
    ]
    sys.stdout.write(table(("what", "value"), rows) + "\n")
    entries = parts.dossier_reads.history(breach.incident_id)
    cells = [(thai_date_time(one.at), one.kind, one.account()) for one in entries]
    sys.stdout.write(table(("when", "entry", "what was entered"), cells))
    return 0


def run_note(options: argparse.Namespace) -> int:
    options.reason = options.text  # a note is its own reason
    parts = migrated_parts()
    act = named_act(options, parts)
    with parts.store.unit_of_work() as uow:
        breach_changes.note(uow, _find(uow, options.case), options.text.strip(), act)
    sys.stdout.write(f"{options.case}: noted\n")
    return 0


def run_told(options: argparse.Namespace) -> int:
    parts = migrated_parts()
    act = named_act(options, parts)
    with parts.store.unit_of_work() as uow:
        breach = _find(uow, options.case)
        told_at = options.at or act.at
        breach = breach_changes.notify(uow, breach, Notified(options.whom), told_at, act)
    sys.stdout.write(f"{breach.case_number}: {state_of(breach, act.at)}\n")
    return 0


def run_close(options: argparse.Namespace) -> int:
    parts = migrated_parts()
    act = named_act(options, parts)
    with parts.store.unit_of_work() as uow:
        breach = _find(uow, options.case)
        breach = breach_changes.close(uow, breach, ClosedAs(options.closed_as), act)
    sys.stdout.write(f"{breach.case_number}: {state_of(breach, act.at)}\n")
    return 0


def _find(uow: UnitOfWork, case: str) -> Breach:
    breach = uow.breaches.of_case(case)
    if breach is None:
        raise UsageError(_NONE.format(case=case))
    return breach


def breach_of(parts: Parts, case: str) -> Breach:
    breach = parts.breach_reads.by_case(case)
    if breach is None:
        raise UsageError(_NONE.format(case=case))
    return breach


_NONE = "'{case}' was not declared a breach; 'breach list' shows those that were"


def state_of(breach: Breach, now: datetime) -> str:
    if breach.closed_as is not None:
        late = ", late" if breach.was_late else ""
        return f"closed: {breach.closed_as.value}{late}"
    if breach.office_told_at is not None:
        return "office told, late" if breach.was_late else "office told in time"
    left = span_in_english(breach.time_left(now))
    return f"OVERDUE by {left}" if breach.is_overdue(now) else f"{left} left"


def _when(at: datetime | None) -> str:
    return "-" if at is None else thai_date_time(at)
