"""Runs of digits with whatever stands between them, and the parts of a run that may be a number."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# Letters end a run; signs, spaces and line breaks, up to three together, do not. O, I and l stand
# for 0 and 1 between digits. Shorter numbers are read from their labels.
LONG_RUN = re.compile(
    r"(?:[0-9]|(?<![A-Za-z])[OoIl])"
    r"(?:[^0-9A-Za-z\u0e00-\u0e7f]{0,3}(?:[0-9]|[OoIl](?=[OoIl]{0,3}(?:[^A-Za-z]|\Z)))){8,}"
)
_GROUP = re.compile(r"[0-9OoIl]+")
_READ_AS = str.maketrans("OoIl", "0011")


class Part(NamedTuple):
    """Neighbouring groups of a run."""

    start: int
    end: int
    digits: str
    lengths: tuple[int, ...]
    inside: frozenset[str]  # what separates its groups
    around: frozenset[str]  # what separates it from the rest of its run
    is_first: bool


def groups_of(run: re.Match[str]) -> list[re.Match[str]]:
    return list(_GROUP.finditer(run.string, *run.span()))


def parts(groups: list[re.Match[str]], total: int, begins: str = "") -> Iterator[Part]:
    """Every row of neighbouring groups with `total` digits together.

    Where `begins` names first digits, rows that begin otherwise are passed over.
    """
    first, count = 0, 0
    for i, group in enumerate(groups):
        count += len(group[0])
        while count > total:
            count -= len(groups[first][0])
            first += 1
        if count == total and (not begins or groups[first][0][0] in begins):
            yield _part(group.string, groups, first, i)


def _part(text: str, groups: list[re.Match[str]], first: int, last: int) -> Part:
    chosen = groups[first : last + 1]
    gaps = frozenset(text[a.end() : b.start()] for a, b in pairwise(chosen))
    around = set()
    if first:
        around.add(text[groups[first - 1].end() : chosen[0].start()])
    if last + 1 < len(groups):
        around.add(text[chosen[-1].end() : groups[last + 1].start()])
    return Part(
        chosen[0].start(),
        chosen[-1].end(),
        "".join(group[0] for group in chosen).translate(_READ_AS),
        tuple(len(group[0]) for group in chosen),
        gaps,
        frozenset(around),
        first == 0,
    )
