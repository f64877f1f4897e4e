"""Single webhook events of LINE's form. Whatever is random comes from the dice of the caller."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(slots=True)
class EventMaker:
    """Envelopes with ids and reply tokens that no other event has."""

    dice: random.Random
    made: int = 0

    def event(self, kind: str, source: Json, at_ms: int, **parts: object) -> Json:
        self.made += 1
        return {
            "type": kind,
            **parts,
            "webhookEventId": self._event_id(),
            "deliveryContext": {"isRedelivery": False},
            "timestamp": at_ms,
            "source": source,
            "replyToken": f"{self.made:08x}{self.dice.getrandbits(96):024x}",
            "mode": "active",
        }

    def message(self, source: Json, at_ms: int, message: Json) -> Json:
        return self.event("message", source, at_ms, message={"id": self.message_id(), **message})

    def text(self, source: Json, at_ms: int, text: str) -> Json:
        said = {"type": "text", "quoteToken": "q" * 40, "text": text}
        return self.message(source, at_ms, said)

    def edit(self, original: Json, at_ms: int, text: str) -> Json:
        message = {**original["message"], "text": text}
        return self.event("messageEdited", original["source"], at_ms, message=message)

    def unsend(self, original: Json, at_ms: int) -> Json:
        unsent = {"messageId": original["message"]["id"]}
        event = self.event("unsend", original["source"], at_ms, unsend=unsent)
        return _without(event, "replyToken")

    def message_id(self) -> str:
        return str(620_000_000_000_000_000 + self.made * 1_000_000 + self.dice.randint(0, 999_999))

    def _event_id(self) -> str:
        number = self.made << 85 | self.dice.getrandbits(85)
        return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


def in_group(group_id: str, user_id: str | None) -> Json:
    source = {"type": "group", "groupId": group_id}
    return source if user_id is None else {**source, "userId": user_id}


def in_private(user_id: str) -> Json:
    return {"type": "user", "userId": user_id}


def redelivered(event: Mapping[str, Any]) -> Json:
    return {**event, "deliveryContext": {"isRedelivery": True}}


def _without(event: Json, name: str) -> Json:
    return {key: value for key, value in event.items() if key != name}
