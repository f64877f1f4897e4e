"""Cuts a line into signs, and makes of each what a small model can tell apart."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.seeing.eyes.models import Picture

HEIGHT = 64
Shades = NDArray[np.float32]

_SIDE, _FRAME = 24, 1
_INK = 0.45
_FAINTEST = 20.0
# In heights of the line's signs: what may be two that touch, what is more than two, the thinnest.
_WIDE, _WIDEST, _THIN = 0.75, 1.7, 0.3
_PARTS_MOST = 4


class Ink(NamedTuple):
    """`shade`: 0 is paper and 1 is ink. Most signs stand between `top` and `bottom`."""

    shade: Shades
    top: int
    bottom: int

    @property
    def tall(self) -> int:
        return max(1, self.bottom - self.top)

    @property
    def rows(self) -> tuple[int, int]:
        """More than most signs fill: the tail above ๕ is all that tells it from ๔."""
        return max(0, self.top - self.tall // 2), min(HEIGHT, self.bottom + self.tall // 3)


class Piece(NamedTuple):
    """From one column to another: a sign, a part of one, or two that touch."""

    start: int
    end: int
    parts: int


def ink_of(line: Picture) -> Ink | None:
    """`line` is HEIGHT pixels high. Paper is made white under any light, writing dark."""
    grey = cv2.cvtColor(line, cv2.COLOR_BGR2GRAY)
    low, middle, high = np.percentile(grey, (2, 50, 98))
    if high - middle > middle - low:
        grey = 255 - grey
    around = (HEIGHT // 2, HEIGHT // 2)
    paper = cv2.blur(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones(around, np.uint8)), around)
    depth = np.maximum(paper.astype(np.float32) - grey, 0.0)
    darkest = max(float(np.percentile(depth, 98)), _FAINTEST)
    shade = np.clip(depth / darkest, 0, 1).astype(np.float32)
    band = _band(shade)
    return Ink(shade, *band) if band else None


def _band(shade: Shades) -> tuple[int, int] | None:
    """The rows that most signs fill."""
    found = cv2.connectedComponentsWithStats((shade > _INK).astype(np.uint8))
    tall = [
        (top, top + high)
        for (_, top, _, high, _), (_, y) in zip(found[2][1:], found[3][1:], strict=True)
        if high > 0.2 * HEIGHT and 0.2 * HEIGHT < y < 0.8 * HEIGHT
    ]
    if not tall:
        return None
    top, bottom = np.median(np.array(tall), axis=0)
    return int(top), int(bottom)


def pieces(ink: Ink) -> list[list[Piece]]:
    """For each part of the line, what may begin with it: the part, and a few with those behind."""
    parts = list(_parts(ink))
    return [list(_from(parts[first:], ink.tall)) for first in range(len(parts))]


def _from(parts: Sequence[tuple[int, int]], tall: int) -> Iterator[Piece]:
    start = parts[0][0]
    for count, (_, end) in enumerate(parts[:_PARTS_MOST], 1):
        if count > 1 and end - start > _WIDEST * tall:
            return
        yield Piece(start, end, count)


def _parts(ink: Ink) -> Iterator[tuple[int, int]]:
    """Columns with ink, cut where signs may touch."""
    first, last = ink.rows
    band = ink.shade[first:last]
    filled = (band > _INK).any(axis=0).astype(np.int8)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], filled, [0]))))
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        for left, right in pairwise(_cuts(band[:, start:end], ink.tall)):
            yield start + left, start + right


def _cuts(band: Shades, tall: int) -> list[int]:
    """Its two ends, and where it is thinnest between them."""
    width = band.shape[1]
    cuts = [0, width]
    if width < _WIDE * tall:
        return cuts
    weight = cv2.GaussianBlur(band.sum(axis=0)[None], (0, 0), 1.0)[0]
    dips = 1 + np.flatnonzero((weight[1:-1] <= weight[:-2]) & (weight[1:-1] < weight[2:]))
    for dip in sorted(dips.tolist(), key=lambda i: weight[i]):
        if all(abs(dip - cut) >= int(_THIN * tall) for cut in cuts):
            cuts.append(dip)
    return sorted(cuts)


def features(ink: Ink, piece: Piece) -> Shades:
    """The sign fitted into a square, and how large and where it was."""
    top, bottom = ink.rows
    part = ink.shade[top:bottom, piece.start : piece.end]
    filled = np.flatnonzero((part > _INK).any(axis=1))
    first, last = (int(filled[0]), int(filled[-1]) + 1) if len(filled) else (0, len(part))
    place = (last - first, piece.end - piece.start, top + first - ink.top, top + last - ink.bottom)
    shares = np.array(place, np.float32) / ink.tall
    return np.concatenate((_fitted(part[first:last]).ravel(), shares))


def _fitted(part: Shades) -> Any:  # noqa: ANN401 - an array
    high, wide = part.shape
    scale = (_SIDE - 2 * _FRAME) / max(high, wide)
    size = (max(1, round(wide * scale)), max(1, round(high * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    square = np.zeros((_SIDE, _SIDE), np.float32)
    x, y = (_SIDE - size[0]) // 2, (_SIDE - size[1]) // 2
    square[y : y + size[1], x : x + size[0]] = cv2.resize(part, size, interpolation=how)
    return square
