"""What is gathered on a breach: the records as they are, and the ledger's entries as they check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from bot.domain.exports import ExportedRecord
from bot.domain.times import from_milliseconds, thai_date_time


@dataclass(frozen=True, slots=True)
class CheckedEntry:
    """An entry and what checking it came to.

    `opens`: its facts are those that were entered; None where the ledger has forgotten them.
    `included`: it is in the tree under the newest checkpoint; None where it has no place yet.
    """

    id: UUID
    kind: str
    at: datetime
    opens: bool | None
    included: bool | None
    position: int | None = None
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_verified(self) -> bool:
        return self.opens is True and self.included is True

    def account(self) -> str:
        """The facts in one line, for people."""
        if self.opens is None:
            return "(forgotten)"
        if not self.opens:
            return "(NOT what was entered)"
        return " · ".join(
            f"{name}: {_shown(name, value)}"
            for name, value in self.facts.items()
            if name not in _HIDDEN
        )


_HIDDEN = {"breach", "account"}
_TIMES = {"known", "told", "occurred", "text"}


def _shown(name: str, value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if name in _TIMES and isinstance(value, int):
        return thai_date_time(from_milliseconds(value))
    return str(value)


@dataclass(frozen=True, slots=True)
class CheckedLedger:
    """All entries of one incident, and the checkpoint that they were checked against."""

    entries: tuple[CheckedEntry, ...]
    checkpoint_size: int
    checkpoint_at: datetime | None
    is_signed: bool
    # Places of the whole tree whose entry is gone: any of them may have been one of this incident.
    missing: int = 0

    def of_kind(self, *kinds: str) -> tuple[CheckedEntry, ...]:
        return tuple(entry for entry in self.entries if entry.kind in kinds)


@dataclass(frozen=True, slots=True)
class CaseMessage:
    """A flagged message, without anything that was said in it."""

    id: UUID
    occurred_at: datetime
    labels: tuple[str, ...]
    standing: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What the records say of an incident."""

    record: ExportedRecord
    messages: tuple[CaseMessage, ...]
    known_by: Mapping[UUID, str]
    joined_later: int

    @property
    def numbers(self) -> Mapping[str, int]:
        """How many different patient numbers of each kind, by token."""
        return Counter(token.label for token in self.record.tokens)

    @property
    def people_at_least(self) -> int:
        """Two numbers of one kind are two people; a citizen number and an HN may be one."""
        return max(self.numbers.values(), default=1)

    @property
    def people_at_most(self) -> int:
        return max(len(self.record.tokens), 1)


class Agreement(StrEnum):
    """Whether a figure stands."""

    AGREES = "agrees"
    UNVERIFIED = "unverified"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Line:
    """A figure as the records have it and as the ledger has it, and how many entries check."""

    thai: str
    english: str
    recorded: str
    entered: str
    entries: int
    verified: int

    @property
    def agreement(self) -> Agreement:
        if self.recorded != self.entered:
            return Agreement.DIFFERS
        is_checked = self.verified == self.entries
        return Agreement.AGREES if is_checked else Agreement.UNVERIFIED
