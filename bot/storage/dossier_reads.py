"""Gathers a breach's dossier: its records, and every ledger entry of it, checked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from bot.domain.dossier import CaseFile, CaseMessage, CheckedEntry, CheckedLedger
from bot.errors import SealBrokenError
from bot.ledger import stranger
from bot.ledger.entry import Entry, commitment
from bot.ledger.merkle import Tree, leaf_hash
from bot.storage.keyring import unseal
from bot.storage.ledger_keys import is_signed
from bot.storage.ledger_reads import LedgerReader
from bot.storage.ledger_sealer import newest_checkpoint, note_of
from bot.storage.ledger_store import opening_bound_to
from bot.storage.tables import (
    incident_messages,
    incidents,
    ledger_entries,
    ledger_leaves,
    ledger_openings,
    members,
    roster_members,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Connection

    from bot.domain.exports import ExportedRecord
    from bot.storage.engine import Database
    from bot.storage.export_reads import ExportReads
    from bot.storage.keyring import KeyRing
    from bot.storage.types import AnyRow


class DossierReads:
    def __init__(self, database: Database, keys: KeyRing, export_reads: ExportReads) -> None:
        self._database = database
        self._keys = keys
        self._exports = export_reads

    def history(self, incident_id: UUID) -> Sequence[CheckedEntry]:
        """Every entry of this incident, with its facts where they open; the tree is not asked."""
        self._keys.make_ready()
        with self._database.read() as connection:
            return [
                self._checked(connection, row, None) for row in _entries(connection, incident_id)
            ]

    def ledger(self, incident_id: UUID) -> CheckedLedger:
        """The same, with each entry's place in the tree proved under the newest checkpoint.

        The tree of all leaves is built for it: seconds, with a million entries.
        """
        self._keys.make_ready()
        with self._database.snapshot() as connection:
            state = _State.of(connection)
            rows = _entries(connection, incident_id)
            entries = tuple(self._checked(connection, row, state) for row in rows)
            return CheckedLedger(
                entries, state.size, state.at, state.is_signed, _missing(connection)
            )

    def case(self, incident_id: UUID, *, with_names: bool) -> CaseFile | None:
        """None where the incident was purged: then only the ledger speaks of it."""
        record = self._exports.incident(incident_id, with_names=with_names)
        if record is None:
            return None
        with self._database.read() as connection:
            return CaseFile(
                record,
                _messages(connection, incident_id),
                _known_by(connection, record),
                _joined_later(connection, record),
            )

    def _checked(self, connection: Connection, row: AnyRow, state: _State | None) -> CheckedEntry:
        facts, opens = self._opened(connection, row)
        return CheckedEntry(
            row.id,
            row.kind,
            row.at,
            opens,
            None if state is None or row.position is None else state.includes(row),
            row.position,
            facts,
        )

    def _opened(
        self, connection: Connection, row: AnyRow
    ) -> tuple[Mapping[str, object], bool | None]:
        """Where its key was destroyed, the ledger has forgotten an entry's facts as well."""
        if row.facts_sealed is None:
            return {}, None
        try:
            key = self._keys.by_id(connection, row.month_key_id)
        except SealBrokenError:
            return {}, None
        try:
            facts = json.loads(unseal(key.value, row.facts_sealed, opening_bound_to(row.id)))
        except (SealBrokenError, ValueError):
            return {}, False
        return facts, commitment(row.salt, facts) == row.commitment


def _entries(connection: Connection, incident_id: UUID) -> Sequence[AnyRow]:
    return connection.execute(
        select(
            ledger_entries,
            ledger_openings.c.salt,
            ledger_openings.c.facts_sealed,
            ledger_openings.c.month_key_id,
            ledger_leaves.c.position,
            ledger_leaves.c.leaf,
        )
        .outerjoin(ledger_openings, ledger_openings.c.entry_id == ledger_entries.c.id)
        .outerjoin(ledger_leaves, ledger_leaves.c.entry_id == ledger_entries.c.id)
        .where(ledger_entries.c.subject == incident_id)
        .order_by(ledger_entries.c.at, ledger_entries.c.id)
    ).all()


def _missing(connection: Connection) -> int:
    is_gone = ledger_entries.c.id.is_(None)
    return (
        connection.scalar(
            select(func.count())
            .select_from(ledger_leaves)
            .outerjoin(ledger_entries, ledger_entries.c.id == ledger_leaves.c.entry_id)
            .where(is_gone)
        )
        or 0
    )


class _State:
    """The tree under the newest checkpoint. Checked with what is shipped to strangers."""

    def __init__(self, tree: Tree, size: int, root: bytes, at: datetime | None) -> None:
        self._tree = tree
        self._root = root
        self.size = size
        self.at = at
        self.is_signed = False

    @classmethod
    def of(cls, connection: Connection) -> _State:
        row = newest_checkpoint(connection)
        if row is None:
            return cls(Tree(()), 0, b"", None)
        leaves = select(ledger_leaves.c.leaf).where(ledger_leaves.c.position < row.size)
        tree = Tree(connection.scalars(leaves.order_by(ledger_leaves.c.position)))
        state = cls(tree, row.size, row.root, row.at)
        state.is_signed = _is_genuine(connection, row)
        return state

    def includes(self, row: AnyRow) -> bool:
        entry = Entry(row.id, row.kind, row.version, row.at, row.subject, row.commitment)
        leaf = leaf_hash(entry.leaf_bytes())
        try:
            proof = self._tree.inclusion(row.position, self.size)
            stranger.check_inclusion(leaf, row.position, self.size, proof, self._root)
        except (stranger.DoesNotHoldError, IndexError):
            return False
        return self.is_signed


def _is_genuine(connection: Connection, row: AnyRow) -> bool:
    try:
        keys = stranger.Keys(LedgerReader(connection).keys(), is_signed)
        keys.checkpoint(note_of(connection, row))
    except (stranger.DoesNotHoldError, stranger.CannotCheckError):
        return False
    return True


def _messages(connection: Connection, incident_id: UUID) -> tuple[CaseMessage, ...]:
    rows = connection.execute(
        select(incident_messages)
        .where(incident_messages.c.incident_id == incident_id)
        .order_by(incident_messages.c.occurred_at, incident_messages.c.id)
    )
    return tuple(
        CaseMessage(
            row.id,
            row.occurred_at,
            tuple(sorted(filter(None, row.labels.split(",")))),
            row.standing,
            row.ended_at,
        )
        for row in rows
    )


def _known_by(connection: Connection, record: ExportedRecord) -> dict[UUID, str]:
    if record.recipients is None:
        return {}
    rows = connection.execute(
        select(roster_members.c.person_id, roster_members.c.known_by).where(
            roster_members.c.roster_id == record.recipients.roster_id
        )
    )
    return {row.person_id: row.known_by for row in rows}


def _joined_later(connection: Connection, record: ExportedRecord) -> int:
    """Who joined while a message stood. They are not in the roster of its time."""
    known = [] if record.recipients is None else [one.id for one in record.recipients.people]
    since = members.c.since
    query: Any = (
        select(func.count())
        .select_from(members)
        .join(incidents, incidents.c.group_id == members.c.group_id)
        .where(incidents.c.id == record.id, since > record.occurred_at)
        .where(members.c.person_id.not_in(known))
    )
    if record.ended_at is not None:
        query = query.where(since <= record.ended_at)
    return connection.scalar(query) or 0
