"""What a detector is: a shape that proposes, a check that proves or refutes, and its examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.findings import Finding, Label, Strength

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator

    from bot.detectors.scene import Scene


@dataclass(frozen=True, slots=True)
class ShapeDetector:
    """The group named `value` of `shape` is the span. `examples` are run by the tests."""

    label: Label
    shape: re.Pattern[str]
    is_valid: Callable[[str], bool]
    reason: str
    must_find: tuple[tuple[str, str], ...]
    must_leave: tuple[str, ...]

    def find(self, scene: Scene) -> Iterator[Finding]:
        for match in self.shape.finditer(scene.text):
            if self.is_valid(match["value"]):
                start, end = match.span("value")
                yield Finding(start, end, self.label, Strength.CERTAIN, self.reason)
