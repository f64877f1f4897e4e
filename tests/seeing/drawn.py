"""Pictures for tests, drawn on the spot. All data in them is invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
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
