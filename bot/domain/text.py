"""Text as detectors see it, with the way back to the characters the person wrote."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """`text` is what is matched; `offsets[i]` is where its i-th character began originally."""

    text: str
    offsets: tuple[int, ...]
    original_length: int

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        first = self.offsets[start]
        last = self.offsets[end - 1] + 1 if end > start else first
        return first, last
