"""What the inbox and the queue of looks share: rows held by a lease, released, parked, re-run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sqlalchemy import func, select, update

from bot.errors import LeaseLostError
from bot.storage.batches import in_batches

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta
    from uuid import UUID

    from sqlalchemy import Connection, Table

    from bot.ports import Clock
    from bot.storage.engine import Database
    from bot.storage.types import AnyRow


class Held(Protocol):
    """A row that a worker holds until its lease ends."""

    @property
    def id(self) -> UUID: ...
    @property
    def claim(self) -> UUID: ...


class LeasedRows:
    """waiting ──▶ claimed ──▶ settled, or parked; what its worker left is waiting again."""

    def __init__(self, database: Database, table: Table, clock: Clock) -> None:
        self._database = database
        self._table = table
        self._clock = clock

    def release(self, held: Held, after: timedelta) -> None:
        """It failed: to be tried again."""
        with self._database.write() as connection:
            self._finish(connection, held, state="waiting", due_at=self._clock.now() + after)

    def park(self, held: Held, reason: str) -> None:
        """`reason` is an error's class and place, never its text, which might hold a message."""
        with self._database.write() as connection:
            self._finish(connection, held, state="parked", park_reason=reason[:200])

    def _finish(self, connection: Connection, held: Held, **values: object) -> None:
        """Without this row still being ours, nothing of the transaction may be committed."""
        columns = self._table.c
        changed = connection.execute(
            update(self._table)
            .where(columns.id == held.id, columns.claim == held.claim)
            .values(claim=None, lease_until=None, **values)
        )
        if changed.rowcount != 1:
            raise LeaseLostError

    def free_expired(self) -> int:
        """Rows whose worker died go back to waiting."""
        table, now = self._table, self._clock.now()
        freed = update(table).values(state="waiting", claim=None, lease_until=None, due_at=now)
        is_left = (table.c.state == "claimed", table.c.lease_until < now)
        return in_batches(self._database, table, freed, *is_left)

    def parked(self) -> list[AnyRow]:
        columns = self._table.c
        shown = (columns.id, columns.kind, columns.received_at, columns.attempts)
        query = select(*shown, columns.park_reason).where(columns.state == "parked")
        with self._database.read() as connection:
            return list(connection.execute(query.order_by(columns.received_at)).all())

    def rerun(self, ids: Sequence[UUID]) -> int:
        """Parked rows back to waiting; all of them when none is named."""
        columns = self._table.c
        which = columns.id.in_(ids) if ids else columns.id.is_not(None)
        again = {"state": "waiting", "attempts": 0, "park_reason": None}
        with self._database.write() as connection:
            return connection.execute(
                update(self._table)
                .where(columns.state == "parked", which)
                .values(**again, due_at=self._clock.now())
            ).rowcount

    def counts(self) -> dict[str, int]:
        """Unsettled rows by state."""
        state = self._table.c.state
        with self._database.read() as connection:
            rows = connection.execute(
                select(state, func.count().label("number"))
                .where(state != "settled")
                .group_by(state)
            )
            return {row.state: row.number for row in rows}
