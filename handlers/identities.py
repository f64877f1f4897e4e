"""What of a flagged text can be looked for later: numbers, full names, and the text as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.detectors.mask import canonical, patient_numbers
from bot.detectors.normalise import normalise
from bot.domain import fingerprints
from bot.domain.findings import Label
from bot.domain.incidents import PatientNumber

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.findings import Finding
    from bot.domain.fingerprints import Fingerprint


def identities(text: str, findings: Sequence[Finding]) -> tuple[PatientNumber, ...]:
    """Names are weak: another patient may have the same one. Storage drops first names alone."""
    names = (
        identity(Label.PERSON, text[finding.start : finding.end])
        for finding in findings
        if finding.label is Label.PERSON
    )
    return (*patient_numbers(text, findings), *names)


def identity(label: Label, written: str) -> PatientNumber:
    """As somebody wrote it in a message, or types it when asking."""
    spelt = normalise(written).text if label is Label.PERSON else canonical(written)
    return PatientNumber(label, spelt)


def fingerprint(text: str) -> Fingerprint | None:
    return fingerprints.of_text(canonical(text))
