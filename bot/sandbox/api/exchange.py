"""One request to the API and its answer, free of any web framework."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.objects.requests import demand
from bot.sandbox.objects.shapes import Json, Shape
from bot.sandbox.refusals import Refusal


@dataclass(frozen=True)
class Ask:
    method: str
    path: str
    parts: Mapping[str, str]
    """The variable parts of the path, such as groupId."""
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    request_id: str = ""

    @property
    def retry_key(self) -> str | None:
        return self.headers.get("x-line-retry-key")

    def json(self) -> Json:
        if "json" not in self.headers.get("content-type", ""):
            raise Refusal(415, "Unsupported Media Type")
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise Refusal(400, "The request body could not be parsed as JSON") from None

    def demand(self, shape: Shape) -> dict[str, Any]:
        return demand(shape, self.json())


@dataclass(frozen=True)
class Answer:
    status: int = 200
    json: Any = field(default_factory=dict)
    data: bytes | None = field(default=None, repr=False)
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        if self.data is not None:
            return self.data
        return json.dumps(self.json, ensure_ascii=False, separators=(",", ":")).encode()


def refused(refusal: Refusal) -> Answer:
    return Answer(refusal.status, refusal.body(), headers=refusal.headers)
