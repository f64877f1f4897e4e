"""What the words around a place of the text say: that a name stands there, and whose it is.

What people do has more words than rules can name. Here every word around a name, and every two or
three beside it, has two weights, learnt from texts (`bench/detect/train_surroundings.py`):
for a name rather than other words, and for a patient rather than somebody who works, sells, visits
or is in the news. The sums are for a name, and for a patient, above zero, in hundredths of a nat.
"""

from __future__ import annotations

import gzip
import struct
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.detectors.names.row import Row

WEIGHTS = Path(__file__).parent / "data" / "surroundings.bin.gz"
# So many words on either side.
_REACH = 20
# Of a name, so many words: the rest is as good as unknown.
_WITHIN = 3
# Far more than all weights of a text can come to.
_APART = 1 << 32
_BESIDE = 3
_EDGE = ("",) * _BESIDE
# Which words, and the words: ('last', 'ป้า').
Piece = tuple[str, str]


class Said(NamedTuple):
    """How much speaks for a name here, and for a patient's if it is one."""

    named: int
    whose: int


def weigh(row: Row, start: int, end: int, kind: str) -> Said:
    weights = surrounding_weights()
    found = map(weights.get, pieces(row, start, end, kind))
    return _unpacked(weights["always", ""] + sum(weight for weight in found if weight))


def pieces(row: Row, start: int, end: int, kind: str) -> Iterator[Piece]:
    """Every piece that may have a weight, by where it stands; `kind` says how the name was seen."""
    words, (first, behind) = row.words, row.within(start, end)
    before, after = words[max(0, first - _REACH) : first], words[behind : behind + _REACH]
    for word in before:
        yield "before", word
    for word in after:
        yield "behind", word
    for word in words[first : min(behind, first + _WITHIN)]:
        yield "within", word
    yield "length", str(behind - first)
    yield from _beside(before, after, kind)
    yield "last, set off", _blank(row, first) + (before[-1] if before else "")
    yield "next, set off", _blank(row, behind) + (after[0] if after else "")


def _beside(before: list[str], after: list[str], kind: str) -> Iterator[Piece]:
    third, second, last = (*_EDGE, *before)[-_BESIDE:]
    following, fourth, fifth = (*after[:_BESIDE], *_EDGE)[:_BESIDE]
    yield "last", last
    yield "second last", second
    yield "third last", third
    yield "next", following
    yield "second next", fourth
    yield "third next", fifth
    yield "last two", f"{second} {last}"
    yield "next two", f"{following} {fourth}"
    yield "last three", f"{third} {second} {last}"
    yield "next three", f"{following} {fourth} {fifth}"
    yield "both sides", f"{last} {following}"
    yield f"last of {kind}", last
    yield f"next of {kind}", following


def _blank(row: Row, at: int) -> str:
    return row.blanks[at] if at < len(row.blanks) else " "


def _packed(named: int, whose: int) -> int:
    """Both in one number, which adds up as they do."""
    return named * _APART + whose


def _unpacked(total: int) -> Said:
    whose = (total + _APART // 2) % _APART - _APART // 2
    return Said((total - whose) // _APART, whose)


@cache
def surrounding_weights() -> dict[Piece, int]:
    """What they were learnt from; a piece a line; a zero byte; all first weights, all second ones.

    Numbers by themselves, as reading them out of text would take most of the time.
    """
    lines, _, numbers = gzip.decompress(WEIGHTS.read_bytes()).partition(b"\0")
    pieces = [_piece(line) for line in lines.decode().split("\n")[1:]]
    size = len(pieces)
    weights = struct.unpack(f"<{2 * size}h", numbers)
    packed = map(_packed, weights[:size], weights[size:])
    return dict(zip(pieces, packed, strict=True))


def _piece(line: str) -> Piece:
    place, _, words = line.partition("\t")
    return place, words
