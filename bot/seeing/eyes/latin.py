"""Reads Latin letters, digits and signs in a line that was cut out. Stands blur and slant."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from bot.seeing.eyes import models
from bot.seeing.eyes.letters import Letter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from bot.seeing.eyes.letters import Word
    from bot.seeing.eyes.models import Picture

HEIGHT = 48
_NOTHING = 0
_NARROWEST = 32


class LatinReader:
    """The model knows 18,000 characters and no Thai one. Only ASCII is asked for, so that a digit
    is not taken for a look-alike of another script; where the model itself would rather have seen
    something else, the letter is unsure."""

    def __init__(self) -> None:
        self._session = models.latin_reader()
        known = self._session.get_modelmeta().custom_metadata_map["character"].split("\n")
        characters = ["", *known, " "]
        wanted = (i for i, one in enumerate(characters) if len(one) == 1 and " " <= one <= "~")
        self._asked = np.array([_NOTHING, *wanted])
        self._characters = [characters[i] for i in self._asked]

    def read(self, line: Picture) -> tuple[Word, ...]:
        """`line` is HEIGHT pixels high."""
        width = max(line.shape[1], _NARROWEST)
        padded = np.zeros((HEIGHT, width, 3), np.float32)
        padded[:, : line.shape[1]] = line.astype(np.float32) / 127.5 - 1
        (answer,) = self._session.run(None, {"x": padded.transpose(2, 0, 1)[None]})
        letters = self._letters(answer[0][:, self._asked], width / line.shape[1])
        return tuple(
            tuple(word)
            for is_space, word in groupby(letters, lambda letter: letter.text == " ")
            if not is_space
        )

    def _letters(self, sureness: NDArray[np.float32], stretch: float) -> Iterator[Letter]:
        """One letter for each run of steps that say the same."""
        best, step = sureness.argmax(axis=1), stretch / len(sureness)
        changes = np.flatnonzero(np.diff(best)) + 1
        for run in np.split(np.arange(len(best)), changes):
            said = int(best[run[0]])
            if said != _NOTHING:
                sure = float(sureness[run, said].max())
                start, end = (run[0] - 0.5) * step, (run[-1] + 1.5) * step
                yield Letter(self._characters[said], max(0.0, start), min(1.0, end), sure)
