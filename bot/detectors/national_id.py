"""Thai citizen numbers: 13 digits, the last a mod-11 check digit (Department of Provincial
Administration). Foreigners' and stateless persons' numbers have the same form."""

from __future__ import annotations

import re

from bot.detectors.detector import ShapeDetector
from bot.domain.findings import Label

_DIGITS = 13
# The first digit says the kind of person; 9 is not issued to people.
_KINDS_OF_PEOPLE = frozenset("012345678")


def is_citizen_number(value: str) -> bool:
    digits = [int(character) for character in value if character.isdigit()]
    if len(digits) != _DIGITS or str(digits[0]) not in _KINDS_OF_PEOPLE:
        return False
    weighted = sum(
        digit * weight for digit, weight in zip(digits, range(_DIGITS, 1, -1), strict=False)
    )
    return (11 - weighted % 11) % 10 == digits[-1] and len(set(digits)) > 1


DETECTOR = ShapeDetector(
    label=Label.NATIONAL_ID,
    # 13 digits with at most two separators between neighbours, not part of a longer number.
    shape=re.compile(
        r"(?<!\d)(?<!\d[-.])(?P<value>\d(?:[-. \n/_]{0,2}\d){12})(?![-.]?\d)", re.ASCII
    ),
    is_valid=is_citizen_number,
    reason="13 digits with a valid check digit",
    must_find=(
        ("เลขบัตร 1-2810-46451-27-4", "1-2810-46451-27-4"),
        ("1281046451274", "1281046451274"),
        ("บัตร ๑๒๘๑๐๔๖๔๕๑๒๗๔ ค่ะ", "๑๒๘๑๐๔๖๔๕๑๒๗๔"),
    ),
    must_leave=("1281046451275", "1-1037-xxxxx-xx-x", "0000000000000", "12810464512744"),
)
