"""Runs every detector over a message, read with what the same sender wrote just before."""

from __future__ import annotations

import re
from functools import reduce
from itertools import accumulate
from math import inf
from operator import or_
from typing import TYPE_CHECKING

from bot.detectors import (
    account,
    address,
    beside_name,
    dob,
    email,
    file_names,
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
from bot.detectors.normalise import ODDITIES, normalise
from bot.detectors.scene import Detector, Places, Scene
from bot.detectors.waking import EVERYTHING, LONG, bit_of, listen
from bot.detectors.words import Words
from bot.domain.findings import NOTHING_FOUND, Assessment, Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.domain.text import NormalisedText
    from bot.ports import TextContext

# Numbers that speak for themselves, then names, then what counts only beside a patient.
ALL_DETECTORS: tuple[Detector, ...] = (
    *records.DETECTORS,
    national_id.DETECTOR,
    hn.DETECTOR,
    hn.ALL_OF_THEM,
    visit_no.DETECTOR,
    visit_no.PATHOLOGY,
    passport.LABELLED,
    person.DETECTOR,
    passport.BESIDE_FOREIGNER,
    file_names.DETECTOR,
    beside_name.DETECTOR,
    address.DETECTOR,
    address.SAID_ALOUD,
    account.DETECTOR,
    email.DETECTOR,
    online_id.DETECTOR,
    phone.DETECTOR,
    dob.DETECTOR,
    plate.DETECTOR,
)


def detectors_for(hn_formats: Sequence[str]) -> tuple[Detector, ...]:
    """All of them, and one that knows how this hospital writes its HNs."""
    return (*map(hn.in_format, hn_formats), *ALL_DETECTORS)


class DetectingReader:
    """The TextReader of the product: text in, findings in the message's own offsets out."""

    def __init__(self, detectors: Sequence[Detector] = ALL_DETECTORS) -> None:
        posts = tuple(map(_Post, detectors))
        # For a text with so many digits (the last: or more) the detectors that may find
        # something, each with what must have been heard for it.
        self._awake = tuple(
            tuple((post.bits_for(count), post) for post in posts if post.digits_least <= count)
            for count in range(max((post.digits_least for post in posts), default=0) + 1)
        )
        # Without one of these a text that holds no digit holds nothing to be found.
        self._stirring = reduce(or_, (bits for bits, _ in self._awake[0]), ODDITIES)

    def assess(self, text: str, context: TextContext) -> Assessment:
        lower = text.lower()
        heard = listen(lower)
        if not (heard & self._stirring or context.earlier or _NOTABLE.search(text)):
            return NOTHING_FOUND
        message = normalise(text, heard)
        mentions = _places(message, context.mentions) if context.mentions else ()
        names = frozenset(context.member_names) if context.member_names else _NOBODY
        is_plain = message.text == text and len(lower) == len(text)
        cues = Cues.known(text, lower, heard) if is_plain else Cues(message.text)
        scene = Scene(message.text, cues, (), mentions, names)
        found: Sequence[Finding] = self._find(scene)
        if context.earlier:
            earlier = [normalise(said).text for said in context.earlier]
            found = (*found, *self._find_split(scene, earlier))
        if not found:
            return NOTHING_FOUND
        findings = (_in_original(hit, message) for hit in _without_overlaps(found))
        return Assessment(tuple(_outside(context.mentions, findings)))

    def _find(self, scene: Scene) -> tuple[Finding, ...]:
        heard = scene.cues.heard
        for bits, post in self._awake[min(scene.cues.digit_count, len(self._awake) - 1)]:
            if not heard & bits or (post.reads_fields and not scene.cues.fields):
                continue
            hits = tuple(post.find(scene))
            if hits:
                scene = scene.with_found(hits)
        return scene.found

    def _find_split(self, message: Scene, earlier: Sequence[str]) -> Iterator[Finding]:
        """What is found in the message behind the earlier ones, in the message's own places.

        A message that holds no identifier itself and completes one said before ('that was the
        daughter's phone') is flagged as a whole: what identifies is that it was said.
        """
        before = "\n".join(earlier) + "\n"
        begin = len(before)
        found = self._find(_behind(message, before, earlier))
        for finding in found:
            if finding.end > begin:
                yield _moved(finding, max(finding.start, begin), finding.end, -begin)
        if message.text and any(finding.end <= begin for finding in found):
            known = Places(self._find(Scene(before, Cues(before), _seams(earlier[:-1]))))
            for finding in found:
                if finding.end <= begin and not known.overlap(finding.start, finding.end):
                    yield _moved(finding, 0, len(message.text))
                    return


# Digits, and whatever is neither ASCII nor plain Thai.
_NOTABLE = re.compile("[^\t\n\r !-/:-~\u0e01-\u0e3a\u0e3f-\u0e4c]")
_NOBODY: frozenset[str] = frozenset()


class _Post:
    """A detector and what it sleeps without."""

    __slots__ = ("_bits", "_digits_enough", "digits_least", "find", "reads_fields")

    def __init__(self, detector: Detector) -> None:
        self.find = detector.find
        self.digits_least: int = getattr(detector, "digits_least", 0)
        self.reads_fields = isinstance(detector, records.FieldDetector)
        self._bits = _bits_of(detector)
        self._digits_enough: float = getattr(detector, "digits_enough", inf)

    def bits_for(self, digits: int) -> int:
        """Of these one must have been heard in a text with so many digits."""
        return EVERYTHING if digits >= self._digits_enough else self._bits


def _bits_of(detector: Detector) -> int:
    """The words it wakes on, or the names of its numbers."""
    names = getattr(detector, "names", None)
    if isinstance(names, Words):
        return names.bits
    wakes_on: tuple[str, ...] = getattr(detector, "wakes_on", ())
    wakes_when_long: bool = getattr(detector, "wakes_when_long", False)
    if not wakes_on:
        return EVERYTHING
    return bit_of(wakes_on) | (LONG if wakes_when_long else 0)


def _behind(message: Scene, before: str, earlier: Sequence[str]) -> Scene:
    text = before + message.text
    mentions = tuple((start + len(before), end + len(before)) for start, end in message.mentions)
    return Scene(text, Cues(text), _seams(earlier), mentions, message.member_names)


def _seams(earlier: Sequence[str]) -> tuple[int, ...]:
    """The places of the line breaks between messages."""
    return tuple(end - 1 for end in accumulate(len(said) + 1 for said in earlier))


def _places(
    message: NormalisedText, mentions: Sequence[tuple[int, int]]
) -> tuple[tuple[int, int], ...]:
    return tuple((message.place_of(start), message.place_of(end)) for start, end in mentions)


def _moved(finding: Finding, start: int, end: int, by: int = 0) -> Finding:
    return Finding(start + by, end + by, finding.label, finding.strength, finding.reason)


def _in_original(hit: Finding, message: NormalisedText) -> Finding:
    if not message.steps:
        return hit
    return _moved(hit, *message.original_span(hit.start, hit.end))


def _without_overlaps(findings: Iterable[Finding]) -> list[Finding]:
    """In order of place. Of two that overlap the longer one stays: an address, not a name in it."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda f: (f.start, -f.end)):
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
        else:
            kept[-1] = _better(kept[-1], finding)
    return kept


def _better(first: Finding, later: Finding) -> Finding:
    """The longer one; of the same place what was found later: a display name, not just a name."""
    length, known = later.end - later.start, first.end - first.start
    is_same_place = length == known and later.start == first.start
    return later if length > known or is_same_place else first


def _outside(ranges: Sequence[tuple[int, int]], findings: Iterable[Finding]) -> Iterable[Finding]:
    """A mention names a member of the group, never a patient."""
    for finding in findings:
        if not any(start <= finding.start and finding.end <= end for start, end in ranges):
            yield finding
