"""`group`: which groups there are, and which of them are approved."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.cli.common import migrated_parts, operator, table
from bot.cli.found import find_group, short_id
from bot.cli.moments import day
from bot.domain.groups import APPROVABLE, Approval, GroupKind
from bot.domain.times import thai_date, thai_date_time
from bot.errors import UsageError
from handlers import group_changes

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.bootstrap import Parts
    from bot.domain.groups import Group

_LONGEST_REVIEW = timedelta(days=366)


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    parser = commands.add_parser("group", help="list, approve, suspend, simulate, acknowledge")
    actions = parser.add_subparsers(required=True, metavar="action")
    actions.add_parser("list", help="all groups").set_defaults(run=run_list)
    _with_group(actions, "show", "one group", run_show)
    _add_approve(actions)
    suspend = _with_group(actions, "suspend", "take the approval back", run_suspend)
    suspend.add_argument("--reason", required=True, help="why; goes on record")
    kind = _with_group(actions, "kind", "what kind of group it is, approved or not", run_kind)
    kind.add_argument("kind", choices=[kind.value for kind in GroupKind])
    asked = _with_group(
        actions, "acknowledge", "ask members to tap รับทราบ: on or off", run_acknowledge
    )
    asked.add_argument("switch", choices=("on", "off"))
    simulate = _with_group(actions, "simulate", "record without warning: on or off", run_simulate)
    simulate.add_argument("switch", choices=("on", "off"))


def _with_group(actions: Any, name: str, text: str, run: Any) -> argparse.ArgumentParser:  # noqa: ANN401
    parser: argparse.ArgumentParser = actions.add_parser(name, help=text)
    parser.add_argument("group", help="LINE id, or the beginning of the id from 'group list'")
    parser.set_defaults(run=run)
    return parser


def _add_approve(actions: Any) -> None:  # noqa: ANN401
    parser = _with_group(actions, "approve", "make it an approved group", run_approve)
    parser.add_argument("--purpose", required=True, help="what the group is for")
    parser.add_argument(
        "--kind",
        required=True,
        choices=[kind.value for kind in APPROVABLE],
        help="social, teaching and hospital-wide groups cannot be approved for patient data",
    )
    parser.add_argument(
        "--owner", required=True, help="who answers for it; a LINE user id may also press buttons"
    )
    parser.add_argument(
        "--review", required=True, type=day, help="review date, 2027-05-31 or 31/5/2570"
    )


def run_list(_options: argparse.Namespace) -> int:
    parts = migrated_parts()
    with parts.store.unit_of_work() as uow:
        groups = uow.registry.groups()
    if not groups:
        sys.stdout.write("no groups yet: invite the bot into one\n")
        return 0
    now = parts.clock.now()
    cells = [(short_id(g), _name(g), g.kind.value, _state(g, now), _members(g)) for g in groups]
    sys.stdout.write(table(("id", "name", "kind", "state", "members"), cells))
    return 0


def run_show(options: argparse.Namespace) -> int:
    parts = migrated_parts()
    with parts.store.unit_of_work() as uow:
        group = find_group(uow, options.group)
    now = parts.clock.now()
    rows = (
        ("id", str(group.id)),
        ("LINE id", group.line_id),
        ("name", _name(group)),
        ("kind", group.kind.value),
        ("state", _state(group, now)),
        ("purpose", group.purpose or "-"),
        ("owner", group.owner or "-"),
        ("review", thai_date(group.review_at) if group.review_at else "-"),
        ("simulation", "on" if group.is_simulated else "off"),
        ("asks for รับทราบ", "on" if group.asks_acknowledgement else "off"),
        ("members", _members(group)),
        ("left", thai_date_time(group.left_at) if group.left_at else "-"),
    )
    sys.stdout.write(table(("what", "value"), rows))
    return 0


def run_approve(options: argparse.Namespace) -> int:
    parts = migrated_parts()
    now = parts.clock.now()
    if not now < options.review <= now + _LONGEST_REVIEW:
        msg = "--review: must lie in the future, at most a year ahead"
        raise UsageError(msg)
    with parts.store.unit_of_work() as uow:
        group_changes.approve(
            uow,
            find_group(uow, options.group),
            group_changes.Terms(
                GroupKind(options.kind), options.purpose, options.owner, options.review
            ),
            by=operator(),
            at=now,
        )
    return _say_state(parts, options.group)


def run_suspend(options: argparse.Namespace) -> int:
    parts = migrated_parts()
    with parts.store.unit_of_work() as uow:
        group = find_group(uow, options.group)
        group_changes.suspend(
            uow, group, reason=options.reason, by=operator(), at=parts.clock.now()
        )
    return _say_state(parts, options.group)


def run_kind(options: argparse.Namespace) -> int:
    parts = migrated_parts()
    kind = GroupKind(options.kind)
    with parts.store.unit_of_work() as uow:
        group = find_group(uow, options.group)
        group_changes.classify(uow, group, kind=kind, by=operator(), at=parts.clock.now())
    return _say_state(parts, options.group)


def run_simulate(options: argparse.Namespace) -> int:
    return _switch(options, group_changes.simulate, "simulation")


def run_acknowledge(options: argparse.Namespace) -> int:
    return _switch(options, group_changes.ask_acknowledgement, "asking for รับทราบ")


def _switch(options: argparse.Namespace, change: Callable[..., Group], what: str) -> int:
    parts = migrated_parts()
    with parts.store.unit_of_work() as uow:
        group, on = find_group(uow, options.group), options.switch == "on"
        change(uow, group, on=on, by=operator(), at=parts.clock.now())
    sys.stdout.write(f"{what} is {options.switch}\n")
    return 0


def _say_state(parts: Parts, wanted: str) -> int:
    with parts.store.unit_of_work() as uow:
        group = find_group(uow, wanted)
    sys.stdout.write(f"{_name(group)}: {_state(group, parts.clock.now())}\n")
    return 0


def _name(group: Group) -> str:
    return group.name or "(no name yet)"


def _state(group: Group, now: datetime) -> str:
    if group.left_at is not None:
        return "bot is not in it"
    if group.approval is Approval.APPROVED and not group.is_approved(now):
        return "review overdue: not approved"
    approved = {
        Approval.NONE: "not approved",
        Approval.APPROVED: "approved",
        Approval.SUSPENDED: "suspended",
    }[group.approval]
    until = (
        f" until {thai_date(group.review_at)}" if group.is_approved(now) and group.review_at else ""
    )
    return approved + until + (" (simulation)" if group.is_simulated else "")


def _members(group: Group) -> str:
    return "?" if group.member_count is None else str(group.member_count)
