r"""Makes text matchable, and remembers where every character came from.

`\b` finds no edge between a Thai letter and a digit, people type ๑๒๓ and １２３, and
invisible characters travel along with copied text. All of that is settled here, once.
"""

from __future__ import annotations

from bot.domain.text import NormalisedText

_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, 0x180E, 0x200E, 0x200F))
_THAI_DIGITS = {0x0E50 + value: ord(str(value)) for value in range(10)}
# Full-width forms sit at a fixed distance from ASCII: U+FF01 '！' is U+0021 '!'.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys((0x00A0, 0x2007, 0x2009, 0x202F, 0x3000), ord(" "))
_DASHES = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212), ord("-"))
_TABLE: dict[int, int | None] = {**_INVISIBLE, **_THAI_DIGITS, **_FULL_WIDTH, **_SPACES, **_DASHES}
_SPECIAL = frozenset(map(chr, _TABLE))


def normalise(text: str) -> NormalisedText:
    if _SPECIAL.isdisjoint(text):
        return NormalisedText(text, tuple(range(len(text))), len(text))
    kept = [i for i, character in enumerate(text) if ord(character) not in _INVISIBLE]
    return NormalisedText(text.translate(_TABLE), tuple(kept), len(text))
