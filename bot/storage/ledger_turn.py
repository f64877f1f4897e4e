"""Whose turn it is to write the ledger's tree. Whoever enters something never waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection

_LOCK = 7_106_902_570
# A process that falls silent in the middle, with its machine perhaps, loses its turn after this:
# PostgreSQL ends its transaction, and with it the lock. It is the lease.
_LEASE_SECONDS = 10


def take_turn(connection: Connection) -> bool:
    """False where another process is at it. SQLite has one writer, who has the turn already."""
    if connection.dialect.name == "sqlite":
        return True
    _limit(connection)
    asked = text("SELECT pg_try_advisory_xact_lock(:key)")
    return bool(connection.scalar(asked, {"key": _LOCK}))


def wait_for_turn(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        _limit(connection)
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _limit(connection: Connection) -> None:
    setting = f"SET LOCAL idle_in_transaction_session_timeout = '{_LEASE_SECONDS}s'"
    connection.execute(text(setting))
