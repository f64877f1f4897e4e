"""A small network that reads a row of words from either end: what it works out, not how it learns.

Each word is a vector of its own with one of its letters, and a few marks. Three neighbours together
are what two memories run over, one from either end: at each word a memory keeps a part of what it
held and takes in a part of what is new. Two more memories run over what those hold. What they hold
before, in and behind a place answers two questions about it.

How it learns is in `bench/detect/recurrent.py`; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

THREES = 8000
_LETTERS, MOST_THREES = 16, 12
# Words that learning met once at most; what stands before the first word and behind the last.
RARE, EDGE = "<rare>", "<edge>"


def threes_of(spelt: str) -> list[int]:
    """The letters of a word by threes, each as a number."""
    word = f"<{spelt[:_LETTERS]}>"
    threes = (word[at : at + 3] for at in range(len(word) - 2))
    return [crc32(three.encode("utf-8", "replace")) % THREES + 1 for three in threes][:MOST_THREES]


@dataclass(frozen=True)
class Network:
    words: dict[str, int]
    tables: dict[str, Array]

    @classmethod
    def of(cls, content: bytes) -> Network:
        """Lines of what it is made of, of its tables and of its words; a zero byte; its numbers."""
        head, _, numbers = content.partition(b"\0")
        _, *lines = head.decode().split("\n")
        border = lines.index("")
        words = {word: number for number, word in enumerate(lines[border + 1 :])}
        return cls(words, _tables(lines[:border], numbers))

    def vector(self, word: str, spelt: str) -> Array:
        """Of a word that learning did not meet: what such words have in common, and its letters."""
        letters = self.tables["letters"]
        found: Array = self.tables["words"][self.words.get(word, self.words[RARE])].copy()
        found[-letters.shape[1] :] = letters[threes_of(spelt)].mean(axis=0)
        return found

    def memory(self, said: Array) -> Array:
        """What the memories hold at each word."""
        wide = np.maximum(self._through("beside", _beside(said)), 0)
        near = self._remembered("near", wide)
        return near + self._remembered("far", near)

    def answers(self, held: Array, kinds: Sequence[int]) -> Array:
        """Both answers about each place, in nats, by what is held around it and its kind."""
        at_places = np.concatenate((held, self.tables["kinds"][kinds]), axis=1)
        inner = np.maximum(self._through("inner", at_places), 0)
        return self._through("answer", inner)

    def _remembered(self, layer: str, taken: Array) -> Array:
        gates = self._through(f"{layer} gates", taken)
        both = gates.shape[1] // 2
        share = 1 / (1 + np.exp(-gates[:, :both]))
        new = _half_turned(share * np.tanh(gates[:, both:]))
        keep = _half_turned(1 - share)
        for held, kept, taken_in in zip(new, keep[1:], new[1:], strict=False):
            np.multiply(kept, held, out=kept)
            np.add(taken_in, kept, out=taken_in)
        return _half_turned(new)

    def _through(self, layer: str, taken: Array) -> Array:
        found: Array = taken @ self.tables[layer] + self.tables[f"{layer} from"][0]
        return found


def _tables(lines: Sequence[str], numbers: bytes) -> dict[str, Array]:
    tables: dict[str, Array] = {}
    at = 0
    for line in lines:
        name, kind, rows, columns, scale = line.split("\t")
        size = int(rows) * int(columns)
        table = np.frombuffer(numbers, np.dtype(kind), size, at).astype(np.float32)
        tables[name] = table.reshape(int(rows), int(columns)) * np.float32(scale)
        at += size * np.dtype(kind).itemsize
    return tables


def _beside(said: Array) -> Array:
    """Each word with the one before it and the one behind it."""
    size, width = said.shape
    both: Array = np.zeros((size, 3 * width), np.float32)
    both[1:, :width] = said[:-1]
    both[:, width : 2 * width] = said
    both[:-1, 2 * width :] = said[1:]
    return both


def _half_turned(both: Array) -> Array:
    """The memories that run from the end, turned round; twice is as before."""
    half = both.shape[1] // 2
    turned = both.copy()
    turned[:, half:] = both[::-1, half:]
    return turned
