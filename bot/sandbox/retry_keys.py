"""Retry keys: a request that was accepted is not accepted twice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from bot.sandbox.clock import DAY_MS
from bot.sandbox.refusals import RETRY_KEY_ACCEPTED, Refusal

LIFE_MS = DAY_MS


@dataclass(frozen=True)
class Accepted:
    request_id: str
    at_ms: int
    answer: Mapping[str, Any]


@dataclass
class RetryKeys:
    _accepted: dict[str, Accepted] = field(default_factory=dict)

    def check(self, key: str | None, now_ms: int) -> None:
        if key is None:
            return
        if not is_uuid(key):
            raise Refusal(400, "Invalid retry key format")
        known = self._accepted.get(key.lower())
        if known is not None and now_ms - known.at_ms < LIFE_MS:
            raise Refusal(
                409,
                RETRY_KEY_ACCEPTED,
                extra=dict(known.answer),
                headers={"x-line-accepted-request-id": known.request_id},
            )

    def accept(self, key: str | None, accepted: Accepted) -> None:
        if key is not None:
            self._accepted[key.lower()] = accepted


def is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
