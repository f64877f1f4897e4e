"""Puts lines into the order in which a person reads them.

Two orders are tried, since a form may be read either way: by rows, so that 'HN' in one box and its
number in the next belong together; and by blocks, where the number stands under its heading, or a
text runs in columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.seeing.eyes.reading import Line
    from bot.seeing.eyes.strips import Strip

Row = tuple["Line", ...]
# Shares of the height of a line.
_OFF_AXIS_MOST = 0.45
_UNDER_MOST = 1.6
_OVERLAP_LEAST = 0.4
_LONG_ENOUGH = 3.0


def in_rows(lines: Sequence[Line]) -> list[Row]:
    """Line joins line where the axis of the one leads into the other: photos slant, and not
    everywhere by as much."""
    slope = _slope(lines)
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: _left(line.strip)):
        row = min(rows, key=lambda row: _off_axis(row[-1], line, slope), default=None)
        if row is not None and _off_axis(row[-1], line, slope) <= _OFF_AXIS_MOST:
            row.append(line)
        else:
            rows.append([line])
    rows.sort(key=lambda row: _level(row[0].strip, slope))
    return [tuple(row) for row in rows]


def in_blocks(rows: Sequence[Row]) -> list[list[Line]]:
    """Each line goes under the one right above it; a block ends where nothing follows."""
    blocks: list[list[Line]] = []
    for line in (line for row in rows for line in row):
        block = next((block for block in blocks if _is_under(block[-1], line)), None)
        if block is None:
            blocks.append([line])
        else:
            block.append(line)
    return blocks


def gap(before: Line, after: Line) -> float:
    """How far apart in their row, in shares of the height of the lower one."""
    return (_left(after.strip) - _right(before.strip)) / _height(before, after)


def _slope(lines: Sequence[Line]) -> float:
    long = [line.strip for line in lines if line.strip.length > _LONG_ENOUGH * line.strip.height]
    return float(np.median([strip.slope for strip in long])) if long else 0.0


def _off_axis(before: Line, after: Line, slope: float) -> float:
    """How far the axis of one passes beside the other; nothing joins what stands under it."""
    one, other = before.strip, after.strip
    if _left(other) < _right(one) - _OVERLAP_LEAST * _height(before, after):
        return float("inf")
    is_long = one.length > _LONG_ENOUGH * one.height
    across = other.middle[0] - one.middle[0]
    expected = one.middle[1] + across * (one.slope if is_long else slope)
    return float(abs(other.middle[1] - expected)) / _height(before, after)


def _is_under(above: Line, below: Line) -> bool:
    down = below.strip.corners[:2, 1].mean() - above.strip.corners[2:, 1].mean()
    if not -_height(above, below) / 2 < down < _UNDER_MOST * _height(above, below):
        return False
    overlap = min(_right(above.strip), _right(below.strip)) - max(
        _left(above.strip), _left(below.strip)
    )
    return overlap > _OVERLAP_LEAST * min(above.strip.length, below.strip.length)


def _height(one: Line, other: Line) -> float:
    return max(1.0, min(one.strip.height, other.strip.height))


def _left(strip: Strip) -> float:
    return float(strip.corners[[0, 3], 0].mean())


def _right(strip: Strip) -> float:
    return float(strip.corners[[1, 2], 0].mean())


def _level(strip: Strip, slope: float) -> float:
    return float(strip.middle[1] - slope * strip.middle[0])
