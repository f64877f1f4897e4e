"""'รับทราบ': where a group asks for it, its members tap that they have seen a disclosure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class AcknowledgementRequest:
    """One for a burst of disclosures of one sender."""

    id: UUID
    token: str
    group_id: UUID
    person_id: UUID | None
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Somebody tapped; the first tap counts."""

    person_id: UUID
    at: datetime
