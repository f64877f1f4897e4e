"""Makes one quick pattern of many words.

`re` tries the branches of a pattern one after another at every letter. Sorted by their first
letters, a letter that begins none is passed over at once, and one that does meets its own few.
"""

from __future__ import annotations

import re
from itertools import groupby

# Thai letters. Bounded, so that a text without a blank costs no more than one with many.
RUN = re.compile(r"[ก-ฮะ-ฺเ-๎]{1,80}")
_TOP = 3
_SPECIAL = frozenset("\\[]().*+?{}|^$")


def one_of(verbose: str) -> re.Pattern[str]:
    """The same branches, in the same order for each first letter, grouped by their letters."""
    branches = [_squeezed(branch) for branch in _branches(verbose)]
    return re.compile(_grouped(branches, _TOP))


def standing_alone(words: str, letters: str) -> str:
    """Branches of words before which none of these letters stands."""
    return "|".join(f"{word}(?<![{letters}]{re.escape(word)})" for word in words.split())


def _grouped(branches: list[str], depth: int) -> str:
    if not depth or len(branches) == 1 or (depth < _TOP and not all(map(_first, branches))):
        return "|".join(branches)
    ordered = sorted(branches, key=_first)
    parts = []
    for letter, group in groupby(ordered, _first):
        same = list(group)
        if not letter or len(same) == 1:
            parts.append("|".join(same))
        else:
            rests = [branch[1:] for branch in same]
            parts.append(f"{letter}(?:{_grouped(rests, depth - 1)})")
    return "|".join(parts)


def _first(branch: str) -> str:
    """The first letter of a branch, where it is just a letter."""
    if not branch or branch[0] in _SPECIAL or branch[1:2] in {"?", "*", "+", "{"}:
        return ""
    return branch[0]


def _squeezed(branch: str) -> str:
    return re.sub(r"\s+", "", branch)


def _branches(verbose: str) -> list[str]:
    """Splits at the bars that stand in no bracket."""
    branches, level, start, in_class = [], 0, 0, False
    at = 0
    while at < len(verbose):
        sign = verbose[at]
        if sign == "\\":
            at += 1
        elif in_class:
            in_class = sign != "]"
        elif sign == "[":
            in_class = True
        elif sign in "()":
            level += 1 if sign == "(" else -1
        elif sign == "|" and not level:
            branches.append(verbose[start:at])
            start = at + 1
        at += 1
    return [branch for branch in (*branches, verbose[start:]) if branch.strip()]


def listed(words: str) -> list[str]:
    """A list of words as people write it: with blanks between them."""
    return words.split()
