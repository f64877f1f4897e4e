"""The safe copy: faces blurred beyond recovery, identifiers blacked out, and no metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from bot.domain.sights import SightKind
from bot.seeing.geometry import height, pixels, width

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.sights import Sight
    from bot.seeing.geometry import Corners, Image

_QUALITY = 88
_LONGEST = 2048
_BLOCKS = 6
_FACE_MARGIN = 0.25
_STRIP_MARGIN = 0.35


def covered(image: Image, sights: Iterable[Sight]) -> bytes:
    """As a JPEG made of the pixels alone, so that nothing of the original file comes along."""
    copy = image.copy()
    for sight in sights:
        if sight.region is None:
            continue
        corners = pixels(sight.region, image.shape)
        if sight.kind is SightKind.FACE:
            _blur(copy, corners)
        elif sight.kind is SightKind.IDENTIFIER:
            _black(copy, corners)
    done, jpeg = cv2.imencode(".jpg", _smaller(copy), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    if not done:
        raise ValueError("jpeg")
    return jpeg.tobytes()


def _black(copy: Image, corners: Corners) -> None:
    middle = corners.mean(axis=0)
    margin = _STRIP_MARGIN * height(corners)
    away = corners - middle
    grown = corners + np.sign(away) * margin
    cv2.fillPoly(copy, [grown.astype(np.int32)], (0, 0, 0))


def _blur(copy: Image, corners: Corners) -> None:
    """Coarse blocks, then smooth: too few numbers are left to tell a face by."""
    grow_x, grow_y = _FACE_MARGIN * width(corners), _FACE_MARGIN * height(corners)
    left, top = np.maximum(0, corners.min(axis=0) - (grow_x, grow_y)).astype(int)
    right, bottom = np.add(corners.max(axis=0), (grow_x, grow_y)).astype(int)
    face = copy[top:bottom, left:right]
    if face.size == 0:
        return
    coarse = cv2.resize(face, (_BLOCKS, _BLOCKS), interpolation=cv2.INTER_AREA)
    size = (face.shape[1], face.shape[0])
    copy[top:bottom, left:right] = cv2.resize(coarse, size, interpolation=cv2.INTER_LINEAR)


def _smaller(image: Image) -> Image:
    factor = _LONGEST / max(image.shape[:2])
    if factor >= 1:
        return image
    return np.asarray(
        cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8
    )
