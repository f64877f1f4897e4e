"""A record as it leaves the house: who sent which kinds of data to whom, and what became of it.

No text of a message, no excerpt, no patient's number; names only where somebody asked for them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

_TOKEN_LETTERS = 32


class RecordKind(StrEnum):
    """What a record is: an incident, or a disclosure."""

    INCIDENT = "incident"
    DISCLOSURE = "disclosure"


class Realm(StrEnum):
    """Where a record comes from. Only `live` ones count in indicators."""

    LIVE = "live"
    SIMULATED = "simulated"
    SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` on, up to but not including `end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Party:
    """A person or a group by our own id; `name` is empty unless names were asked for."""

    id: UUID
    name: str = ""


@dataclass(frozen=True, slots=True)
class Recipients:
    """A roster version: whom we know of it, and how many LINE counted."""

    roster_id: UUID
    people: tuple[Party, ...]
    member_count: int | None

    @property
    def unknown(self) -> int | None:
        """How many of the group we cannot name; None where LINE never told the count."""
        return None if self.member_count is None else max(0, self.member_count - len(self.people))

    def without(self, sender: Party | None) -> tuple[Party, ...]:
        return tuple(one for one in self.people if sender is None or one.id != sender.id)


@dataclass(frozen=True, slots=True)
class PatientToken:
    """Stands for one patient number: the same number, the same token, in every export."""

    label: str
    value: str


def token_of(label: str, digest: bytes) -> PatientToken:
    """Hashed once more on its way out, so that nobody can look a token up in the database's own
    table, or the other way round, without having the export as well."""
    once_more = hashlib.sha256(b"wongraksa token:" + digest).hexdigest()
    return PatientToken(label, once_more[:_TOKEN_LETTERS])


@dataclass(frozen=True, slots=True)
class ExportedRecord:
    """One incident with its messages, or one disclosure."""

    kind: RecordKind
    id: UUID
    realm: Realm
    case_number: str | None
    occurred_at: datetime
    last_message_at: datetime
    # When it was entered in the ledger; None where the entry is missing, which is itself a finding.
    recorded_at: datetime | None
    ended_at: datetime | None
    group: Party | None
    group_kind: str
    sender: Party | None
    recipients: Recipients | None
    labels: tuple[str, ...]
    tokens: tuple[PatientToken, ...]
    messages: int
    standing: int
    policy_version: int
    claimed_at: datetime | None = None
    disputed_at: datetime | None = None
    channel: str = ""
    basis: str = ""

    @property
    def minutes_visible(self) -> int | None:
        """From the first message until none stood any more."""
        if self.ended_at is None:
            return None
        return max(0, int((self.ended_at - self.occurred_at).total_seconds() // 60))


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself."""

    deployment: str
    hospital: str
    period: Period
    made_at: datetime
    with_names: bool
