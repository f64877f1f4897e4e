"""Runs every detector over a message, read with what the same sender wrote just before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.detectors import (
    account,
    address,
    dob,
    email,
    hn,
    national_id,
    online_id,
    passport,
    person,
    phone,
    plate,
    records,
    visit_no,
)
from bot.detectors.cues import Cues
from bot.detectors.normalise import normalise
from bot.detectors.scene import Detector, Scene, has_any
from bot.domain.findings import Assessment, Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.domain.text import NormalisedText
    from bot.ports import TextContext

# Numbers that speak for themselves, then names, then what counts only beside a patient.
ALL_DETECTORS: tuple[Detector, ...] = (
    *records.DETECTORS,
    national_id.DETECTOR,
    hn.DETECTOR,
    visit_no.DETECTOR,
    passport.LABELLED,
    person.DETECTOR,
    passport.BESIDE_FOREIGNER,
    address.DETECTOR,
    account.DETECTOR,
    email.DETECTOR,
    online_id.DETECTOR,
    phone.DETECTOR,
    dob.DETECTOR,
    plate.DETECTOR,
)


class DetectingReader:
    """The TextReader of the product: text in, findings in the message's own offsets out."""

    def __init__(self, detectors: Sequence[Detector] = ALL_DETECTORS) -> None:
        self._with_digits = tuple(map(_Post, detectors))
        self._without_digits = tuple(post for post in self._with_digits if not post.needs_digit)

    def assess(self, text: str, context: TextContext) -> Assessment:
        found = self._find(text)
        if context.earlier:
            found = _merge(found, self._find_split(text, context.earlier))
        return Assessment(tuple(_outside(context.mentions, found)))

    def _find(self, text: str, seams: tuple[int, ...] = ()) -> list[Finding]:
        normalised = normalise(text)
        scene = Scene(normalised.text, Cues(normalised.text), seams)
        posts = self._with_digits if scene.cues.has_digit else self._without_digits
        for post in posts:
            if post.wakes_on and not has_any(scene.cues.lower, post.wakes_on):
                continue
            hits = tuple(post.find(scene))
            if hits:
                scene = scene.with_found(hits)
        return _merge([], [_in_original(hit, normalised) for hit in scene.found])

    def _find_split(self, text: str, earlier: Sequence[str]) -> list[Finding]:
        """Identity split over messages: what reaches into this one is this one's."""
        before = "\n".join(earlier) + "\n"
        return [
            _shifted(finding, -len(before), len(text))
            for finding in self._find(before + text)
            if finding.end > len(before)
        ]


class _Post:
    """A detector and what it sleeps without."""

    __slots__ = ("find", "needs_digit", "wakes_on")

    def __init__(self, detector: Detector) -> None:
        self.find = detector.find
        self.needs_digit: bool = getattr(detector, "needs_digit", False)
        self.wakes_on: tuple[str, ...] = getattr(detector, "wakes_on", ())


def _in_original(hit: Finding, normalised: NormalisedText) -> Finding:
    start, end = normalised.original_span(hit.start, hit.end)
    return Finding(start, end, hit.label, hit.strength, hit.reason)


def _shifted(finding: Finding, by: int, limit: int) -> Finding:
    start, end = max(0, finding.start + by), min(limit, finding.end + by)
    return Finding(start, end, finding.label, finding.strength, finding.reason)


def _merge(first: Iterable[Finding], second: Iterable[Finding]) -> list[Finding]:
    """Sorted, without overlaps; of two that overlap the earlier and longer one stays."""
    kept: list[Finding] = []
    for finding in sorted([*first, *second], key=lambda f: (f.start, -f.end)):
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
    return kept


def _outside(ranges: Sequence[tuple[int, int]], findings: Iterable[Finding]) -> Iterable[Finding]:
    """A mention names a member of the group, never a patient."""
    for finding in findings:
        if not any(start <= finding.start and finding.end <= end for start, end in ranges):
            yield finding
