"""A looker that sees what the test says: content by content, and nothing in all others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.domain.findings import Label
from bot.domain.incidents import PatientNumber
from bot.domain.sights import Look, LookOutcome, Sight, SightKind, Unseen, unreadable

NOTHING = Look(LookOutcome.NONE)
WRISTBAND = Look(
    LookOutcome.IDENTIFIERS,
    (
        Sight(SightKind.IDENTIFIER, "after the word HN", Label.HN, "HN xxxxxxxxx", place="line 2"),
        Sight(SightKind.FACE, "a face"),
    ),
    numbers=(PatientNumber(Label.HN, "650012345"),),
)
FACE = Look(LookOutcome.FACE, (Sight(SightKind.FACE, "a face"),))
XRAY = Look(LookOutcome.MEDICAL, (Sight(SightKind.MEDICAL, "looks like an X-ray"),))
PROTECTED = unreadable(Unseen.PROTECTED)
COPY = b"\xff\xd8 a picture with everything covered \xff\xd9"


@dataclass
class ScriptedLooker:
    sees: dict[bytes, Look] = field(default_factory=dict)
    looked_at: list[bytes] = field(default_factory=list)
    while_looking: Callable[[], None] = lambda: None
    copy: bytes | None = COPY

    def make_ready(self) -> None:
        """It always is."""

    def look(self, content: bytes, file_name: str = "") -> Look:
        del file_name
        self.looked_at.append(content)
        self.while_looking()
        return self.sees.get(content, NOTHING)

    def safe_copy(self, content: bytes) -> bytes | None:
        self.looked_at.append(content)
        return self.copy
