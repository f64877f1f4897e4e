"""Reads numbers in Thai digits in a line that was cut out, by a small model of our own.

Tesseract's Thai model takes ๔ and ๘ for ๕ and knows no ๗: it tells that there are Thai digits, not
which (docs/decisions/0045). `python -m bench.images.digits` makes the model.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bot.seeing.eyes import glyphs
from bot.seeing.eyes.letters import Letter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.seeing.eyes.glyphs import Ink, Piece, Shades
    from bot.seeing.eyes.letters import Word
    from bot.seeing.eyes.models import Picture

MODEL = Path(__file__).with_name("thai_digits.npz")
DIGITS = "๐๑๒๓๔๕๖๗๘๙"
SIGNS = DIGITS + "-/"
OTHER = len(SIGNS)
# Of a column that is none of them: so little is not worth calling it a digit.
_NO_SIGN = 0.04
_SURE, _EACH = 0.7, 0.05
_LEAST = 3
# In heights of a digit, and in gaps of its line. Further apart, two digits are two words.
_APART, _FURTHER = 0.45, 1.6


class Model(NamedTuple):
    """One hidden layer. How likely each piece is each sign, or something else."""

    inner: Shades
    inner_bias: Shades
    outer: Shades
    outer_bias: Shades

    def chances(self, pieces: Shades) -> Shades:
        hidden = np.maximum(pieces @ self.inner + self.inner_bias, 0)
        answers = hidden @ self.outer + self.outer_bias
        powers = np.exp(answers - answers.max(axis=1, keepdims=True))
        shares: Shades = powers / powers.sum(axis=1, keepdims=True)
        return shares


class _Sign(NamedTuple):
    piece: Piece
    text: str
    chance: float


class _Way(NamedTuple):
    """The best way to the end of a part: how good it is, and its last step."""

    score: float
    sign: _Sign | None = None


class ThaiDigitReader:
    def __init__(self) -> None:
        with np.load(MODEL) as kept:
            self._model = Model(*(kept[name].astype(np.float32) for name in Model._fields))

    def read(self, line: Picture) -> tuple[Word, ...]:
        """Only the numbers; nothing where there are not three digits. `line` is HEIGHT high."""
        ink = glyphs.ink_of(line)
        if ink is None:
            return ()
        signs = list(_signs(ink, self._model))
        words = [word for word in _words(signs, ink.tall) if _is_number(word)]
        if sum(sign.text in DIGITS for word in words for sign in word) < _LEAST:
            return ()
        width = line.shape[1]
        return tuple(tuple(_letter(sign, width) for sign in word) for word in words)


def _signs(ink: Ink, model: Model) -> Iterator[_Sign]:
    """The way from part to part on which signs are surest, wide ones counting more."""
    pieces = glyphs.pieces(ink)
    if not pieces:
        return
    everything = np.stack([glyphs.features(ink, one) for some in pieces for one in some])
    chances = iter(model.chances(everything))
    ways = [_Way(0.0), *(_Way(-np.inf) for _ in pieces)]
    for at, some in enumerate(pieces):
        for piece in some:
            sign = _named(piece, next(chances))
            score = ways[at].score + (piece.end - piece.start) * float(np.log(sign.chance))
            if score > ways[at + piece.parts].score:
                ways[at + piece.parts] = _Way(score, sign)
    yield from reversed(list(_back(ways)))


def _back(ways: Sequence[_Way]) -> Iterator[_Sign]:
    at = len(ways) - 1
    while (sign := ways[at].sign) is not None:
        yield sign
        at -= sign.piece.parts


def _named(piece: Piece, chances: Shades) -> _Sign:
    """Two parts together are a sign or nothing; one may be a letter."""
    best = int(chances[:OTHER].argmax())
    chance = max(float(chances[best]), 1e-9)
    if piece.parts == 1 and chance < _NO_SIGN:
        return _Sign(piece, "", _NO_SIGN)
    return _Sign(piece, SIGNS[best], chance)


def _words(signs: Sequence[_Sign], tall: int) -> Iterator[list[_Sign]]:
    """Where digits stand in boxes or are all equally wide, gaps are wide and mean nothing."""
    gaps = [_gap(one, other) for one, other in pairwise(signs) if one.text and other.text]
    apart = max(_APART * tall, _FURTHER * median(gaps)) if gaps else _APART * tall
    word: list[_Sign] = []
    for sign in signs:
        if word and (not sign.text or _gap(word[-1], sign) > apart):
            yield word
            word = []
        if sign.text:
            word.append(sign)
    if word:
        yield word


def _gap(one: _Sign, other: _Sign) -> int:
    return other.piece.start - one.piece.end


def _is_number(word: Sequence[_Sign]) -> bool:
    chances = [sign.chance for sign in word]
    is_sure = min(chances) >= _EACH and sum(chances) >= _SURE * len(chances)
    return word[0].text in DIGITS and is_sure


def _letter(sign: _Sign, width: int) -> Letter:
    return Letter(sign.text, sign.piece.start / width, sign.piece.end / width, sign.chance)
