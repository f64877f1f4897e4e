"""The simplest detector: what has a shape that nothing else has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.detectors import excuses
from bot.detectors.scene import Scene
from bot.domain.findings import Finding, Label, Strength


@dataclass(frozen=True, slots=True)
class ShapeDetector:
    """The group named `value` of `shape` is the span."""

    label: Label
    shape: re.Pattern[str]
    reason: str
    digits_least: int = 3
    wakes_on: tuple[str, ...] = ()
    must_find: tuple[tuple[str, str], ...] = ()
    must_leave: tuple[str, ...] = ()

    def find(self, scene: Scene) -> Iterator[Finding]:
        for match in self.shape.finditer(scene.text):
            if not self._is_excused(scene, match):
                yield Finding(*match.span("value"), self.label, Strength.LIKELY, self.reason)

    def _is_excused(self, scene: Scene, match: re.Match[str]) -> bool:
        start, end = match.span("value")
        return (
            scene.is_taken(start, end)
            or excuses.is_dummy_number(match["value"])
            or excuses.is_teaching(scene, start)
            or excuses.says_it_is_something_else(scene.text, start, end)
        )
