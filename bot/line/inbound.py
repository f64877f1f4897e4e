"""Raw webhook JSON → typed events, leniently: LINE adds fields, kinds and values without notice.

Whatever is wrong with one event stays with that event. Nothing here raises for a strange event;
the worst that can become of it is EventKind.UNREADABLE, stored like any other.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.domain.events import (
    ChatKind,
    Content,
    EventKind,
    ImageSet,
    InboundEvent,
    Mention,
    Source,
)
from bot.domain.times import from_milliseconds
from bot.errors import UnreadableBodyError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# LINE sends a handful of events a body. More than this is no body of LINE's.
MOST_EVENTS = 1_000
_OLDEST = datetime(2011, 6, 1, tzinfo=UTC)  # LINE did not exist before
_CLOCK_SKEW = timedelta(days=1)
_EVENT_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_LINE_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")

_MESSAGE_KINDS = {
    "text": EventKind.TEXT,
    "image": EventKind.IMAGE,
    "video": EventKind.VIDEO,
    "audio": EventKind.AUDIO,
    "file": EventKind.FILE,
    "location": EventKind.LOCATION,
    "sticker": EventKind.STICKER,
}
_EVENT_KINDS = {
    "messageEdited": EventKind.EDITED,
    "unsend": EventKind.UNSEND,
    "join": EventKind.JOIN,
    "leave": EventKind.LEAVE,
    "memberJoined": EventKind.MEMBER_JOINED,
    "memberLeft": EventKind.MEMBER_LEFT,
    "follow": EventKind.FOLLOW,
    "unfollow": EventKind.UNFOLLOW,
    "postback": EventKind.POSTBACK,
    "accountLink": EventKind.ACCOUNT_LINK,
    "videoPlayComplete": EventKind.VIDEO_PLAYED,
    "beacon": EventKind.BEACON,
    "membership": EventKind.MEMBERSHIP,
    "delivery": EventKind.DELIVERY,
    "module": EventKind.MODULE,
    "activated": EventKind.MODULE,
    "deactivated": EventKind.MODULE,
    "botSuspended": EventKind.MODULE,
    "botResumed": EventKind.MODULE,
}
_CHATS = {
    "group": (ChatKind.GROUP, "groupId"),
    "room": (ChatKind.ROOM, "roomId"),
    "user": (ChatKind.USER, "userId"),
}


def split_body(body: bytes) -> list[bytes]:
    """The events of a body, each as JSON of its own; UnreadableBodyError where there is no body."""
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        # ValueError covers broken JSON, bytes that are no UTF-8 and absurdly long numbers.
        raise UnreadableBodyError("the body is not JSON") from None
    events = parsed.get("events") if isinstance(parsed, dict) else None
    if not isinstance(events, list):
        raise UnreadableBodyError("the body has no list of events")
    if len(events) > MOST_EVENTS:
        raise UnreadableBodyError("the body has too many events")
    try:
        return [_compact(event) for event in events]
    except RecursionError:
        raise UnreadableBodyError("the body is nested too deep") from None


def _compact(event: object) -> bytes:
    """ASCII with escapes: lone surrogates, which JSON can carry, survive in it."""
    return json.dumps(event, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def read_event(raw: bytes, received_at: datetime) -> InboundEvent:
    event = _parsed(raw)
    if not isinstance(event, dict):
        return _unreadable(raw, received_at)
    return InboundEvent(
        event_id=_event_id(event, raw),
        kind=_kind(event),
        occurred_at=_occurred_at(event.get("timestamp"), received_at),
        source=_source(event.get("source")),
        is_active=event.get("mode", "active") != "standby",
        is_redelivery=_child(event, "deliveryContext").get("isRedelivery") is True,
        reply_token=_reply_token(event),
        content=_content(event),
    )


def _parsed(raw: bytes) -> object:
    """None for what is nested too deep here, though it was not where it was split."""
    try:
        return json.loads(raw)
    except RecursionError:
        return None


def _unreadable(raw: bytes, received_at: datetime) -> InboundEvent:
    return InboundEvent(
        _digest(raw), EventKind.UNREADABLE, received_at, Source(ChatKind.NONE), is_active=False
    )


def _event_id(event: Mapping[str, Any], raw: bytes) -> str:
    """Without an id of LINE's, the bytes themselves tell a duplicate."""
    given = event.get("webhookEventId")
    if isinstance(given, str) and _EVENT_ID.fullmatch(given):
        return given
    return _digest(raw)


def _digest(raw: bytes) -> str:
    return "sha256-" + hashlib.sha256(raw).hexdigest()[:56]


