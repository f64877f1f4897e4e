"""Hospital numbers with their label. Hospitals number as they like, so the label carries it."""

from __future__ import annotations

import re

from bot.detectors.detector import ShapeDetector
from bot.domain.findings import Label

_FEWEST_DIGITS = 4


def is_hospital_number(value: str) -> bool:
    """Dummy numbers in teaching text and forms repeat one digit."""
    digits = [character for character in value if character.isdigit()]
    return len(digits) >= _FEWEST_DIGITS and len(set(digits)) > 1


DETECTOR = ShapeDetector(
    label=Label.HN,
    shape=re.compile(
        r"""
        (?<![A-Za-z])
        (?: h \.? \s? n \.?                      # HN  H.N.  h n
          | เลขประจำตัวผู้ป่วย | เลขที่\s?รพ\.? | เลขโรงพยาบาล | รหัสคนไข้ | รหัสผู้ป่วย )
        [\s:.\#=]{0,4}
        (?P<value> \d (?: [-/]? \d ){3,11} )
        (?! [-/]? \d )
        """,
        re.VERBOSE | re.IGNORECASE,
    ),
    is_valid=is_hospital_number,
    reason="HN label + digits",
    must_find=(
        ("HN 650012345 ตามแล็บ", "650012345"),
        ("H.N. 47-11-0392", "47-11-0392"),
        ("เลขประจำตัวผู้ป่วย 47-11-0392", "47-11-0392"),
        ("hn๖๕๐๐๑๒๓๔๕", "๖๕๐๐๑๒๓๔๕"),
    ),
    must_leave=("กรอก HN: ________", "HN 999999999", "HN xxx123", "โทร 1669", "เตียง 12345"),
)
