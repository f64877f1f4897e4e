"""Published documents: versions of settings, the decision table, texts and rule cards.

Shipped files seed version 1 and follow updates until the hospital publishes a version of its own;
after that the published version in the database is the truth.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.domain.ids import new_id
from bot.errors import UsageError
from bot.ledger.entry import EntryKind
from bot.storage.ledger_store import SqlLedgerWriter
from bot.storage.tables import published
from bot.storage.upsert import insert_or_ignore

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.ports import Clock
    from bot.storage.engine import Database
    from bot.storage.keyring import Today
    from bot.storage.types import AnyRow

SHIPPED = "shipped"


class DocumentKind(StrEnum):
    DECISION_TABLE = "decision_table"
    WORDING = "wording"


@dataclass(frozen=True, slots=True)
class Document:
    kind: DocumentKind
    version: int
    body: str


class PublishedDocuments:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def seed(self, shipped: Mapping[DocumentKind, str], today: Today) -> None:
        """The shipped files become version 1, and with an update the next version.

        Only while nobody at the hospital has published a version of their own: after that an
        update leaves the document alone.
        """
        now = self._clock.now()
        with self._database.write() as connection:
            writer = SqlLedgerWriter(connection, today)
            for kind, body in shipped.items():
                version = _next_shipped(connection, kind, body)
                if version is not None:
                    _publish(connection, writer, Document(kind, version, body), now)
            writer.write()

    def current(self, kind: DocumentKind) -> Document:
        """The newest published version that is valid now.

        Where none is, because the machine's clock was set back, the oldest: to judge by the first
        version is better than to judge nothing.
        """
        now = self._clock.now()
        with self._database.read() as connection:
            rows = connection.execute(
                select(published)
                .where(published.c.kind == kind.value, published.c.state == "published")
                .order_by(published.c.version.desc())
            ).all()
        if not rows:
            msg = f"no {kind.value} is published; run: python -m bot migrate"
            raise UsageError(msg)
        row = next((row for row in rows if _is_valid(row, now)), rows[-1])
        return Document(kind, row.version, row.body)


def _is_valid(row: AnyRow, now: datetime) -> bool:
    return row.valid_from <= now and (row.valid_until is None or now < row.valid_until)


def _newest(connection: Connection, kind: DocumentKind) -> AnyRow | None:
    return connection.execute(
        select(published)
        .where(published.c.kind == kind.value)
        .order_by(published.c.version.desc())
        .limit(1)
    ).one_or_none()


def _next_shipped(connection: Connection, kind: DocumentKind, body: str) -> int | None:
    newest = _newest(connection, kind)
    if newest is None:
        return 1
    is_new = newest.proposed_by == SHIPPED and newest.body != body
    return newest.version + 1 if is_new else None


def _publish(
    connection: Connection, writer: SqlLedgerWriter, document: Document, now: datetime
) -> None:
    """Two processes of one release may start together: the second finds the first's row."""
    document_id = new_id()
    published_now = connection.execute(
        insert_or_ignore(connection, published).values(
            id=document_id,
            kind=document.kind.value,
            version=document.version,
            state="published",
            body=document.body,
            created_at=now,
            proposed_by=SHIPPED,
            approved_by=SHIPPED,
            approved_at=now,
            valid_from=now,
        )
    )
    if published_now.rowcount:
        digest = hashlib.sha256(document.body.encode()).hexdigest()
        facts = {"document": document.kind.value, "version": document.version, "sha256": digest}
        writer.append(EntryKind.PUBLISHED, by=SHIPPED, at=now, subject=document_id, facts=facts)
