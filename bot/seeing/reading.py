"""Reads a picture: finds the lines, turns it upright, reads each line twice, puts them in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.seeing.geometry import height, straightened, turned_back, width
from bot.seeing.latin import LatinReader
from bot.seeing.merging import alone, merged, needs_thai
from bot.seeing.page import Page, ReadLine
from bot.seeing.text_regions import TextRegions
from bot.seeing.thai import ThaiReader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.seeing.geometry import Corners, Image
    from bot.seeing.merging import Reading

# The longer side at which text is looked for: first quickly, then closely where there is some.
_GLANCE = 736
_CLOSELY = 1280
_STANDING = 1.5
# Lines this many pixels high at the first glance, with their margin, were all found by it.
_LARGE = 26
_TASTERS = 4
_THINNEST = 7
_SURE = 0.9


class PageReader:
    def __init__(self) -> None:
        self._regions = TextRegions()
        self._latin = LatinReader()
        self._thai = ThaiReader()

    def read(self, image: Image) -> Page:
        upright, strips, turns = self._upright(image, self._regions.find(image, _GLANCE))
        if self._is_upside_down(upright, strips):
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
        """The longest lines are tasted both ways."""
        longest = sorted(strips, key=width, reverse=True)[:_TASTERS]
        cut = [straightened(image, strip) for strip in longest]
        upright = sum(self._taste(strip) for strip in cut)
        turned = sum(self._taste(np.ascontiguousarray(np.rot90(strip, 2))) for strip in cut)
        return turned > upright * 1.15

    def _taste(self, strip: Image) -> float:
        """How much of this strip makes sense to either reader."""
        latin = sum(g.sure for g in self._latin.read(strip) if g.sure > _SURE and g.text.isascii())
        thai = sum(g.sure - 0.75 for g in self._thai.read(strip) if g.text.strip())
        return float(latin) * 0.25 + float(thai)


def _stands(strips: Sequence[Corners]) -> bool:
    """Most of the text runs from top to bottom: the picture lies on its side."""
    standing = sum(height(s) for s in strips if height(s) > _STANDING * width(s))
    lying = sum(width(s) for s in strips if width(s) > _STANDING * height(s))
    return standing > lying


def _sizes(strips: Sequence[Corners]) -> list[float]:
    return [min(width(strip), height(strip)) for strip in strips]


def _turned(image: Image, turns: int) -> Image:
    return np.ascontiguousarray(np.rot90(image, turns)) if turns else image


def _halfway(strips: Sequence[Corners], image: Image) -> list[Corners]:
    """The same strips in the picture turned by half: corners clockwise from the new top left."""
    high, wide = image.shape[:2]
    return [(np.array([wide, high], np.float32) - strip)[[2, 3, 0, 1]] for strip in strips]
