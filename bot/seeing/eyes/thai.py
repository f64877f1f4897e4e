"""Reads Thai in a line that was cut out: Tesseract, opened once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from tesserocr import OEM, PSM, RIL, PyTessBaseAPI

from bot.seeing.eyes import models
from bot.seeing.eyes.letters import Letter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.seeing.eyes.letters import Word
    from bot.seeing.eyes.models import Picture

HEIGHT = 48
_MARGIN = 10
# Thai's AM is one letter; the model's data writes it as its two halves.
_AM_IN_HALVES, _AM = "\u0e4d\u0e32", "\u0e33"


class ThaiReader:
    def __init__(self) -> None:
        self._api = PyTessBaseAPI(
            path=f"{models.thai_data()}/", lang="tha", psm=PSM.SINGLE_LINE, oem=OEM.LSTM_ONLY
        )

    def read(self, line: Picture) -> tuple[Word, ...]:
        """`line` is HEIGHT pixels high."""
        width = line.shape[1]
        grey = _dark_on_light(cv2.cvtColor(line, cv2.COLOR_BGR2GRAY).astype(np.uint8))
        framed = cv2.copyMakeBorder(grey, *(_MARGIN,) * 4, cv2.BORDER_REPLICATE)
        rows, columns = framed.shape
        self._api.SetImageBytes(framed.tobytes(), columns, rows, 1, columns)
        if not self._api.Recognize():
            return ()
        text = self._api.GetUTF8Text().replace(_AM_IN_HALVES, _AM)
        return tuple(_words(text, _with_whole_am(self._letters(width))))

    def _letters(self, width: int) -> Iterator[Letter]:
        """As sure as Tesseract is of the piece of a word: of single letters it is always sure."""
        found = self._api.GetIterator()
        if found is None or found.Empty(RIL.SYMBOL):
            return
        more = True
        while more:
            text, place = found.GetUTF8Text(RIL.SYMBOL), found.BoundingBox(RIL.SYMBOL)
            if text and text.strip() and place:
                start, end = ((x - _MARGIN) / width for x in (place[0], place[2]))
                sure = found.Confidence(RIL.WORD) / 100
                yield Letter(text, max(0.0, start), min(1.0, end), sure)
            more = found.Next(RIL.SYMBOL)


def _with_whole_am(letters: Iterator[Letter]) -> Iterator[Letter]:
    before: Letter | None = None
    for letter in letters:
        if before is not None and before.text + letter.text == _AM_IN_HALVES:
            letter = letter._replace(text=_AM, start=before.start)  # noqa: PLW2901 - one of two
        elif before is not None:
            yield before
        before = letter
    if before is not None:
        yield before


def _words(text: str, letters: Iterator[Letter]) -> Iterator[Word]:
    """The letters as the spaces of the text divide them. What Tesseract calls a word is a piece
    of one in Thai."""
    for word in text.split():
        taken: list[Letter] = []
        while sum(len(letter.text) for letter in taken) < len(word):
            letter = next(letters, None)
            if letter is None:
                break
            taken.append(letter)
        if taken:
            yield tuple(taken)


def _dark_on_light(grey: Picture) -> Picture:
    """The model was taught dark letters on paper. More of a line is paper than letters."""
    low, paper, high = np.percentile(grey, (2, 50, 98))
    return 255 - grey if high - paper > paper - low else grey
