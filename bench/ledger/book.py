"""A ledger on a private database, and rows ready to be entered."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, text

from bot.bootstrap import Parts, build
from bot.domain.ids import new_id
from bot.ledger.entry import canonical_bytes, commitment
from bot.settings import Settings
from bot.storage.keyring import seal
from bot.storage.ledger_store import opening_bound_to
from bot.storage.migrate import migrate
from bot.storage.tables import ledger_entries, ledger_openings
from tests.services.postgres import PostgresServer

Row = dict[str, Any]


@contextmanager
def database_url(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/ledger.db"
        return
    with PostgresServer() as server:
        yield server.create_database("ledger")


def parts_of(url: str) -> Parts:
    return build(
        Settings(
            line_channel_secret="0123456789abcdef0123456789abcdef",  # noqa: S106 - invented
            line_channel_access_token="sandbox-token-for-benches",  # noqa: S106 - invented
            master_key=bytes(range(32)),
            database_url=url,
        )
    )


@contextmanager
def ready(url: str) -> Iterator[Parts]:
    """Migrated, with keys, and with the ledger's first entry sealed."""
    parts = parts_of(url)
    migrate(parts.database)
    with parts.store.unit_of_work() as uow:
        uow.ledger.append("group.joined", by="system", at=parts.clock.now(), subject=None, facts={})
    parts.ledger_sealer.seal_all()
    yield parts
    parts.database.close()


def rows(parts: Parts, count: int) -> tuple[list[Row], list[Row]]:
    """Entries and openings as `SqlLedgerWriter` makes them."""
    month, now = parts.keys.make_ready().month, datetime.now(UTC)
    facts = {"by": "system", "labels": ["HN", "PERSON_NAME"], "number": 42}
    entries, openings = [], []
    for _ in range(count):
        entry_id, salt = new_id(), secrets.token_bytes(32)
        entries.append(
            {
                "id": entry_id,
                "kind": "incident.message",
                "version": 1,
                "at": now,
                "subject": new_id(),
                "commitment": commitment(salt, facts),
            }
        )
        sealed = seal(month.value, canonical_bytes(facts), opening_bound_to(entry_id))
        openings.append(
            {"entry_id": entry_id, "salt": salt, "facts_sealed": sealed, "month_key_id": month.id}
        )
    return entries, openings


def enter(parts: Parts, entries: list[Row], openings: list[Row]) -> None:
    """The statements of `SqlLedgerWriter.write`, in a transaction of their own."""
    with parts.database.write() as connection:
        connection.execute(insert(ledger_entries), entries)
        if openings:
            connection.execute(insert(ledger_openings), openings)


_TRIGGER = "ledger_entries_unsealed"


def without_list(parts: Parts) -> None:
    """Plain inserts: nothing notes that an entry has no place."""
    with parts.database.write() as connection:
        where = "" if parts.database.is_sqlite else " ON ledger_entries"
        connection.execute(text(f"DROP TRIGGER {_TRIGGER}{where}"))
