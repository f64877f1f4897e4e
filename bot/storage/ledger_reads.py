"""Reads the ledger as it lies there, quickly and believing nothing, for those who check it.

Rows come from the driver itself: a million of them through SQLAlchemy's types would take minutes.
On SQLite text is read as bytes, since what somebody changed there need not be text any more.
"""

from __future__ import annotations

import base64
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from bot.ledger.verify import CheckpointRow, time_of
from bot.storage.tables import (
    ledger_checkpoints,
    ledger_entries,
    ledger_kept,
    ledger_keys,
    ledger_leaves,
    ledger_openings,
    ledger_unsealed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Column, Connection
    from sqlalchemy.engine.interfaces import Dialect

    from bot.storage.types import AnyRow

_BATCH = 10_000
_HEX = {"sqlite": "{0}", "postgresql": "convert_to(replace({0}::text, '-', ''), 'UTF8')"}
_TEXT = {"sqlite": "{0}", "postgresql": "convert_to({0}, 'UTF8')"}
_LEAVES = """
SELECT l.position, {leaf_id}, l.leaf, {entry_id}, {kind}, e.version, e.at, {subject}, e.commitment
FROM ledger_leaves AS l LEFT JOIN ledger_entries AS e ON e.id = l.entry_id ORDER BY l.position
"""
_UNSEALED = """
SELECT {entry_id}, e.at, u.entry_id IS NOT NULL FROM ledger_entries AS e
LEFT JOIN ledger_leaves AS l ON l.entry_id = e.id
LEFT JOIN ledger_unsealed AS u ON u.entry_id = e.id
WHERE l.entry_id IS NULL
"""
_OPENINGS = """
SELECT {entry_id}, o.salt, o.facts_sealed, {key_id}, e.commitment
FROM ledger_openings AS o LEFT JOIN ledger_entries AS e ON e.id = o.entry_id
"""
_DESTROYED = "SELECT {key_id} FROM ledger_entries WHERE kind = 'key.destroyed'"
_CHECKPOINTS = """
SELECT size, previous_size, root, at, {hospital}, key_number, signature
FROM ledger_checkpoints ORDER BY size
"""
# What SQLite calls what a column holds; anything else was put there past the product.
_SHAPES = {"CHAR": "text", "VARCHAR": "text", "BLOB": "blob", "INTEGER": "integer"}
_SHAPES |= {"TEXT": "text", "BIGINT": "integer"}
_PROVEN = (
    ledger_entries,
    ledger_leaves,
    ledger_checkpoints,
    ledger_keys,
    ledger_openings,
    ledger_kept,
)
_KEYS = "SELECT number, public, introduced_at, by_itself, by_previous FROM ledger_keys ORDER BY 1"


class LedgerReader:
    """Inside one snapshot."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        dialect = connection.dialect.name
        self._hex, self._text = _HEX[dialect], _TEXT[dialect]

    def count(self) -> int:
        """How many places there are: for showing progress only."""
        (row,) = self._rows("SELECT coalesce(max(position) + 1, 0) FROM ledger_leaves")
        return int(row[0])

    def misshapen(self) -> Iterator[tuple[str, object]]:
        """Table and key of each row with a value of another type than its column's.

        SQLite takes anything anywhere, 1.5 or a blob for a number; PostgreSQL refuses it itself.
        """
        dialect = self._connection.dialect
        if dialect.name != "sqlite":
            return
        for table in _PROVEN:
            key = next(iter(table.primary_key)).name
            wrong = " OR ".join(_is_misshapen(column, dialect) for column in table.columns)
            rows = self._rows(f"SELECT {key} FROM {table.name} WHERE {wrong}")  # noqa: S608 - our own names
            yield from ((table.name, row[0]) for row in rows)

    def leaves(self) -> Iterator[Sequence[Any]]:
        """In the order of `LeafRow`."""
        statement = _LEAVES.format(
            leaf_id=self._hex.format("l.entry_id"),
            entry_id=self._hex.format("e.id"),
            kind=self._text.format("e.kind"),
            subject=self._hex.format("e.subject"),
        )
        return self._rows(statement)

    def unsealed(self) -> Iterator[Sequence[Any]]:
        """Id, time, and whether it waits for the sealer, as it should."""
        return self._rows(_UNSEALED.format(entry_id=self._hex.format("e.id")))

    def openings(self) -> Iterator[Sequence[Any]]:
        """Id, salt, sealed facts, id of their key, and the commitment."""
        statement = _OPENINGS.format(
            entry_id=self._hex.format("o.entry_id"), key_id=self._hex.format("o.month_key_id")
        )
        return self._rows(statement)

    def destroyed_keys(self) -> frozenset[bytes]:
        """Ids of the keys whose destruction was entered, spelled as `openings` spells them."""
        statement = _DESTROYED.format(key_id=self._hex.format("subject"))
        return frozenset(row[0] for row in self._rows(statement) if isinstance(row[0], bytes))

    def checkpoints(self) -> list[CheckpointRow]:
        rows = self._rows(_CHECKPOINTS.format(hospital=self._text.format("hospital")))
        return [CheckpointRow._make(row) for row in rows]

    def newest_kept(self) -> Sequence[Any] | None:
        """Size and time of the last checkpoint that was given to somebody to keep."""
        newest = "SELECT size, at FROM ledger_kept ORDER BY at DESC, size DESC LIMIT 1"
        return next(iter(list(self._rows(newest))), None)

    def kept_beyond(self, size: int) -> list[int]:
        """Sizes of checkpoints that were given away, and that this many entries cannot have."""
        rows = self._rows("SELECT DISTINCT size FROM ledger_kept ORDER BY size")
        return [row[0] for row in rows if row[0] > size]

    def keys(self) -> list[dict[str, Any]]:
        """As the shipped verifier wants them."""
        return [
            {
                "number": number,
                "public": _base64(public),
                "time": time_of(at),
                "by_itself": _base64(by_itself),
                "by_previous": None if by_previous is None else _base64(by_previous),
            }
            for number, public, at, by_itself, by_previous in self._rows(_KEYS)
        ]

    def _rows(self, statement: str) -> Iterator[Sequence[Any]]:
        driver = self._connection.connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            yield from _sqlite_rows(driver, statement)
            return
        with driver.cursor(name="ledger") as cursor:  # type: ignore[union-attr]
            cursor.itersize = _BATCH
            yield from cursor.execute(statement)


def _is_misshapen(column: Column[Any], dialect: Dialect) -> str:
    shape = _SHAPES[column.type.compile(dialect).partition("(")[0]]
    shapes = f"'{shape}', 'null'" if column.nullable else f"'{shape}'"
    return f"typeof({column.name}) NOT IN ({shapes})"


def _sqlite_rows(driver: sqlite3.Connection, statement: str) -> Iterator[Sequence[Any]]:
    with _text_as_bytes(driver):
        cursor = driver.execute(statement)
    while rows := _fetch(driver, cursor):
        yield from rows


def _fetch(driver: sqlite3.Connection, cursor: sqlite3.Cursor) -> list[Any]:
    with _text_as_bytes(driver):
        return cursor.fetchmany(_BATCH)


@contextmanager
def _text_as_bytes(driver: sqlite3.Connection) -> Iterator[None]:
    """Only while we read: others use the same connection between two batches."""
    driver.text_factory = bytes
    try:
        yield
    finally:
        driver.text_factory = str


def _base64(value: object) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else ""


@dataclass(frozen=True, slots=True)
class LedgerState:
    """How the sealer is doing, and what was kept elsewhere."""

    unsealed: int
    oldest_unsealed_at: datetime | None
    checkpoint: AnyRow | None
    first_at: datetime | None
    kept: AnyRow | None


def state_of(connection: Connection) -> LedgerState:
    waiting = select(func.count(), func.min(ledger_entries.c.at)).join(
        ledger_unsealed, ledger_unsealed.c.entry_id == ledger_entries.c.id
    )
    count, oldest = connection.execute(waiting.select_from(ledger_entries)).one()
    checkpoints = select(ledger_checkpoints).order_by(ledger_checkpoints.c.size.desc())
    kept = select(ledger_kept).order_by(ledger_kept.c.at.desc(), ledger_kept.c.size.desc())
    return LedgerState(
        count,
        oldest,
        connection.execute(checkpoints.limit(1)).one_or_none(),
        connection.scalar(
            select(ledger_checkpoints.c.at).order_by(ledger_checkpoints.c.size).limit(1)
        ),
        connection.execute(kept.limit(1)).one_or_none(),
    )
