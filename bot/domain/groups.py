"""Groups, people and who was in a group when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


class GroupKind(StrEnum):
    CARE_TEAM = "care_team"
    REFERRAL_NETWORK = "referral_network"
    UNIT = "unit"
    HOSPITAL_WIDE = "hospital_wide"
    TEACHING = "teaching"
    SOCIAL = "social"
    UNKNOWN = "unknown"


# No approval turns the others into care: they have members who do not treat the patient.
APPROVABLE = (GroupKind.CARE_TEAM, GroupKind.REFERRAL_NETWORK, GroupKind.UNIT)


class Approval(StrEnum):
    """Not approved until approved; suspended is not approved either."""

    NONE = "none"
    APPROVED = "approved"
    SUSPENDED = "suspended"


class Language(StrEnum):
    THAI = "th"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Group:
    """A LINE group or old multi-person chat that the bot is or was in."""

    id: UUID
    line_id: str
    is_room: bool = False
    name: str = ""
    kind: GroupKind = GroupKind.UNKNOWN
    approval: Approval = Approval.NONE
    purpose: str = ""
    owner: str = ""
    approved_from: datetime | None = None
    review_at: datetime | None = None
    is_simulated: bool = False
    language: Language = Language.THAI
    member_count: int | None = None
    changed_at: datetime | None = None
    left_at: datetime | None = None
    asks_acknowledgement: bool = False

    def is_approved(self, at: datetime) -> bool:
        """Approved at that moment: an approval neither begins before it was given, so that a
        message which arrives late is judged as when it was sent, nor outlives its review date."""
        if self.approval is not Approval.APPROVED:
            return False
        if self.approved_from is None or self.review_at is None:
            return False
        return self.approved_from <= at < self.review_at


class SenderKind(StrEnum):
    LINKED_STAFF = "linked_staff"
    CONFIRMED_OUTSIDE_STAFF = "confirmed_outside_staff"
    UNLINKED = "unlinked"
    NO_ID = "no_id"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a LINE id. `is_friend` says whether a private message can arrive."""

    id: UUID
    line_id: str
    name: str = ""
    kind: SenderKind = SenderKind.UNLINKED
    is_friend: bool = False
    follow_changed_at: datetime | None = None


class KnownBy(StrEnum):
    """How a member is known to be in the group."""

    SPOKE = "spoke"
    JOIN_EVENT = "join_event"
    LEAVE_EVENT = "leave_event"
    API = "api"
    REGISTER = "register"


@dataclass(frozen=True, slots=True)
class Member:
    person_id: UUID
    known_by: KnownBy
    is_present: bool
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A chat and a person in it, as far as we know them."""

    group: Group | None = None
    person: Person | None = None
    member: Member | None = None
