"""Which way up a picture is, told by its lines: people photograph papers from all sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.seeing.eyes.letters import sureness_of
from bot.seeing.eyes.strips import Strip, directed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.seeing.eyes.models import Picture
    from bot.seeing.eyes.reading import LineReader

_TALL = 1.3
_ASKED = 4
# Nothing that stands on its head is read as surely as this.
_UPRIGHT = 0.9
# Less surely than this nothing is read at all: the traces of an EKG are long, too, and no lines.
_READ = 0.6


@dataclass(frozen=True, eq=False)
class Turned:
    """A picture after so many quarter turns against the clock, and its lines."""

    picture: Picture
    strips: tuple[Strip, ...]
    quarters: int = 0

    def by(self, quarters: int) -> Turned:
        picture = np.ascontiguousarray(np.rot90(self.picture, quarters))
        strips = tuple(directed(_turned(one, quarters, self.size).corners) for one in self.strips)
        return Turned(picture, strips, (self.quarters + quarters) % 4)

    @property
    def size(self) -> tuple[int, int]:
        return self.picture.shape[1], self.picture.shape[0]

    def back(self, strip: Strip) -> Strip:
        """Where it stands in the picture as it came."""
        return _turned(strip, -self.quarters % 4, self.size)


def upright(picture: Picture, strips: Sequence[Strip], reader: LineReader) -> Turned:
    turned = Turned(picture, tuple(strips))
    tall = sum(strip.height for strip in strips if strip.height > _TALL * strip.length)
    wide = sum(strip.length for strip in strips if strip.length > _TALL * strip.height)
    if tall > wide:
        turned = turned.by(1)
    other = turned.by(2)
    read: list[tuple[float, Turned]] = []
    for few in (slice(-_ASKED, None), slice(-2 * _ASKED, -_ASKED)):
        read.append((_sureness(turned, few, reader), turned))
        if read[-1][0] >= _UPRIGHT:
            return turned
        read.append((_sureness(other, few, reader), other))
        if max(sureness for sureness, _ in read) >= _READ:
            break
    return max(read, key=lambda one: one[0])[1]


def _sureness(turned: Turned, few: slice, reader: LineReader) -> float:
    """How well some of its longest lines are read this way up."""
    by_length = sorted(turned.strips, key=lambda strip: strip.length / max(strip.height, 1.0))
    lines = [reader.read(turned.picture, strip) for strip in by_length[few]]
    return sureness_of(tuple(letter for line in lines for word in line.words for letter in word))


def _turned(strip: Strip, quarters: int, size: tuple[int, int]) -> Strip:
    corners = strip.corners
    width, height = size
    for _ in range(quarters):
        corners = np.stack((corners[:, 1], width - corners[:, 0]), axis=1)
        width, height = height, width
    return Strip(corners.astype(np.float32))
