"""Finds where there is text in a picture, and cuts each line out straight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from bot.seeing import models
from bot.seeing.geometry import ordered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.seeing.geometry import Corners, Image

    Probabilities = np.ndarray[Any, np.dtype[np.float32]]

_STEP = 32
_LIKELY = 0.3
_SURE_ON_AVERAGE = 0.5
_THINNEST = 3
# The model marks the core of a line; this much around it belongs to it.
_GROWTH = 1.7
_MOST_LINES = 400


class TextRegions:
    def __init__(self) -> None:
        self._session = models.session("text_regions")

    def find(self, image: Image, longest: int) -> list[Corners]:
        """Strips of text, looked for at this size of the longer side."""
        prepared, scale = _prepared(image, longest)
        (answer,) = self._session.run(None, {"x": prepared})
        return [corners * scale for corners in _strips(np.asarray(answer)[0, 0])][:_MOST_LINES]


def _prepared(image: Image, longest: int) -> tuple[Any, Corners]:
    high, wide = image.shape[:2]
    factor = min(1.0, longest / max(high, wide))
    size = [max(_STEP, round(side * factor / _STEP) * _STEP) for side in (wide, high)]
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    small = cv2.resize(image, size, interpolation=how).astype(np.float32)
    tensor = (small / 127.5 - 1).transpose(2, 0, 1)[None]
    return np.ascontiguousarray(tensor), np.array([wide / size[0], high / size[1]], np.float32)


def _strips(likely: Probabilities) -> Iterator[Corners]:
    marked = cv2.dilate((likely > _LIKELY).astype(np.uint8), np.ones((2, 2), np.uint8))
    outlines, _ = cv2.findContours(marked, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for outline in outlines:
        middle, size, angle = cv2.minAreaRect(outline)
        if min(size) < _THINNEST or _average(likely, outline) < _SURE_ON_AVERAGE:
            continue
        grown = size[0] * size[1] * _GROWTH / (size[0] + size[1])
        strip = (middle, (size[0] + grown, size[1] + grown), angle)
        yield ordered(np.asarray(cv2.boxPoints(strip), np.float32))


def _average(likely: Probabilities, outline: Any) -> float:  # noqa: ANN401 - OpenCV's outline
    x, y, wide, high = cv2.boundingRect(outline)
    mask = np.zeros((high, wide), np.uint8)
    cv2.fillPoly(mask, [outline.reshape(-1, 2) - (x, y)], (1,))
    return float(likely[y : y + high, x : x + wide][mask > 0].mean())
