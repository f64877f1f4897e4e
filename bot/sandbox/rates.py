"""Rate limits: one token bucket for each endpoint of the channel."""

from dataclasses import dataclass, field

from bot.sandbox.clock import HOUR_MS, MINUTE_MS, SECOND_MS
from bot.sandbox.refusals import RATE_EXCEEDED, Refusal


@dataclass(frozen=True)
class Rate:
    most: int
    per_ms: int


USUAL = Rate(2000, SECOND_MS)
RATES = {
    "multicast": Rate(200, SECOND_MS),
    "loading": Rate(100, SECOND_MS),
    "webhook_endpoint": Rate(1000, MINUTE_MS),
    "broadcast": Rate(60, HOUR_MS),
    "webhook_test": Rate(60, HOUR_MS),
    "rich_menu_create": Rate(100, HOUR_MS),
    "rich_menu_delete": Rate(100, HOUR_MS),
}


@dataclass
class RateLimiter:
    _levels: dict[str, tuple[float, int]] = field(default_factory=dict)

    def take(self, endpoint: str, now_ms: int) -> None:
        rate = RATES.get(endpoint, USUAL)
        level, at_ms = self._levels.get(endpoint, (float(rate.most), now_ms))
        level = min(rate.most, level + (now_ms - at_ms) * rate.most / rate.per_ms)
        if level < 1:
            raise Refusal(429, RATE_EXCEEDED)
        self._levels[endpoint] = (level - 1, now_ms)
