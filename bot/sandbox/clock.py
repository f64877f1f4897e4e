"""Time, as an argument: tests turn the hands themselves."""

import time
from dataclasses import dataclass
from typing import Protocol

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


class Clock(Protocol):
    """Milliseconds since 1970, the unit of every time that LINE sends."""

    def now_ms(self) -> int: ...


class SystemClock:
    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000


@dataclass
class ManualClock:
    """Stands still until told to move."""

    at_ms: int = 1_785_200_400_000

    def now_ms(self) -> int:
        return self.at_ms

    def advance(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        self.at_ms += int(seconds * SECOND_MS + minutes * MINUTE_MS + hours * HOUR_MS)
