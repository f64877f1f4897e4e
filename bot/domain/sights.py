"""What was seen in a picture or a file: an outcome, and each thing with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.domain.findings import Label
    from bot.domain.incidents import PatientNumber


class LookOutcome(StrEnum):
    """The one end of a look. What could not be seen is never passed off as nothing."""

    IDENTIFIERS = "identifiers"
    MEDICAL = "medical"
    FACE = "face"
    NONE = "none"
    UNREADABLE = "unreadable"


class SightKind(StrEnum):
    IDENTIFIER = "identifier"
    FACE = "face"
    MEDICAL = "medical"


class Unseen(StrEnum):
    """Why something could not be seen; the same words in counters and on screens."""

    BROKEN = "broken"
    UNKNOWN_FORMAT = "unknown_format"
    PROTECTED = "protected"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    LOOKER_DIED = "looker_died"
    AUDIO = "audio"
    GONE = "gone"
    STILL_PREPARING = "still_preparing"
    EXTERNAL = "external"
    NOT_FETCHED = "not_fetched"


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a picture or page, in shares of its width and height; corners clockwise from the
    top left, so that a slanting line of a photo stays one narrow strip."""

    corners: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """One thing seen. `masked` is safe on a screen; `place` says where in words ('page 2',
    'sheet Lab, row 4', 'second 12', 'name of the file', 'ward.zip: list.xlsx, row 2')."""

    kind: SightKind
    reason: str
    label: Label | None = None
    masked: str = ""
    region: Region | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """All that was seen in one picture or file.

    `is_partial`: limits ended the look before the end (pages, frames, time), and why is in
    `unseen`; what was found until then counts. A `none` can be partial in one way only: of a
    video, where `unseen` is `audio`.
    """

    outcome: LookOutcome
    sights: tuple[Sight, ...] = ()
    unseen: Unseen | None = None
    is_partial: bool = False
    numbers: tuple[PatientNumber, ...] = field(default=(), repr=False)

    @property
    def labels(self) -> tuple[Label, ...]:
        return tuple(sorted({sight.label for sight in self.sights if sight.label is not None}))


def unreadable(why: Unseen) -> Look:
    return Look(LookOutcome.UNREADABLE, unseen=why)
