"""The text of a picture, and the way back from each character to its place."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from bot.seeing.eyes import layout

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.seeing.eyes.reading import Line
    from bot.seeing.eyes.strips import Strip

_CELLS_APART = 1.2
# So many blanks that the digits of two cells are never read as one number.
_BETWEEN_CELLS = "    |    "
_BAR, _STROKE = "|", "/"


class Place(NamedTuple):
    """From one share of a line's length to another."""

    line: Line
    start: float
    end: float
    sureness: float = 1.0

    @property
    def strip(self) -> Strip:
        return self.line.strip.part(self.start, self.end)

    def overlaps(self, other: Place) -> bool:
        is_apart = self.end <= other.start or other.end <= self.start
        return self.line is other.line and not is_apart


class Sign(NamedTuple):
    text: str
    place: Place | None = None


@dataclass(frozen=True)
class Page:
    """`places`: one for each character of the text; none for what stands between words."""

    text: str
    places: tuple[Place | None, ...]

    def spans(self, start: int, end: int) -> Iterator[Place]:
        """Where this part of the text stands: one place on each line that it touches."""
        by_line: dict[Line, list[Place]] = {}
        for place in self.places[start:end]:
            if place is not None:
                by_line.setdefault(place.line, []).append(place)
        for line, places in by_line.items():
            first, last = min(place.start for place in places), max(place.end for place in places)
            yield Place(line, first, last, sum(place.sureness for place in places) / len(places))

    def replaced(self, start: int, end: int, text: str) -> Page:
        """Other characters, which stand where the old ones stood."""
        old = self.places[start:end]
        known = next((place for place in old if place is not None), None)
        new = old if len(old) == len(text) else (known,) * len(text)
        return Page(
            self.text[:start] + text + self.text[end:],
            (*self.places[:start], *new, *self.places[end:]),
        )


def by_rows(rows: Sequence[layout.Row]) -> Page:
    return _page(sign for row in rows for sign in _row(row))


def by_blocks(rows: Sequence[layout.Row]) -> Page:
    return _page(sign for block in layout.in_blocks(rows) for sign in _block(block))


def _page(signs: Iterable[Sign]) -> Page:
    text, places = [], []
    for sign in signs:
        text.append(sign.text)
        places += [sign.place] * len(sign.text)
    return Page("".join(text), tuple(places))


def _row(row: layout.Row) -> Iterator[Sign]:
    yield from _line(row[0])
    for before, line in pairwise(row):
        yield Sign(_BETWEEN_CELLS if layout.gap(before, line) > _CELLS_APART else " ")
        yield from _line(line)
    yield Sign("\n")


def _block(block: Sequence[Line]) -> Iterator[Sign]:
    for line in block:
        yield from _line(line)
        yield Sign("\n")
    yield Sign("\n")


def _line(line: Line) -> Iterator[Sign]:
    for number, word in enumerate(line.words):
        if number:
            yield Sign(" ")
        for letter in word:
            # The edge of a box, read as a bar, would divide cells.
            text = letter.text.replace(_BAR, _STROKE)
            yield Sign(text, Place(line, letter.start, letter.end, letter.sureness))
