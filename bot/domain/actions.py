"""What is to be said to whom: rows of the outbox, rendered for LINE at the edge."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from bot.domain.groups import Language


class Saying(StrEnum):
    """Every thing the bot can say; keys of the wording catalogue."""

    INTRODUCTION = "introduction"
    WARNING = "warning"
    WARNING_AFTER_WINDOW = "warning_after_window"
    REMINDER = "reminder"
    WINDOW_OVER = "window_over"
    CLOSED = "closed"
    REWRITE = "rewrite"
    REWRITE_PRIVATELY = "rewrite_privately"
    REWRITE_GONE = "rewrite_gone"
    CLAIM_NOTED = "claim_noted"
    DISPUTE_NOTED = "dispute_noted"
    GUIDELINE = "guideline"
    EMERGENCY_NOTED = "emergency_noted"
    WELCOME = "welcome"
    SELF_CHECK_FOUND = "self_check_found"
    SELF_CHECK_CLEAN = "self_check_clean"
    ACKNOWLEDGE = "acknowledge"
    QUESTION = "question"
    NO_PATIENT_NOTED = "no_patient_noted"
    PATIENT_NOTED = "patient_noted"
    QUESTION_OVER = "question_over"
    SAFE_COPY = "safe_copy"
    COPY_PRIVATELY = "copy_privately"
    COPY_NOT_MADE = "copy_not_made"
    PICTURE_WANTED = "picture_wanted"


class Purpose(StrEnum):
    """Why it is said: decides what may be spent on it."""

    FIRST_WARNING = "first_warning"
    REMINDER = "reminder"
    ANSWER = "answer"
    COURTESY = "courtesy"


class Way(StrEnum):
    """How a message may travel. A ride waits for the reply token of a later, silent event."""

    REPLY_OR_PUSH = "reply_or_push"
    REPLY_ONLY = "reply_only"
    RIDE = "ride"
    PUSH = "push"


class TellState(StrEnum):
    WAITING = "waiting"
    TELLING = "telling"
    TOLD = "told"
    PROBABLY_TOLD = "probably_told"
    NOT_TOLD = "not_told"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ReplyToken:
    """Single-use, lives about a minute from `received_at`."""

    value: str
    received_at: datetime
    event_row_id: UUID | None = None

    def __repr__(self) -> str:
        return "ReplyToken(…)"


@dataclass(frozen=True, slots=True)
class Utterance:
    """A saying with its parameters, still free of LINE's formats."""

    saying: Saying
    language: Language
    parameters: Mapping[str, str] = field(default_factory=dict)
    mention: str | None = None
    incident_token: str | None = None
    offers_rewrite: bool = False
    offers_copy: bool = False


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """One thing to tell. `key` makes a second writing of it harmless."""

    id: UUID
    key: str
    purpose: Purpose
    way: Way
    to: str
    utterance: Utterance
    created_at: datetime
    due_at: datetime
    expires_at: datetime
    reply_token: ReplyToken | None = None
    incident_id: UUID | None = None
    group_id: UUID | None = None
