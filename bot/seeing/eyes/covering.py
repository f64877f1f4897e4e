"""A copy that can be shown: black over what identifies, faces beyond recovery, no metadata."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import cv2
import numpy as np

from bot.seeing.eyes import models
from bot.seeing.eyes.models import Picture
from bot.seeing.eyes.strips import Strip

_QUALITIES = (88, 76, 64)
# A face is left in so few squares that nobody, and no model, knows it again: what is lost by
# averaging cannot be brought back, as it could be from a mere blur.
_SQUARES = 6
_HAIR_AND_CHIN = 0.35
# What messengers take without making it smaller once more.
_LONGEST = 2048
_SMALLER = 0.75
# What LINE takes for a preview; the picture itself might have ten times as much.
_BYTES_MOST = 1_000_000


def blacked_out(picture: Picture, strips: Iterable[Strip]) -> Picture:
    covered = picture.copy()
    for strip in strips:
        cv2.fillConvexPoly(covered, np.round(strip.corners).astype(np.int32), (0, 0, 0))
    return covered


def without_faces(picture: Picture, faces: Iterable[Strip]) -> Picture:
    covered = picture.copy()
    for face in faces:
        _blur(covered, face)
    return covered


def as_jpeg(picture: Picture) -> bytes:
    """Made from bare pixels, so nothing of the original's EXIF, GPS or thumbnail is in it. First
    it loses quality, then size, until it can be its own preview."""
    short, long = sorted(picture.shape[:2])
    first = _LONGEST * max(1.0, long / short / 2)  # of a long one the letters stay legible
    jpegs = (_jpeg(picture, side, quality) for side in _sides(first) for quality in _QUALITIES)
    return next(jpeg for jpeg in jpegs if len(jpeg) <= _BYTES_MOST)


def _sides(side: float) -> Iterator[int]:
    while True:
        yield int(side)
        side *= _SMALLER


def _jpeg(picture: Picture, side: int, quality: int) -> bytes:
    smaller = models.no_longer_than(side, picture)
    _, jpeg = cv2.imencode(".jpg", smaller, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return jpeg.tobytes()


def _blur(picture: Picture, face: Strip) -> None:
    rows, columns = picture.shape[:2]
    grown = face.grown(_HAIR_AND_CHIN, _HAIR_AND_CHIN).corners
    left, top = np.clip(grown.min(axis=0), 0, (columns, rows)).astype(int)
    right, bottom = np.clip(grown.max(axis=0), 0, (columns, rows)).astype(int)
    part = picture[top:bottom, left:right]
    if not part.size:
        return
    few = cv2.resize(part, (_SQUARES, _SQUARES), interpolation=cv2.INTER_AREA)
    smooth = cv2.resize(few, (part.shape[1], part.shape[0]), interpolation=cv2.INTER_LINEAR)
    picture[top:bottom, left:right] = smooth
