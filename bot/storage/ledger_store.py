"""Writes ledger entries in the unit of work of their effect."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

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
        self._connection.execute(
            insert(ledger_entries).values(
                id=entry_id,
                kind=kind,
                version=ENTRY_VERSION,
                at=at,
                subject=subject,
                commitment=commitment(salt, entered),
            )
        )
        self._connection.execute(
            insert(ledger_openings).values(
                entry_id=entry_id,
                salt=salt,
                facts_sealed=seal(
                    month.value, canonical_bytes(entered), b"ledger_openings:" + entry_id.bytes
                ),
                month_key_id=month.id,
            )
        )
