"""A picture as the eyes take it: small enough, and a long one in pieces.

Made small as a whole, a screenshot of a long chat would lose every letter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bot.seeing.eyes import models
from bot.seeing.eyes.models import Picture
from bot.seeing.eyes.strips import Corners

# More than this adds time and no identifier.
LONGEST = 2200
# Longer than this for its width it is cut; screens of phones are not.
_LONG = 2.5
# Two lines of text, or a label and its number, stand whole in one piece or the next.
_SHARED = 200
_PIECES_MOST = 10


@dataclass(frozen=True, eq=False, slots=True)
class Piece:
    """`corner` is where it begins in the whole picture, whose width and height are `whole`."""

    picture: Picture
    corner: Corners
    whole: tuple[int, int]


def sized(picture: Picture) -> Picture:
    """At most so long; a long one at most so wide that its pieces need not be made smaller."""
    short, long = sorted(picture.shape[:2])
    if long <= _LONG * short:
        return models.no_longer_than(LONGEST, picture)
    step = LONGEST - _SHARED
    side = min(LONGEST / 2 * long / short, _PIECES_MOST * step + _SHARED)
    return models.no_longer_than(max(LONGEST, round(side)), picture)


def pieces(picture: Picture) -> Iterator[Piece]:
    """Along its longer side; a picture of usual shape is one piece."""
    height, width = picture.shape[:2]
    longer = 0 if height > width else 1
    for start in range(0, max(1, max(height, width) - _SHARED), LONGEST - _SHARED):
        end = start + LONGEST
        part = picture[start:end] if longer == 0 else picture[:, start:end]
        corner = (0, start) if longer == 0 else (start, 0)
        whole = np.ascontiguousarray(part)
        yield Piece(whole, np.array(corner, dtype=np.float32), (width, height))
