"""Words of one kind, found quickly: labels, cues, whatever a detector listens for."""

from __future__ import annotations

import re
from typing import NamedTuple


class Cue(NamedTuple):
    """Where a word of some kind stands in the normalised text."""

    start: int
    end: int


class Words:
    """Words to be looked for in lower-case text.

    Thai ones stand anywhere; Latin ones begin and, unless `ending` says otherwise, end as whole
    words. Each alternative begins with a plain letter, conditions on what stands before it coming
    behind: the pattern engine then skips from first letter to first letter instead of trying
    every place, which makes it five times as quick. In English text every letter is a first letter:
    long lists of Latin words name pieces of which one must be there.
    """

    def __init__(
        self,
        thai: str,
        latin: str = "",
        *,
        ending: str = r"(?![a-z])",
        latin_needs: tuple[str, ...] = (),
    ) -> None:
        self._thai = re.compile(thai, re.VERBOSE)
        self._latin_needs = latin_needs
        self._latin = re.compile(rf"(?:{latin}){ending}", re.VERBOSE) if latin else None

    def find(self, lower: str) -> tuple[Cue, ...]:
        cues = [Cue(*match.span()) for match in self._thai.finditer(lower)]
        if self._latin is not None and self._may_have_latin(lower):
            cues += (
                Cue(*match.span())
                for match in self._latin.finditer(lower)
                if not _is_latin(lower[match.start() - 1 : match.start()])
            )
            cues.sort()
        return tuple(cues)

    def _may_have_latin(self, lower: str) -> bool:
        if self._latin_needs:
            return has_any(lower, self._latin_needs)
        return _LATIN_LETTER.search(lower) is not None


_LATIN_LETTER = re.compile(r"[a-z]")


def _is_latin(character: str) -> bool:
    return "a" <= character <= "z"


def has_any(text: str, words: tuple[str, ...]) -> bool:
    """Whether one of the words is there. Looking for forty of them takes two microseconds."""
    for word in words:  # noqa: SIM110 - a generator would double the time, and this runs always
        if word in text:
            return True
    return False
