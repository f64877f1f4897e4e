"""Masks what was found: for screens, for the record, and for the safe way to say the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.detectors.normalise import normalise
from bot.domain.findings import Finding, Label
from bot.domain.incidents import PatientNumber

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

BLOCK = "█"
# What stands for the identity in the rewrite: says what was there, not what it was.
_SPOKEN = {
    Label.NATIONAL_ID: "(เลขบัตรปกปิด)",
    Label.HN: "(ดูในระบบ)",
    Label.VISIT_NO: "(ดูในระบบ)",
    Label.PASSPORT: "(เลขหนังสือเดินทางปกปิด)",
    Label.PERSON: "(ชื่อปกปิด)",
    Label.PHONE: "(เบอร์ปกปิด)",
    Label.EMAIL: "(อีเมลปกปิด)",
    Label.ADDRESS: "(ที่อยู่ปกปิด)",
    Label.DOB: "(วันเกิดปกปิด)",
    Label.ACCOUNT: "(เลขบัญชีปกปิด)",
    Label.PLATE: "(ทะเบียนรถปกปิด)",
}
_OTHERWISE = "(ปกปิด)"
_EXCERPT_LENGTH = 300
# Kinds whose keyed hash answers 'who received the data of HN …'.
TRACEABLE = frozenset((Label.NATIONAL_ID, Label.HN, Label.VISIT_NO, Label.PASSPORT, Label.PHONE))
# The end of a long number lets a colleague who has the chart see which one is meant.
_WITH_AN_END = TRACEABLE | {Label.ACCOUNT}
_END_SHOWN = 3
_LONG_ENOUGH = 7
_THAI_LETTER = re.compile(r"[ก-ฮ]|[A-Za-z]")
# What is said again elsewhere in the message is masked there too, also inside other words.
_SHORTEST_REPEATED = 2
_SHORTEST_GIVEN = 4


def masked(text: str, findings: Sequence[Finding]) -> str:
    """As long as the text, so that places in it stay where they are."""
    return _replace(text, findings, lambda start, end, label: _veil(text[start:end], label))


def excerpt(text: str, findings: Sequence[Finding]) -> str:
    return masked(text, findings)[:_EXCERPT_LENGTH]


def safe_rewrite(text: str, findings: Sequence[Finding]) -> str:
    return _replace(text, findings, lambda _start, _end, label: _SPOKEN.get(label, _OTHERWISE))


def patient_numbers(text: str, findings: Sequence[Finding]) -> tuple[PatientNumber, ...]:
    """The identifiers in the one spelling that is hashed: four ways to write it, one patient."""
    return tuple(
        PatientNumber(finding.label, canonical(text[finding.start : finding.end]))
        for finding in findings
        if finding.label in TRACEABLE
    )


def canonical(value: str) -> str:
    return "".join(filter(str.isalnum, normalise(value).text)).upper()


def _veil(value: str, label: Label) -> str:
    """'ส███████' for a name, '██████789' for a long number, nothing but blocks for the rest."""
    if label is Label.PERSON and len(value) >= _SHORTEST_GIVEN:
        first = _THAI_LETTER.search(value)
        if first is not None and first.start() <= 1:
            return BLOCK * first.start() + first[0] + BLOCK * (len(value) - first.end())
    if label in _WITH_AN_END and sum(map(str.isdigit, value)) >= _LONG_ENOUGH:
        end = value[-_END_SHOWN:]
        if end.isdigit():
            return BLOCK * (len(value) - _END_SHOWN) + end
    return BLOCK * len(value)


def _replace(
    text: str, findings: Sequence[Finding], stand_in: Callable[[int, int, Label], str]
) -> str:
    parts, position = [], 0
    for start, end, label in _to_hide(text, findings):
        parts += [text[position:start], stand_in(start, end, label)]
        position = end
    return "".join((*parts, text[position:]))


def _to_hide(text: str, findings: Sequence[Finding]) -> Iterator[tuple[int, int, Label]]:
    """Every finding and every place where the same is said again; what overlaps is one."""
    ranges = sorted({*_found(findings), *_said_again(text, findings)})
    merged: list[tuple[int, int, Label]] = []
    for start, end, label in ranges:
        if merged and start < merged[-1][1]:
            first, last, kind = merged[-1]
            merged[-1] = (first, max(last, end), kind)
        else:
            merged.append((start, end, label))
    yield from merged


def _found(findings: Sequence[Finding]) -> Iterator[tuple[int, int, Label]]:
    for finding in findings:
        yield finding.start, finding.end, finding.label


def _said_again(text: str, findings: Sequence[Finding]) -> Iterator[tuple[int, int, Label]]:
    values = {
        value: finding.label
        for finding in findings
        for value in _values(text[finding.start : finding.end], finding.label)
    }
    if not values:
        return
    longest_first = sorted(values, key=len, reverse=True)
    # Looked for without being passed over: one place may begin within another.
    for match in re.finditer(f"(?=({'|'.join(map(re.escape, longest_first))}))", text):
        yield *match.span(1), values[match[1]]


def _values(written: str, label: Label) -> Iterator[str]:
    """What would give the identity away: the whole, and of a name its first part."""
    if len(written) >= _SHORTEST_REPEATED:
        yield written
    if label is Label.PERSON:
        given = next(iter(written.split()), "")
        if len(given) >= _SHORTEST_GIVEN:
            yield given
