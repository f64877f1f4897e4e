"""A letter read in a line: how sure the model was, and where, in shares of the line's width."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Glyph:
    text: str
    sure: float
    start: float
    end: float

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2
