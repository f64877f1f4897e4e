"""Tombstones: what became of a message, by keyed hash only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from bot.storage.tables import message_marks
from bot.storage.upsert import insert_into

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.ports import Clock
    from bot.storage.sealing import Sealer


class SqlMessageMarks:
    def __init__(self, connection: Connection, sealer: Sealer, clock: Clock) -> None:
        self._connection = connection
        self._sealer = sealer
        self._clock = clock

    def mark_unsent(self, message_id: str, at: datetime) -> None:
        self._mark(message_id, "unsent_at", at)

    def is_unsent(self, message_id: str) -> bool:
        return any(at is not None for at in self._all(message_id, "unsent_at"))

    def mark_version(self, message_id: str, at: datetime) -> None:
        newest = self.newest_version_at(message_id)
        self._mark(message_id, "newest_version_at", at if newest is None else max(newest, at))

    def newest_version_at(self, message_id: str) -> datetime | None:
        return newest(self._all(message_id, "newest_version_at"))

    def _all(self, message_id: str, column: str) -> Sequence[datetime | None]:
        return self._connection.scalars(
            select(message_marks.c[column]).where(
                message_marks.c.message_key.in_(self._sealer.message_keys(message_id))
            )
        ).all()

    def _mark(self, message_id: str, column: str, at: datetime) -> None:
        statement = insert_into(self._connection, message_marks).values(
            {
                "message_key": self._sealer.message_key(message_id),
                "noted_at": self._clock.now(),
                column: at,
            }
        )
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["message_key"], set_={column: at})
        )


def newest(times: Iterable[datetime | None]) -> datetime | None:
    return max((at for at in times if at is not None), default=None)


def purge_marks(connection: Connection, before: datetime) -> int:
    return connection.execute(
        delete(message_marks).where(message_marks.c.noted_at < before)
    ).rowcount
