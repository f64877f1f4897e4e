"""Safe copies, sealed: found by an address that nobody can guess, dead after a few fetches."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, delete, insert, select, update

from bot.domain.ids import new_id
from bot.domain.looks import COPY_FETCHES, COPY_LIVES
from bot.errors import SealBrokenError
from bot.storage.keyring import KeyKind, keyed_hash, seal, unseal
from bot.storage.tables import safe_copies

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from bot.ports import Clock
    from bot.storage.engine import Database
    from bot.storage.keyring import Key, KeyRing, Today

_ADDRESS_BYTES = 32


class SqlSafeCopies:
    """The writing side, in the unit of work that tells the sender of it."""

    def __init__(self, connection: Connection, keys: KeyRing, today: Today, clock: Clock) -> None:
        self._connection = connection
        self._keys = keys
        self._today = today
        self._clock = clock

    def keep(self, picture: bytes) -> str:
        copy_id, address, day = new_id(), secrets.token_urlsafe(_ADDRESS_BYTES), self._today.day
        self._connection.execute(
            insert(safe_copies).values(
                id=copy_id,
                address_key=_address_key(self._keys.lookup(), address),
                picture_sealed=seal(day.value, picture, _bound_to(copy_id)),
                picture_key_id=day.id,
                fetches_left=COPY_FETCHES,
                expires_at=self._clock.now() + COPY_LIVES,
            )
        )
        return address


class CopyShelf:
    """The reading side: each fetch is counted before the picture goes out."""

    def __init__(self, database: Database, keys: KeyRing, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock

    def fetch(self, address: str) -> bytes | None:
        """None for what never was, is used up, or is over: nobody can tell which."""
        lives = self._lives(address)
        with self._database.write() as connection:
            row = connection.execute(
                update(safe_copies)
                .where(*lives)
                .values(fetches_left=safe_copies.c.fetches_left - 1)
                .returning(safe_copies)
            ).one_or_none()
            if row is None:
                return None
            if row.fetches_left == 0:
                connection.execute(delete(safe_copies).where(safe_copies.c.id == row.id))
            try:
                key = self._keys.by_id(connection, row.picture_key_id)
                return unseal(key.value, row.picture_sealed, _bound_to(row.id))
            except SealBrokenError:
                return None

    def is_there(self, address: str) -> bool:
        """To ask is no fetch."""
        lives = self._lives(address)
        with self._database.read() as connection:
            return connection.scalar(select(safe_copies.c.id).where(*lives)) is not None

    def _lives(self, address: str) -> tuple[ColumnElement[bool], ...]:
        """Put together before the transaction: a key may have to be made."""
        self._keys.make_ready()
        versions = self._keys.all_of(KeyKind.LOOKUP)
        return (
            safe_copies.c.address_key.in_([_address_key(key, address) for key in versions]),
            safe_copies.c.fetches_left > 0,
            safe_copies.c.expires_at > self._clock.now(),
        )

    def purge(self) -> int:
        with self._database.write() as connection:
            return connection.execute(
                delete(safe_copies).where(safe_copies.c.expires_at <= self._clock.now())
            ).rowcount


def _address_key(lookup: Key, address: str) -> bytes:
    return keyed_hash(lookup.value, "copy", address)


def _bound_to(copy_id: UUID) -> bytes:
    return b"safe_copies:" + copy_id.bytes
