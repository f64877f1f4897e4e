"""All that is held on one patient or one member of staff, for themselves to read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from bot.domain.traces import Trace

Cell = str | int | bool | datetime | None


@dataclass(frozen=True, slots=True)
class HeldText:
    """What is kept of a message's text: masked, as it was when it was flagged."""

    at: datetime
    labels: str
    standing: str
    excerpt: str | None
    has_original: bool


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """An incident or a disclosure. `kept_for`: why it cannot be erased now, if so."""

    trace: Trace
    group: str
    sender: str
    is_restricted: bool
    kept_for: str | None
    texts: tuple[HeldText, ...] = ()


@dataclass(frozen=True, slots=True)
class Holdings:
    """`rows`: by table, whatever else points at this person."""

    records: tuple[HeldRecord, ...] = ()
    tokens: int = 0
    rows: Mapping[str, Sequence[Mapping[str, Cell]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PatientRows:
    """Ids of what speaks of one patient, but for what has to be kept: these can be erased."""

    tokens: tuple[UUID, ...] = ()
    messages: tuple[UUID, ...] = ()
    incidents: tuple[UUID, ...] = ()
    disclosures: tuple[UUID, ...] = ()
    kept_cases: tuple[str, ...] = ()

    @property
    def records(self) -> tuple[UUID, ...]:
        return (*self.incidents, *self.disclosures)
