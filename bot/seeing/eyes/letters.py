"""Letters of a line, each with its place and how sure its reader is of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

_THAI = re.compile("[\u0e01-\u0e4e\u0e50-\u0e59]")


class Letter(NamedTuple):
    """`start` and `end` in shares of the line's length; `sureness` from 0 to 1."""

    text: str
    start: float
    end: float
    sureness: float

    @property
    def is_thai(self) -> bool:
        return _THAI.search(self.text) is not None


Word = tuple[Letter, ...]


def text_of(words: Iterable[Word]) -> str:
    return " ".join("".join(letter.text for letter in word) for word in words)


def sureness_of(word: Word) -> float:
    return sum(letter.sureness for letter in word) / len(word) if word else 0.0
