"""What bundles and receipts are made of, out of one snapshot; and what was kept elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from bot.domain.ids import new_id
from bot.errors import SealBrokenError
from bot.ledger.bundle import Ledger, PlacedEntry, Signed
from bot.ledger.entry import Entry, EntryKind
from bot.ledger.merkle import Tree
from bot.storage.keyring import KeyRing, unseal
from bot.storage.ledger_reads import LedgerReader
from bot.storage.ledger_sealer import newest_checkpoint, note_of
from bot.storage.ledger_store import SqlLedgerWriter, opening_bound_to
from bot.storage.tables import (
    ledger_checkpoints,
    ledger_entries,
    ledger_kept,
    ledger_leaves,
    ledger_openings,
)

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Connection, Select

    from bot.storage.keyring import Today
    from bot.storage.types import AnyRow

_PLACED = select(ledger_leaves.c.position, ledger_leaves.c.leaf, ledger_entries).join(
    ledger_entries, ledger_entries.c.id == ledger_leaves.c.entry_id
)


def newest_signed(connection: Connection) -> Signed | None:
    row = newest_checkpoint(connection)
    return None if row is None else Signed(row.size, note_of(connection, row))


def ledger_under(connection: Connection, newest: Signed) -> Ledger:
    leaves = select(ledger_leaves.c.leaf).where(ledger_leaves.c.position < newest.size)
    tree = Tree(connection.scalars(leaves.order_by(ledger_leaves.c.position)))
    keys = LedgerReader(connection).keys()
    return Ledger(tree, newest, _kept_before(connection, newest.size), keys)


def _kept_before(connection: Connection, size: int) -> list[Signed]:
    sizes = select(ledger_kept.c.size).where(ledger_kept.c.size < size)
    rows = connection.execute(
        select(ledger_checkpoints)
        .where(ledger_checkpoints.c.size.in_(sizes))
        .order_by(ledger_checkpoints.c.size)
    ).all()
    return [Signed(row.size, note_of(connection, row)) for row in rows]


def entries_between(
    connection: Connection, since: datetime, until: datetime, size: int
) -> list[PlacedEntry]:
    of_the_time = _PLACED.where(
        ledger_entries.c.at >= since, ledger_entries.c.at < until, ledger_leaves.c.position < size
    )
    return _placed(connection, of_the_time.order_by(ledger_leaves.c.position))


def entry_of(connection: Connection, entry_id: UUID, size: int) -> PlacedEntry | None:
    this_one = _PLACED.where(ledger_entries.c.id == entry_id, ledger_leaves.c.position < size)
    return next(iter(_placed(connection, this_one)), None)


def _placed(connection: Connection, statement: Select[Any]) -> list[PlacedEntry]:
    return [
        PlacedEntry(row.position, Entry(*row[2:]), row.leaf)
        for row in connection.execute(statement)
    ]


def opened_entry(connection: Connection, keys: KeyRing, placed: PlacedEntry) -> PlacedEntry:
    """Where the ledger has forgotten them, or their key is gone, the entry stands without."""
    entry_id = placed.entry.id
    row = connection.execute(
        select(ledger_openings).where(ledger_openings.c.entry_id == entry_id)
    ).one_or_none()
    if row is None:
        return placed
    try:
        facts = opened(connection, keys, row)
    except SealBrokenError:
        return placed
    return PlacedEntry(placed.position, placed.entry, placed.leaf, row.salt, facts)


def opened(connection: Connection, keys: KeyRing, row: AnyRow) -> bytes:
    key = keys.by_id(connection, row.month_key_id)
    return unseal(key.value, row.facts_sealed, opening_bound_to(row.entry_id))


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint was given to somebody to keep: by `mail`, as a printed `page`, as a `file`."""

    size: int
    way: str
    to: str
    by: str
    at: datetime


def record_kept(connection: Connection, today: Today, kept: Kept) -> None:
    kept_id = new_id()
    row = {"id": kept_id, "size": kept.size, "at": kept.at, "way": kept.way}
    connection.execute(insert(ledger_kept), [row])
    writer = SqlLedgerWriter(connection, today)
    facts = {"size": kept.size, "way": kept.way, "to": kept.to}
    writer.append(EntryKind.CHECKPOINT_KEPT, by=kept.by, at=kept.at, subject=kept_id, facts=facts)
    writer.write()
