"""Incidents (patient data outside an approved group) and disclosures (inside one)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from bot.domain.findings import Label
    from bot.domain.fingerprints import Fingerprint


# For so long an emergency keeps the bot from talking; never from writing down.
EMERGENCY_PASS = timedelta(minutes=60)


class Standing(StrEnum):
    """Whether others can still read a message."""

    STANDING = "standing"
    EDITED_CLEAN = "edited_clean"
    UNSENT = "unsent"
    APPROVED_LATER = "approved_later"


class Answer(StrEnum):
    """What the warned person said with a button. A claim proves nothing."""

    CLAIMED = "claimed"
    DISPUTED = "disputed"


class Basis(StrEnum):
    """What allowed it, as far as anybody has said."""

    CARE = "care"
    CONSENT = "consent"
    EMERGENCY = "emergency"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Incident:
    """One burst of one sender in one group; has many messages, closes when none stands."""

    id: UUID
    token: str
    group_id: UUID
    person_id: UUID | None
    opened_at: datetime
    last_message_at: datetime
    is_simulated: bool
    policy_version: int
    roster_id: UUID | None
    # For people; given as the last thing before the commit, so not there while it is opened.
    case_number: str | None = None
    disputed_at: datetime | None = None
    claimed_at: datetime | None = None
    closed_at: datetime | None = None
    basis: Basis = Basis.UNKNOWN

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Link:
    """The same content, posted elsewhere: another incident, or a disclosure."""

    incident_id: UUID | None
    disclosure_id: UUID | None
    group_id: UUID | None
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class FlaggedMessage:
    """A message of an incident. Excerpt and rewrite are masked, sealed at rest, and erasable."""

    id: UUID
    incident_id: UUID
    occurred_at: datetime
    text_at: datetime
    labels: tuple[Label, ...]
    standing: Standing = Standing.STANDING
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """What is written down of a flagged message."""

    message_id: str | None
    occurred_at: datetime
    text_at: datetime
    labels: tuple[Label, ...]
    reasons: tuple[str, ...]
    excerpt: str
    rewrite: str
    tokens: tuple[PatientNumber, ...]
    fingerprint: Fingerprint | None = None
    # As it was written. Kept only where the hospital turns evidence on, and sealed.
    original: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PatientNumber:
    """A normalised identifier on its way to becoming a keyed hash; never stored as it is."""

    label: Label
    value: str

    def __repr__(self) -> str:
        return f"PatientNumber({self.label})"


class Channel(StrEnum):
    GROUP = "group"
    HAND_OVER = "hand_over"
    SELF_RECORDED = "self_recorded"


@dataclass(frozen=True, slots=True)
class Disclosure:
    id: UUID
    group_id: UUID | None
    person_id: UUID | None
    roster_id: UUID | None
    occurred_at: datetime
    policy_version: int
    channel: Channel = Channel.GROUP
    basis: Basis = Basis.CARE
    taken_back_at: datetime | None = None
