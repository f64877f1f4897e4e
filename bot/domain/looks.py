"""A look at a picture or file: what was to be done, and the one end it came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from bot.domain.events import InboundEvent

# LINE's ordinary unsend window: what is found later can no longer be taken back.
LOOK_WITHIN = timedelta(minutes=60)
# After LINE said that a picture is gone, its sender may bring it to the private chat so long.
PICTURE_WANTED_FOR = timedelta(minutes=10)
# LINE fetches picture and preview from us; the third is for whoever has to try once more.
COPY_FETCHES = 3
COPY_LIVES = timedelta(minutes=10)
# A push carries five messages; the words before the pictures are one.
MOST_COPIES = 4


class LookTask(StrEnum):
    """What is to be done with the content."""

    LOOK = "look"
    COPY = "copy"
    COPY_OF_SENT = "copy_of_sent"


class LookEnd(StrEnum):
    """The one end of every row of the queue of looks."""

    IDENTIFIERS = "identifiers"
    MEDICAL = "medical"
    FACE = "face"
    NONE = "none"
    UNREADABLE = "unreadable"
    NOT_INSPECTED = "not_inspected"
    TAKEN_BACK_UNREAD = "taken_back_unread"
    COPY_GIVEN = "copy_given"
    COPY_NOT_MADE = "copy_not_made"
    PICTURE_WANTED = "picture_wanted"


class LedTo(StrEnum):
    """What followed from what was seen."""

    INCIDENT = "incident"
    DISCLOSURE = "disclosure"
    QUESTION = "question"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Sent:
    """A picture or file that somebody sent, while what LINE said of it is still kept."""

    look_id: UUID
    event: InboundEvent
    event_row_id: UUID
    token_received_at: datetime


@dataclass(frozen=True, slots=True)
class LookEnding:
    """How a look ended. `reason` says why something could not be seen, or was not asked about.

    `keeps_until`: so long the picture can still be found at LINE, for a safe copy or an answer.
    """

    outcome: LookEnd
    reason: str = ""
    led_to: LedTo | None = None
    incident_id: UUID | None = None
    question_id: UUID | None = None
    keeps_until: datetime | None = None
