"""What a detector is given: the text made matchable, what surrounds it, what was found so far.

All positions are those of `scene.text`, the normalised text. The engine leads findings back to
the characters that the person wrote, once, at the end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from bot.detectors.cues import Cues
from bot.domain.findings import Label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.findings import Finding


@dataclass(frozen=True, slots=True)
class Scene:
    """One text to read: a message, or a message behind what its sender wrote just before.

    `seams` are the positions at which one message of a thread ends ('\\n') and the next begins.
    `found` grows from detector to detector; `cues` and what they found are shared by all of them.
    """

    text: str
    cues: Cues
    seams: tuple[int, ...] = ()
    mentions: tuple[tuple[int, int], ...] = ()
    member_names: frozenset[str] = field(default_factory=frozenset)
    found: tuple[Finding, ...] = ()

    def of(self, *labels: Label) -> list[Finding]:
        return [finding for finding in self.found if finding.label in labels]

    def is_taken(self, start: int, end: int) -> bool:
        """Whether something found earlier overlaps these characters."""
        return any(finding.start < end and start < finding.end for finding in self.found)

    def is_taken_by_number(self, start: int, end: int) -> bool:
        """As `is_taken`, by anything but a name: names may be part of an address or an id."""
        return any(
            finding.start < end and start < finding.end
            for finding in self.found
            if finding.label is not Label.PERSON
        )

    def is_mentioned(self, start: int, end: int) -> bool:
        """Whether the characters lie in a mention: a member of the group, never a patient."""
        return any(first <= start and end <= last for first, last in self.mentions)


class Detector(Protocol):
    """Finds one label. `find` yields findings in positions of `scene.text`."""

    @property
    def label(self) -> Label: ...

    def find(self, scene: Scene) -> Iterable[Finding]: ...


def look_at(text: str, seams: tuple[int, ...] = ()) -> Scene:
    """A scene of nothing but a (normalised) text: for tests and examples."""
    return Scene(text, Cues(text), seams)
