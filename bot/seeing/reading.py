"""Reads a picture: finds the lines, turns it upright, reads each line twice, puts them in order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from bot.seeing.geometry import height, straightened, turned_back, width
from bot.seeing.latin import LatinReader
from bot.seeing.merging import alone, merged, needs_thai
from bot.seeing.page import Page, ReadLine
from bot.seeing.text_regions import TextRegions
from bot.seeing.thai import ThaiReader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.seeing.geometry import Corners, Image
    from bot.seeing.glyphs import Glyph
    from bot.seeing.merging import Reading

# The longer side at which text is looked for: first quickly, then closely where there is some.
_GLANCE = 736
_CLOSELY = 1280
_STANDING = 1.5
# Lines this many pixels high at the first glance, with their margin, were all found by it.
_LARGE = 26
_LATIN_TASTERS = 10
_THAI_TASTERS = 4
_TELLING_MARKS = 3
_CLEARLY = 1.2
# These read the same, or as each other, when they stand on their heads.
_ALIKE = frozenset("0oOIl1HNXxSsZz8-.|:/6 9")
_THINNEST = 7
_SURE = 0.9
_MARK = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")


class PageReader:
    def __init__(self) -> None:
        self._regions = TextRegions()
        self._latin = LatinReader()
        self._thai = ThaiReader()

    def read(self, image: Image) -> Page:
        upright, strips, turns = self._upright(image, self._regions.find(image, _GLANCE))
        if strips and self._is_upside_down(upright, strips):
            upright, strips, turns = _turned(upright, 2), _halfway(strips, upright), turns + 2
        shape = (image.shape[0], image.shape[1])
        lines = (self._line(upright, strip) for strip in strips)
        return Page(
            (line for line in lines if line is not None),
            lambda corners: turned_back(corners, turns, shape),
        )

    def _upright(self, image: Image, glance: list[Corners]) -> tuple[Image, list[Corners], int]:
        """Looks closely where there is text that the first glance was too coarse for."""
        turns = 1 if _stands(glance) else 0
        image = _turned(image, turns)
        is_large = min(_sizes(glance), default=0.0) * _GLANCE > _LARGE * max(image.shape[:2])
        if not glance or (is_large and not turns):
            return image, glance, turns
        return image, self._regions.find(image, _CLOSELY), turns

    def _line(self, image: Image, corners: Corners) -> ReadLine | None:
        if min(width(corners), height(corners)) < _THINNEST:
            return None
        return ReadLine(corners, self._reading(straightened(image, corners)))

    def _reading(self, strip: Image) -> Reading:
        latin = self._latin.read(strip)
        if not needs_thai(latin):
            return alone(latin)
        return merged(latin, self._thai.read(strip), strip.shape[1] / strip.shape[0])

    def _is_upside_down(self, image: Image, strips: Sequence[Corners]) -> bool:
        """The longest lines are tasted both ways. Thai tells it by its marks; where there are
        few, Latin and digits do."""
        longest = sorted(strips, key=width, reverse=True)
        cut = [straightened(image, strip) for strip in longest[:_LATIN_TASTERS]]
        both_ways = [(strip, _turned(strip, 2)) for strip in cut]
        upright, turned = _totals(self._thai_taste, both_ways[:_THAI_TASTERS])
        if abs(upright - turned) < _TELLING_MARKS:
            upright, turned = _totals(self._latin_taste, both_ways)
        return turned > upright * _CLEARLY

    def _latin_taste(self, strip: Image) -> float:
        """How many letters and digits it is sure of; single strokes look alike both ways."""
        return float(sum(_is_telling(glyph) for glyph in self._latin.read(strip)))

    def _thai_taste(self, strip: Image) -> float:
        """Marks above and below stand where they belong only when the line is upright."""
        return float(sum(_has_mark(glyph) for glyph in self._thai.read(strip)))


def _stands(strips: Sequence[Corners]) -> bool:
    """Most of the text runs from top to bottom: the picture lies on its side."""
    standing = sum(height(s) for s in strips if height(s) > _STANDING * width(s))
    lying = sum(width(s) for s in strips if width(s) > _STANDING * height(s))
    return standing > lying


def _totals(
    taste: Callable[[Image], float], both_ways: Sequence[tuple[Image, Image]]
) -> tuple[float, float]:
    upright, turned = zip(*both_ways, strict=True)
    return sum(map(taste, upright)), sum(map(taste, turned))


def _is_telling(glyph: Glyph) -> bool:
    return glyph.sure > _SURE and glyph.text.isascii() and glyph.text not in _ALIKE


def _has_mark(glyph: Glyph) -> bool:
    return glyph.sure > _SURE and _MARK.search(glyph.text) is not None


def _sizes(strips: Sequence[Corners]) -> list[float]:
    return [min(width(strip), height(strip)) for strip in strips]


def _turned(image: Image, turns: int) -> Image:
    return np.ascontiguousarray(np.rot90(image, turns)) if turns else image


def _halfway(strips: Sequence[Corners], image: Image) -> list[Corners]:
    """The same strips in the picture turned by half: corners clockwise from the new top left."""
    high, wide = image.shape[:2]
    return [(np.array([wide, high], np.float32) - strip)[[2, 3, 0, 1]] for strip in strips]
