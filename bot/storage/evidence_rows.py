"""Sealed originals of flagged messages, where the hospital turns that on.

Each is sealed with a data key of its own, which the month's key wraps. It dies with the unsend, the
edit that takes the identifier out, the incident, and the month's key.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import delete

from bot.errors import SealBrokenError
from bot.storage.keyring import seal, unseal
from bot.storage.tables import evidence
from bot.storage.upsert import insert_into

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Connection

    from bot.storage.keyring import Key, KeyRing
    from bot.storage.types import AnyRow

_KEY_BYTES = 32


def keep_original(
    connection: Connection, month: Key, message_id: UUID, text: str, at: datetime
) -> None:
    """An edit that still identifies the patient replaces what was sealed: only what stands is."""
    data_key = secrets.token_bytes(_KEY_BYTES)
    values = {
        "text_sealed": seal(data_key, text.encode("utf-8", "surrogatepass"), _text_of(message_id)),
        "data_key_wrapped": seal(month.value, data_key, _key_of(message_id)),
        "month_key_id": month.id,
        "sealed_at": at,
    }
    statement = insert_into(connection, evidence).values(incident_message_id=message_id, **values)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["incident_message_id"], set_=values)
    )


def forget_original(connection: Connection, message_id: UUID) -> None:
    connection.execute(delete(evidence).where(evidence.c.incident_message_id == message_id))


def opened_original(connection: Connection, keys: KeyRing, row: AnyRow) -> str | None:
    """None where the month's key was destroyed."""
    try:
        month = keys.by_id(connection, row.month_key_id)
        data_key = unseal(month.value, row.data_key_wrapped, _key_of(row.id))
        return unseal(data_key, row.text_sealed, _text_of(row.id)).decode("utf-8", "surrogatepass")
    except SealBrokenError:
        return None


def _text_of(message_id: UUID) -> bytes:
    return b"evidence.text:" + message_id.bytes


def _key_of(message_id: UUID) -> bytes:
    return b"evidence.key:" + message_id.bytes
