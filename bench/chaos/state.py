"""What a run left behind, read once, so that checks are plain questions to plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select

from bot.bootstrap import Parts
from bot.ledger.entry import commitment
from bot.storage.keyring import unseal
from bot.storage.tables import (
    disclosures,
    inbox,
    incident_messages,
    incidents,
    ledger_entries,
    ledger_openings,
    looks,
    outbox,
)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Sent:
    """The outside: what was delivered to the product, and what it said to LINE."""

    accepted: frozenset[str]
    expected: Mapping[str, frozenset[str]]
    left: int = 0
    # For each accepted call to LINE that warns: the token of its incident.
    warnings: Sequence[str] = ()
    # What people wrote: none of it may be in a log.
    texts: Sequence[str] = ()
    logs: Mapping[str, str] = field(default_factory=dict)
    # Event id → message id of each picture and file: LINE held what that id says.
    contents: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """A ledger entry with what it opens to; `facts` is None where it opens to nothing."""

    kind: str
    subject: UUID | None
    facts: Mapping[str, Any] | None
    is_true: bool


@dataclass(frozen=True)
class State:
    """The inside, after upkeep has forgotten what need not be kept."""

    inbox: Sequence[Row]
    outbox: Sequence[Row]
    looks: Sequence[Row]
    incidents: Sequence[Row]
    messages: Sequence[Row]
    disclosures: Sequence[Row]
    entries: Sequence[Entry]


def rows(parts: Parts, table: Table) -> list[Row]:
    with parts.database.read() as connection:
        return [dict(row._mapping) for row in connection.execute(select(table))]


def read_state(parts: Parts) -> State:
    return State(
        inbox=rows(parts, inbox),
        outbox=rows(parts, outbox),
        looks=rows(parts, looks),
        incidents=rows(parts, incidents),
        messages=rows(parts, incident_messages),
        disclosures=rows(parts, disclosures),
        entries=_entries(parts),
    )


def _entries(parts: Parts) -> list[Entry]:
    openings = {row["entry_id"]: row for row in rows(parts, ledger_openings)}
    with parts.database.read() as connection:
        return [
            _entry(parts, connection, row, openings.get(row["id"]))
            for row in rows(parts, ledger_entries)
        ]


def _entry(parts: Parts, connection: Any, row: Row, opening: Row | None) -> Entry:  # noqa: ANN401
    if opening is None:
        return Entry(row["kind"], row["subject"], None, is_true=False)
    month = parts.keys.by_id(connection, opening["month_key_id"])
    sealed_to = b"ledger_openings:" + row["id"].bytes
    facts = json.loads(unseal(month.value, opening["facts_sealed"], sealed_to))
    is_true = commitment(opening["salt"], facts) == row["commitment"]
    return Entry(row["kind"], row["subject"], facts, is_true=is_true)
