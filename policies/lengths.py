"""How long a text is for a phone: in UTF-16 units, and in clusters (what a reader calls a letter).

For Thai the two differ: a consonant with vowel and tone mark is three units and one cluster.
"""

from __future__ import annotations

import unicodedata

_JOINER = "\u200d"
# SARA AM is a letter to Unicode's categories, but belongs to the cluster before it (UAX 29).
_SARA_AM = "\u0e33"
_SKIN_TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))


def utf16_length(text: str) -> int:
    # A lone half of a surrogate pair can come in through JSON; it counts as one unit.
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clusters(text: str) -> list[str]:
    """Letters with their vowels and tone marks; good for Thai, Latin and ordinary emoji."""
    found: list[str] = []
    for character in text:
        if found and (_continues(character) or found[-1].endswith(_JOINER)):
            found[-1] += character
        else:
            found.append(character)
    return found


def _continues(character: str) -> bool:
    is_mark = unicodedata.category(character).startswith("M")
    return is_mark or character in (_JOINER, _SARA_AM) or character in _SKIN_TONES


def shorten(text: str, limit: int) -> str:
    """At most `limit` UTF-16 units, cut between clusters, with an ellipsis where it was cut."""
    if utf16_length(text) <= limit:
        return text
    return split(text, limit - 1)[0] + "…"


def split(text: str, limit: int) -> list[str]:
    """Parts of at most `limit` UTF-16 units, cut between clusters."""
    parts = [""]
    room = limit
    for piece in _pieces(text, limit):
        size = utf16_length(piece)
        if size > room:
            parts.append("")
            room = limit
        parts[-1] += piece
        room -= size
    return parts


def _pieces(text: str, limit: int) -> list[str]:
    """Clusters; one that is too long for a message by itself falls into its characters."""
    return [
        piece
        for cluster in clusters(text)
        for piece in ([cluster] if utf16_length(cluster) <= limit else cluster)
    ]
