"""What has to be asked of LINE, outside every unit of work: names, counts, profiles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from bot.domain.ids import new_id
from bot.ports import ErrandKind
from bot.storage.tables import errands
from bot.storage.upsert import insert_or_ignore

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from bot.ports import Clock
    from bot.storage.engine import Database

# While one process runs an errand the others leave it alone for this long.
_LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Errand:
    id: UUID
    kind: ErrandKind
    chat_id: str
    user_id: str
    attempts: int


class SqlErrands:
    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    def ask(self, kind: ErrandKind, chat_id: str, user_id: str = "") -> None:
        self._connection.execute(
            insert_or_ignore(self._connection, errands).values(
                id=new_id(),
                kind=kind.value,
                chat_id=chat_id,
                user_id=user_id,
                due_at=self._clock.now(),
                attempts=0,
            )
        )


class ErrandQueue:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def claim(self, limit: int) -> list[Errand]:
        now = self._clock.now()
        with self._database.write() as connection:
            due = (
                select(errands.c.id)
                .where(errands.c.due_at <= now)
                .order_by(errands.c.due_at)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
            rows = connection.execute(
                update(errands)
                .where(errands.c.id.in_(due))
                .values(due_at=now + _LEASE, attempts=errands.c.attempts + 1)
                .returning(errands)
            ).all()
        return [
            Errand(row.id, ErrandKind(row.kind), row.chat_id, row.user_id, row.attempts)
            for row in rows
        ]

    def done(self, errand: Errand) -> None:
        with self._database.write() as connection:
            connection.execute(delete(errands).where(errands.c.id == errand.id))

    def later(self, errand: Errand, after: timedelta) -> None:
        with self._database.write() as connection:
            connection.execute(
                update(errands)
                .where(errands.c.id == errand.id)
                .values(due_at=self._clock.now() + after)
            )
