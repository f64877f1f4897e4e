"""Webhook events, with the properties and the order of properties that LINE sends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.chats import Chat, ChatKind
from bot.sandbox.people import Person


@dataclass(frozen=True)
class WebhookEvent:
    event_id: str
    chat_id: str
    happened_at_ms: int
    body: dict[str, Any]

    @property
    def type(self) -> str:
        return str(self.body["type"])

    @property
    def reply_token(self) -> str | None:
        token = self.body.get("replyToken")
        return None if token is None else str(token)

    @property
    def message_id(self) -> str | None:
        message = self.body.get("message") or self.body.get("unsend") or {}
        found = message.get("id") or message.get("messageId")
        return None if found is None else str(found)

    def redelivered(self) -> dict[str, Any]:
        return {**self.body, "deliveryContext": {"isRedelivery": True}}


@dataclass(frozen=True)
class Envelope:
    """What is common to all events."""

    event_id: str
    happened_at_ms: int
    source: Mapping[str, str] | None
    reply_token: str | None
    mode: str = "active"

    def around(self, kind: str, own: Mapping[str, Any]) -> dict[str, Any]:
        body: dict[str, Any] = {
            "type": kind,
            **own,
            "webhookEventId": self.event_id,
            "deliveryContext": {"isRedelivery": False},
            "timestamp": self.happened_at_ms,
        }
        if self.source is not None:
            body["source"] = dict(self.source)
        if self.reply_token is not None:
            body["replyToken"] = self.reply_token
        body["mode"] = self.mode
        return body


def source_of(chat: Chat, person: Person | None) -> dict[str, str]:
    if chat.kind is ChatKind.USER:
        return {"type": "user", "userId": chat.chat_id}
    id_name = "groupId" if chat.kind is ChatKind.GROUP else "roomId"
    source = {"type": chat.kind.value, id_name: chat.chat_id}
    if person is not None and person.shares_id:
        source["userId"] = person.user_id
    return source


def members(people: Sequence[Person]) -> dict[str, Any]:
    return {"members": [member(person) for person in people]}


def member(person: Person) -> dict[str, str]:
    return {"type": "user", "userId": person.user_id} if person.shares_id else {"type": "user"}
