"""Bodies as LINE posts them: one to several events, and the signature over their bytes."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.load.events import Json, redelivered

PATH = "/line/webhook"
_DESTINATION = "U" + "f" * 32


@dataclass(frozen=True, slots=True)
class Body:
    events: tuple[Json, ...]

    @property
    def event_ids(self) -> list[str]:
        return [event["webhookEventId"] for event in self.events]

    def again(self) -> Body:
        return Body(tuple(redelivered(event) for event in self.events))

    def request(self, secret: str) -> bytes:
        """The whole HTTP request, ready for a socket."""
        content = encoded(self.events)
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"X-Line-Signature: {signature(content, secret)}\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        return head.encode() + content


def encoded(events: Sequence[dict[str, Any]]) -> bytes:
    """LINE writes its Thai as UTF-8, not as escapes."""
    body = {"destination": _DESTINATION, "events": events}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def signature(content: bytes, secret: str) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), content, "sha256")).decode()
