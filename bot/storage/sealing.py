"""How what comes in is sealed, and by which keyed hashes it is found again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.domain.events import ChatKind, InboundEvent, Outcome
from bot.domain.ids import new_id
from bot.errors import SealBrokenError
from bot.ports import InboxRow
from bot.storage.keyring import Key, KeyKind, keyed_hash, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Connection

    from bot.storage.keyring import KeyRing
    from bot.storage.types import AnyRow

    ReadEvent = Callable[[bytes, datetime], InboundEvent]


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event of a webhook body: its own JSON, and what was read of it."""

    raw: bytes = field(repr=False)
    event: InboundEvent


class Sealer:
    """Turns events into rows and back. The only place that knows how inbox contents are sealed."""

    def __init__(self, keys: KeyRing, read_event: ReadEvent) -> None:
        self._keys = keys
        self._read_event = read_event

    def make_ready(self) -> None:
        """Outside every transaction: the keys that rows of this moment are sealed with."""
        self._keys.make_ready()

    def lane(self, event: InboundEvent) -> bytes | None:
        return _lane(self._keys.lookup(), event)

    def lanes(self, event: InboundEvent) -> list[bytes]:
        """By every version of the lookup key: what was stored just before a new one counts too."""
        hashes = (_lane(key, event) for key in self._keys.all_of(KeyKind.LOOKUP))
        return [lane for lane in hashes if lane is not None]

    def message_key(self, message_id: str) -> bytes:
        return _message_key(self._keys.lookup(), message_id)

    def message_keys(self, message_id: str) -> list[bytes]:
        """For finding what may have been written with an earlier version of the lookup key."""
        return [_message_key(key, message_id) for key in self._keys.all_of(KeyKind.LOOKUP)]

    def row(self, arrival: Arrival, received_at: datetime) -> dict[str, Any]:
        event, row_id, day = arrival.event, new_id(), self._keys.day()
        message_id = event.message_id
        return {
            "id": row_id,
            "event_id": event.event_id,
            "kind": event.kind.value,
            "is_redelivery": event.is_redelivery,
            "received_at": received_at,
            "token_received_at": received_at,
            "occurred_at": event.occurred_at,
            "lane": self.lane(event),
            "message_key": None if message_id is None else self.message_key(message_id),
            "payload_sealed": seal(day.value, arrival.raw, _bound_to(row_id)),
            "payload_key_id": day.id,
            "due_at": received_at,
        }

    def raw(self, connection: Connection, row: AnyRow) -> bytes | None:
        if row.payload_sealed is None:
            return None
        key = self._keys.by_id(connection, row.payload_key_id)
        return unseal(key.value, row.payload_sealed, _bound_to(row.id))

    def read(self, raw: bytes, received_at: datetime) -> InboundEvent:
        return self._read_event(raw, received_at)

    def opened(self, connection: Connection, row: AnyRow) -> InboxRow:
        raw = self.raw(connection, row)
        if raw is None:
            raise SealBrokenError("inbox")
        outcome = None if row.outcome is None else Outcome(row.outcome)
        event = self._read_event(raw, row.received_at)
        return InboxRow(row.id, event, row.received_at, row.token_received_at, outcome)


def _lane(lookup: Key, event: InboundEvent) -> bytes | None:
    if event.source.kind is ChatKind.NONE or event.source.chat_id is None:
        return None
    return keyed_hash(lookup.value, "lane", event.source.chat_id, event.source.user_id or "")


def _message_key(lookup: Key, message_id: str) -> bytes:
    return keyed_hash(lookup.value, "message", message_id)


def _bound_to(row_id: UUID) -> bytes:
    return b"inbox:" + row_id.bytes
