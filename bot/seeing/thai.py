"""Reads a line's Thai letters and digits with Tesseract's Thai model. It knows no Latin."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import cv2
import tesserocr
from PIL import Image as Pillow

from bot.seeing import models
from bot.seeing.glyphs import Glyph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.seeing.geometry import Image

_HEIGHT = 48
_WIDEST = 4000
_MARGIN = 6
_HUNDRED = 100.0


class ThaiReader:
    def __init__(self) -> None:
        self._api = tesserocr.PyTessBaseAPI(
            path=str(models.tessdata()), lang="tha", psm=tesserocr.PSM.SINGLE_LINE
        )

    def read(self, strip: Image) -> list[Glyph]:
        prepared = _prepared(strip)
        self._api.SetImage(Pillow.fromarray(prepared))
        if not self._api.Recognize():
            return []
        with suppress(RuntimeError):  # nothing was read
            return list(_spaced(self._api.GetUTF8Text(), self._symbols(prepared.shape[1])))
        return []

    def _symbols(self, wide: int) -> Iterator[Glyph]:
        level = tesserocr.RIL.SYMBOL
        for symbol in tesserocr.iterate_level(self._api.GetIterator(), level):
            box = symbol.BoundingBox(level)
            if box is not None:
                start, end = (_share(edge, wide) for edge in (box[0], box[2]))
                sure = symbol.Confidence(level) / _HUNDRED
                yield Glyph(symbol.GetUTF8Text(level), sure, start, end)

    def close(self) -> None:
        self._api.End()


def _spaced(text: str, symbols: Iterator[Glyph]) -> Iterator[Glyph]:
    """The symbols, with the blanks that only the text has."""
    place, before = 0, 0.0
    for symbol in symbols:
        found = text.find(symbol.text, place)
        if found > place and text[place:found].isspace():
            yield Glyph(" ", 1.0, before, max(before, symbol.start))
        place = max(place, found + len(symbol.text))
        before = symbol.end
        yield symbol


def _prepared(strip: Image) -> Image:
    """Grey, as high as the model likes it, with a margin in the colour of the paper."""
    grey = cv2.cvtColor(strip, cv2.COLOR_BGR2GRAY)
    high, wide = grey.shape[:2]
    across = min(_WIDEST, max(1, round(wide * _HEIGHT / high)))
    how = cv2.INTER_AREA if high > _HEIGHT else cv2.INTER_CUBIC
    grey = cv2.resize(grey, (across, _HEIGHT), interpolation=how)
    paper = int(cv2.mean(grey)[0] > cv2.mean(grey[:3])[0] * 2)  # light on dark
    if paper:
        grey = cv2.bitwise_not(grey)
    return cv2.copyMakeBorder(grey, _MARGIN, _MARGIN, _MARGIN, _MARGIN, cv2.BORDER_REPLICATE)  # type: ignore[return-value]


def _share(edge: int, wide: int) -> float:
    return min(1.0, max(0.0, (edge - _MARGIN) / max(1, wide - 2 * _MARGIN)))
