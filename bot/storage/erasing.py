"""Erases a record with all that belongs to it, in every table there is.

Which tables those are is read off their foreign keys, so that one that is added later is not
forgotten.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, delete, null, or_, select, update

from bot.storage.tables import (
    disclosures,
    evidence,
    incident_messages,
    incidents,
    ledger_entries,
    ledger_openings,
    metadata,
    rosters,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Connection, Table

# They stand by themselves: when what they point at goes, they only lose the way to it.
_RECORDS = (incidents, disclosures, rosters)


@dataclass(frozen=True, slots=True)
class Reference:
    """A column of another table, and the column of ours that it points at."""

    column: Any
    to: Any


@cache
def references_to(table: Table) -> tuple[Reference, ...]:
    return tuple(
        Reference(key.parent, key.column)
        for other in metadata.sorted_tables
        for key in other.foreign_keys
        if key.column.table is table
    )


def erase(connection: Connection, table: Table, ids: Sequence[UUID]) -> Counter[str]:
    """How many rows went, by table. What refers to them goes first, however far away."""
    return _erase(connection, table.c.id, ids)


def _erase(connection: Connection, column: Any, values: Sequence[Any]) -> Counter[str]:  # noqa: ANN401 - a column of any table
    table, gone = column.table, Counter[str]()
    for reference in references_to(table):
        keys = _values(connection, reference.to, column, values)
        if keys and reference.column.table in _RECORDS:
            _let_go(connection, reference.column, keys)
        elif keys:
            gone += _erase(connection, reference.column, keys)
    gone[table.name] += connection.execute(delete(table).where(column.in_(values))).rowcount
    return gone


def _values(
    connection: Connection,
    wanted: Any,  # noqa: ANN401
    column: Any,  # noqa: ANN401
    values: Sequence[Any],
) -> Sequence[Any]:
    if wanted is column:
        return values
    return connection.scalars(select(wanted).where(column.in_(values))).all()


def _let_go(connection: Connection, column: Any, keys: Sequence[Any]) -> None:  # noqa: ANN401
    connection.execute(update(column.table).where(column.in_(keys)).values({column: null()}))


def with_text() -> ColumnElement[bool]:
    """Messages of whose text something is kept."""
    message, original = incident_messages.c, evidence.c.incident_message_id
    return or_(
        message.excerpt_sealed.is_not(None),
        message.rewrite_sealed.is_not(None),
        select(original).where(original == message.id).exists(),
    )


def erase_texts(connection: Connection, message_ids: Sequence[UUID]) -> None:
    """What these messages said: masked excerpt and rewrite, and the original where it is kept."""
    connection.execute(
        update(incident_messages)
        .where(incident_messages.c.id.in_(message_ids))
        .values(excerpt_sealed=None, rewrite_sealed=None, rewrite_until=None)
    )
    connection.execute(delete(evidence).where(evidence.c.incident_message_id.in_(message_ids)))


def erase_openings_of(
    connection: Connection, subjects: Sequence[UUID], until: datetime | None = None
) -> int:
    """The ledger forgets what its entries about these say; the entries stay."""
    of_these = select(ledger_entries.c.id).where(ledger_entries.c.subject.in_(subjects))
    if until is not None:
        of_these = of_these.where(ledger_entries.c.at <= until)
    return connection.execute(
        delete(ledger_openings).where(ledger_openings.c.entry_id.in_(of_these))
    ).rowcount
