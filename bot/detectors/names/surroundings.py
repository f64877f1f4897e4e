"""What the words around a place of the text say: that a name stands there, and whose it is.

What people do has more words than rules can name. A small network (`network.py`), which learnt from
labelled texts (`bench/detect/train_surroundings.py`), reads the words of a text in their order.
Asked of a place it says how much speaks for a name there, and how much for a patient's rather than
somebody's who works, sells, visits or is in the news: in hundredths of a nat, above zero where it
is likelier than not.
"""

from __future__ import annotations

import gzip
from functools import cache, lru_cache
from itertools import starmap
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from bot.detectors.lazy import lazy
from bot.detectors.names.network import EDGE, Array, Network
from bot.detectors.names.word_classes import CLASSES, classes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.detectors.names.row import Row

WEIGHTS = Path(__file__).parent / "data" / "surroundings.bin.gz"
HUNDREDTHS = 100
# How a name was seen: what the rules took, what they left, behind a word that leads to names, at
# the beginning of some letters, amid letters, any other words.
AMID = "amid"
KINDS = ("rule", "left", "cue", "read", "inside", AMID)
# Is there a blank before the word, may a name begin with it, seen in which way; what is it like?
_OF_PLACES = 1 + len(KINDS)
MARKS = _OF_PLACES + CLASSES
# What is longer than a message of LINE is read in parts; so far beyond a part the memories have let
# go of nearly all that they held.
_AT_ONCE, _BEYOND = 2048, 256
# Most words are no names: what nothing else took for one is weighed only where one is likely.
LEAST_NAMED = 0


class Said(NamedTuple):
    """How much speaks for a name here, and for a patient's if it is one."""

    named: int
    whose: int


class Place(NamedTuple):
    """Where a name may stand, in words of the row: the first, and the first one behind it."""

    first: int
    behind: int
    kind: str


def place_in(row: Row, start: int, end: int, kind: str) -> Place | None:
    first, behind = row.within(start, end)
    behind = max(behind, first + 1)
    return Place(first, behind, kind) if behind <= len(row.words) else None


def likely_names(answers: Iterable[tuple[Place, Said]]) -> list[Place]:
    """Of those that begin with the same word the likeliest, where a name is likelier than none."""
    best: dict[int, Place] = {}
    for place, said in sorted(answers, key=itemgetter(1)):
        if said.named >= LEAST_NAMED:
            best[place.first] = place
    return list(best.values())


def marks_of(row: Row, places: Iterable[Place]) -> Array:
    marks = np.zeros((len(row.words), MARKS), np.float32)
    marks[:, 0] = [bool(blank) for blank in row.blanks]
    of_words = np.frombuffer(b"".join(map(classes_of, row.spelt)), np.uint8)
    marks[:, _OF_PLACES:] = of_words.reshape(-1, CLASSES)
    for place in places:
        if place.kind != AMID:  # so many words may be a name: that says nothing
            marks[place.first, 1 + KINDS.index(place.kind)] = 1
    return marks


class Reading:
    """A row of words as it is read, and the places in it where names may stand."""

    def __init__(self, row: Row, places: Sequence[Place]) -> None:
        self.row = row
        self.places = places

    def said(self, place: Place) -> Said:
        """Of one of the places."""
        return self._said[place]

    @lazy
    def _said(self) -> dict[Place, Said]:
        """Of many at once: one by one they would take three times as long."""
        found: dict[Place, Said] = {}
        for start in range(0, len(self.places), _AT_ONCE):
            places = self.places[start : start + _AT_ONCE]
            found.update(zip(places, starmap(Said, self._answers(places)), strict=True))
        return found

    def _answers(self, places: Sequence[Place]) -> list[list[int]]:
        around = [(first, first + 1, behind, behind + 1) for first, behind, _ in places]
        held = self._memory[around].reshape(len(around), -1)
        kinds = [KINDS.index(place.kind) for place in places]
        answers = np.rint(the_network().answers(held, kinds) * HUNDREDTHS)
        numbers: list[list[int]] = answers.astype(np.int64).tolist()
        return numbers

    @lazy
    def _memory(self) -> Array:
        """What is held at each word; the first and the last are the edges."""
        return np.concatenate(list(self._in_parts()))

    def _in_parts(self) -> Iterator[Array]:
        said = _with_marks(self.row, marks_of(self.row, self.places))
        for start in range(0, len(said), _AT_ONCE):
            first = max(0, start - _BEYOND)
            part = the_network().memory(said[first : start + _AT_ONCE + _BEYOND])
            yield part[start - first : start - first + _AT_ONCE]


def _with_marks(row: Row, marks: Array) -> Array:
    """What the network is given for each word, and for either edge."""
    network = the_network()
    numbers = [network.words.get(spelt, -1) for spelt in row.spelt]
    edge, width = network.words[EDGE], network.tables["words"].shape[1]
    given = np.zeros((len(numbers) + 2, width + MARKS), np.float32)
    given[:, :width] = network.tables["words"][[edge, *numbers, edge]]
    given[1:-1, width:] = marks
    for at, number in enumerate(numbers, 1):
        if number < 0:
            given[at, :width] = _unmet(row.words[at - 1], row.spelt[at - 1])
    return given


@lru_cache(maxsize=4096)
def _unmet(word: str, spelt: str) -> Array:
    return the_network().vector(word, spelt)


@cache
def the_network() -> Network:
    # Its tables are so small that threads would wait for each other longer than they work.
    threadpool_limits(1, "blas")
    return Network.of(gzip.decompress(WEIGHTS.read_bytes()))
