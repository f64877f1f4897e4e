"""Keys: a random key per day (inbox, outbox) or month (incidents, ledger), wrapped by MASTER_KEY.

A key is made in a transaction of its own before anything is sealed with it, so that no sealed
row can exist whose key was rolled back. Each kind can get a new version while everything runs: it
is announced first and used a little later, when every process has seen it.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from threading import Lock
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, select, update

from bot.domain.ids import new_id
from bot.domain.times import BANGKOK
from bot.errors import SealBrokenError, SettingsError
from bot.storage.tables import keys
from bot.storage.upsert import insert_or_ignore

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Connection

    from bot.ports import Clock
    from bot.storage.engine import Database
    from bot.storage.types import AnyRow

_NONCE_BYTES = 12
_KEY_BYTES = 32
# Every process looks again twice before a new version is used for sealing and hashing: what one
# hashes with it, all others can find.
ANNOUNCED = timedelta(seconds=60)
_LOOK_AGAIN = timedelta(seconds=25)


class KeyKind(StrEnum):
    DAY = "day"
    MONTH = "month"
    REGISTRY = "registry"
    LOOKUP = "lookup"
    PEPPER = "pepper"
    FINGERPRINT = "fingerprint"


# The ledger's signing keys stand in the same table. They are numbered, and which one signs is not a
# matter of time: see ledger_keys.py.
SIGNING = "signing"


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


@dataclass(frozen=True, slots=True)
class KeyRow:
    """What may be shown of a key."""

    id: UUID
    kind: str
    period: str
    created_at: datetime
    is_in_use: bool
    opens: bool


@dataclass(frozen=True, slots=True)
class _Version:
    """One key of its kind and base period, and where it stands among its versions."""

    key: Key
    number: int
    created_at: datetime


class KeyRing:
    """Opens keys, and makes the ones that the present day needs.

    `masters`: the first one wraps; the others only open what was wrapped before they were replaced.
    """

    def __init__(self, database: Database, clock: Clock, *masters: bytes) -> None:
        self._database = database
        self._clock = clock
        self._masters = masters
        self._versions: dict[tuple[KeyKind, str], list[_Version]] = {}
        self._by_id: dict[UUID, Key] = {}
        self._looked_at: datetime | None = None
        self._lock = Lock()

    def day(self) -> Key:
        return self._ready(KeyKind.DAY)

    def month(self) -> Key:
        return self._ready(KeyKind.MONTH)

    def registry(self) -> Key:
        return self._ready(KeyKind.REGISTRY)

    def lookup(self) -> Key:
        return self._ready(KeyKind.LOOKUP)

    def pepper(self) -> Key:
        return self._ready(KeyKind.PEPPER)

    def fingerprint(self) -> Key:
        return self._ready(KeyKind.FINGERPRINT)

    def all_of(self, kind: KeyKind) -> Sequence[Key]:
        """Every version of a kind without a period, the one in use first: for looking up and
        opening, where what is wanted may have been written with any of them."""
        in_use = self._ready(kind)
        known = self._versions.get((kind, ""), ())
        return (in_use, *(one.key for one in known if one.key.id != in_use.id))

    def make_signing(self, connection: Connection, number: int) -> None:
        """The seed of the ledger's signing key of this number, where there is none yet."""
        fresh = self._fresh(SIGNING, str(number))
        connection.execute(insert_or_ignore(connection, keys).values(fresh))

    def signing(self, connection: Connection, number: int) -> Key:
        is_it = (keys.c.kind == SIGNING, keys.c.period == str(number))
        return self.by_id(connection, connection.scalar(select(keys.c.id).where(*is_it)))

    def make_ready(self) -> Today:
        """Called before a unit of work opens: nothing inside it has to make a key or look for one.

        To make one inside would mean a second writing transaction, and SQLite has one writer.
        """
        if self._has_to_look_again():
            self._look()
        for key in (self.registry, self.lookup, self.pepper, self.fingerprint):
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
            self._by_id[key_id] = self._opened(row)
        return self._by_id[key_id]

    def forget(self) -> None:
        """Opened keys are looked up again: after one was destroyed or brought back."""
        self._versions = {}
        self._by_id.clear()
        self._looked_at = None

    # Changing keys

    def rotate(self, connection: Connection, kind: KeyKind) -> Key:
        """A new version, announced with the commit and used from ANNOUNCED later on."""
        rows = connection.execute(select(keys.c.period).where(keys.c.kind == kind.value)).scalars()
        base = self._base_now(kind)
        numbers = [_number(kind, period) for period in rows if _base(kind, period) == base]
        period = _period(kind, base, max(numbers, default=0) + 1)
        fresh = self._fresh(kind, period)
        connection.execute(keys.insert().values(fresh))
        return self._opened_values(fresh)

    def rewrap(self, connection: Connection) -> int:
        """Wraps with the first master what an earlier one had wrapped. Returns how many."""
        rows = connection.execute(select(keys).with_for_update()).all()
        changed = [row for row in rows if not self._opens(self._masters[0], row)]
        for row in changed:
            wrapped = seal(self._masters[0], self._opened(row).value, _bound_to(row))
            connection.execute(update(keys).where(keys.c.id == row.id).values(wrapped=wrapped))
        return len(changed)

    def destroy(self, connection: Connection, key_id: UUID) -> None:
        """What it sealed is noise from now on; other processes notice when they look again."""
        connection.execute(delete(keys).where(keys.c.id == key_id))
        self._by_id.pop(key_id, None)
        for versions in self._versions.values():
            versions[:] = [one for one in versions if one.key.id != key_id]

    def listed(self) -> list[KeyRow]:
        self.make_ready()
        with self._database.read() as connection:
            rows = connection.execute(select(keys).order_by(keys.c.kind, keys.c.created_at)).all()
        in_use = {self._ready(kind).id for kind in KeyKind}
        in_use |= {row.id for row in [row for row in rows if row.kind == SIGNING][-1:]}
        return [
            KeyRow(
                row.id,
                row.kind,
                row.period,
                row.created_at,
                row.id in in_use,
                self._opened_or_none(row) is not None,
            )
            for row in rows
        ]

    # Inside

    def _has_to_look_again(self) -> bool:
        last, now = self._looked_at, self._clock.now()
        return last is None or now < last or now - last >= _LOOK_AGAIN

    def _look(self) -> None:
        now = self._clock.now()
        # Not while another thread makes a key: what was read before would overwrite it.
        with self._lock, self._database.read() as connection:
            self._take_in(connection.execute(select(keys)).all())
        self._looked_at = now

    def _take_in(self, rows: Sequence[AnyRow]) -> None:
        """Keys that are gone from the table are gone from memory too. One that does not open is
        passed over: only what it sealed is lost, and whoever needs it is told by `by_id`."""
        by_id: dict[UUID, Key] = {}
        versions: dict[tuple[KeyKind, str], list[_Version]] = {}
        for row in (row for row in rows if row.kind != SIGNING):
            key = self._by_id.get(row.id) or self._opened_or_none(row)
            if key is None:
                continue
            by_id[row.id], kind = key, KeyKind(row.kind)
            one = _Version(key, _number(kind, row.period), row.created_at)
            versions.setdefault((kind, _base(kind, row.period)), []).append(one)
        for same in versions.values():
            same.sort(key=_by_number, reverse=True)
        self._by_id, self._versions = by_id, versions

    def _ready(self, kind: KeyKind) -> Key:
        known = self._in_use(kind)
        if known is not None:
            return known
        with self._lock:
            return self._in_use(kind) or self._find_or_make(kind)

    def _in_use(self, kind: KeyKind) -> Key | None:
        """The newest version that was announced long enough ago; the first needs no announcing."""
        versions = self._versions.get((kind, self._base_now(kind)))
        if not versions:
            return None
        before = self._clock.now() - ANNOUNCED
        for one in versions:
            if one.created_at <= before:
                return one.key
        return versions[-1].key

    def _find_or_make(self, kind: KeyKind) -> Key:
        base = self._base_now(kind)
        first = self._fresh(kind, _period(kind, base, 1))
        with self._database.write() as connection:
            connection.execute(insert_or_ignore(connection, keys).values(first))
            self._take_in(connection.execute(select(keys)).all())
        found = self._in_use(kind)
        if found is not None:
            return found
        if base != self._base_now(kind):  # the clock went past midnight in between
            return self._find_or_make(kind)
        raise SealBrokenError("keys")

    def _base_now(self, kind: KeyKind) -> str:
        shape = _PERIODS.get(kind)
        return "" if shape is None else self._clock.now().astimezone(BANGKOK).strftime(shape)

    def _fresh(self, kind: str, period: str) -> dict[str, Any]:
        bound_to = f"keys:{kind}:{period}".encode()
        return {
            "id": new_id(),
            "kind": str(kind),
            "period": period,
            "wrapped": seal(self._masters[0], secrets.token_bytes(_KEY_BYTES), bound_to),
            "created_at": self._clock.now(),
        }

    def _opened_values(self, values: dict[str, Any]) -> Key:
        bound_to = f"keys:{values['kind']}:{values['period']}".encode()
        value = unseal(self._masters[0], values["wrapped"], bound_to)
        return Key(values["id"], values["period"], value)

    def _opened(self, row: AnyRow) -> Key:
        for master in self._masters:
            try:
                return Key(row.id, row.period, unseal(master, row.wrapped, _bound_to(row)))
            except SealBrokenError:
                continue
        raise SealBrokenError("keys")

    def _opened_or_none(self, row: AnyRow) -> Key | None:
        try:
            return self._opened(row)
        except SealBrokenError:
            return None

    def _opens(self, master: bytes, row: AnyRow) -> bool:
        try:
            unseal(master, row.wrapped, _bound_to(row))
        except SealBrokenError:
            return False
        return True


# How a key's period is written: '2026-11' and then '2026-11.2' for a month; '1', '2' for a kind
# that has no period of its own.
_PERIODS = {KeyKind.DAY: "%Y-%m-%d", KeyKind.MONTH: "%Y-%m"}


def _period(kind: KeyKind, base: str, number: int) -> str:
    if kind not in _PERIODS:
        return str(number)
    return base if number == 1 else f"{base}.{number}"


def _base(kind: KeyKind, period: str) -> str:
    return period.partition(".")[0] if kind in _PERIODS else ""


def _number(kind: KeyKind, period: str) -> int:
    if kind in _PERIODS:
        return int(period.partition(".")[2] or 1)
    return int(period)


def _by_number(version: _Version) -> int:
    return version.number


def _bound_to(row: AnyRow) -> bytes:
    return f"keys:{row.kind}:{row.period}".encode()


def open_with_any(candidates: Sequence[Key], sealed: bytes, bound_to: bytes) -> bytes:
    """For values that do not say which version of their key sealed them."""
    for key in candidates:
        try:
            return unseal(key.value, sealed, bound_to)
        except SealBrokenError:
            continue
    raise SealBrokenError(bound_to.split(b":")[0].decode())
