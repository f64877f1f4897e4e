"""Masks what was found: for screens, for the record, and for the safe way to say the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.detectors.normalise import normalise
from bot.domain.findings import Finding, Label
from bot.domain.incidents import PatientNumber

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BLOCK = "█"
# What stands for the identity in the rewrite: says what was there, not what it was.
_SPOKEN = {
    Label.NATIONAL_ID: "(เลขบัตรปกปิด)",
    Label.HN: "(ดูในระบบ)",
    Label.VISIT_NO: "(ดูในระบบ)",
    Label.PASSPORT: "(เลขหนังสือเดินทางปกปิด)",
    Label.PERSON: "(ชื่อปกปิด)",
    Label.PHONE: "(เบอร์ปกปิด)",
}
_OTHERWISE = "(ปกปิด)"
_EXCERPT_LENGTH = 300
# Kinds whose keyed hash answers 'who received the data of HN …'.
TRACEABLE = frozenset((Label.NATIONAL_ID, Label.HN, Label.VISIT_NO, Label.PASSPORT, Label.PHONE))


def masked(text: str, findings: Sequence[Finding]) -> str:
    return _replace(text, findings, lambda finding: BLOCK * (finding.end - finding.start))


def excerpt(text: str, findings: Sequence[Finding]) -> str:
    return masked(text, findings)[:_EXCERPT_LENGTH]


def safe_rewrite(text: str, findings: Sequence[Finding]) -> str:
    return _replace(text, findings, lambda finding: _SPOKEN.get(finding.label, _OTHERWISE))


def patient_numbers(text: str, findings: Sequence[Finding]) -> tuple[PatientNumber, ...]:
    """The identifiers in the one spelling that is hashed: four ways to write it, one patient."""
    return tuple(
        PatientNumber(finding.label, canonical(text[finding.start : finding.end]))
        for finding in findings
        if finding.label in TRACEABLE
    )


def canonical(value: str) -> str:
    return "".join(filter(str.isalnum, normalise(value).text)).upper()


def _replace(text: str, findings: Sequence[Finding], stand_in: Callable[[Finding], str]) -> str:
    """Where findings overlap, what any of them covers goes: none may uncover another's end."""
    parts, position = [], 0
    for finding in sorted(findings):
        if finding.end > position:
            rest = replace(finding, start=max(position, finding.start))
            parts += [text[position : rest.start], stand_in(rest)]
            position = finding.end
    return "".join((*parts, text[position:]))
