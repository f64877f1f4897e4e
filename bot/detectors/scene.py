"""What a detector is given: the text made matchable, what surrounds it, what was found so far.

All positions are those of `scene.text`, the normalised text. The engine leads findings back to
the characters that the person wrote, once, at the end.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Protocol

from bot.detectors.cues import Cues
from bot.detectors.lazy import lazy
from bot.domain.findings import Label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.findings import Finding


class Placed(Protocol):
    """Something that stands between two places of a text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class Places:
    """Findings by place: whether any overlaps some characters, without looking at all of them."""

    def __init__(self, findings: Iterable[Placed]) -> None:
        places = sorted((finding.start, finding.end) for finding in findings)
        self._starts = [start for start, _ in places]
        self._reach = list(accumulate((end for _, end in places), max))

    def overlap(self, start: int, end: int) -> bool:
        i = bisect_left(self._starts, end)
        return i > 0 and self._reach[i - 1] > start


@dataclass(frozen=True, init=False)
class Scene:
    """One text to read: a message, or a message behind what its sender wrote just before.

    `seams` are the positions at which one message of a thread ends (a line break) and the next
    begins. `found` grows from detector to detector; all of them share the cues.
    """

    text: str
    cues: Cues
    seams: tuple[int, ...]
    mentions: tuple[tuple[int, int], ...]
    member_names: frozenset[str]
    found: tuple[Finding, ...]

    def __init__(
        self,
        text: str,
        cues: Cues,
        seams: tuple[int, ...] = (),
        mentions: tuple[tuple[int, int], ...] = (),
        member_names: frozenset[str] = frozenset(),
        found: tuple[Finding, ...] = (),
    ) -> None:
        # What a frozen dataclass does by itself, at a third of the time: every message pays it.
        fields = self.__dict__
        fields["text"] = text
        fields["cues"] = cues
        fields["seams"] = seams
        fields["mentions"] = mentions
        fields["member_names"] = member_names
        fields["found"] = found

    def with_found(self, hits: tuple[Finding, ...]) -> Scene:
        found = self.found + hits
        return Scene(self.text, self.cues, self.seams, self.mentions, self.member_names, found)

    def of(self, *labels: Label) -> list[Finding]:
        return [finding for finding in self.found if finding.label in labels]

    def is_taken(self, start: int, end: int) -> bool:
        """Whether something found earlier overlaps these characters."""
        return bool(self.found) and self._places.overlap(start, end)

    def is_taken_by_number(self, start: int, end: int) -> bool:
        """As `is_taken`, by anything but a name: names may be part of an address or an id."""
        return bool(self.found) and self._numbers.overlap(start, end)

    def has_patient_at(self, start: int, end: int) -> bool:
        """Whether a name or a number of a patient overlaps these characters."""
        return bool(self.found) and self._patients.overlap(start, end)

    def is_mentioned(self, start: int, end: int) -> bool:
        """Whether the characters lie in a mention: a member of the group, never a patient."""
        return any(first <= start and end <= last for first, last in self.mentions)

    @lazy
    def patients(self) -> list[Finding]:
        """Findings that say who the patient is."""
        return self.of(*WHO)

    @lazy
    def _places(self) -> Places:
        return Places(self.found)

    @lazy
    def _numbers(self) -> Places:
        return Places(finding for finding in self.found if finding.label is not Label.PERSON)

    @lazy
    def _patients(self) -> Places:
        return Places(self.patients)


# Labels that count without patient context, and so make it.
WHO = (Label.NATIONAL_ID, Label.HN, Label.VISIT_NO, Label.PASSPORT, Label.PERSON)


class Detector(Protocol):
    """Finds one label. `find` yields findings in positions of `scene.text`.

    A detector may say what it sleeps without: so many digits (`digits_least`), and one of the
    words it `wakes_on`, in the lower-case text, unless it `wakes_when_long`. Most messages then
    cost it nothing.
    """

    @property
    def label(self) -> Label: ...

    def find(self, scene: Scene) -> Iterable[Finding]: ...


def look_at(text: str, seams: tuple[int, ...] = ()) -> Scene:
    """A scene of nothing but a (normalised) text: for tests and examples."""
    return Scene(text, Cues(text), seams)
