"""The two units in which LINE measures text."""

import unicodedata
from collections.abc import Callable

LAST_OF_ONE_UNIT = 0xFFFF
Measure = Callable[[str], int]

ZERO_WIDTH_JOINER = "\u200d"
# SARA AM of Thai and Lao is a letter by category but belongs to the cluster before it.
TRAILING_LETTERS = frozenset("\u0e33\u0eb3")
SKIN_TONES = range(0x1F3FB, 0x1F400)
REGIONAL_INDICATORS = range(0x1F1E6, 0x1F200)


def utf16_units(text: str) -> int:
    """Length in UTF-16 code units; a lone surrogate counts as one."""
    return len(text) + sum(1 for letter in text if ord(letter) > LAST_OF_ONE_UNIT)


def grapheme_clusters(text: str) -> int:
    """Length as a reader counts: a Thai consonant with vowel and tone mark is one."""
    clusters, before, flags = 0, "", 0
    for letter in text:
        flags = flags + 1 if ord(letter) in REGIONAL_INDICATORS else 0
        second_half_of_flag = flags > 0 and flags % 2 == 0
        if not (before and (_continues(letter, before) or second_half_of_flag)):
            clusters += 1
        before = letter
    return clusters


def _continues(letter: str, before: str) -> bool:
    if letter == "\n":
        return before == "\r"
    if before == ZERO_WIDTH_JOINER or letter in TRAILING_LETTERS or letter == ZERO_WIDTH_JOINER:
        return True
    return unicodedata.category(letter) in {"Mn", "Mc", "Me"} or ord(letter) in SKIN_TONES
