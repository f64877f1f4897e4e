"""What is found when a patient, a person or a group is followed through the records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.audience import Stood
from bot.domain.incidents import Basis, Standing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from bot.domain.acknowledgements import Acknowledged
    from bot.domain.audience import Audience
    from bot.domain.exports import RecordKind
    from bot.domain.findings import Label


@dataclass(frozen=True, slots=True)
class Posting:
    """One message: when it came, and until when others could read it."""

    at: datetime
    standing: Standing
    ended_at: datetime | None = None

    @property
    def stood(self) -> Stood:
        return Stood(self.at, self.ended_at)


@dataclass(frozen=True, slots=True)
class Trace:
    """An incident or a disclosure, with the messages that were asked about."""

    kind: RecordKind
    id: UUID
    case_number: str | None
    group_id: UUID | None
    sender_id: UUID | None
    roster_id: UUID | None
    labels: tuple[Label, ...]
    postings: tuple[Posting, ...]
    basis: Basis
    is_simulated: bool
    audience: Audience | None = None
    acknowledgement_id: UUID | None = None
    acknowledged: tuple[Acknowledged, ...] = ()

    @property
    def at(self) -> datetime:
        return min(posting.at for posting in self.postings)

    @property
    def stood(self) -> Stood:
        """From the first message until none stood any more."""
        return whole_time(self.postings)

    @property
    def person_ids(self) -> frozenset[UUID]:
        """Everybody who is spoken of: sender, recipients, later joiners."""
        ids = set() if self.sender_id is None else {self.sender_id}
        if self.audience is not None:
            ids |= {one.person_id for one in self.audience.recipients}
            ids |= {one.person_id for one in self.audience.late}
            ids |= {one.person_id for one in self.audience.joined}
        return frozenset(ids | {one.person_id for one in self.acknowledged})

    def could_be_read_by(self, person_id: UUID) -> bool:
        return person_id in self.person_ids and person_id != self.sender_id


@dataclass(frozen=True, slots=True)
class Followed:
    """The newest first. `is_cut`: there are more than were asked for."""

    traces: tuple[Trace, ...]
    is_cut: bool
    people: Mapping[UUID, str]
    groups: Mapping[UUID, str]


def whole_time(postings: tuple[Posting, ...]) -> Stood:
    ends = [posting.ended_at for posting in postings]
    end = None if None in ends else max(filter(None, ends), default=None)
    return Stood(min(posting.at for posting in postings), end)
