"""What LINE told us, as typed values. Raw JSON becomes these at the edge (bot/line/inbound)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class EventKind(StrEnum):
    """Every kind of event, spelled the same in code, tables and counters."""

    TEXT = "text"
    EDITED = "edited"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    FILE = "file"
    LOCATION = "location"
    STICKER = "sticker"
    UNKNOWN_MESSAGE = "unknown_message"
    UNSEND = "unsend"
    JOIN = "join"
    LEAVE = "leave"
    MEMBER_JOINED = "member_joined"
    MEMBER_LEFT = "member_left"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    POSTBACK = "postback"
    ACCOUNT_LINK = "account_link"
    VIDEO_PLAYED = "video_played"
    BEACON = "beacon"
    MEMBERSHIP = "membership"
    DELIVERY = "delivery"
    MODULE = "module"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"


class ChatKind(StrEnum):
    GROUP = "group"
    ROOM = "room"
    USER = "user"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Source:
    """Where an event happened; `chat_id` is the LINE id of the group, room or person."""

    kind: ChatKind
    chat_id: str | None = None
    user_id: str | None = None

    @property
    def is_shared(self) -> bool:
        return self.kind in (ChatKind.GROUP, ChatKind.ROOM)


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention inside a text, in characters (not LINE's UTF-16 units)."""

    start: int
    end: int
    user_id: str | None = None
    is_us: bool = False


@dataclass(frozen=True, slots=True)
class ImageSet:
    set_id: str
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What an event carries beside its envelope; fields that do not apply stay empty."""

    message_id: str | None = None
    text: str = ""
    mentions: tuple[Mention, ...] = ()
    image_set: ImageSet | None = None
    is_external: bool = False
    file_name: str = ""
    member_ids: tuple[str, ...] = ()
    postback: str = ""


@dataclass(frozen=True, slots=True)
class InboundEvent:
    """One webhook event. `is_active` is false in standby, when we must stay silent."""

    event_id: str
    kind: EventKind
    occurred_at: datetime
    source: Source
    is_active: bool = True
    is_redelivery: bool = False
    reply_token: str | None = None
    content: Content = Content()

    @property
    def message_id(self) -> str | None:
        return self.content.message_id


class Outcome(StrEnum):
    """The one end of every inbox row."""

    BENIGN = "benign"
    INCIDENT = "incident"
    DISCLOSURE = "disclosure"
    NOT_INSPECTED = "not_inspected"
    NOTED = "noted"
    ANSWERED = "answered"
    LOOK_ASKED = "look_asked"
    TAKEN_BACK_UNREAD = "taken_back_unread"
    SUPERSEDED = "superseded"
    IGNORED = "ignored"
    UNKNOWN_KIND = "unknown_kind"
    UNREADABLE = "unreadable"
