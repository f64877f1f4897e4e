"""What pushes may cost in a month: LINE bills a push to a group once for every member."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, select, update

from bot.domain.telling import push_limit
from bot.domain.times import BANGKOK
from bot.storage.tables import groups, members, push_budgets
from bot.storage.upsert import insert_or_ignore

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Connection

    from bot.domain.actions import Purpose


def cost_of(connection: Connection, group_id: UUID | None) -> int:
    """A private push is one."""
    if group_id is None:
        return 1
    count = connection.scalar(select(groups.c.member_count).where(groups.c.id == group_id))
    return max(1, count or _known_members(connection, group_id))


def _known_members(connection: Connection, group_id: UUID) -> int:
    """Until LINE has told the count: those we have seen, which is too few rather than none."""
    present = (members.c.group_id == group_id) & members.c.is_present
    return connection.scalar(select(func.count()).select_from(members).where(present)) or 1


def reserve(
    connection: Connection, extra: int, *, purpose: Purpose, budget: int, month: str
) -> bool:
    """Takes `extra` from the month where it fits; giving some back always does."""
    if extra <= 0:
        pay_back(connection, -extra, month)
        return True
    connection.execute(insert_or_ignore(connection, push_budgets).values(month=month, used=0))
    fits = push_budgets.c.used + extra <= push_limit(purpose, budget)
    reserved = connection.execute(
        update(push_budgets)
        .where(push_budgets.c.month == month, fits)
        .values(used=push_budgets.c.used + extra)
    )
    return reserved.rowcount == 1


def pay_back(connection: Connection, cost: int, month: str | None) -> None:
    """To the month that it was taken from; never below zero, whatever went wrong before."""
    if not cost or month is None:
        return
    used = push_budgets.c.used
    connection.execute(
        update(push_budgets)
        .where(push_budgets.c.month == month)
        .values(used=case((used > cost, used - cost), else_=0))
    )


def used_in_month(connection: Connection, at: datetime) -> int:
    used = select(push_budgets.c.used).where(push_budgets.c.month == month_of(at))
    return connection.scalar(used) or 0


def month_of(at: datetime) -> str:
    """LINE's month is counted in Thailand's time."""
    return at.astimezone(BANGKOK).strftime("%Y-%m")
