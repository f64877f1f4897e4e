"""What can go wrong between us and LINE, drawn by a seeded die."""

from __future__ import annotations

import random
from enum import StrEnum


class Fault(StrEnum):
    ERROR = "error"  # 500, and LINE did nothing
    ERROR_AFTER = "error_after"  # 500, and LINE did it all the same
    TOO_MANY = "too_many"  # 429
    REFUSE = "refuse"  # 400
    HANG = "hang"  # accepted, and no answer ever
    CLOSE_BEFORE = "close_before"
    CLOSE_AFTER = "close_after"  # accepted, and the connection gone before the answer

    @property
    def comes_after(self) -> bool:
        """LINE has done what it was asked; only the answer is missing or wrong."""
        return self in (Fault.ERROR_AFTER, Fault.HANG, Fault.CLOSE_AFTER)


# A refusal ends a telling for good, so it is rare; a hang costs a sender's thread a second.
_WEIGHTS = {
    Fault.ERROR: 20,
    Fault.ERROR_AFTER: 20,
    Fault.TOO_MANY: 20,
    Fault.REFUSE: 2,
    Fault.HANG: 6,
    Fault.CLOSE_BEFORE: 20,
    Fault.CLOSE_AFTER: 20,
}


class Die:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.rate = 0.0

    def throw(self) -> Fault | None:
        if self._random.random() >= self.rate:
            return None
        return self._random.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
