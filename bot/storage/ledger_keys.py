"""The keys that sign checkpoints: Ed25519, numbered from 1, each introduced by the one before it.

The secret half is a seed in `keys`, wrapped by MASTER_KEY like every other key. The public half
stands in `ledger_keys`, insert-only, with a statement signed by itself and its predecessor, so
that whoever trusts one of them can follow to the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import insert, select

from bot.errors import SealBrokenError
from bot.ledger.checkpoint import LedgerKey, note, origin_of
from bot.ledger.entry import EntryKind
from bot.storage.ledger_store import SqlLedgerWriter
from bot.storage.ledger_turn import wait_for_turn
from bot.storage.tables import ledger_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from bot.ports import Clock
    from bot.storage.engine import Database
    from bot.storage.keyring import KeyRing
    from bot.storage.types import AnyRow


class LedgerKeys:
    def __init__(self, database: Database, keys: KeyRing, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock

    def make_first(self) -> bool:
        """Before anything is signed: there is a key to sign with. Whether it is a new one."""
        with self._database.read() as connection:
            if newest(connection) is not None:
                return False
        self._add(by="system", only_first=True)
        return True

    def change(self, *, by: str) -> LedgerKey:
        """The next key. From now on it signs; what the others have signed stays good."""
        return self._add(by=by, only_first=False)

    def public_of(self, connection: Connection, number: int) -> bytes | None:
        """What belongs to the secret half that we have; None where we have none that opens."""
        try:
            seed = self._keys.signing(connection, number).value
        except SealBrokenError:
            return None
        return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()

    def sign(self, connection: Connection, number: int, text: str) -> bytes:
        seed = self._keys.signing(connection, number).value
        return Ed25519PrivateKey.from_private_bytes(seed).sign(text.encode())

    def signed_note(self, connection: Connection, text: str) -> str:
        """Any text as a note under the newest key."""
        rows = all_keys(connection)
        signature = self.sign(connection, rows[-1].number, text)
        return note(text, origin_of(rows[0].public), rows[-1].public, signature)

    def _add(self, *, by: str, only_first: bool) -> LedgerKey:
        today = self._keys.make_ready()
        with self._database.write() as connection:
            wait_for_turn(connection)
            last = newest(connection)
            if last is not None and only_first:
                return last
            key = self._make(connection, last)
            writer = SqlLedgerWriter(connection, today)
            self._introduce(connection, writer, key, by=by)
            writer.write()
            return key

    def _make(self, connection: Connection, last: LedgerKey | None) -> LedgerKey:
        number = 1 if last is None else last.number + 1
        self._keys.make_signing(connection, number)
        secret = Ed25519PrivateKey.from_private_bytes(self._keys.signing(connection, number).value)
        previous = None if last is None else last.public
        return LedgerKey(
            number, secret.public_key().public_bytes_raw(), self._clock.now(), previous
        )

    def _introduce(
        self, connection: Connection, writer: SqlLedgerWriter, key: LedgerKey, *, by: str
    ) -> None:
        first = key.public if key.number == 1 else all_keys(connection)[0].public
        statement = key.statement(origin_of(first))
        by_itself = self.sign(connection, key.number, statement)
        by_previous = None if key.number == 1 else self.sign(connection, key.number - 1, statement)
        connection.execute(
            insert(ledger_keys).values(
                number=key.number,
                public=key.public,
                introduced_at=key.introduced_at,
                by_itself=by_itself,
                by_previous=by_previous,
            )
        )
        facts = {
            "statement": statement,
            "by_itself": by_itself.hex(),
            "by_previous": "" if by_previous is None else by_previous.hex(),
        }
        writer.append(
            EntryKind.LEDGER_KEY_INTRODUCED, by=by, at=key.introduced_at, subject=None, facts=facts
        )


def all_keys(connection: Connection) -> Sequence[AnyRow]:
    return connection.execute(select(ledger_keys).order_by(ledger_keys.c.number)).all()


def newest(connection: Connection) -> LedgerKey | None:
    rows = all_keys(connection)
    if not rows:
        return None
    row, before = rows[-1], rows[-2].public if len(rows) > 1 else None
    return LedgerKey(row.number, row.public, row.introduced_at, before)


def is_signed(public: bytes, text: bytes, signature: bytes) -> bool:
    """The same question that the shipped verifier answers by itself, forty times as fast."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True
