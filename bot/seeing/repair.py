"""What a reader of pictures takes for something else: mended only where it is unambiguous. Pure.

Every repair keeps the length, so that places in the text stay what they are.
"""

from __future__ import annotations

import re

_DIGITS = str.maketrans("OoQDIl|iSsBZzG", "00001111558226")
_MIXED = re.compile(
    r"(?<![A-Za-z0-9])[0-9OoQDIl|iSsBZzG](?:[ \-]?[0-9OoQDIl|iSsBZzG]){5,15}(?![A-Za-z0-9])"
)
_MOSTLY = 0.7
_CITIZEN_DIGITS = 13
# 'HM', 'IIN', 'H N' in front of a number: there is no other such label.
_LABEL = re.compile(
    r"(?<![A-Za-z])(?:HM|MN|NN|HH|IIN|H N|H:N|HN\|)(?=[\s:.#]{0,3}\d{2,3}[\d\-/ ]{4,9})"
)
_AN_HN = {2: "HN", 3: "HN "}


def repaired(text: str) -> str:
    return _LABEL.sub(_label, _MIXED.sub(_number, text))


def _number(found: re.Match[str]) -> str:
    """A run of digits with a few look-alikes in it; a word is left alone."""
    written = found[0]
    signs = [sign for sign in written if sign not in " -"]
    digits = sum(sign.isdigit() for sign in signs)
    if digits == len(signs) or digits < _MOSTLY * len(signs):
        return written
    mended = written.translate(_DIGITS)
    plain = [int(sign) for sign in mended if sign.isdigit()]
    if len(plain) == _CITIZEN_DIGITS and not is_citizen_number(plain):
        return written
    return mended


def _label(found: re.Match[str]) -> str:
    return _AN_HN[len(found[0])]


def is_citizen_number(digits: list[int]) -> bool:
    total = sum(digit * weight for digit, weight in zip(digits, range(13, 1, -1), strict=False))
    return len(digits) == _CITIZEN_DIGITS and (11 - total % 11) % 10 == digits[-1]
