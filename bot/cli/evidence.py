"""`evidence`: sealed originals, opened by two people of different roles, for a reason, once."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Any

from bot.cli.common import migrated_parts, table
from bot.domain.evidence import EvidenceRequest, Role, Signature
from bot.domain.times import thai_date_time
from bot.errors import UsageError
from bot.ledger.checkpoint import one_line

if TYPE_CHECKING:
    import argparse

# As long as the columns that hold them.
_LONGEST_NAME, _LONGEST_REASON = 200, 500


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    parser = commands.add_parser("evidence", help="request, approve, open sealed originals")
    actions = parser.add_subparsers(required=True, metavar="action")
    actions.add_parser("list", help="requests, the newest first").set_defaults(run=run_list)
    request = actions.add_parser("request", help="ask to see what was written in an incident")
    request.add_argument("case", metavar="CASE", help="its number, such as 2569-000042")
    request.add_argument("--reason", required=True, help="why; on record, no patient's name")
    approve = actions.add_parser("approve", help="somebody else, of another role")
    opening = actions.add_parser("open", help="once, within 30 minutes of the approval")
    for action in (approve, opening):
        action.add_argument("code", metavar="REQUEST")
    for action, run in ((request, run_request), (approve, run_approve), (opening, run_open)):
        action.add_argument("--operator", required=True, help="your name or staff number")
        action.set_defaults(run=run)
    for action in (request, approve):
        action.add_argument("--role", required=True, choices=[role.value for role in Role])


def run_list(_options: argparse.Namespace) -> int:
    parts = migrated_parts()
    found, now = parts.evidence_desk.listed(), parts.clock.now()
    cells = [
        (one.code, one.case, one.state(now), _signed(one), thai_date_time(one.requested_at))
        for one in found
    ]
    if not cells:
        sys.stdout.write("nothing was ever requested\n")
        return 0
    sys.stdout.write(table(("request", "case", "state", "who", "when"), cells))
    return 0


def _signed(one: EvidenceRequest) -> str:
    both = [one.requested, *([one.approved] if one.approved else [])]
    return " + ".join(f"{by.name} ({by.role})" for by in both)


def run_request(options: argparse.Namespace) -> int:
    by, reason = _signature(options), _said(options.reason, "--reason", _LONGEST_REASON)
    wanted = migrated_parts().evidence_desk.request(options.case, by, reason)
    sys.stdout.write(
        f"{wanted.code}: requested. Somebody else, of another role, approves it within 7 days:\n"
        f"python -m bot evidence approve {wanted.code} --operator NAME --role ROLE\n"
    )
    return 0


def run_approve(options: argparse.Namespace) -> int:
    by = _signature(options)
    wanted = migrated_parts().evidence_desk.approve(options.code, by)
    sys.stdout.write(f"{wanted.code}: approved; {wanted.requested.name} opens it in 30 minutes\n")
    if by.account == wanted.requested.account:
        sys.stdout.write(
            f"both sat at the account '{by.account}' of this machine; the entry says so\n"
        )
    return 0


def run_open(options: argparse.Namespace) -> int:
    name = _said(options.operator, "--operator", _LONGEST_NAME)
    found = migrated_parts().evidence_desk.open(options.code, name, getpass.getuser())
    for one in found:
        sys.stdout.write(f"{thai_date_time(one.at)}  {one.labels}\n")
        sys.stdout.write(one.text if one.text is not None else "(its key was destroyed)")
        sys.stdout.write("\n\n")
    sys.stderr.write("entered in the ledger. Close this window when you have read it.\n")
    return 0


def _signature(options: argparse.Namespace) -> Signature:
    name = _said(options.operator, "--operator", _LONGEST_NAME)
    return Signature(name, Role(options.role), getpass.getuser())


def _said(text: str, option: str, longest: int) -> str:
    said = one_line(text)
    if said == "-" or len(said) > longest:
        raise UsageError(f"{option}: must be 1 to {longest} signs; it goes on record")
    return said
