"""Hospital numbers without a label: beside a patient's name in the name of a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.detectors import excuses
from bot.detectors.dates import is_packed_day
from bot.domain.findings import Finding, Label, Strength

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.detectors.scene import Scene

_ENDINGS = (
    "pdf",
    "jpg",
    "jpeg",
    "png",
    "heic",
    "dcm",
    "doc",
    "docx",
    "xls",
    "xlsx",
    "zip",
    "mp4",
    "tif",
)
_FILE = re.compile(
    rf"[^\s/\\:]{{4,80}}\.(?:{'|'.join(sorted(_ENDINGS, reverse=True))})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![0-9])(?<![0-9]-)(?:[0-9]{2,3}-[0-9]{4,7}|[0-9]{5,9})(?!-?[0-9])")
# What a camera or a scanner counts.
_COUNTED = re.compile(r"(?:img|dsc|vid|scan|screenshot|page|photo|รูป|ครั้งที่)[_\- ]?\Z", re.IGNORECASE)
_BEFORE = 8
# A name with blanks stands before what looks like the file's name: 'สมชาย ใจดี 6490033.pdf'.
_NAME_REACH = 2


@dataclass(frozen=True, slots=True)
class FileNameDetector:
    """A number of the length of hospital numbers, in a file that is called after a patient."""

    label: Label = Label.HN
    digits_least: int = 5
    wakes_on: tuple[str, ...] = tuple(f".{ending}" for ending in _ENDINGS)
    must_find: tuple[tuple[str, str], ...] = (
        ("ไฟล์ Somruethai_Boonsanong_EKG_6490033.pdf เปิดไม่ได้", "6490033"),
    )
    must_leave: tuple[str, ...] = ("ไฟล์ ward_report_6490033.pdf เปิดไม่ได้",)

    def find(self, scene: Scene) -> Iterator[Finding]:
        for file in _FILE.finditer(scene.text) if scene.of(Label.PERSON) else ():
            if self._is_a_patients(scene, file):
                yield from self._numbers(scene, file)

    def _is_a_patients(self, scene: Scene, file: re.Match[str]) -> bool:
        start = max(0, file.start() - _NAME_REACH)
        return scene.has_patient_at(start, file.end()) and not excuses.is_teaching(scene, start)

    def _numbers(self, scene: Scene, file: re.Match[str]) -> Iterator[Finding]:
        for number in _NUMBER.finditer(scene.text, *file.span()):
            start, end = number.span()
            is_other = is_packed_day(number[0]) or excuses.is_dummy_number(number[0])
            is_counted = _COUNTED.search(scene.text, max(0, start - _BEFORE), start)
            if not (is_other or is_counted or scene.is_taken(start, end)):
                reason = "number in a file called after a patient"
                yield Finding(start, end, self.label, Strength.LIKELY, reason)


DETECTOR = FileNameDetector()
