"""Pictures for tests, drawn on the spot or out of scikit-image's wheel. Nobody's data."""

from __future__ import annotations

import io
import random
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from bot.seeing.eyes.models import Picture

FONT = "/usr/share/fonts/truetype/tlwg/Garuda.ttf"
WRISTBAND = ("โรงพยาบาลวงรักษา", "นางมาลี ศรีสมบูรณ์", "HN 6712345   อายุ 54 ปี")
MENU = ("เมนูวันนี้ ร้านป้าแดง", "ข้าวมันไก่ 45 บาท", "ก๋วยเตี๋ยวหมู 50 บาท")


def paper(lines: tuple[str, ...], size: int = 30, width: int = 760) -> Picture:
    sheet = Image.new("RGB", (width, 60 + len(lines) * size * 2), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.truetype(FONT, size)
    for number, line in enumerate(lines):
        draw.text((30, 30 + number * size * 2), line, font=font, fill="black")
    return as_picture(sheet)


def as_picture(image: Image.Image) -> Picture:
    return np.asarray(image.convert("RGB"))[:, :, ::-1].copy()


def as_photo(sheet: Picture) -> Picture:
    """On a table, seen from the side, a little blurred, darker to one side."""
    height, width = sheet.shape[:2]
    corners = np.array(((0, 0), (width, 0), (width, height), (0, height)), np.float32)
    seen = corners * 0.9 + np.array(((60, 70), (30, 30), (70, 90), (40, 60)), np.float32)
    size = (width + 110, height + 130)
    way = cv2.getPerspectiveTransform(corners, seen.astype(np.float32))
    scene = cv2.warpPerspective(sheet, way, size, borderValue=(70, 90, 110))
    light = np.linspace(1.0, 0.65, size[0])[None, :, None]
    return np.asarray(cv2.GaussianBlur(scene * light, (0, 0), 0.8), dtype=np.uint8)


def code(content: str, kind: zxingcpp.BarcodeFormat) -> Picture:
    made = zxingcpp.create_barcode(content, kind)
    return as_picture(Image.fromarray(np.asarray(zxingcpp.write_barcode_to_image(made, scale=3))))


def under(top: Picture, bottom: Picture) -> Picture:
    width = max(top.shape[1], bottom.shape[1])
    parts = [np.full((one.shape[0], width, 3), 255, np.uint8) for one in (top, bottom)]
    for part, one in zip(parts, (top, bottom), strict=True):
        part[:, : one.shape[1]] = one
    return np.concatenate(parts)


def photograph(name: str) -> Picture:
    spec = find_spec("skimage")
    assert spec is not None
    assert spec.origin is not None
    return as_picture(Image.open(Path(spec.origin).parent / "data" / name))


def chest(seed: int = 1) -> Picture:
    """Two dark lungs, a bright spine and heart, ribs: as much of an X-ray as can be drawn here."""
    chance = random.Random(seed)
    y, x = np.mgrid[0:600, 0:600] / 600.0
    shade = 150 - 60 * np.abs(x - 0.5) * 2
    for middle in (0.31, 0.69):
        shade -= 110 * np.exp(-(((x - middle) / 0.13) ** 2) - ((y - 0.45) / 0.25) ** 2)
    shade += 70 * np.exp(-(((x - 0.5) / 0.06) ** 2))
    for rib in range(7):
        arc = 0.2 + rib * 0.08 + 0.12 * np.abs(x - 0.5)
        shade += 18 * np.exp(-(((y - arc) / 0.012) ** 2))
    shade += np.random.default_rng(chance.randint(0, 9)).normal(0, 3, shade.shape)
    grey = np.clip(shade, 8, 245).astype(np.uint8)
    return as_picture(Image.fromarray(grey))


def ekg(pitch: int = 20) -> Picture:
    """Red squares, `pitch` pixels wide, and three black traces."""
    sheet = Image.new("RGB", (900, 640), (255, 246, 246))
    pen = ImageDraw.Draw(sheet)
    for at in range(0, 900, pitch):
        pen.line((at, 0, at, 640), (238, 160, 160))
        pen.line((0, at, 900, at), (238, 160, 160))
    x = np.arange(0, 900, 2)
    for middle in (150, 320, 490):
        y = middle - 90 * np.exp(-(((x % 130 - 65) / 4) ** 2)) - 20 * np.exp(-((x % 130 - 95) ** 2))
        pen.line(list(zip(x.tolist(), y.tolist(), strict=True)), (20, 20, 25), 3)
    return as_picture(sheet)


def turned(picture: Picture, degrees: float) -> Picture:
    """As by a hand that holds the camera aslant; the corners show a table."""
    high, wide = picture.shape[:2]
    way = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
    slanted = cv2.warpAffine(picture, way, (wide, high), borderValue=(70, 90, 110))
    return np.asarray(slanted, dtype=np.uint8)


def jpeg(picture: Picture, exif: Image.Exif | None = None) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture[:, :, ::-1]).save(file, "JPEG", quality=92, exif=exif or b"")
    return file.getvalue()
