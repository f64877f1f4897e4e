"""The eyes: a picture in, what identifies somebody in it out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.detectors.mask import masked, patient_numbers
from bot.domain.findings import Label, Strength
from bot.domain.sights import Sight, SightKind
from bot.ports import TextContext
from bot.seeing.eyes import codes, covering, medical, noise, page, pieces, turning
from bot.seeing.eyes.faces import FaceFinder
from bot.seeing.eyes.finding import LineFinder
from bot.seeing.eyes.layout import in_rows
from bot.seeing.eyes.reading import LineReader
from bot.seeing.files.pictures import first_picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.findings import Finding
    from bot.domain.incidents import PatientNumber
    from bot.ports import TextReader
    from bot.seeing.eyes.codes import Code
    from bot.seeing.eyes.models import Picture
    from bot.seeing.eyes.page import Page, Place
    from bot.seeing.eyes.pieces import Piece
    from bot.seeing.eyes.strips import Strip
    from bot.seeing.eyes.turning import Turned

_LOOKS_MOST = 4
# Below this nobody knows where exactly in its line a word stands: the line is covered as a whole.
_SURE_OF_PLACE = 0.8
_AROUND = 0.2
# Of the whole picture's width and height.
_SAME_PLACE = 0.01
_SMALLEST = 24
_NUMBERED = frozenset((Label.HN, Label.VISIT_NO))
_DIGITS_LEAST = 5
# Noise looks like a rare name more than like anything else.
_SURE_NAME = 0.9
# From the middle of one line to that of the next, in heights of a line.
_LINES_APART = 2.5
# A column of names with one misread title in it is still one of staff.
_STAFF = re.compile(r"(?:พว|นพ|พญ|ทพ|ทพญ|ภก|ภญ)\.")


@dataclass(frozen=True, eq=False)
class PictureLook:
    """`text` is what was read, for those who measure; `covers` hides all that identifies."""

    sights: tuple[Sight, ...]
    numbers: tuple[PatientNumber, ...] = field(repr=False)
    text: str = field(default="", repr=False)
    covers: tuple[Strip, ...] = field(default=(), repr=False)
    faces: tuple[Strip, ...] = field(default=(), repr=False)


class Eyes:
    """Loads the models once. One picture at a time: not for several threads."""

    def __init__(self, reader: TextReader) -> None:
        self._reader = reader
        self._line_finder = LineFinder()
        self._line_reader = LineReader()
        self._face_finder = FaceFinder()

    def look_at(self, image: Picture, place: str = "") -> PictureLook:
        return self._look_at(pieces.sized(image), place)

    def _look_at(self, picture: Picture, place: str = "") -> PictureLook:
        looks = [self._look_at_piece(one, place) for one in pieces.pieces(picture)]
        text = "\n".join(look.text for look in looks)
        sights: list[Sight] = []
        for sight in (sight for look in looks for sight in look.sights):
            if not any(_is_same(sight, told) for told in sights):
                sights.append(sight)
        if (kind := medical.medical_kind(picture, len(text))) is not None:
            sights.append(Sight(SightKind.MEDICAL, f"looks like an {kind}", place=place))
        return PictureLook(
            tuple(sights),
            tuple(dict.fromkeys(number for look in looks for number in look.numbers)),
            text,
            tuple(cover for look in looks for cover in look.covers),
            tuple(face for look in looks for face in look.faces),
        )

    def _look_at_piece(self, piece: Piece, place: str) -> PictureLook:
        picture, notes = piece.picture, _Notes(piece, place)
        if min(picture.shape[:2]) < _SMALLEST:
            return notes.look("")
        pages = self._pages(notes)
        for one in pages:
            notes.read(one, self._reader.assess(one.text, TextContext()).findings)
        text = pages[0].text if pages else ""
        for code in codes.find_codes(picture):
            notes.decoded(code, codes.findings(code, self._reader, text))
        notes.faces = tuple(self._face_finder.find(picture))
        return notes.look(text)

    def copy(self, content: bytes) -> bytes | None:
        """Looked at again after each covering; nothing where something shows still."""
        picture = first_picture(content)
        return None if picture is None else self._covered(picture)

    def _covered(self, picture: Picture) -> bytes | None:
        picture = pieces.sized(picture)
        for _ in range(_LOOKS_MOST):
            look = self._look_at(picture)
            if not look.covers and not look.faces:
                return covering.as_jpeg(picture)
            picture = covering.without_faces(picture, look.faces)
            picture = covering.blacked_out(picture, look.covers)
        return None

    def _pages(self, notes: _Notes) -> list[Page]:
        """The text in two orders; one where both are the same."""
        strips = self._line_finder.find(notes.picture)
        if not strips:
            return []
        notes.turned = turning.upright(notes.picture, strips, self._line_reader)
        lines = [self._line_reader.read(notes.turned.picture, one) for one in notes.turned.strips]
        rows = in_rows([line for line in lines if line.words])
        pages = [noise.mended(page.by_rows(rows))]
        if any(len(row) > 1 for row in rows):
            pages.append(noise.mended(page.by_blocks(rows)))
        return pages


class _Notes:
    """What was seen so far of one piece, told by its place in the whole picture."""

    def __init__(self, piece: Piece, place: str) -> None:
        self.picture = piece.picture
        self.turned: Turned = turning.Turned(piece.picture, ())
        self.faces: tuple[Strip, ...] = ()
        self._place = place
        self._corner = piece.corner
        self._size = piece.whole
        self._sights: list[Sight] = []
        self._numbers: dict[PatientNumber, None] = {}
        self._covers: list[Strip] = []
        self._found: list[Place] = []

    def read(self, one: Page, findings: Sequence[Finding]) -> None:
        """What was found in another order already is not told again."""
        well_read = (finding for finding in findings if _is_well_read(one, finding))
        fresh = [finding for finding in well_read if not self._is_known(one, finding)]
        for finding in fresh:
            spans = list(one.spans(finding.start, finding.end))
            self._found += spans
            self._covers += map(self._cover, spans)
            strip = self.turned.back(spans[0].strip) if spans else None
            self._tell(finding, one.text[finding.start : finding.end], strip)
        self._numbers.update(dict.fromkeys(patient_numbers(one.text, fresh)))

    def decoded(self, code: Code, findings: Sequence[Finding]) -> None:
        for finding in findings:
            value = code.content[finding.start : finding.end]
            self._tell(finding, value, code.strip)
        if findings:
            self._covers.append(code.strip.grown(_AROUND, _AROUND))
        self._numbers.update(dict.fromkeys(patient_numbers(code.content, findings)))

    def look(self, text: str) -> PictureLook:
        faces = tuple(face.moved(self._corner) for face in self.faces)
        for face in faces:
            region = face.region(self._size)
            self._sights.append(Sight(SightKind.FACE, "a face", region=region, place=self._place))
        covers = tuple(cover.moved(self._corner) for cover in self._covers)
        return PictureLook(tuple(self._sights), tuple(self._numbers), text, covers, faces)

    def _tell(self, finding: Finding, value: str, strip: Strip | None) -> None:
        region = strip.moved(self._corner).region(self._size) if strip is not None else None
        whole = replace(finding, start=0, end=len(value))
        hidden = masked(value, (whole,))
        sight = Sight(
            SightKind.IDENTIFIER, finding.reason, finding.label, hidden, region, self._place
        )
        self._sights.append(sight)

    def _is_known(self, one: Page, finding: Finding) -> bool:
        spans = list(one.spans(finding.start, finding.end))
        return bool(spans) and all(any(map(span.overlaps, self._found)) for span in spans)

    def _cover(self, span: Place) -> Strip:
        is_sure = span.line.sureness >= _SURE_OF_PLACE
        strip = span.strip if is_sure else span.line.strip
        return self.turned.back(strip.grown(_AROUND, _AROUND))


def _is_same(one: Sight, other: Sight) -> bool:
    """Seen in two pieces, where they meet."""
    if replace(one, region=None) != replace(other, region=None):
        return False
    if one.region is None or other.region is None:
        return one.region is other.region
    pairs = zip(one.region.corners, other.region.corners, strict=True)
    return all(max(abs(x - u), abs(y - v)) < _SAME_PLACE for (x, y), (u, v) in pairs)


def _is_well_read(page: Page, finding: Finding) -> bool:
    """A few digits behind a label may be the rest of a number that was masked or smudged, and
    what was misread may look like a name."""
    if finding.label in _NUMBERED:
        digits = sum(map(str.isdigit, page.text[finding.start : finding.end]))
        return digits >= _DIGITS_LEAST
    if finding.label is Label.PERSON:
        if _STAFF.match(page.text, finding.start):
            return False
        spans = list(page.spans(finding.start, finding.end))
        is_sure = all(span.sureness >= _SURE_NAME for span in spans)
        return is_sure and finding.strength is Strength.CERTAIN
    if finding.label is Label.ADDRESS:
        return _are_close(list(page.spans(finding.start, finding.end)))
    return True


def _are_close(spans: Sequence[Place]) -> bool:
    """The parts of an address stand one below the other; the '12' of one sign on a map and the
    street of another are none."""
    strips = [span.line.strip for span in spans]
    return all(
        abs(float(below.middle[1] - above.middle[1])) <= _LINES_APART * below.height
        for above, below in pairwise(strips)
    )
