"""'Is there a patient in this picture?': asked where a look alone cannot tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from bot.domain.sights import SightKind

# Staff share their own faces all day: of a face alone nobody is asked more often than this.
FACE_ONCE_IN = timedelta(hours=1)
FACES_OF_GROUP_IN = timedelta(hours=24)
MOST_FACES_OF_GROUP = 3


class QuestionEnd(StrEnum):
    """What became of a question."""

    NO_PATIENT = "no_patient"
    PATIENT = "patient"
    UNANSWERED = "unanswered"
    TAKEN_BACK = "taken_back"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True)
class Question:
    """One question about one picture, or about all of a set or a burst."""

    id: UUID
    token: str
    group_id: UUID
    person_id: UUID
    about: SightKind
    occurred_at: datetime
    asked_at: datetime
    ends_at: datetime
    policy_version: int
    answer: QuestionEnd | None = None

    def is_open(self, now: datetime) -> bool:
        return self.answer is None and now < self.ends_at
