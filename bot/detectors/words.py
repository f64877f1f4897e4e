"""Words of one kind, found quickly: labels, cues, whatever a detector listens for."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.detectors.waking import EVERYTHING, beginnings, bit_of


class Cue(NamedTuple):
    """Where a word of some kind stands in the normalised text."""

    start: int
    end: int


class Words:
    """Words to be looked for in lower-case text.

    Thai ones stand anywhere; Latin ones begin and, unless `ending` says otherwise, end as whole
    words. Each alternative begins with a plain letter, conditions on what stands before it coming
    behind: so it sleeps until a text holds its first letters (`waking.py`). Where these are few or
    common, `thai_needs` and `latin_needs` name rarer pieces of which one must be there.
    """

    def __init__(
        self,
        thai: str,
        latin: str = "",
        *,
        ending: str = r"(?![a-z])",
        thai_needs: tuple[str, ...] = (),
        latin_needs: tuple[str, ...] = (),
    ) -> None:
        self._thai = re.compile(thai, re.VERBOSE)
        self._thai_bit = bit_of(thai_needs or beginnings(self._thai))
        self._latin = re.compile(rf"(?:{latin}){ending}", re.VERBOSE)
        self._latin_bit = bit_of(latin_needs or beginnings(self._latin)) if latin else 0
        self.bits = self._thai_bit | self._latin_bit

    def find(self, lower: str, heard: int = EVERYTHING) -> tuple[Cue, ...]:
        """All of them in order of place; `heard` is what `listen` says of the text."""
        cues: list[Cue] = []
        if heard & self._thai_bit:
            cues += (Cue(*match.span()) for match in self._thai.finditer(lower))
        if heard & self._latin_bit:
            cues += (
                Cue(*match.span())
                for match in self._latin.finditer(lower)
                if not _is_latin(lower[match.start() - 1 : match.start()])
            )
            cues.sort()
        return tuple(cues)


def _is_latin(character: str) -> bool:
    return "a" <= character <= "z"


def has_any(text: str, words: tuple[str, ...]) -> bool:
    """Whether one of the words is there. Looking for forty of them takes two microseconds."""
    for word in words:  # noqa: SIM110 - a generator would double the time, and this runs always
        if word in text:
            return True
    return False
