"""The sealer: gives committed entries their places in the tree, and signs what came of it.

Places, checkpoint and the list of what waits change in one transaction: after a crash anywhere
there is the old state or the new one. Entries are read before it begins, since they never change;
it writes only what nobody else writes, so that those who enter something do not wait for it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from bot.errors import LedgerBrokenError
from bot.ledger.checkpoint import Checkpoint, note, one_line, origin_of
from bot.ledger.entry import Entry
from bot.ledger.merkle import HASH_BYTES, Frontier, leaf_hash
from bot.storage.ledger_keys import all_keys
from bot.storage.ledger_turn import take_turn
from bot.storage.tables import (
    ledger_checkpoints,
    ledger_entries,
    ledger_frontier,
    ledger_leaves,
    ledger_unsealed,
)
from bot.storage.upsert import insert_into

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import Connection

    from bot.ports import Clock
    from bot.storage.engine import Database
    from bot.storage.ledger_keys import LedgerKeys
    from bot.storage.types import AnyRow

# How many entries a transaction seals at the most: on SQLite others wait while it writes.
BATCH = 2000
# How often the sealer looks, and so how often a checkpoint is signed while something happens.
SEAL_SECONDS = 5.0
_LONGEST_NAME = 200
_THE_FRONTIER = 1


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What was seen before the transaction: how far the tree was, and what comes next."""

    size: int
    listed: Sequence[UUID]
    entries: Sequence[Entry]


class LedgerSealer:
    def __init__(
        self, database: Database, ledger_keys: LedgerKeys, clock: Clock, hospital: str
    ) -> None:
        self._database = database
        self._keys = ledger_keys
        self._clock = clock
        self._hospital = one_line(hospital)[:_LONGEST_NAME]

    def run(self) -> int:
        """One batch; 0 when nothing more is waiting, so that a loop then rests."""
        sealed = self.seal()
        return sealed if sealed >= BATCH else 0

    def seal_all(self) -> None:
        while self.run():
            pass

    def seal(self) -> int:
        waiting = self._look()
        if not waiting.entries:
            return 0
        if self._keys.make_first():
            waiting = self._look()  # the new key is an entry, too
        leaves = [leaf_hash(entry.leaf_bytes()) for entry in waiting.entries]
        with self._database.write() as connection:
            if not take_turn(connection):
                return 0
            if _size(connection) != waiting.size:
                return BATCH  # somebody was quicker: look again
            grown = _frontier(connection, waiting.size).grown_by(leaves)
            _place(connection, waiting, leaves)
            _remember(connection, grown)
            self._sign(connection, grown)
        return len(leaves)

    def _look(self) -> _Waiting:
        with self._database.read() as connection:
            return _waiting(connection)

    def _sign(self, connection: Connection, grown: Frontier) -> None:
        keys = all_keys(connection)
        last = newest_checkpoint(connection)
        checkpoint = Checkpoint(
            size=grown.size,
            previous_size=0 if last is None else last.size,
            root=grown.root(),
            at=self._clock.now(),
            hospital=self._hospital,
            key_number=keys[-1].number,
        )
        text = checkpoint.text(origin_of(keys[0].public))
        connection.execute(
            insert(ledger_checkpoints).values(
                **asdict(checkpoint),
                signature=self._keys.sign(connection, checkpoint.key_number, text),
            )
        )


def _waiting(connection: Connection) -> _Waiting:
    """By id, step by step: one query over all tables is planned well only with fresh statistics,
    and a plan that walks through the whole ledger would be slower with every year."""
    size, unsealed = _size(connection), ledger_unsealed.c.entry_id
    listed = connection.scalars(select(unsealed).order_by(unsealed).limit(BATCH)).all()
    if not listed:
        return _Waiting(size, (), ())
    leaves = select(ledger_leaves.c.entry_id).where(ledger_leaves.c.entry_id.in_(listed))
    placed = set(connection.scalars(leaves))
    entries = select(ledger_entries).where(ledger_entries.c.id.in_(listed))
    rows = connection.execute(entries.order_by(ledger_entries.c.id))
    return _Waiting(size, listed, [Entry(*row) for row in rows if row.id not in placed])


def _size(connection: Connection) -> int:
    last: int | None = connection.scalar(select(func.max(ledger_leaves.c.position)))
    return 0 if last is None else last + 1


def _place(connection: Connection, waiting: _Waiting, leaves: Sequence[bytes]) -> None:
    rows = [
        {"position": position, "entry_id": entry.id, "leaf": leaf}
        for position, (entry, leaf) in enumerate(
            zip(waiting.entries, leaves, strict=True), start=waiting.size
        )
    ]
    connection.execute(insert(ledger_leaves), rows)
    listed = ledger_unsealed.c.entry_id.in_(waiting.listed)
    connection.execute(delete(ledger_unsealed).where(listed))


def _frontier(connection: Connection, size: int) -> Frontier:
    """What the tree goes on from: only if the last checkpoint says the same of it."""
    row = connection.execute(select(ledger_frontier)).one_or_none()
    if row is not None:
        kept = Frontier(row.size, _cut(row.hashes))
        if _is_signed_state(connection, kept, size):
            return kept
    leaves = connection.scalars(select(ledger_leaves.c.leaf).order_by(ledger_leaves.c.position))
    again = Frontier().grown_by(leaves)
    if not _is_signed_state(connection, again, size):
        raise LedgerBrokenError("its tables contradict each other: python -m bot ledger verify")
    return again


def _is_signed_state(connection: Connection, frontier: Frontier, size: int) -> bool:
    last = newest_checkpoint(connection)
    signed = (0, Frontier().root()) if last is None else (last.size, last.root)
    return size == frontier.size and (frontier.size, frontier.root()) == signed


def _cut(hashes: bytes) -> tuple[bytes, ...]:
    starts = range(0, len(hashes), HASH_BYTES)
    return tuple(hashes[start : start + HASH_BYTES] for start in starts)


def _remember(connection: Connection, frontier: Frontier) -> None:
    values = {"size": frontier.size, "hashes": b"".join(frontier.hashes)}
    statement = insert_into(connection, ledger_frontier).values(id=_THE_FRONTIER, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def newest_checkpoint(connection: Connection) -> AnyRow | None:
    newest_first = select(ledger_checkpoints).order_by(ledger_checkpoints.c.size.desc())
    return connection.execute(newest_first.limit(1)).one_or_none()


def note_of(connection: Connection, row: AnyRow) -> str:
    """A stored checkpoint in the form in which it is sent, printed and kept."""
    keys = all_keys(connection)
    origin = origin_of(keys[0].public)
    columns = (column.name for column in ledger_checkpoints.c if column.name != "signature")
    checkpoint = Checkpoint(**{name: getattr(row, name) for name in columns})
    public = keys[row.key_number - 1].public
    return note(checkpoint.text(origin), origin, public, row.signature)
