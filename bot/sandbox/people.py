"""People of the simulated LINE, and how each stands to the official account."""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.sandbox.clock import DAY_MS

# A push reaches somebody who is no friend for this long after a message of theirs.
WROTE_RECENTLY_MS = 7 * DAY_MS


class Friendship(StrEnum):
    NEVER = "never"
    FRIEND = "friend"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Person:
    user_id: str
    name: str
    language: str = "th"
    friendship: Friendship = Friendship.NEVER
    shares_id: bool = True
    """Uses LINE for iOS or Android and has consented; events of others lack `userId`."""
    old_android: bool = False
    """LINE 11.15 or earlier: image sets of this person carry neither index nor total."""
    wrote_at_ms: int | None = None

    @property
    def is_friend(self) -> bool:
        return self.friendship is Friendship.FRIEND

    def can_be_reached(self, now_ms: int) -> bool:
        return self.is_friend or self._wrote_recently(now_ms)

    def shows_profile(self) -> bool:
        return self.is_friend or (
            self.wrote_at_ms is not None and self.friendship is not Friendship.BLOCKED
        )

    def _wrote_recently(self, now_ms: int) -> bool:
        if self.friendship is Friendship.BLOCKED or self.wrote_at_ms is None:
            return False
        return now_ms - self.wrote_at_ms <= WROTE_RECENTLY_MS

    def having(self, friendship: Friendship) -> "Person":
        return replace(self, friendship=friendship)
