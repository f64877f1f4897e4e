"""The monthly message quota; a message to a group counts once for every member."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

from bot.sandbox.refusals import MONTHLY_LIMIT, Refusal

# LINE counts months by the calendar of Japan.
JAPAN = timezone(timedelta(hours=9))


@dataclass
class Quota:
    limit: int | None = None
    _used_by_month: dict[str, int] = field(default_factory=dict)

    def used(self, now_ms: int) -> int:
        return self._used_by_month.get(month_of(now_ms), 0)

    def check(self, count: int, now_ms: int) -> None:
        if self.limit is not None and self.used(now_ms) + count > self.limit:
            raise Refusal(429, MONTHLY_LIMIT)

    def count(self, count: int, now_ms: int) -> None:
        month = month_of(now_ms)
        self._used_by_month[month] = self._used_by_month.get(month, 0) + count


def month_of(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(JAPAN).strftime("%Y-%m")
