"""How much a stretch of Thai letters is like a name, and where in glued text the name ends.

Two readings are weighed: the letters as ordinary words, one after another, by how common each
word is; and the first letters as a name, by how names are spelt, with ordinary words after it.
The reading that asks for less belief wins, and the difference is the margin.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from bot.detectors.names.lexicon import Lexicon, lexicon, word_finder

# A letter that belongs to no known word: dearer than any letter of a common word.
_UNKNOWN_LETTER = 480
# A name of the lists is one of about twelve thousand given names (e^9.5).
_LISTED = 950
_LISTED_FAMILY = 1050
_ANY_NAME = 150
_LONGEST_NAME = 36
_LONGEST_LISTED = 20
# Longer runs are cut: what follows further on no longer moves the end of the name.
_FAR_ENOUGH = 44
_BACKOFF = 40
_NEVER = 900
_IMPOSSIBLE = 1 << 30
_ORDER = 4
# A chat has few words and says them often: these take two megabytes.
_KEPT = 4096
# About three hundred times in the thirty million words of the national corpus.
_COMMON = 1150
_FOLLOWS_ITS_LETTER = frozenset("ะัาำิีึืฺุู็่้๊๋์ํ๎ๅๆ")
# A vowel that leads its letter, and marks that close no syllable.
_NEEDS_A_LETTER = frozenset("เแโใไั็")
_LEADS = frozenset("เแโใไ")


class Paths(NamedTuple):
    """From each letter on, the cheapest way to read the rest as ordinary words."""

    cost: list[int]
    end: list[int]
    """Where the word ends that begins here; no further than here where none does."""


class Reading(NamedTuple):
    """The first `length` letters are the name; `margin` is how much better than mere words."""

    length: int
    margin: int


def read_name(run: str) -> Reading:
    """The likeliest name at the start of a run of Thai letters."""
    return read_name_at(run, 0, 0)


@lru_cache(maxsize=_KEPT)
def read_name_at(run: str, cue_at: int, at: int) -> Reading:
    """The likeliest name that begins at `at`, behind a cue word that begins at `cue_at`.

    The letters before the cue must be words, and so must the cue: 'นาย' is no title in 'ทนาย'.
    """
    run = run[: at + _FAR_ENOUGH]
    rest = _paths(run).cost
    best, end = min(
        ((cost + rest[at + size], size) for size, cost in _name_costs(run[at:]).items()),
        default=(_IMPOSSIBLE, 0),
    )
    if not end:
        return Reading(0, -_IMPOSSIBLE)
    before = words_cost(run[:cue_at]) + words_cost(run[cue_at:at]) if at else 0
    return Reading(end, rest[0] - before - best)


@lru_cache(maxsize=_KEPT)
def whole_margin(run: str) -> int:
    """How much likelier the whole run is a name than ordinary words."""
    cost = _name_costs(run).get(len(run))
    return words_cost(run) - cost if cost is not None else -_IMPOSSIBLE


@lru_cache(maxsize=_KEPT)
def words_cost(run: str) -> int:
    return _paths(run).cost[0] if run else 0


@lru_cache(maxsize=_KEPT)
def words_of(run: str) -> list[tuple[int, int, bool]]:
    """The likeliest words of a run, each with its places; letters of none together, as unknown."""
    words: list[tuple[int, int, bool]] = []
    ends, start = _paths(run).end, 0
    while start < len(run):
        end, first = ends[start], start
        is_known = end > start
        while not is_known and start < len(run) and ends[start] == start:
            start += 1
        start = max(start, end)
        words.append((first, start, is_known))
    return words


@lru_cache(maxsize=_KEPT)
def _paths(run: str) -> Paths:
    size = len(run)
    words: list[list[tuple[int, int]]] = [[] for _ in run]
    for last, (length, word_cost) in word_finder().iter(run):
        if may_end(run, last + 1):
            words[last + 1 - length].append((last + 1, word_cost))
    costs, ends = [0] * (size + 1), list(range(size))
    for start in range(size - 1, -1, -1):
        best = costs[start + 1] + _UNKNOWN_LETTER
        if run[start] not in _FOLLOWS_ITS_LETTER:
            for end, word_cost in words[start]:
                if word_cost + costs[end] < best:
                    best, ends[start] = word_cost + costs[end], end
        costs[start] = best
    return Paths(costs, ends)


def listed_margin(run: str, at: int, end: int) -> int:
    """How much likelier a listed name is between two places of a run than words all along it."""
    rest, before = _paths(run).cost, words_cost(run[:at])
    return rest[0] - before - _LISTED - rest[end]


def begins_a_letter(run: str, at: int) -> bool:
    """No name begins with a mark, nor behind a vowel that leads."""
    return run[at] not in _FOLLOWS_ITS_LETTER and (not at or run[at - 1] not in _LEADS)


@lru_cache(maxsize=_KEPT)
def _name_costs(run: str) -> dict[int, int]:
    """For each place where a name may end: the cost of the letters before it as a name."""
    known = lexicon()
    costs = dict(_letter_costs(run, 0, known))
    longest_given = 0
    for end in range(2, min(len(run), _LONGEST_LISTED) + 1):
        listed = _listed_cost(run[:end], known)
        if listed is None or not may_end(run, end):
            continue
        costs[end] = min(listed, costs.get(end, listed))
        if run[:end] in known.given:
            longest_given = end
    if 0 < longest_given < len(run):
        for further, cost in _letter_costs(run, longest_given, known).items():
            costs[further] = min(_LISTED + cost, costs.get(further, _LISTED + cost))
    return costs


def _listed_cost(name: str, known: Lexicon) -> int | None:
    if name in known.given or name in known.nicknames or name in known.borders:
        return _LISTED
    return _LISTED_FAMILY if name in known.family else None


def _letter_costs(run: str, start: int, known: Lexicon) -> dict[int, int]:
    letters, find = known.thai_letters, known.thai_letters.get
    padded = "^" * (_ORDER - 1) + run[start : start + _LONGEST_NAME]
    costs: dict[int, int] = {}
    total = _ANY_NAME
    for at in range(_ORDER - 1, len(padded)):
        gram = padded[at - _ORDER + 1 : at + 1]
        total += find(gram) or _letter_cost(letters, gram)
        end = start + at - _ORDER + 2
        if end - start > 1 and may_end(run, end):
            ending = gram[1:] + "$"
            costs[end] = total + (find(ending) or _letter_cost(letters, ending))
    return costs


def _letter_cost(letters: dict[str, int], gram: str) -> int:
    dearer = 0
    while gram:
        cost = letters.get(gram)
        if cost is not None:
            return cost + dearer
        gram = gram[1:]
        dearer += _BACKOFF
    return _NEVER


def may_end(run: str, at: int) -> bool:
    """No name ends before a mark that belongs to its last letter, nor on a vowel that leads."""
    if run[at - 1] in _NEEDS_A_LETTER:
        return False
    return at == len(run) or run[at] not in _FOLLOWS_ITS_LETTER


def is_listed(name: str) -> bool:
    known = lexicon()
    return name in known.given or name in known.borders


def is_plain_word(name: str) -> bool:
    """An ordinary word; a rare one that the name lists hold is a name first."""
    cost = lexicon().words.get(name)
    return cost is not None and (cost < _COMMON or not is_listed(name))
