"""A name that may be meant, with what proposed it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bot.detectors.names.thai import Name


class Source(StrEnum):
    """What proposed the name. The first seven are the groups of words.CUE."""

    TITLE = "title"
    MONK = "monk"
    POLITE = "polite"
    KIN = "kin"
    NAMED = "named"
    PATIENT = "patient"
    STAFF = "staff"
    FIELD = "field"
    LISTED = "listed"
    PAIR = "pair"
    ALONE = "alone"
    WEIGHED = "weighed"


class Proposal(NamedTuple):
    start: int
    end: int
    source: Source
    cue: str
    margin: int
    parts: int
    is_listed: bool
    is_plain: bool
    cue_start: int

    @classmethod
    def of(
        cls, name: Name, source: Source, cue: str = "", cue_start: int | None = None
    ) -> Proposal:
        return cls(
            name.start,
            name.end,
            source,
            cue,
            name.margin,
            name.parts,
            name.is_listed,
            name.is_plain,
            name.start if cue_start is None else cue_start,
        )

    @classmethod
    def by_shape(cls, start: int, end: int, margin: int) -> Proposal:
        """A whole name, known by its letters and with no word that led to it."""
        return cls(
            start, end, Source.PAIR, "", margin, 2, is_listed=True, is_plain=False, cue_start=start
        )


class Taken:
    """The letters that earlier proposals hold, with the cue words before them."""

    def __init__(self, length: int) -> None:
        self._held = bytearray(length)

    def holds(self, at: int) -> bool:
        return bool(self._held[at])

    def add(self, proposal: Proposal) -> bool:
        """False where an earlier proposal holds some of these letters."""
        if any(self._held[proposal.start : proposal.end]):
            return False
        self._held[proposal.cue_start : proposal.end] = bytes(
            [1] * (proposal.end - proposal.cue_start)
        )
        return True
