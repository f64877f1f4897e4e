"""Lines of a picture in reading order, as one text, with the way back from its characters. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from bot.seeing.geometry import height, middle, part, width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bot.seeing.geometry import Corners
    from bot.seeing.merging import Reading

# Strips belong to one row when the middle of one lies well within the height of the other.
_SAME_ROW = 0.55
_CELL_GAP = 1.5


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A strip of the picture and what it says."""

    corners: Corners
    reading: Reading


@dataclass(frozen=True, slots=True)
class _Character:
    line: ReadLine
    start: float
    end: float


class Page:
    """All that was read in a picture. Cells of one row stand in one line, parted by tabs."""

    def __init__(self, lines: Iterable[ReadLine], back: Callable[[Corners], Corners]) -> None:
        """`back` leads from the upright picture to the one that came."""
        self._back = back
        self.rows = _rows([line for line in lines if line.reading.text.strip()])
        characters: list[tuple[str, _Character | None]] = []
        for row in self.rows:
            characters += _row_characters(row)
            characters.append(("\n", None))
        self._characters = [place for _, place in characters]
        self.text = "".join(text for text, _ in characters)

    def strips(self, start: int, end: int) -> Iterator[Corners]:
        """Where the characters from `start` to `end` stand in the picture: a strip a line."""
        places = [place for place in self._characters[start:end] if place is not None]
        lines = {id(place.line): place.line for place in places}
        for key, line in lines.items():
            own = [place for place in places if id(place.line) == key]
            strip = part(line.corners, min(p.start for p in own), max(p.end for p in own))
            yield self._back(strip)


def _rows(lines: Sequence[ReadLine]) -> list[list[ReadLine]]:
    """By slant-corrected height in the picture, then from left to right."""
    slant = _slant(lines)
    level = {id(line): _level(line.corners, slant) for line in lines}
    rows: list[list[ReadLine]] = []
    for line in sorted(lines, key=lambda one: level[id(one)]):
        if rows and _is_same_row(rows[-1], line, level):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda one: middle(one.corners)[0]) for row in rows]


def _slant(lines: Sequence[ReadLine]) -> float:
    """How much a line falls for each pixel to the right: that of the longer half of them."""
    long = sorted(lines, key=lambda line: width(line.corners))[len(lines) // 2 :]
    falls = [_fall(line.corners) for line in long]
    return float(np.median(falls)) if falls else 0.0


def _fall(corners: Corners) -> float:
    across = corners[1] - corners[0]
    return float(across[1] / across[0]) if abs(across[0]) > 1 else 0.0


def _level(corners: Corners, slant: float) -> float:
    x, y = middle(corners)
    return y - slant * x


def _is_same_row(row: Sequence[ReadLine], line: ReadLine, level: dict[int, float]) -> bool:
    last = row[-1]
    apart = abs(level[id(line)] - level[id(last)])
    return apart < _SAME_ROW * min(height(line.corners), height(last.corners))


def _row_characters(row: Sequence[ReadLine]) -> Iterator[tuple[str, _Character | None]]:
    yield from _line_characters(row[0])
    for before, line in pairwise(row):
        yield ("\t" if _is_a_cell_away(before, line) else " "), None
        yield from _line_characters(line)


def _is_a_cell_away(before: ReadLine, line: ReadLine) -> bool:
    gap = float(line.corners[0][0] - before.corners[1][0])
    return gap > _CELL_GAP * min(height(before.corners), height(line.corners))


def _line_characters(line: ReadLine) -> Iterator[tuple[str, _Character]]:
    for glyph in line.reading.glyphs:
        share = (glyph.end - glyph.start) / max(1, len(glyph.text))
        for number, character in enumerate(glyph.text):
            start = glyph.start + number * share
            yield character, _Character(line, start, start + share)
