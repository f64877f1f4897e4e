"""What a message says around its names: of care, of work, of its lines. Looked up once."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from string import ascii_letters
from typing import TYPE_CHECKING

from bot.detectors.lazy import lazy
from bot.detectors.names import evidence
from bot.detectors.names.lexicon import clinical_words
from bot.detectors.names.patterns import RUN
from bot.detectors.names.row import Row, row_of
from bot.detectors.names.words import CueWord, all_cues, says_who
from bot.detectors.waking import SHORT_TALK, Sleeper
from bot.domain.findings import Label

if TYPE_CHECKING:
    from bot.detectors.scene import Scene

_PATIENT_NUMBERS = (
    Label.NATIONAL_ID,
    Label.HN,
    Label.VISIT_NO,
    Label.PASSPORT,
)
LIST_MARK = re.compile(
    r"(?:[ \t]*(?:[-•*·–>✅🔸]+|\(?\d{1,3}(?:[./]\d{1,2})?[.):]?|(?:เตียง|เครื่อง|bed|ห้อง|เคส|คน|"
    r"ราย|no\.?|lr|icu|b)(?:ที่)?\s?\d{1,3}[:.)]?|[a-z]{1,2}\d{1,2}(?=\s))[ \t]*){1,3}",
    re.IGNORECASE,
)
_MARKS_BEGIN = frozenset(" \t-•*·–>✅🔸(0123456789เหคร" + ascii_letters)
# How far a word of work or of care reaches beyond the name it stands beside.
_NEAR = 48
_WORDS_BEFORE = 40
_CAPITAL = re.compile("[A-Z]")
_PAPER = re.compile("paper|เปเปอร์|journal|(?<!sleep )study|trial|guideline|บทความ|งานวิจัย|อ้างอิง")
_BESIDE = 5


@dataclass(frozen=True)
class Setting:
    scene: Scene

    @lazy
    def text(self) -> str:
        return self.scene.text

    @lazy
    def lowered(self) -> str:
        """In lower case, every character in its place."""
        return self.scene.cues.lower

    @lazy
    def heard(self) -> int:
        return self.scene.cues.heard

    def hears(self, words: Sleeper, first: int = 0, last: int = sys.maxsize) -> bool:
        """Whether one of these words stands between two places."""
        is_awake = self.heard & words.bit
        return bool(is_awake) and words.search(self.lowered, first, last) is not None

    @lazy
    def patient_numbers(self) -> list[tuple[int, int]]:
        """Where numbers stand that only patients have, in order."""
        return sorted((found.start, found.end) for found in self.scene.of(*_PATIENT_NUMBERS))

    def has_number_within(self, first: int, last: int) -> bool:
        following = bisect_left(self.patient_numbers, (last, 0))
        return following > 0 and self.patient_numbers[following - 1][1] > first

    @lazy
    def is_of_papers(self) -> bool:
        """What doctors read is spoken of, and no patient."""
        return not self.has_patient and _PAPER.search(self.lowered) is not None

    @lazy
    def has_patient(self) -> bool:
        """A patient is spoken of outright, or one's number was found."""
        return bool(self.patient_numbers) or self._speaks_of_patient(0, len(self.text))

    @lazy
    def has_care(self) -> bool:
        return self._speaks_of_care(0, len(self.text))

    def _speaks_of_patient(self, first: int, last: int) -> bool:
        return (
            self.hears(evidence.PATIENT, first, last)
            or (
                bool(self.heard & evidence.PATIENT_LATIN_BIT)
                and not evidence.PATIENT_LATIN.isdisjoint(self._latin_words(first, last))
            )
            or (self.has_digit and evidence.AGE.search(self.lowered, first, last) is not None)
        )

    def _speaks_of_care(self, first: int, last: int) -> bool:
        heard, lowered = self.heard, self.lowered
        return (
            evidence.speaks_of_care(lowered, heard, first, last)
            or (
                bool(heard & evidence.CLINICAL_LATIN_BIT)
                and not clinical_words().isdisjoint(self._latin_words(first, last))
            )
            or (
                bool(heard & evidence.DRUG_BIT)
                and evidence.DRUG.search(lowered, first, last) is not None
            )
            or (self.has_digit and evidence.MEASURE.search(lowered, first, last) is not None)
        )

    def _latin_words(self, first: int, last: int) -> list[str]:
        return evidence.LATIN_WORD.findall(self.lowered, first, last)

    @property
    def has_digit(self) -> bool:
        return self.scene.cues.digit_count > 0

    @property
    def speaks_of_care(self) -> bool:
        return self.has_patient or self.has_care

    @lazy
    def said(self) -> tuple[int, int]:
        """Where the text begins and ends, blanks aside."""
        text = self.text
        return len(text) - len(text.lstrip()), len(text.rstrip())

    @lazy
    def member_words(self) -> frozenset[str]:
        """What members of the group are called, in full and by each of their names."""
        names = self.scene.member_names
        return names.union(*(name.split() for name in names))

    @property
    def may_name_somebody(self) -> bool:
        """Of care, or longer than what is said in passing, or with a word that leads to names."""
        is_long = len(self.text) > SHORT_TALK
        return is_long or self.speaks_of_care or says_who(self.cue_words)

    @lazy
    def has_capitals(self) -> bool:
        return _CAPITAL.search(self.text) is not None

    @lazy
    def is_roster(self) -> bool:
        return self.hears(evidence.ROSTER)

    @lazy
    def is_about_otherwise(self) -> bool:
        return self.hears(evidence.OTHERWISE)

    @lazy
    def cue_words(self) -> list[CueWord]:
        """The words that stand before names, in order."""
        return all_cues(self.lowered)

    @lazy
    def row(self) -> Row:
        return row_of(self.lowered)

    @lazy
    def runs(self) -> list[re.Match[str]]:
        """Thai letters between blanks, signs and digits."""
        return list(RUN.finditer(self.text))

    def run_at(self, at: int) -> re.Match[str]:
        """The Thai letters among which this one stands."""
        return self.runs[bisect_right(self._run_starts, at) - 1]

    @lazy
    def _run_starts(self) -> list[int]:
        return [run.start() for run in self.runs]

    @lazy
    def list_places(self) -> set[int]:
        """Where the lines of lists begin, behind their marks."""
        if not self.runs:
            return set()
        places, start = set(), 0
        for line in self.text.split("\n"):
            mark = LIST_MARK.match(self.text, start) if line[:1] in _MARKS_BEGIN else None
            if mark is not None:
                places.add(mark.end())
            start += len(line) + 1
        return places

    def line(self, at: int) -> tuple[int, int]:
        starts = self._line_starts
        following = bisect_right(starts, at)
        end = starts[following] - 1 if following < len(starts) else len(self.text)
        return starts[following - 1], end

    @lazy
    def _line_starts(self) -> list[int]:
        return [0, *(at + 1 for at, letter in enumerate(self.text) if letter == "\n")]

    def has_otherwise_near(self, start: int, end: int) -> bool:
        return self.is_about_otherwise and self.hears(evidence.OTHERWISE, *self.near(start, end))

    def is_line_about_otherwise(self, at: int) -> bool:
        return self.is_about_otherwise and self.hears(evidence.OTHERWISE, *self.line(at))

    def has_patient_near(self, start: int, end: int) -> bool:
        first, last = self.near(start, end)
        return self._speaks_of_patient(first, last) or self.has_number_within(first, last)

    def has_care_near(self, start: int, end: int) -> bool:
        return self._speaks_of_care(*self.near(start, end))

    def is_dummy(self, start: int, end: int) -> bool:
        if evidence.DUMMY_NAME.search(self.lowered[start:end]):
            return True
        first, last = self.line(start)
        if self.hears(evidence.WARNING, first, last):
            return True
        return any(first <= cue.start < last for cue in self.scene.cues.dummy)

    def role_follows(self, end: int) -> bool:
        return evidence.ROLE_AFTER.match(self.lowered, end) is not None

    def care_follows(self, end: int) -> bool:
        return evidence.CARE_AFTER.match(self.lowered, end) is not None or self.has_number_within(
            end, end + _BESIDE
        )

    def bed_follows(self, end: int) -> bool:
        return evidence.BED_AFTER.match(self.text, end) is not None

    def before(self, at: int) -> str:
        """The last words of this line before a place."""
        first, _ = self.line(at)
        return self.text[max(first, at - _WORDS_BEFORE) : at]

    def near(self, start: int, end: int) -> tuple[int, int]:
        first, last = self.line(start)
        return max(first, start - _NEAR), min(last, end + _NEAR)

    @lazy
    def evidence_named(self) -> str:
        """For the reason: the kinds of evidence, in words."""
        kinds = [name for name, sign in _KINDS if self.hears(sign)]
        if evidence.speaks_of_care(self.lowered, self.heard):
            kinds.append("diagnosis or care")
        if self.patient_numbers:
            kinds.append("a patient's number")
        return " and ".join(kinds[:2]) or "words of care"


_KINDS = (
    (
        "the word patient",
        Sleeper(re.compile(r"คนไข้|ผู้ป่วย|ผป|เคส|(?<![a-z])(?:pt|patient|case)(?![a-z])")),
    ),
    ("a relative", Sleeper(re.compile(r"ญาติ|ผู้ดูแล|ลูกสาว|ลูกชาย|สามี|ภรรยา|บิดา|มารดา"))),
    ("bed", Sleeper(re.compile(r"เตียง|(?<![a-z])bed"))),
    (
        "age",
        Sleeper(re.compile(r"อายุ|\d\s?(?:ปี|ขวบ|yo|y/o)|\d{2}\s?[mf](?![a-z])"), is_light=True),
    ),
)
