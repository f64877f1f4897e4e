"""A database of one's own, the parts around it, and time in our hands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select

from bot.bootstrap import Parts, build
from bot.domain.times import to_milliseconds
from bot.line.inbound import read_event
from bot.settings import Settings
from bot.storage.migrate import migrate
from bot.storage.queue import Claimed
from bot.storage.sealing import Arrival
from bot.storage.types import AnyRow

MASTER_KEY = bytes(range(32))
START = datetime(2026, 7, 28, 1, 0, tzinfo=UTC)
_numbers = count(1)


@dataclass
class Hands:
    """A clock that stands still until it is told to move."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def advance(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Stage:
    parts: Parts
    clock: Hands
    settings: Settings = field(repr=False)
    others: list[Parts] = field(default_factory=list)

    def another(self, master_key: bytes = MASTER_KEY) -> Parts:
        """The same database as another process sees it."""
        settings = replace(self.settings, master_key=master_key)
        self.others.append(build(settings, self.clock))
        return self.others[-1]

    def close(self) -> None:
        for parts in (self.parts, *self.others):
            parts.database.close()

    def rows(self, table: Table) -> Sequence[AnyRow]:
        with self.parts.database.read() as connection:
            return connection.execute(select(table)).all()

    def row(self, table: Table) -> AnyRow:
        (row,) = self.rows(table)
        return row

    def text(
        self, words: str = "สวัสดีค่ะ", *, user: str = "U1", chat: str = "C1", **more: object
    ) -> Arrival:
        """A text that somebody sends at this moment."""
        number = next(_numbers)
        event: dict[str, object] = {
            "type": "message",
            "message": {"type": "text", "id": str(10_000 + number), "text": words},
            "webhookEventId": f"E{number}",
            "timestamp": to_milliseconds(self.clock.now()),
            "source": {"type": "group", "groupId": chat, "userId": user},
            "replyToken": f"token-{number}",
        }
        raw = json.dumps({**event, **more}).encode()
        return Arrival(raw, read_event(raw, self.clock.now()))

    def store(self, *arrivals: Arrival) -> list[UUID]:
        return self.parts.intake.store(arrivals)

    def claim(self, limit: int = 16) -> list[Claimed]:
        return self.parts.queue.claim(limit)


def settings_of(
    database_url: str,
    master_key: bytes = MASTER_KEY,
    **more: Any,  # noqa: ANN401 - any field
) -> Settings:
    return Settings(
        line_channel_secret="0123456789abcdef0123456789abcdef",
        line_channel_access_token="sandbox-token-for-tests",
        master_key=master_key,
        database_url=database_url,
        **more,
    )


@contextmanager
def stage_on(database_url: str, **more: Any) -> Iterator[Stage]:  # noqa: ANN401 - any field
    with TemporaryDirectory() as outside:
        clock = Hands()
        erasures = f"{outside}/erasures.jsonl"
        settings = settings_of(database_url, **{"erasures_file": erasures, **more})
        parts = build(settings, clock)
        migrate(parts.database)
        stage = Stage(parts, clock, settings)
        yield stage
        stage.close()
