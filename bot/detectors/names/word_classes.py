"""What the lists know of a word: a given name, a word of care, how common, which kind of cue.

The network (`network.py`) learns what single words mean from its texts; of a word that was rare
there, or that it never met, these say what it is like.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from bot.detectors.names import latin
from bot.detectors.names.lexicon import care_words, clinical_words, lexicon, signs_of_care
from bot.detectors.names.proposal import Source
from bot.detectors.names.words import cue_at

if TYPE_CHECKING:
    from collections.abc import Iterator

# What a word costs in hundredths of a nat: common ones, rarer ones, rare ones, no word.
_COMMON, _RARER = 700, 1000
_CUES = (
    {Source.KIN},
    {Source.STAFF},
    {Source.TITLE, Source.POLITE},
    {Source.PATIENT},
    {Source.NAMED},
)
_KEPT = 8192


@lru_cache(maxsize=_KEPT)
def classes_of(word: str) -> bytes:
    """For each class one byte: is the word of it?"""
    return bytes((*_of_names(word), *_of_words(word), *_of_cues(word)))


def _of_names(word: str) -> Iterator[bool]:
    known = lexicon()
    for names in (known.given, known.nicknames, known.family, known.borders):
        yield word in names
    yield _is_latin(word) and latin.is_name(word)


def _of_words(word: str) -> Iterator[bool]:
    cost = lexicon().words.get(word)
    yield cost is not None and cost < _COMMON
    yield cost is not None and _COMMON <= cost < _RARER
    yield cost is not None and cost >= _RARER
    yield cost is None
    yield word in clinical_words() or word in care_words() or word in signs_of_care()
    yield _is_latin(word) and latin.is_english(word)


def _of_cues(word: str) -> Iterator[bool]:
    cue = cue_at(word, 0)
    source = cue.source if cue is not None and cue.end == len(word) else None
    for sources in _CUES:
        yield source in sources


def _is_latin(word: str) -> bool:
    return word.isascii() and word.isalpha()


CLASSES = len(_CUES) + 11
