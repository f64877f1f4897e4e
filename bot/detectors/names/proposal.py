"""A name that may be meant, with what proposed it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


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
