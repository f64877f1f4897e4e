"""Rows of the outbox: what is sealed in them, and how they are read."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.domain.actions import OutboxMessage, Purpose, Saying, Utterance, Way
from bot.domain.groups import Language
from bot.domain.telling import Progress
from bot.storage.keyring import unseal

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from bot.storage.keyring import KeyRing
    from bot.storage.types import AnyRow

KEPT = timedelta(days=90)
# A row that has ended keeps what happened, and nothing of what was said.
WIPED: dict[str, Any] = {
    "body_sealed": None,
    "body_key_id": None,
    "token_sealed": None,
    "claim": None,
    "lease_until": None,
}


def bound_to(row_id: UUID) -> bytes:
    return b"outbox:" + row_id.bytes


def token_bound_to(row_id: UUID) -> bytes:
    return b"outbox.token:" + row_id.bytes


def packed(message: OutboxMessage) -> bytes:
    utterance = message.utterance
    return json.dumps(
        {
            "to": message.to,
            "parameters": dict(utterance.parameters),
            "mention": utterance.mention,
            "incident_token": utterance.incident_token,
            "offers_rewrite": utterance.offers_rewrite,
            "offers_copy": utterance.offers_copy,
        }
    ).encode()


def opened_body(connection: Connection, keys: KeyRing, row: AnyRow) -> dict[str, Any]:
    key = keys.by_id(connection, row.body_key_id)
    opened: dict[str, Any] = json.loads(unseal(key.value, row.body_sealed, bound_to(row.id)))
    return opened


def message_of(row: AnyRow, body: dict[str, Any]) -> OutboxMessage:
    return OutboxMessage(
        id=row.id,
        key=row.key,
        purpose=Purpose(row.purpose),
        way=Way(row.way),
        to=body["to"],
        utterance=Utterance(
            saying=Saying(row.saying),
            language=Language(row.language),
            parameters=body["parameters"],
            mention=body["mention"],
            incident_token=body["incident_token"],
            offers_rewrite=body["offers_rewrite"],
            offers_copy=body.get("offers_copy", False),  # rows of an earlier release have none
        ),
        created_at=row.created_at,
        due_at=row.due_at,
        expires_at=row.expires_at,
        incident_id=row.incident_id,
        group_id=row.group_id,
    )


def progress_of(row: AnyRow) -> Progress:
    received = [at for at in (row.token_received_at, row.refreshed_at) if at is not None]
    return Progress(
        purpose=Purpose(row.purpose),
        way=Way(row.way),
        expires_at=row.expires_at,
        token_received_at=max(received) if row.token_sealed is not None else None,
        is_token_dead=row.is_token_dead,
        is_unclear=row.is_unclear,
        attempts=row.attempts,
    )
