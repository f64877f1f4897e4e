"""Writes ledger entries in the unit of work of their effect."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from bot.domain.ids import new_id
from bot.ledger.entry import ENTRY_VERSION, SALT_BYTES, canonical_bytes, commitment
from bot.storage.keyring import seal
from bot.storage.tables import ledger_entries, ledger_openings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Connection

    from bot.storage.keyring import Today


class SqlLedgerWriter:
    def __init__(self, connection: Connection, today: Today) -> None:
        self._connection = connection
        self._today = today
        self._entries: list[dict[str, Any]] = []
        self._openings: list[dict[str, Any]] = []

    def append(
        self,
        kind: str,
        *,
        by: str,
        at: datetime,
        subject: UUID | None,
        facts: Mapping[str, object],
    ) -> None:
        entry_id, salt, month = new_id(), secrets.token_bytes(SALT_BYTES), self._today.month
        entered = {**facts, "by": by}
        self._entries.append(
            {
                "id": entry_id,
                "kind": kind,
                "version": ENTRY_VERSION,
                "at": at,
                "subject": subject,
                "commitment": commitment(salt, entered),
            }
        )
        bound_to = opening_bound_to(entry_id)
        self._openings.append(
            {
                "entry_id": entry_id,
                "salt": salt,
                "facts_sealed": seal(month.value, canonical_bytes(entered), bound_to),
                "month_key_id": month.id,
            }
        )

    def write(self) -> None:
        """At the end of the unit of work: all its entries with two statements."""
        if self._entries:
            self._connection.execute(insert(ledger_entries), self._entries)
            self._connection.execute(insert(ledger_openings), self._openings)
            self._entries, self._openings = [], []


def opening_bound_to(entry_id: UUID) -> bytes:
    return b"ledger_openings:" + entry_id.bytes
