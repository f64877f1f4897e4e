"""Keys: a random key per day (inbox, outbox) or month (incidents, ledger), wrapped by MASTER_KEY.

A key is made in a transaction of its own before anything is sealed with it, so that no sealed
row can exist whose key was rolled back.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from bot.domain.ids import new_id
from bot.domain.times import BANGKOK
from bot.errors import SealBrokenError, SettingsError
from bot.storage.tables import keys
from bot.storage.upsert import insert_or_ignore

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from bot.ports import Clock
    from bot.storage.engine import Database
    from bot.storage.types import AnyRow

_NONCE_BYTES = 12
_KEY_BYTES = 32


class KeyKind(StrEnum):
    DAY = "day"
    MONTH = "month"
    REGISTRY = "registry"
    LOOKUP = "lookup"
    PEPPER = "pepper"


@dataclass(frozen=True, slots=True)
class Key:
    """An opened key. Its bytes never appear in a representation."""

    id: UUID
    period: str
    value: bytes

    def __repr__(self) -> str:
        return f"Key({self.period})"


def seal(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """AES-256-GCM. `bound_to` ties the value to its place: moved elsewhere it does not open."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def unseal(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to)
    except (InvalidTag, ValueError):  # ValueError: too short to hold even a nonce
        raise SealBrokenError(bound_to.split(b":")[0].decode()) from None


def keyed_hash(key: bytes, *parts: str) -> bytes:
    """HMAC-SHA256 over length-prefixed parts, so that no two lists of parts look alike."""
    message = b"".join(_prefixed(part.encode("utf-8", "surrogatepass")) for part in parts)
    return hmac.digest(key, message, "sha256")


def _prefixed(part: bytes) -> bytes:
    return len(part).to_bytes(4, "big") + part


@dataclass(frozen=True, slots=True)
class Today:
    """The keys that a unit of work seals with: fixed when it opens, since midnight may pass."""

    day: Key
    month: Key


class KeyRing:
    """Opens keys, and makes the ones that the present day needs."""

    def __init__(self, database: Database, clock: Clock, master_key: bytes) -> None:
        self._database = database
        self._clock = clock
        self._master = master_key
        self._by_period: dict[tuple[KeyKind, str], Key] = {}
        self._by_id: dict[UUID, Key] = {}
        self._lock = Lock()

    def day(self) -> Key:
        return self._ready(KeyKind.DAY, self._clock.now().astimezone(BANGKOK).strftime("%Y-%m-%d"))

    def month(self) -> Key:
        return self._ready(KeyKind.MONTH, self._clock.now().astimezone(BANGKOK).strftime("%Y-%m"))

    def registry(self) -> Key:
        return self._ready(KeyKind.REGISTRY, "1")

    def lookup(self) -> Key:
        return self._ready(KeyKind.LOOKUP, "1")

    def pepper(self) -> Key:
        return self._ready(KeyKind.PEPPER, "1")

    def make_ready(self) -> Today:
        """Called before a unit of work opens: nothing inside it has to make a key.

        To make one inside would mean a second writing transaction, and SQLite has one writer.
        """
        for key in (self.registry, self.lookup, self.pepper):
            key()
        return Today(self.day(), self.month())

    def check(self) -> None:
        """At start: the newest key of each kind opens. Reads only, and makes none."""
        with self._database.read() as connection:
            rows = connection.execute(select(keys).order_by(keys.c.created_at)).all()
        try:
            for row in {row.kind: row for row in rows}.values():
                self._opened(row)
        except SealBrokenError:
            msg = "MASTER_KEY: is not the one that this database's keys were made with"
            raise SettingsError(msg) from None

    def by_id(self, connection: Connection, key_id: UUID | None) -> Key:
        if key_id is None:
            raise SealBrokenError("keys")
        if key_id not in self._by_id:
            row = connection.execute(select(keys).where(keys.c.id == key_id)).one_or_none()
            if row is None:
                raise SealBrokenError("keys")
            self._remember(self._opened(row))
        return self._by_id[key_id]

    def forget(self) -> None:
        """Opened keys are looked up again: after one was destroyed or brought back."""
        self._by_period.clear()
        self._by_id.clear()

    def _ready(self, kind: KeyKind, period: str) -> Key:
        known = self._by_period.get((kind, period))
        if known is not None:
            return known
        with self._lock:
            return self._find_or_make(kind, period)

    def _find_or_make(self, kind: KeyKind, period: str) -> Key:
        with self._database.write() as connection:
            connection.execute(insert_or_ignore(connection, keys).values(self._fresh(kind, period)))
            row = connection.execute(
                select(keys).where(keys.c.kind == kind, keys.c.period == period)
            ).one()
        key = self._opened(row)
        self._by_period[kind, period] = key
        return self._remember(key)

    def _fresh(self, kind: KeyKind, period: str) -> dict[str, object]:
        bound_to = f"keys:{kind}:{period}".encode()
        return {
            "id": new_id(),
            "kind": kind.value,
            "period": period,
            "wrapped": seal(self._master, secrets.token_bytes(_KEY_BYTES), bound_to),
            "created_at": self._clock.now(),
        }

    def _opened(self, row: AnyRow) -> Key:
        bound_to = f"keys:{row.kind}:{row.period}".encode()
        return Key(row.id, row.period, unseal(self._master, row.wrapped, bound_to))

    def _remember(self, key: Key) -> Key:
        self._by_id[key.id] = key
        return key
