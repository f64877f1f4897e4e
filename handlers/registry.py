"""Which module handles which kind of event: all of them, in plain sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.events import EventKind
from handlers import (
    edited,
    file,
    follow,
    joining,
    members,
    picture,
    postback,
    text,
    unhandled,
    unsend,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handlers.work import Handler

HANDLERS: Mapping[EventKind, Handler] = {
    EventKind.TEXT: text.handle,
    EventKind.LOCATION: text.handle,
    EventKind.STICKER: text.handle,
    EventKind.EDITED: edited.handle,
    EventKind.IMAGE: picture.handle,
    EventKind.VIDEO: picture.handle,
    EventKind.AUDIO: picture.handle,
    EventKind.FILE: file.handle,
    EventKind.UNSEND: unsend.handle,
    EventKind.JOIN: joining.handle_join,
    EventKind.LEAVE: joining.handle_leave,
    EventKind.MEMBER_JOINED: members.handle,
    EventKind.MEMBER_LEFT: members.handle,
    EventKind.FOLLOW: follow.handle,
    EventKind.UNFOLLOW: follow.handle,
    EventKind.POSTBACK: postback.handle,
    EventKind.ACCOUNT_LINK: unhandled.handle,
    EventKind.VIDEO_PLAYED: unhandled.handle,
    EventKind.BEACON: unhandled.handle,
    EventKind.MEMBERSHIP: unhandled.handle,
    EventKind.DELIVERY: unhandled.handle,
    EventKind.MODULE: unhandled.handle,
    EventKind.UNKNOWN_MESSAGE: unhandled.handle,
    EventKind.UNKNOWN: unhandled.handle,
    EventKind.UNREADABLE: unhandled.handle,
}
