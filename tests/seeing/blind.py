"""Eyes for tests of files and of isolation: they note what they are shown, and see nothing.

With what a test hides in the size of a picture they misbehave, as libraries in C do.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.domain.incidents import PatientNumber
    from bot.domain.sights import Sight
    from bot.ports import TextReader

# Widths of pictures that make these eyes hang, die, and eat.
HANGS, DIES, EATS = 101, 102, 103


@dataclass(frozen=True)
class Nothing:
    sights: tuple[Sight, ...] = ()
    numbers: tuple[PatientNumber, ...] = ()


@dataclass
class Eyes:
    reader: TextReader | None = None
    shown: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)

    def look_at(self, image: Any, place: str) -> Nothing:  # noqa: ANN401 - numpy's
        self.shown.append((place, image.shape))
        match image.shape[1]:
            case 101:
                time.sleep(600)
            case 102:
                os.abort()
            case 103:
                eaten = [bytearray(b"x" * 20_000_000) for _ in range(500)]
                del eaten
        return Nothing()

    def copy(self, content: bytes) -> bytes | None:
        return b"\xff\xd8\xff copy of " + content[:10]
