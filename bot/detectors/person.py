"""Names of patients and of their relatives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.findings import Finding, Label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.detectors.scene import Scene


@dataclass(frozen=True, slots=True)
class PersonDetector:
    label: Label = Label.PERSON

    def find(self, _scene: Scene) -> Iterable[Finding]:
        return ()


DETECTOR = PersonDetector()
