"""A strip: the narrow four-cornered part of a picture in which a line stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.domain.sights import Region

if TYPE_CHECKING:
    from bot.seeing.eyes.models import Picture

Corners = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Strip:
    """`corners`: clockwise from where the line begins, in pixels."""

    corners: Corners

    @cached_property
    def length(self) -> float:
        left, right = self.corners[[0, 3]].mean(axis=0), self.corners[[1, 2]].mean(axis=0)
        return float(np.linalg.norm(right - left))

    @cached_property
    def height(self) -> float:
        top, bottom = self.corners[[0, 1]].mean(axis=0), self.corners[[2, 3]].mean(axis=0)
        return float(np.linalg.norm(bottom - top))

    @cached_property
    def middle(self) -> Corners:
        middle: Corners = self.corners.mean(axis=0, dtype=np.float32)
        return middle

    @cached_property
    def slope(self) -> float:
        """Downwards for each pixel to the right."""
        across = self.corners[[1, 2]].mean(axis=0) - self.corners[[0, 3]].mean(axis=0)
        return float(across[1] / across[0]) if abs(across[0]) > 1 else 0.0

    def part(self, start: float, end: float) -> Strip:
        """From one share of its length to another; beyond its ends, too."""
        top, bottom = self.corners[1] - self.corners[0], self.corners[2] - self.corners[3]
        first, last = self.corners[0], self.corners[3]
        corners = (first + top * start, first + top * end, last + bottom * end)
        return Strip(np.array((*corners, last + bottom * start), dtype=np.float32))

    def grown(self, along: float, across: float) -> Strip:
        """On each side by shares of its height."""
        more = along * self.height / max(self.length, 1.0)
        wide = self.part(-more, 1 + more).corners
        left, right = wide[3] - wide[0], wide[2] - wide[1]
        grown = (wide[0] - left * across, wide[1] - right * across)
        under = (wide[2] + right * across, wide[3] + left * across)
        return Strip(np.array((*grown, *under), dtype=np.float32))

    def moved(self, by: Corners) -> Strip:
        return Strip(self.corners + by)

    def cut_from(self, picture: Picture, height: int) -> Picture:
        """The line made straight, that many pixels high."""
        width = max(8, round(self.length * height / max(self.height, 1.0)))
        # Straight at its own size first: shrinking by averages keeps thin strokes.
        scale = max(1.0, self.height / height)
        size = (round(width * scale), round(height * scale))
        box = np.array(((0, 0), (size[0], 0), size, (0, size[1])), dtype=np.float32)
        way = cv2.getPerspectiveTransform(self.corners, box)
        straight = cv2.warpPerspective(
            picture, way, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )
        if scale > 1:
            straight = cv2.resize(straight, (width, height), interpolation=cv2.INTER_AREA)
        return np.asarray(straight, dtype=np.uint8)

    def region(self, size: tuple[int, int]) -> Region:
        """In shares of the width and height of the picture."""
        width, height = size
        shares = np.clip(self.corners / (width, height), 0, 1)
        return Region(tuple((round(float(x), 4), round(float(y), 4)) for x, y in shares))


def box(left: float, top: float, right: float, bottom: float) -> Strip:
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return Strip(np.array(corners, dtype=np.float32))


def directed(corners: Corners) -> Strip:
    """Corners in any order: the two to the left first, then the upper one of each side."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left = by_x[:2][np.argsort(by_x[:2, 1], kind="stable")]
    right = by_x[2:][np.argsort(by_x[2:, 1], kind="stable")]
    return Strip(np.array((left[0], right[0], right[1], left[1]), dtype=np.float32))
