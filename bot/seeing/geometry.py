"""Places in a picture: corners clockwise from the top left, in pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from bot.domain.sights import Region

if TYPE_CHECKING:
    from collections.abc import Sequence

Image = np.ndarray[Any, np.dtype[np.uint8]]
Corners = np.ndarray[Any, np.dtype[np.float32]]


def ordered(points: Corners) -> Corners:
    """Clockwise from the top left, for a strip that lies rather than stands."""
    by_x = points[np.argsort(points[:, 0], kind="stable")]
    left, right = by_x[:2], by_x[2:]
    left, right = left[np.argsort(left[:, 1])], right[np.argsort(right[:, 1])]
    return np.array([left[0], right[0], right[1], left[1]], np.float32)


def width(corners: Corners) -> float:
    return float(
        max(np.linalg.norm(corners[1] - corners[0]), np.linalg.norm(corners[2] - corners[3]))
    )


def height(corners: Corners) -> float:
    return float(
        max(np.linalg.norm(corners[3] - corners[0]), np.linalg.norm(corners[2] - corners[1]))
    )


def middle(corners: Corners) -> tuple[float, float]:
    x, y = corners.mean(axis=0)
    return float(x), float(y)


def straightened(image: Image, corners: Corners) -> Image:
    """The strip as if seen from above."""
    across, down = max(1, round(width(corners))), max(1, round(height(corners)))
    flat = np.array([[0, 0], [across, 0], [across, down], [0, down]], np.float32)
    how = cv2.getPerspectiveTransform(corners, flat)
    return np.asarray(
        cv2.warpPerspective(
            image, how, (across, down), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        ),
        np.uint8,
    )


def part(corners: Corners, start: float, end: float) -> Corners:
    """The piece of a strip between two shares of its width."""
    top_left, top_right, bottom_right, bottom_left = corners
    return np.array(
        [
            top_left + (top_right - top_left) * start,
            top_left + (top_right - top_left) * end,
            bottom_left + (bottom_right - bottom_left) * end,
            bottom_left + (bottom_right - bottom_left) * start,
        ],
        np.float32,
    )


def turned_back(corners: Corners, quarter_turns: int, shape: tuple[int, int]) -> Corners:
    """Where something seen in a picture that was turned lies in the picture as it came.

    `shape` is height and width of the picture as it came; turns are those of numpy's rot90.
    """
    high, wide = shape
    x, y = corners[:, 0], corners[:, 1]
    back = {0: (x, y), 1: (wide - y, x), 2: (wide - x, high - y), 3: (y, high - x)}
    return np.stack(back[quarter_turns % 4], axis=1).astype(np.float32)


def box(x: float, y: float, end_x: float, end_y: float) -> Corners:
    return np.array([[x, y], [end_x, y], [end_x, end_y], [x, end_y]], np.float32)


def region(corners: Corners, shape: Sequence[int]) -> Region:
    shares = np.clip(corners / np.array([shape[1], shape[0]], np.float32), 0, 1)
    return Region(tuple((round(float(x), 4), round(float(y), 4)) for x, y in shares))


def pixels(place: Region, shape: Sequence[int]) -> Corners:
    return np.array(place.corners, np.float32) * np.array([shape[1], shape[0]], np.float32)
