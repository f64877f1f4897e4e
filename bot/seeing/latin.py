"""Reads a line's Latin letters and digits with a model that stands photos of phones.

It knows no Thai: of Thai it makes letters that it is not sure of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from bot.seeing import models
from bot.seeing.glyphs import Glyph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.seeing.geometry import Image

_HEIGHT = 48
_NARROWEST = 16
_WIDEST = 3200
_BLANK = 0


class LatinReader:
    def __init__(self) -> None:
        self._session = models.session("latin")
        characters = self._session.get_modelmeta().custom_metadata_map["character"]
        # The first class is 'nothing', the last one a blank.
        self._letters = ["", *characters.split("\n"), " "]

    def read(self, strip: Image) -> list[Glyph]:
        (answer,) = self._session.run(None, {"x": _prepared(strip)})
        return list(_glyphs(np.asarray(answer)[0], self._letters))


def _prepared(strip: Image) -> Any:  # noqa: ANN401 - a tensor of numpy's
    high, wide = strip.shape[:2]
    across = min(_WIDEST, max(_NARROWEST, -(-_HEIGHT * wide // high)))
    small = cv2.resize(strip, (across, _HEIGHT)).astype(np.float32)
    return np.ascontiguousarray((small / 127.5 - 1).transpose(2, 0, 1)[None])


def _glyphs(columns: Any, letters: Sequence[str]) -> Iterator[Glyph]:  # noqa: ANN401 - as above
    """Equal neighbours are one letter; between two equal letters the model says 'nothing'."""
    best, sure, count = columns.argmax(axis=1), columns.max(axis=1), len(columns)
    first = 0
    for column in range(1, count + 1):
        if column < count and best[column] == best[first]:
            continue
        if best[first] != _BLANK:
            yield Glyph(
                letters[best[first]],
                float(sure[first:column].max()),
                first / count,
                column / count,
            )
        first = column
