"""What a message says around its names: of care, of work, of its lines. Looked up once."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.detectors.lazy import lazy
from bot.detectors.names import evidence
from bot.detectors.names.lexicon import clinical_words
from bot.domain.findings import Label

if TYPE_CHECKING:
    from bot.detectors.scene import Scene

_PATIENT_NUMBERS = (
    Label.NATIONAL_ID,
    Label.HN,
    Label.VISIT_NO,
    Label.PASSPORT,
)
# How far a word of work or of care reaches beyond the name it stands beside.
_NEAR = 48
_BESIDE = 5


@dataclass(frozen=True)
class Setting:
    scene: Scene

    @property
    def text(self) -> str:
        return self.scene.text

    @property
    def lowered(self) -> str:
        """In lower case, every character in its place."""
        return self.scene.cues.lower

    @lazy
    def patient_numbers(self) -> list[tuple[int, int]]:
        """Where numbers stand that only patients have, in order."""
        return sorted((found.start, found.end) for found in self.scene.of(*_PATIENT_NUMBERS))

    def has_number_within(self, first: int, last: int) -> bool:
        following = bisect_left(self.patient_numbers, (last, 0))
        return following > 0 and self.patient_numbers[following - 1][1] > first

    @lazy
    def has_patient(self) -> bool:
        """A patient is spoken of outright, or one's number was found."""
        return bool(self.patient_numbers) or self._speaks_of_patient(0, len(self.text))

    @lazy
    def has_care(self) -> bool:
        return self._speaks_of_care(0, len(self.text))

    def _speaks_of_patient(self, first: int, last: int) -> bool:
        return (
            evidence.PATIENT.search(self.lowered, first, last) is not None
            or not evidence.PATIENT_LATIN.isdisjoint(self._latin_words(first, last))
            or (self.has_digit and evidence.AGE.search(self.lowered, first, last) is not None)
        )

    def _speaks_of_care(self, first: int, last: int) -> bool:
        return (
            evidence.CLINICAL.search(self.lowered, first, last) is not None
            or not clinical_words().isdisjoint(self._latin_words(first, last))
            or (self.has_latin and evidence.DRUG.search(self.lowered, first, last) is not None)
            or (self.has_digit and evidence.MEASURE.search(self.lowered, first, last) is not None)
        )

    def _latin_words(self, first: int, last: int) -> list[str]:
        return evidence.LATIN_WORD.findall(self.lowered, first, last) if self.has_latin else []

    @lazy
    def has_latin(self) -> bool:
        return evidence.LATIN_WORD.search(self.lowered) is not None

    @lazy
    def has_digit(self) -> bool:
        return evidence.HAS_DIGIT.search(self.lowered) is not None

    @property
    def speaks_of_care(self) -> bool:
        return self.has_patient or self.has_care

    @lazy
    def is_roster(self) -> bool:
        return evidence.ROSTER.search(self.lowered) is not None

    @lazy
    def is_about_otherwise(self) -> bool:
        return evidence.OTHERWISE.search(self.lowered) is not None

    def line(self, at: int) -> tuple[int, int]:
        start = self.text.rfind("\n", 0, at) + 1
        end = self.text.find("\n", at)
        return start, len(self.text) if end < 0 else end

    def has_otherwise_near(self, start: int, end: int) -> bool:
        first, last = self._near(start, end)
        return evidence.OTHERWISE.search(self.lowered, first, last) is not None

    def is_line_about_otherwise(self, at: int) -> bool:
        first, last = self.line(at)
        return evidence.OTHERWISE.search(self.lowered, first, last) is not None

    def has_patient_near(self, start: int, end: int) -> bool:
        first, last = self._near(start, end)
        return self._speaks_of_patient(first, last) or self.has_number_within(first, last)

    def has_care_near(self, start: int, end: int) -> bool:
        return self._speaks_of_care(*self._near(start, end))

    def is_dummy(self, start: int, end: int) -> bool:
        if evidence.DUMMY_NAME.search(self.lowered[start:end]):
            return True
        first, last = self.line(start)
        if evidence.WARNING.search(self.text, first, last):
            return True
        return any(first <= cue.start < last for cue in self.scene.cues.dummy)

    def role_follows(self, end: int) -> bool:
        return evidence.ROLE_AFTER.match(self.lowered, end) is not None

    def care_follows(self, end: int) -> bool:
        return evidence.CARE_AFTER.match(self.lowered, end) is not None or self.has_number_within(
            end, end + _BESIDE
        )

    def _near(self, start: int, end: int) -> tuple[int, int]:
        first, last = self.line(start)
        return max(first, start - _NEAR), min(last, end + _NEAR)

    @lazy
    def evidence_named(self) -> str:
        """For the reason: the kinds of evidence, in words."""
        kinds = [name for name, sign in _KINDS if sign.search(self.lowered)]
        if self.patient_numbers:
            kinds.append("a patient's number")
        return " and ".join(kinds[:2]) or "words of care"


_KINDS = (
    ("the word patient", re.compile(r"คนไข้|ผู้ป่วย|ผป|เคส|(?<![a-z])(?:pt|patient|case)(?![a-z])")),
    ("a relative", re.compile(r"ญาติ|ผู้ดูแล|ลูกสาว|ลูกชาย|สามี|ภรรยา|บิดา|มารดา")),
    ("bed", re.compile(r"เตียง|(?<![a-z])bed")),
    ("age", re.compile(r"อายุ|\d\s?(?:ปี|ขวบ|yo|y/o)|\d{2}\s?[mf](?![a-z])")),
    ("diagnosis or care", evidence.CLINICAL),
)
