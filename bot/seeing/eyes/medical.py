"""Pictures that look like an X-ray, an ultrasound or an EKG: well enough to ask about.

Plain features of the whole picture, no model: the question costs a tap, an accusation would cost
trust, so each shape has to be met in full.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from bot.seeing.eyes.models import Picture

_SIDE = 320
_DARK = 28
# An EKG's grid: tiles of so many pixels, each with so many beats of it, as a photo shows them.
_TILE, _TILES = 80, 3
_FEWEST, _MOST = 4, 22
_CLEAR_SQUARES, _SLANT = 8.0, np.radians(10)
_WINDOW = np.outer(np.hanning(_TILE), np.hanning(_TILE))
_DOWN, _ACROSS = np.mgrid[:_TILE, :_TILE] - _TILE // 2
_BEATS, _ANGLE = np.hypot(_DOWN, _ACROSS), np.arctan2(_DOWN, _ACROSS)
_IS_FINE = (_BEATS >= _FEWEST) & (_BEATS <= _MOST)
_IS_COARSE = (_BEATS >= 1.5) & (_BEATS < _FEWEST)


def medical_kind(image: Picture, letters: int) -> str | None:
    """What it looks like, in words for a reason; `letters` is how many were read in it."""
    if letters > 400:
        return None
    small = _small(image)
    for looks_like, kind in ((_ekg, "EKG"), (_ultrasound, "ultrasound"), (_xray, "X-ray")):
        if looks_like(small):
            return kind
    return None


def _small(image: Picture) -> Any:  # noqa: ANN401 - an array
    factor = _SIDE / max(image.shape[:2])
    return cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)


def _xray(small: Any) -> bool:  # noqa: ANN401
    """Grey without colour, soft, with all shades, neither paper nor a dark night."""
    inner = _inner(small)
    if _colour(inner) > 14:
        return False
    grey = cv2.cvtColor(inner, cv2.COLOR_BGR2GRAY)
    shades = np.histogram(grey, 16, (0, 256))[0] / grey.size
    has_all_shades = (shades[1:13] > 0.015).sum() >= 8
    dark, bright = np.percentile(grey, (5, 95))
    # A sheet of paper under a lamp has all shades, too, but none that is dark beside its brightest.
    is_deep = dark < 0.4 * bright
    is_even = has_all_shades and shades.max() < 0.35
    return bool(is_even and is_deep and _softness(grey) > 0.95 and _symmetry(grey) > 0.55)


def _ultrasound(small: Any) -> bool:  # noqa: ANN401
    """A bright fan of speckle that widens downwards, on black."""
    if _colour(_inner(small)) > 18:
        return False
    grey = cv2.cvtColor(_inner(small), cv2.COLOR_BGR2GRAY)
    is_dark = grey < _DARK
    if not 0.35 < is_dark.mean() < 0.92:
        return False
    lit = cv2.morphologyEx((~is_dark).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(lit)
    if count < 2:
        return False
    x, y, wide, high, area = stats[1 + stats[1:, cv2.CC_STAT_AREA].argmax()]
    fan = lit[y : y + high, x : x + wide]
    widths = fan.sum(axis=1)
    third = max(1, high // 3)
    widens = widths[third : 2 * third].mean() > 1.5 * max(1.0, widths[: third // 2 + 1].mean())
    # Speckle is everywhere in the fan; a few lights in the glow of a lamp are not.
    speckle = np.median(
        np.abs(cv2.Laplacian(grey, cv2.CV_32F)[y : y + high, x : x + wide][fan > 0])
    )
    is_large = area > 0.08 * lit.size and high > 0.35 * lit.shape[0]
    return bool(is_large and widens and speckle > 8)


def _ekg(small: Any) -> bool:  # noqa: ANN401
    """Paper with a fine grid in a pale red, and a thin dark trace from side to side."""
    inner = _inner(small)
    # The lamp's colour and strength taken out: the brightest is paper.
    lamp = np.percentile(inner.reshape(-1, 3).astype(np.float32), 90, axis=0) + 1
    paper = ((inner / lamp).max(axis=2) > 0.52).mean()
    tint = _redness(inner)
    grid = (tint - cv2.GaussianBlur(tint, (0, 0), 9)).std()
    if paper < 0.8 or not 0.5 < grid < 4:
        return False
    grey = cv2.cvtColor(inner, cv2.COLOR_BGR2GRAY).astype(np.float32)
    return _has_grid(tint) and _has_trace(grey)


def _redness(part: Any) -> Any:  # noqa: ANN401
    """Lines in grey on paper of any tint have none of it; a coloured grid is made of it."""
    blue, green, red = (part[:, :, channel].astype(np.float32) for channel in range(3))
    return red / (red + green + blue + 1) * 255


def _has_grid(tint: Any) -> bool:  # noqa: ANN401
    """Squares everywhere, whichever way the paper lies and however it runs away from the camera:
    the picture is asked tile by tile, since in a small one the lines are still straight."""
    flat = tint - cv2.GaussianBlur(tint, (0, 0), 9)
    high, wide = flat.shape
    if min(high, wide) < _TILE:
        return False
    starts = (np.linspace(0, side - _TILE, _TILES).astype(int) for side in (high, wide))
    tiles = (flat[y : y + _TILE, x : x + _TILE] for y, x in product(*starts))
    return bool(np.median([_squares(tile) for tile in tiles]) > _CLEAR_SQUARES)


def _squares(tile: Any) -> float:  # noqa: ANN401
    """How far a rhythm stands out that comes in two directions, at right angles, equally fine.
    The rows of a table are one direction, its columns are wider."""
    power = np.abs(np.fft.fftshift(np.fft.fft2((tile - tile.mean()) * _WINDOW)))
    beats = np.where(_IS_FINE, power, 0)
    first = np.unravel_index(beats.argmax(), beats.shape)
    if beats[first] <= power[_IS_COARSE].max():
        return 0.0
    from_right_angle = np.abs((_ANGLE - _ANGLE[first]) % np.pi - np.pi / 2)
    is_as_fine = np.abs(_BEATS - _BEATS[first]) <= 1 + _BEATS[first] / 4
    second = beats[(from_right_angle < _SLANT) & is_as_fine].max(initial=0)
    return float(min(beats[first], second) / (np.median(power[_IS_FINE]) + 1e-6))


def _has_trace(grey: Any) -> bool:  # noqa: ANN401
    dark = grey < cv2.GaussianBlur(grey, (0, 0), 15) * 0.72
    return bool(0.005 < dark.mean() < 0.2 and dark.any(axis=0).mean() > 0.55)


def _inner(small: Any) -> Any:  # noqa: ANN401
    """Without the table that the sheet lies on."""
    high, wide = small.shape[:2]
    return small[high // 8 : high - high // 8, wide // 8 : wide - wide // 8]


def _colour(part: Any) -> float:  # noqa: ANN401
    """Spread of the two colour axes: a lamp's tint moves their middle, not their spread."""
    lab = cv2.cvtColor(part, cv2.COLOR_BGR2LAB).astype(np.float32)
    tint = np.abs(lab[:, :, 1:] - np.median(lab[:, :, 1:], axis=(0, 1)))
    return float(np.percentile(tint, 97))


def _softness(grey: Any) -> float:  # noqa: ANN401
    """The share of the picture without a hard edge."""
    smooth = cv2.GaussianBlur(grey, (0, 0), 1.5)
    edges = np.hypot(cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1))
    return float((edges < 60).mean())


def _symmetry(grey: Any) -> float:  # noqa: ANN401
    smooth = cv2.GaussianBlur(grey, (0, 0), 6).astype(np.float32)
    left, right = smooth.ravel(), smooth[:, ::-1].ravel()
    if left.std() < 1:
        return 0.0
    return float(np.corrcoef(left, right)[0, 1])
