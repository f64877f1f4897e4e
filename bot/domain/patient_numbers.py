"""The one spelling in which an identifier is hashed: written four ways, it is one patient.

Used where tokens are written and where they are looked for, so that the two cannot differ.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.findings import Label

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.domain.incidents import PatientNumber

# Longer ones first: 'นาง' stands at the beginning of 'นางสาว'.
_TITLES = re.compile(
    r"(?:เด็กชาย|เด็กหญิง|นางสาว|นาย|นาง|คุณ|น\.?\s?ส\.|ด\.?\s?[ชญ]\.|"
    r"(?:mister|master|miss|mrs|mr|ms|khun)(?=[\s.]))\.?\s*",
    re.IGNORECASE,
)
_WITHOUT_LABEL = re.compile(r"(?:HN|VN|AN)(?=[0-9])")
# Thailand's country code in place of the first 0, with eight or nine digits behind it.
_FROM_ABROAD = re.compile(r"(?:0{0,2}66)0?([1-9][0-9]{7,8})")
_LONGEST_HN = 10
# A first name alone names nobody: two parts at least.
_FEWEST_PARTS = 2


def one_spelling(number: PatientNumber) -> PatientNumber | None:
    """None for what identifies too little to be looked for: a first name alone."""
    spelt = _SPELLINGS.get(number.label, _as_it_is)(number.value)
    return replace(number, value=spelt) if spelt else None


def with_and_without_zeros(number: PatientNumber) -> tuple[PatientNumber, ...]:
    """Every spelling to look for, the one given first. An HN is often written without the zeros
    that its hospital's system puts before it; which length is the right one nobody told us."""
    spelt = one_spelling(number)
    if spelt is None:
        return ()
    core = spelt.value.lstrip("0")
    if spelt.label is not Label.HN or not core or not spelt.value.isdecimal():
        return (spelt,)
    padded = (core.zfill(length) for length in range(len(core), _LONGEST_HN + 1))
    values = dict.fromkeys((spelt.value, *padded))
    return tuple(replace(spelt, value=value) for value in values)


def _as_it_is(value: str) -> str:
    return value


def _without_label(value: str) -> str:
    found = _WITHOUT_LABEL.match(value)
    return value[found.end() :] if found else value


def _phone(value: str) -> str:
    return _FROM_ABROAD.sub(r"0\1", value) if _FROM_ABROAD.fullmatch(value) else value


def _name(value: str) -> str:
    plain = _TITLES.sub("", value.strip(), count=1) if _TITLES.match(value.strip()) else value
    parts = plain.casefold().split()
    return " ".join(parts) if len(parts) >= _FEWEST_PARTS else ""


_SPELLINGS: Mapping[Label, Callable[[str], str]] = {
    Label.HN: _without_label,
    Label.VISIT_NO: _without_label,
    Label.PHONE: _phone,
    Label.PERSON: _name,
}
