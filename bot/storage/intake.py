"""The way in: every event of a webhook body is committed to the inbox before LINE is answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from operator import itemgetter
from threading import Lock
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, and_, type_coerce

from bot.storage.tables import inbox
from bot.storage.upsert import insert_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from bot.ports import Clock
    from bot.storage.engine import Database
    from bot.storage.sealing import Arrival, Sealer
    from bot.storage.upsert import Insert

# LINE gives a redelivered token another minute only while the event is this young.
TOKEN_REFRESH_LIMIT = timedelta(minutes=20)


@dataclass(slots=True)
class _Ticket:
    rows: list[dict[str, Any]]
    is_done: bool = False
    error: Exception | None = None


class Intake:
    """Stores arrivals durably. Requests that come together share one commit."""

    def __init__(self, database: Database, sealer: Sealer, clock: Clock) -> None:
        self._database = database
        self._sealer = sealer
        self._clock = clock
        self._queued: list[_Ticket] = []
        self._queue_lock = Lock()
        self._turn = Lock()

    def store(self, arrivals: Sequence[Arrival]) -> list[UUID]:
        """Returns once all are committed. The ids are hints; a duplicate's id finds nothing."""
        now = self._clock.now()
        self._sealer.make_ready()
        ticket = _Ticket([self._sealer.row(arrival, now) for arrival in arrivals])
        with self._queue_lock:
            self._queued.append(ticket)
        # While one request commits, the others line up here; the next one through commits
        # for all of them.
        with self._turn:
            if not ticket.is_done:
                self._commit_queued()
        if ticket.error is not None:
            raise ticket.error
        return [row["id"] for row in ticket.rows]

    def _commit_queued(self) -> None:
        with self._queue_lock:
            tickets, self._queued = self._queued, []
        rows = [row for ticket in tickets for row in ticket.rows]
        try:
            # In one order everywhere: two processes that store the same events crosswise would
            # otherwise wait for each other.
            self._insert(sorted(rows, key=itemgetter("event_id")))
        except Exception as error:  # noqa: BLE001 - handed to every request that took part
            for ticket in tickets:
                ticket.error = error
        for ticket in tickets:
            ticket.is_done = True

    def _insert(self, rows: list[dict[str, Any]]) -> None:
        with self._database.write() as connection:
            connection.execute(_insert_or_refresh(connection.dialect.name), rows)


@cache
def _insert_or_refresh(dialect: str) -> Insert:
    """Put together once: that takes longer than the database needs for a row."""
    statement = insert_of(dialect, inbox)
    new = statement.excluded
    age = type_coerce(new.token_received_at, BigInteger) - type_coerce(
        inbox.c.occurred_at, BigInteger
    )
    return statement.on_conflict_do_update(
        index_elements=[inbox.c.event_id],
        set_={"token_received_at": new.token_received_at},
        where=and_(
            new.is_redelivery,
            new.token_received_at > inbox.c.token_received_at,
            age < _milliseconds(TOKEN_REFRESH_LIMIT),
        ),
    )


def _milliseconds(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)
