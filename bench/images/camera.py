"""Makes of a drawn sheet what a phone makes of a real one."""

from __future__ import annotations

import io
import random
from typing import Any

import cv2
import numpy as np
from PIL import Image

Picture = np.ndarray[Any, np.dtype[Any]]


def screenshot(image: Image.Image) -> bytes:
    return _png(image)


def photo(image: Image.Image, chance: random.Random, *, side: int = 1500) -> bytes:
    """Perspective, a table around it, uneven light, blur, noise; at times moiré, glare, a turn."""
    sheet = _upright_to(np.asarray(image.convert("RGB")), side * 0.86)
    scene = _on_a_table(sheet, chance)
    scene = _taken(scene, chance)
    turn = chance.choices((0, 1, 2, 3), (76, 8, 8, 8))[0]
    scene = np.ascontiguousarray(np.rot90(scene, turn))
    done, jpeg = cv2.imencode(
        ".jpg", scene[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, chance.randint(62, 88)]
    )
    assert done
    return bytes(jpeg)


def as_photographed(part: Picture, chance: random.Random) -> Picture:
    """A part of a photo: all that happens to it but table and turn."""
    taken = _taken(part, chance)
    quality = [cv2.IMWRITE_JPEG_QUALITY, chance.randint(55, 90)]
    done, jpeg = cv2.imencode(".jpg", taken, quality)
    assert done
    return np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR))


def _taken(scene: Picture, chance: random.Random) -> Picture:
    scene = _light(scene, chance)
    if chance.random() < 0.25:
        scene = _moire(scene, chance)
    if chance.random() < 0.25:
        scene = _glare(scene, chance)
    scene = _blur(scene, chance)
    return _noise(scene, chance)


def _shades(values: Any) -> Picture:  # noqa: ANN401 - an array
    return np.asarray(np.clip(values, 0, 255), np.uint8)


def _png(image: Image.Image) -> bytes:
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()


def _upright_to(sheet: Picture, longest: float) -> Picture:
    factor = longest / max(sheet.shape[:2])
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return _shades(cv2.resize(sheet, None, fx=factor, fy=factor, interpolation=how))


def _on_a_table(sheet: Picture, chance: random.Random) -> Picture:
    height, width = sheet.shape[:2]
    margin = int(0.07 * max(height, width))
    across, down = width + 2 * margin, height + 2 * margin
    tone = [chance.randint(60, 190) for _ in range(3)]
    table = np.full((down, across, 3), tone, np.uint8)
    shift = 0.035
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = np.array(
        [
            (
                margin + x + chance.uniform(-shift, shift) * width,
                margin + y + chance.uniform(-shift, shift) * height,
            )
            for x, y in corners
        ]
    )
    turned = _turned(moved, chance.uniform(-5, 5), (across / 2, down / 2))
    how = cv2.getPerspectiveTransform(corners, turned)
    laid = cv2.warpPerspective(sheet, how, (across, down), flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), how, (across, down))
    return np.where(mask[:, :, None] > 127, laid, table)


def _turned(points: Picture, degrees: float, middle: tuple[float, float]) -> Picture:
    matrix = cv2.getRotationMatrix2D(middle, degrees, 1.0)
    return np.asarray(cv2.transform(points[None], matrix)[0], np.float32)


def _light(scene: Picture, chance: random.Random) -> Picture:
    height, width = scene.shape[:2]
    across = np.linspace(chance.uniform(0.6, 1.0), chance.uniform(0.6, 1.0), width)
    down = np.linspace(chance.uniform(0.75, 1.0), chance.uniform(0.75, 1.0), height)
    warm = np.array([1.0, chance.uniform(0.92, 1.0), chance.uniform(0.8, 1.0)])
    return _shades(scene * (down[:, None] * across[None])[:, :, None] * warm)


def _moire(scene: Picture, chance: random.Random) -> Picture:
    """As when a screen is photographed: two fine grids beat against each other."""
    height, width = scene.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    wave = np.sin(x / chance.uniform(1.1, 2.2)) * np.sin((y + x * 0.15) / chance.uniform(1.3, 2.6))
    return _shades(scene + (wave * chance.uniform(5, 13))[:, :, None])


def _glare(scene: Picture, chance: random.Random) -> Picture:
    height, width = scene.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    far = ((x - chance.uniform(0.1, 0.9) * width) / (0.16 * width)) ** 2
    far = far + ((y - chance.uniform(0.1, 0.9) * height) / (0.16 * height)) ** 2
    return _shades(scene + (np.exp(-far) * chance.uniform(40, 95))[:, :, None])


def _blur(scene: Picture, chance: random.Random) -> Picture:
    if chance.random() < 0.3:
        length = chance.randint(2, 4)
        kernel = np.zeros((length, length), np.float32)
        kernel[length // 2 if chance.random() < 0.5 else slice(None), slice(None)] = 1
        return _shades(cv2.filter2D(scene, -1, kernel / kernel.sum()))
    return _shades(cv2.GaussianBlur(scene, (0, 0), chance.uniform(0.4, 1.1)))


def _noise(scene: Picture, chance: random.Random) -> Picture:
    grain = np.random.default_rng(chance.randint(0, 2**31)).normal(
        0, chance.uniform(1, 5), scene.shape
    )
    return _shades(scene + grain)
