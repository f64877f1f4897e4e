"""Barcodes and QR codes: what they say, and where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import zxingcpp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.seeing.geometry import Corners, Image

# What a shop, a parcel or a payment carries is a number of its own, and never a patient's.
_OF_GOODS = frozenset(
    (
        zxingcpp.BarcodeFormat.EAN13,
        zxingcpp.BarcodeFormat.EAN8,
        zxingcpp.BarcodeFormat.UPCA,
        zxingcpp.BarcodeFormat.UPCE,
        zxingcpp.BarcodeFormat.ITF14,
        zxingcpp.BarcodeFormat.DataBar,
    )
)
# A QR code for payments (EMV) begins with its version, and holds the payee's number.
_PAYMENT = re.compile(r"000201[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Code:
    text: str
    corners: Corners


def codes_in(image: Image) -> Iterator[Code]:
    for found in zxingcpp.read_barcodes(image):
        text = found.text.strip()
        if found.format not in _OF_GOODS and text and not _PAYMENT.match(text):
            yield Code(text, _corners(found.position))


def _corners(position: zxingcpp.Position) -> Corners:
    points = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return np.array([(point.x, point.y) for point in points], np.float32)
