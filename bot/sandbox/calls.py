"""What the bot asked of the platform, and what it was told."""

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    request_id: str
    method: str
    path: str
    query: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    status: int
    """0 where the connection was closed without an answer."""
    answer: Any
    at_ms: int
    took_ms: float
    fault: str | None = None
    carried_out: bool = True

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the bot sent
        """The body as sent, or None where it was no JSON."""
        try:
            return json.loads(self.body) if self.body else None
        except ValueError:
            return None
