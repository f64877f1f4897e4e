"""What a detector found: labels of the identifier ruler, spans, reasons; never the characters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Label(StrEnum):
    """Letter for letter the labels of the identifier ruler."""

    NATIONAL_ID = "NATIONAL_ID"
    HN = "HN"
    VISIT_NO = "VISIT_NO"
    PASSPORT = "PASSPORT"
    PERSON = "PERSON"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    ONLINE_ID = "ONLINE_ID"
    ADDRESS = "ADDRESS"
    DOB = "DOB"
    ACCOUNT = "ACCOUNT"
    PLATE = "PLATE"


class Strength(StrEnum):
    CERTAIN = "certain"
    LIKELY = "likely"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A span of the original text (end exclusive). `reason` is for people, without values."""

    start: int
    end: int
    label: Label
    strength: Strength = Strength.CERTAIN
    reason: str = ""


class Possible(StrEnum):
    """What may show a patient, and is asked about rather than held against anybody."""

    MEDICAL = "medical"
    FACE = "face"


class Inspection(StrEnum):
    """How far we could look. What was not inspected is never passed off as clean."""

    READ = "read"
    NOT_INSPECTED = "not_inspected"


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything found in one message, read with its thread."""

    findings: tuple[Finding, ...] = ()
    inspection: Inspection = Inspection.READ
    possible: Possible | None = None

    @property
    def is_flagged(self) -> bool:
        return bool(self.findings)

    @property
    def labels(self) -> tuple[Label, ...]:
        return tuple(sorted({finding.label for finding in self.findings}))


NOTHING_FOUND = Assessment()
NOT_INSPECTED = Assessment(inspection=Inspection.NOT_INSPECTED)
