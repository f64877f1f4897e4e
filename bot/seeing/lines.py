"""The text of a file, read in pieces: lines with their places in, findings with theirs out."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from bot.detectors.mask import masked, patient_numbers
from bot.domain.findings import Finding, Label
from bot.domain.sights import Sight, SightKind
from bot.ports import TextContext

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.domain.incidents import PatientNumber
    from bot.ports import TextReader

_PIECE = 20_000
# A line with a label at its end and the value in the next, or a name above its number, is not
# torn apart by the end of a piece: the next one begins with the last lines of the one before.
_AGAIN = 4
_LONGEST_LINE = 4000
_NUMBER = re.compile(r"[0-9๐-๙]{4}")
_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_PLACE_LENGTH = 120
_BAR = "|"
_BETWEEN_CELLS = "  |  "
_END_OF_ROW = "   "


class Line(NamedTuple):
    """`table` names the table whose row this is."""

    text: str
    place: str
    table: str = ""


class Seen(NamedTuple):
    """What was seen, ready to be told."""

    sights: tuple[Sight, ...]
    numbers: tuple[PatientNumber, ...]


def row(cells: Iterable[str], place: str, table: str) -> Line:
    """Cells so far apart that the digits of two of them are never read as one number."""
    parts = [cell.replace(_BAR, "/") for cell in cells]
    while parts and not parts[-1]:
        parts.pop()
    return Line(_BETWEEN_CELLS.join(parts) + _END_OF_ROW, place, table)


def line_of(text: str, place: str) -> Line:
    """What has tabs in it is taken for a row."""
    cells = [cell.strip() for cell in text.strip().split("\t")]
    return row(cells, place, "rows") if len(cells) > 1 else Line(cells[0], place)


def seen_in(lines: Iterable[Line], reader: TextReader) -> Iterator[Seen]:
    before: set[tuple[int, int, Label]] = set()
    for piece in _pieces(lines):
        found = set()
        for hit in _hits(piece, reader):
            key = (hit.number, hit.column, hit.label)
            found.add(key)
            if key not in before:
                yield hit.seen()
        before = found


def identified(value: str, label: Label, reason: str, place: str) -> Seen:
    """A value that its field says to be of this label."""
    whole = Finding(0, len(value), label, reason=reason)
    sight = Sight(SightKind.IDENTIFIER, reason, label, masked(value, (whole,)), place=place)
    return Seen((sight,), patient_numbers(value, (whole,)))


def safe_name(name: str, reader: TextReader) -> str:
    """A name of a file or a sheet, fit for a screen: it may be that of a patient."""
    text = printable(name)[:_PLACE_LENGTH]
    return masked(text, reader.assess(spoken_name(text), TextContext()).findings)


def spoken_name(name: str) -> str:
    """'HN_6500123' as it is meant, character for character."""
    return name.replace("_", " ").replace("\t", " ").replace("\n", " ")


def printable(text: str) -> str:
    """Without what moves the cursor or turns the direction of writing."""
    return "".join(character for character in text if character.isprintable())


# --- Pieces ---------------------------------------------------------------------------------


class _Numbered(NamedTuple):
    number: int
    line: Line


def _pieces(lines: Iterable[Line]) -> Iterator[list[_Numbered]]:
    """Where the file breaks off, what was read until then is a piece still."""
    piece = _Piece()
    broken: Exception | None = None
    source = enumerate(_cut(lines))
    while True:
        try:
            numbered = next(source, None)
        except Exception as error:  # noqa: BLE001 - raised again below, behind what was read
            broken = error
            break
        if numbered is None:
            break
        piece.add(_Numbered(*numbered))
        if piece.is_full:
            yield piece.lines
            piece = piece.next()
    if piece.has_new:
        yield piece.lines
    if broken is not None:
        raise broken


class _Piece:
    """Lines to be read together. In the middle of a table its heading comes first."""

    def __init__(self, heading: _Numbered | None = None, again: Sequence[_Numbered] = ()) -> None:
        is_apart = heading is not None and heading not in again
        self.lines = [heading, *again] if heading is not None and is_apart else [*again]
        self._heading = heading
        self._size = 0
        self.has_new = False

    def add(self, numbered: _Numbered) -> None:
        line = numbered.line
        if self._heading is None or self._heading.line.table != line.table:
            self._heading = numbered if _is_heading(line) else None
        self.lines.append(numbered)
        self._size += len(line.text) + 1
        self.has_new = True

    @property
    def is_full(self) -> bool:
        return self._size >= _PIECE

    def next(self) -> _Piece:
        return _Piece(self._heading, self.lines[-_AGAIN:])


def _is_heading(line: Line) -> bool:
    """The first row of a table with two cells or more and no number in it."""
    return bool(line.table) and _BAR in line.text and not _NUMBER.search(line.text)


def _cut(lines: Iterable[Line]) -> Iterator[Line]:
    for line in lines:
        text = _BREAKS.sub(" ", line.text)
        while len(text) > _LONGEST_LINE:
            end = text.rfind(" ", 1, _LONGEST_LINE)
            end = _LONGEST_LINE if end < 0 else end
            yield line._replace(text=text[:end])
            text = text[end:]
        yield line._replace(text=text)


# --- Findings -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Hit:
    number: int
    column: int
    value: str
    finding: Finding
    place: str

    @property
    def label(self) -> Label:
        return self.finding.label

    def seen(self) -> Seen:
        return identified(self.value, self.label, self.finding.reason, self.place)


def _hits(piece: Sequence[_Numbered], reader: TextReader) -> Iterator[_Hit]:
    text = "\n".join(numbered.line.text for numbered in piece)
    if not text.strip():
        return
    starts = [0, *accumulate(len(numbered.line.text) + 1 for numbered in piece)]
    for finding in reader.assess(text, TextContext()).findings:
        i = bisect_right(starts, finding.start) - 1
        number, line = piece[i]
        value = text[finding.start : finding.end]
        yield _Hit(number, finding.start - starts[i], value, finding, line.place)
