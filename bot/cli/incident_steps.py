"""What people do with the case of an incident, step by step; each an entry with their name."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from bot.cli.common import add_operator, migrated_parts, named_act
from bot.cli.found import find_incident
from bot.cli.moments import day
from bot.domain.cases import CaseStep, Findings, steps_from
from bot.errors import UsageError
from handlers import case_changes
from policies.severity import SeverityScale

if TYPE_CHECKING:
    import argparse

    from bot.domain.cases import Case

_STEPS = {
    "review": (CaseStep.REVIEW, "take it under review, again too"),
    "confirm": (CaseStep.CONFIRM, "it was patient data where it does not belong"),
    "false-alarm": (CaseStep.FALSE_ALARM, "it was not"),
    "close": (CaseStep.CLOSE, "dealt with; a confirmed case needs a cause and an action"),
}


def add_to(actions: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    for name, (taken, text) in _STEPS.items():
        parser = _with_case(actions, name, text, run_step)
        parser.add_argument("--cause", default="", help="why it happened; no patient's name")
        parser.add_argument("--action", default="", help="what is done about it")
        parser.set_defaults(step=taken)
    assign = _with_case(actions, "assign", "who is in charge, and until when", run_assign)
    assign.add_argument("--to", required=True, dest="assignee", help="name or staff number")
    assign.add_argument("--due", type=day, help="2027-05-31 or 31/5/2570")
    severity = _with_case(actions, "severity", "how grave it is, by a person", run_severity)
    severity.add_argument("level", help="A to I, or 1 to 5: SEVERITY_SCALE")


def _with_case(actions: Any, name: str, text: str, run: Any) -> argparse.ArgumentParser:  # noqa: ANN401
    parser: argparse.ArgumentParser = actions.add_parser(name, help=text)
    parser.add_argument("case", metavar="CASE", help="its number, such as 2569-000042")
    add_operator(parser)
    parser.set_defaults(run=run)
    return parser


def run_step(options: argparse.Namespace) -> int:
    parts, found = migrated_parts(), Findings(options.cause.strip(), options.action.strip())
    act = named_act(options, parts)
    with parts.store.unit_of_work() as uow:
        case = case_changes.take_step(
            uow, find_incident(uow, options.case), options.step, found, act
        )
    return _say(options.case, case)


def run_assign(options: argparse.Namespace) -> int:
    parts, assignee = migrated_parts(), options.assignee.strip()
    act = named_act(options, parts)
    if not assignee:
        raise UsageError("--to: names nobody; nothing was changed")
    with parts.store.unit_of_work() as uow:
        incident = find_incident(uow, options.case)
        case = case_changes.assign(uow, incident, assignee, options.due, act)
    return _say(options.case, case)


def run_severity(options: argparse.Namespace) -> int:
    parts = migrated_parts()
    act, scale = named_act(options, parts), SeverityScale(parts.settings.severity_scale)
    level = scale.parse(options.level)
    if level is None:
        raise UsageError(f"a severity is one of {', '.join(scale.levels)}; nothing was changed")
    with parts.store.unit_of_work() as uow:
        incident = find_incident(uow, options.case)
        account = parts.incident_reads.one(uow.connection, incident.id)
        proposal = case_changes.proposal_for(account)
        severity = case_changes.Severity(level, scale, proposal)
        case_changes.set_severity(uow, incident, severity, act)
    proposed = scale.shown(proposal.severity)
    sys.stdout.write(f"{options.case}: {scale.shown(level)} (the rule proposed {proposed})\n")
    return 0


def _say(number: str, case: Case) -> int:
    after = ", ".join(str(one).replace("_", "-") for one in steps_from(case.state))
    charge = f", {case.assignee} is in charge" if case.assignee else ""
    sys.stdout.write(f"{number}: {case.state}{charge}; from here: {after}\n")
    return 0