def _kind(event: Mapping[str, Any]) -> EventKind:
    kind = event.get("type")
    if kind != "message":
        return (
            _EVENT_KINDS.get(kind, EventKind.UNKNOWN)
            if isinstance(kind, str)
            else EventKind.UNREADABLE
        )
    message_kind = _child(event, "message").get("type")
    if not isinstance(message_kind, str):
        return EventKind.UNREADABLE
    return _MESSAGE_KINDS.get(message_kind, EventKind.UNKNOWN_MESSAGE)


def _occurred_at(timestamp: object, received_at: datetime) -> datetime:
    """LINE's time of the event; where it is absurd, the time of receipt."""
    if isinstance(timestamp, bool) or not isinstance(timestamp, int | float):
        return received_at
    try:
        at = from_milliseconds(int(timestamp))
    except (ValueError, OverflowError, OSError):
        return received_at
    return at if _OLDEST <= at <= received_at + _CLOCK_SKEW else received_at


def _source(given: object) -> Source:
    source = given if isinstance(given, dict) else {}
    kind, id_name = _CHATS.get(_text(source, "type"), (ChatKind.NONE, ""))
    chat_id = _line_id(source.get(id_name))
    if chat_id is None:
        return Source(ChatKind.NONE)
    return Source(kind, chat_id, _line_id(source.get("userId")))


def _line_id(value: object) -> str | None:
    return value if isinstance(value, str) and _LINE_ID.fullmatch(value) else None


def _reply_token(event: Mapping[str, Any]) -> str | None:
    """The console's old test button sent tokens of one repeated character; they answer nothing."""
    token = event.get("replyToken")
    if not isinstance(token, str) or not token.isascii() or len(set(token)) <= 1:
        return None
    return token


def _content(event: Mapping[str, Any]) -> Content:
    read = _CONTENT_READERS.get(_text(event, "type"))
    return Content() if read is None else read(event)


def _message_content(event: Mapping[str, Any]) -> Content:
    message = _child(event, "message")
    return Content(
        message_id=_line_id(message.get("id")),
        text=_message_text(message),
        mentions=_mentions(message),
        image_set=_image_set(_child(message, "imageSet")),
        is_external=_child(message, "contentProvider").get("type") == "external",
        file_name=_text(message, "fileName"),
    )


def _message_text(message: Mapping[str, Any]) -> str:
    """A location's title and address are text that people wrote, as is a sticker's."""
    if message.get("type") == "location":
        return "\n".join(filter(None, (_text(message, "title"), _text(message, "address"))))
    return _text(message, "text")


def _image_set(given: Mapping[str, Any]) -> ImageSet | None:
    set_id, total = given.get("id"), given.get("total")
    if not isinstance(set_id, str):
        return None
    return ImageSet(set_id, total if isinstance(total, int) else None)


def _mentions(message: Mapping[str, Any]) -> tuple[Mention, ...]:
    text = _text(message, "text")
    given = _child(message, "mention").get("mentionees")
    if not isinstance(given, list) or not text:
        return ()
    read = (_mention(text, mentionee) for mentionee in given if isinstance(mentionee, dict))
    return tuple(mention for mention in read if mention is not None)


def _mention(text: str, mentionee: Mapping[str, Any]) -> Mention | None:
    index, length = mentionee.get("index"), mentionee.get("length")
    if not isinstance(index, int) or not isinstance(length, int) or index < 0 or length <= 0:
        return None
    start, end = _from_utf16(text, index), _from_utf16(text, index + length)
    return Mention(start, end, _line_id(mentionee.get("userId")), mentionee.get("isSelf") is True)


def _from_utf16(text: str, units: int) -> int:
    """LINE counts in UTF-16 units, we in characters; an emoji before a mention is two of theirs."""
    passed = 0
    for position, character in enumerate(text):
        if passed >= units:
            return position
        passed += 2 if ord(character) > 0xFFFF else 1  # noqa: PLR2004 - end of the BMP
    return len(text)


def _unsend_content(event: Mapping[str, Any]) -> Content:
    return Content(message_id=_line_id(_child(event, "unsend").get("messageId")))


def _members(list_name: str) -> Callable[[Mapping[str, Any]], Content]:
    def read(event: Mapping[str, Any]) -> Content:
        given = _child(event, list_name).get("members")
        members = given if isinstance(given, list) else []
        ids = (_line_id(member.get("userId")) for member in members if isinstance(member, dict))
        return Content(member_ids=tuple(filter(None, ids)))

    return read


def _postback_content(event: Mapping[str, Any]) -> Content:
    return Content(postback=_text(_child(event, "postback"), "data")[:300])


_CONTENT_READERS: dict[str, Callable[[Mapping[str, Any]], Content]] = {
    "message": _message_content,
    "messageEdited": _message_content,
    "unsend": _unsend_content,
    "memberJoined": _members("joined"),
    "memberLeft": _members("left"),
    "postback": _postback_content,
}


def _child(parent: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def _text(parent: Mapping[str, Any], name: str) -> str:
    value = parent.get(name)
    return value if isinstance(value, str) else ""
