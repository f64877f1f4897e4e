"""What is done once in a while, however many processes would do it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_

from bot.storage.tables import heartbeats
from bot.storage.upsert import insert_into

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage.engine import Database

_DAY = timedelta(days=1)
# A clock that was set back must not stand it still; two clocks that differ a little are no reason.
_AHEAD = timedelta(hours=1)


def take_the_day(database: Database, name: str, now: datetime) -> bool:
    """True for one process a day: whoever is told so does it."""
    return take_turn(database, name, now, _DAY)


def take_turn(database: Database, name: str, now: datetime, every: timedelta) -> bool:
    """True for one process, and for the next one not before so long."""
    is_due = or_(heartbeats.c.at <= now - every, heartbeats.c.at > now + _AHEAD)
    with database.write() as connection:
        statement = insert_into(connection, heartbeats).values(name=name, at=now)
        taken = statement.on_conflict_do_update(
            index_elements=["name"], set_={"at": now}, where=is_due
        )
        return connection.scalar(taken.returning(heartbeats.c.name)) is not None
