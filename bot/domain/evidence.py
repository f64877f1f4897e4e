"""Who may open a sealed original: two people of different roles, for a reason, once, and soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

# A request that nobody approves is over after this; an approved one is opened within the other.
APPROVE_WITHIN = timedelta(days=7)
OPEN_WITHIN = timedelta(minutes=30)


class Role(StrEnum):
    """As what somebody asks for evidence, or approves."""

    QUALITY = "quality"
    DPO = "dpo"
    IT = "it"
    DIRECTOR = "director"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who somebody says they are, and whose account they sat at."""

    name: str
    role: Role
    account: str

    def is_of(self, name: str, account: str) -> bool:
        return _plain(self.name) == _plain(name) and self.account == account


@dataclass(frozen=True, slots=True)
class EvidenceRequest:
    id: UUID
    code: str
    incident_id: UUID
    case: str
    reason: str
    requested: Signature
    requested_at: datetime
    approved: Signature | None = None
    approved_at: datetime | None = None
    opened_at: datetime | None = None

    def state(self, now: datetime) -> str:
        if self.opened_at is not None:
            return "opened"
        if self.approved_at is None:
            return "waits for approval" if now < self.requested_at + APPROVE_WITHIN else "over"
        return "approved" if now < self.approved_at + OPEN_WITHIN else "over"

    def check_approval(self, by: Signature, now: datetime) -> None:
        if self.approved_at is not None:
            raise UsageError(f"{self.code}: is approved already; nothing was changed")
        if now >= self.requested_at + APPROVE_WITHIN:
            raise UsageError(f"{self.code}: nobody approved it within seven days; ask anew")
        if _plain(by.name) == _plain(self.requested.name) or by.role is self.requested.role:
            raise UsageError(
                f"{self.code}: was requested by {self.requested.name} as {self.requested.role}; "
                "another person of another role has to approve it"
            )

    def check_opening(self, name: str, account: str, now: datetime) -> None:
        if not self.requested.is_of(name, account):
            raise UsageError(f"{self.code}: only who requested it opens it, from the same account")
        if self.opened_at is not None:
            raise UsageError(f"{self.code}: was opened already; ask anew")
        if self.approved_at is None:
            raise UsageError(f"{self.code}: nobody has approved it yet")
        if now >= self.approved_at + OPEN_WITHIN:
            raise UsageError(f"{self.code}: its 30 minutes are over; ask anew")


@dataclass(frozen=True, slots=True)
class Original:
    """A sealed text, opened; None where its key was destroyed."""

    at: datetime
    labels: str
    text: str | None

    def __repr__(self) -> str:
        return f"Original({self.at})"


def _plain(name: str) -> str:
    return "".join(name.casefold().split())
