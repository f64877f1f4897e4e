"""What changed, numbered, so that a page or a test can ask 'what since?' and wait."""

import threading
import time
from collections import deque
from dataclasses import dataclass, field

KEPT_CHANGES = 20_000


@dataclass(frozen=True)
class Change:
    number: int
    kind: str
    """message, chat, person, delivery, call, menu or switch."""
    ref: str


@dataclass
class Journal:
    _changes: deque[Change] = field(default_factory=lambda: deque(maxlen=KEPT_CHANGES))
    _news: threading.Condition = field(default_factory=threading.Condition)
    _last: int = 0

    @property
    def last_number(self) -> int:
        return self._last

    def note(self, kind: str, ref: str = "") -> None:
        with self._news:
            self._last += 1
            self._changes.append(Change(self._last, kind, ref))
            self._news.notify_all()

    def since(self, number: int) -> list[Change]:
        with self._news:
            return [change for change in self._changes if change.number > number]

    def wait(self, number: int, seconds: float) -> list[Change]:
        """Changes after `number`, as soon as there is one; none when time is up."""
        deadline = time.monotonic() + seconds
        with self._news:
            while self._last <= number and (left := deadline - time.monotonic()) > 0:
                self._news.wait(left)
        return self.since(number)
