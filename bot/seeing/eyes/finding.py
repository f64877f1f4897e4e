"""Finds lines of text in a picture, whatever their script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from bot.seeing.eyes import models
from bot.seeing.eyes.strips import Strip, directed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from bot.seeing.eyes.models import Picture

# The model answers with a map of how sure it is of text at each pixel. These are the model's own
# settings, but for the margin, which is wider: Thai has vowels and tones above and below.
_SURE_PIXEL = 0.3
_SURE_LINE = 0.5
_GROWN_BY = 1.6
_THINNEST = 3.0
_LINES_MOST = 400
_STEP = 32
# A glance of a third of a second tells whether there is text at all, and finds large print well.
_GLANCE = 736
# Lines lower than this are near the end of what the model sees: it looks again, so closely that the
# low ones among them are as high as wished.
_LOW = 24.0
_WISHED = 22.0
_CLOSELY, _CLOSELY_MOST = 1024, 1664
_ENLARGED_MOST = 2.0


class LineFinder:
    def __init__(self) -> None:
        self._session = models.line_finder()

    def find(self, picture: Picture) -> list[Strip]:
        """All lines, in no order. A picture of small print is looked at twice."""
        scale = _GLANCE / max(picture.shape[:2])
        lines = self._at(picture, scale)
        if not lines or scale >= 1:
            return lines
        low = float(np.percentile([_lower(line) for line in lines], 30)) * scale
        if low >= _LOW:
            return lines
        closely = float(np.clip(_GLANCE * _WISHED / low, _CLOSELY, _CLOSELY_MOST)) / _GLANCE
        closer = self._at(picture, min(1.0, scale * closely))
        # Alone on a plain ground, small print is seen at a glance only.
        return closer + [line for line in lines if not any(_meet(line, one) for one in closer)]

    def _at(self, picture: Picture, scale: float) -> list[Strip]:
        scale = min(scale, _ENLARGED_MOST)
        height, width = (
            max(_STEP, round(side * scale / _STEP) * _STEP) for side in picture.shape[:2]
        )
        shrunk = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
        colours = shrunk.astype(np.float32) / 127.5 - 1
        (sureness,) = self._session.run(None, {"x": colours.transpose(2, 0, 1)[None]})
        back = (picture.shape[1] / width, picture.shape[0] / height)
        return [directed((corners * back).astype(np.float32)) for corners in _boxes(sureness[0, 0])]


def _meet(one: Strip, other: Strip) -> bool:
    """Whether the upright boxes around them touch."""
    starts = np.maximum(one.corners.min(axis=0), other.corners.min(axis=0))
    ends = np.minimum(one.corners.max(axis=0), other.corners.max(axis=0))
    return bool((starts <= ends).all())


def _lower(line: Strip) -> float:
    return min(line.height, line.length)


def _boxes(sureness: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    marked = (sureness > _SURE_PIXEL).astype(np.uint8)
    marked = cv2.dilate(marked, np.ones((2, 2), np.uint8)).astype(np.uint8)
    outlines, _ = cv2.findContours(marked, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for outline in sorted(outlines, key=cv2.contourArea, reverse=True)[:_LINES_MOST]:
        middle, (width, height), angle = cv2.minAreaRect(outline)
        if min(width, height) < _THINNEST or _mean_inside(sureness, outline) < _SURE_LINE:
            continue
        more = 2 * width * height * _GROWN_BY / (2 * (width + height))
        grown = (middle, (width + more, height + more), angle)
        yield cv2.boxPoints(grown).astype(np.float32)


def _mean_inside(
    sureness: NDArray[np.float32], outline: NDArray[np.integer | np.floating]
) -> float:
    left, top, width, height = cv2.boundingRect(outline)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [outline.astype(np.int32) - (left, top)], [1])
    return float(cv2.mean(sureness[top : top + height, left : left + width], mask)[0])
