"""The eyes: what identifies a patient in a picture, faces, codes, and what looks medical."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2

from bot.detectors.mask import masked, patient_numbers
from bot.domain.findings import Finding, Label
from bot.domain.sights import Sight, SightKind
from bot.ports import TextContext
from bot.seeing.codes import codes_in
from bot.seeing.covering import covered
from bot.seeing.faces import FaceFinder
from bot.seeing.files.pictures import first_picture
from bot.seeing.geometry import region
from bot.seeing.medical import medical_kind
from bot.seeing.reading import PageReader
from bot.seeing.repair import repaired

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.domain.incidents import PatientNumber
    from bot.ports import TextReader
    from bot.seeing.codes import Code
    from bot.seeing.geometry import Corners, Image
    from bot.seeing.page import Page

_NUMBERED = (Label.HN, Label.VISIT_NO)
_FEWEST_DIGITS = 5
# More than this adds time and no identifier.
_LONGEST = 2200
_SMALLEST = 24
# A bare number in a code counts where the print beside it speaks of a patient.
_HN_DIGITS = re.compile(r"\d{5,10}")
_PATIENT_PRINT = re.compile(r"\bH\.?N\b|\bA\.?N\b|ผู้ป่วย|ward|หอ", re.IGNORECASE)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.\-]*:(?://|\S+@)|www\.|WIFI:|BEGIN:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PictureLook:
    """What was seen in one picture."""

    sights: tuple[Sight, ...]
    numbers: tuple[PatientNumber, ...]
    text: str = ""

    def __repr__(self) -> str:
        return f"PictureLook({len(self.sights)} sights)"


class Eyes:
    """Holds the models; loaded once, in the process that looks."""

    def __init__(self, reader: TextReader) -> None:
        cv2.setNumThreads(1)
        self._reader = reader
        self._pages = PageReader()
        self._faces = FaceFinder()

    def look_at(self, image: Image, place: str = "") -> PictureLook:
        image = _of_a_size(image)
        if min(image.shape[:2]) < _SMALLEST:
            return PictureLook((), ())
        page = self._pages.read(image)
        found = _Found(image.shape, place)
        self._text(page, found)
        self._codes(codes_in(image), page, found)
        for corners in self._faces.find(image):
            found.sights.append(
                Sight(SightKind.FACE, "a face", region=region(corners, image.shape), place=place)
            )
        kind = medical_kind(image, len(page.text))
        if kind is not None:
            found.sights.append(Sight(SightKind.MEDICAL, f"looks like an {kind}", place=place))
        return PictureLook(tuple(found.sights), tuple(found.numbers), page.text)

    def copy(self, content: bytes) -> bytes | None:
        """The picture with all that was seen in it covered; None where it cannot be looked at."""
        image = first_picture(content)
        if image is None:
            return None
        image = _of_a_size(image)
        return covered(image, self.look_at(image).sights)

    def _text(self, page: Page, found: _Found) -> None:
        """Whole findings only: what was read is as long as what was mended of it."""
        text = repaired(page.text)
        findings = [
            finding
            for finding in self._reader.assess(text, TextContext()).findings
            if _is_well_read(text, finding)
        ]
        for finding in findings:
            strips = list(page.strips(finding.start, finding.end))
            found.identifier(text, finding, strips)
        found.numbers += patient_numbers(text, findings)

    def _codes(self, codes: Iterable[Code], page: Page, found: _Found) -> None:
        for code in codes:
            for text, finding in self._in_code(code.text, page.text):
                found.identifier(text, finding, [code.corners])
                found.numbers += patient_numbers(text, (finding,))

    def _in_code(self, text: str, print_beside: str) -> Iterator[tuple[str, Finding]]:
        if _ADDRESS.match(text):
            return
        findings = self._reader.assess(text, TextContext()).findings
        yield from ((text, finding) for finding in findings)
        is_bare = _HN_DIGITS.fullmatch(text) is not None
        if not findings and is_bare and _PATIENT_PRINT.search(print_beside):
            reason = "bare number in a code, on a patient's label"
            yield text, Finding(0, len(text), Label.HN, reason=reason)


class _Found:
    """Sights of one picture, each with its region."""

    def __init__(self, shape: Sequence[int], place: str) -> None:
        self._shape = shape
        self._place = place
        self.sights: list[Sight] = []
        self.numbers: list[PatientNumber] = []

    def identifier(self, text: str, finding: Finding, strips: Iterable[Corners]) -> None:
        shown = text[finding.start : finding.end]
        whole = Finding(0, len(shown), finding.label)
        for strip in strips:
            self.sights.append(
                Sight(
                    SightKind.IDENTIFIER,
                    finding.reason,
                    finding.label,
                    masked(shown, (whole,)),
                    region(strip, self._shape),
                    self._place,
                )
            )


def _is_well_read(text: str, finding: Finding) -> bool:
    """A few digits behind a label may be the rest of a number that was masked or smudged."""
    if finding.label not in _NUMBERED:
        return True
    return sum(map(str.isdigit, text[finding.start : finding.end])) >= _FEWEST_DIGITS


def _of_a_size(image: Image) -> Image:
    factor = _LONGEST / max(image.shape[:2])
    if factor >= 1:
        return image
    how = cv2.INTER_AREA
    return cv2.resize(image, None, fx=factor, fy=factor, interpolation=how).astype(image.dtype)
