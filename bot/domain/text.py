"""Text as detectors see it, with the way back to the characters the person wrote."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple


class Edit(NamedTuple):
    """Characters `start` to `end` of one text became `length` characters of the next."""

    start: int
    end: int
    length: int


@dataclass(frozen=True)
class Step:
    """Edits that were made together, in order; positions in the new text lead back to the old."""

    edits: tuple[Edit, ...]

    def start_before(self, position: int) -> int:
        """Where the character at `position` began. What was removed before it stays outside."""
        i = bisect_right(self._starts, position) - 1
        if i < 0:
            return position
        is_inside = position < self._starts[i] + self.edits[i].length
        return self.edits[i].start if is_inside else position + self._removed[i]

    def end_before(self, position: int) -> int:
        """Where the character that ends at `position` ended."""
        last = position - 1
        i = bisect_right(self._starts, last) - 1
        if i < 0:
            return position
        is_inside = last < self._starts[i] + self.edits[i].length
        return self.edits[i].end if is_inside else position + self._removed[i]

    def place_after(self, position: int) -> int:
        """Where a position of the old text lies in the new one."""
        i = bisect_right(self.edits, (position,)) - 1
        if i < 0:
            return position
        if position < self.edits[i].end:
            return self._starts[i]
        return position - self._removed[i]

    @cached_property
    def _removed(self) -> list[int]:
        """How many characters are gone once each edit is made."""
        removed, total = [], 0
        for edit in self.edits:
            total += edit.end - edit.start - edit.length
            removed.append(total)
        return removed

    @cached_property
    def _starts(self) -> list[int]:
        """Where each edit begins in the new text."""
        return [
            edit.end - edit.length - removed
            for edit, removed in zip(self.edits, self._removed, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """`text` is what is matched; `steps` made it of the original.

    Most texts need no step, and the way back is worked out only for what was found.
    """

    text: str
    steps: tuple[Step, ...] = ()

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        for step in reversed(self.steps):
            start, end = step.start_before(start), step.end_before(end)
        return start, end

    def place_of(self, position: int) -> int:
        """Where a position of the original lies in `text`."""
        for step in self.steps:
            position = step.place_after(position)
        return position
