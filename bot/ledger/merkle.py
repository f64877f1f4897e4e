"""The Merkle tree of RFC 9162 over the entries, in the order in which they were sealed.

A leaf is hashed behind 0x00 and a node behind 0x01, so that neither can pass for the other. What
checks a tree is written apart from this (stranger.py), so that one mistake is not made twice.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

HASH_BYTES = 32


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The roots of the complete subtrees, largest first: all of a tree that appending needs."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def grown_by(self, leaves: Iterable[bytes]) -> Frontier:
        size, hashes = self.size, list(self.hashes)
        for leaf in leaves:
            size, node = size + 1, leaf
            for _ in range(_complete_pairs(size)):
                node = node_hash(hashes.pop(), node)
            hashes.append(node)
        return Frontier(size, tuple(hashes))

    def root(self) -> bytes:
        if not self.hashes:
            return hashlib.sha256(b"").digest()
        *larger, node = self.hashes
        for left in reversed(larger):
            node = node_hash(left, node)
        return node


def _complete_pairs(size: int) -> int:
    """How many subtrees the last of so many leaves completes: the zeros at the number's end."""
    return (size & -size).bit_length() - 1


class Tree:
    """All complete subtrees, level by level, so that a proof is mostly a matter of looking up."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        self._levels = [list(leaves)]
        while len(below := self._levels[-1]) > 1:
            pairs = zip(below[::2], below[1::2], strict=False)  # the odd one out waits for its own
            self._levels.append([node_hash(left, right) for left, right in pairs])

    def root(self, size: int) -> bytes:
        return self._root(0, size)

    def inclusion(self, position: int, size: int) -> list[bytes]:
        """RFC 9162, 2.1.3.1: that this leaf is in the tree of this size."""
        start, end, proof = 0, size, list[bytes]()
        while end - start > 1:
            middle = _middle(start, end)
            if position < middle:
                proof.append(self._root(middle, end))
                end = middle
            else:
                proof.append(self._root(start, middle))
                start = middle
        return proof[::-1]

    def consistency(self, old: int, new: int) -> list[bytes]:
        """RFC 9162, 2.1.4.1: that the tree of the one size begins the tree of the other."""
        start, end, proof = 0, new, list[bytes]()
        if not 0 < old < new:
            return proof
        while old != end:
            middle = _middle(start, end)
            if old <= middle:
                proof.append(self._root(middle, end))
                end = middle
            else:
                proof.append(self._root(start, middle))
                start = middle
        if start > 0:  # else the old tree is itself one of the new one's subtrees
            proof.append(self._root(start, end))
        return proof[::-1]

    def cover(self, positions: Sequence[int], size: int) -> list[bytes]:
        """The fewest hashes with which whoever has these leaves can work out the root."""
        return list(self._cover(positions, 0, size))

    def _cover(self, positions: Sequence[int], start: int, end: int) -> Iterator[bytes]:
        if bisect_left(positions, start) == bisect_left(positions, end):
            yield self._root(start, end)
        elif end - start > 1:
            middle = _middle(start, end)
            yield from self._cover(positions, start, middle)
            yield from self._cover(positions, middle, end)

    def _root(self, start: int, end: int) -> bytes:
        """Of a range as the RFC's definition cuts them: its start is a multiple of its cut."""
        length = end - start
        if length == 0:
            return Frontier().root()
        level = length.bit_length() - 1
        if length == 1 << level:
            return self._levels[level][start >> level]
        middle = _middle(start, end)
        return node_hash(self._root(start, middle), self._root(middle, end))


def _middle(start: int, end: int) -> int:
    """After the largest power of two that is smaller than the length."""
    return start + (1 << (end - start - 1).bit_length() - 1)
