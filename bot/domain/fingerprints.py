"""Two postings of the same content have one fingerprint; it becomes a keyed hash when stored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

# Short texts are alike by chance ('HN 1234567 ค่ะ'); by then they are one patient, not one text.
_SHORTEST = 24


class FingerprintKind(StrEnum):
    TEXT = "text"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`value` is never stored as it is."""

    kind: FingerprintKind
    value: str

    def __repr__(self) -> str:
        return f"Fingerprint({self.kind})"


def of_text(canonical: str) -> Fingerprint | None:
    """Of a text in the one spelling that patient numbers have too: letters and digits only."""
    if len(canonical) < _SHORTEST:
        return None
    return Fingerprint(FingerprintKind.TEXT, canonical)


def of_content(data: bytes) -> Fingerprint:
    """Of a picture or file, byte for byte as LINE gave it."""
    return Fingerprint(FingerprintKind.CONTENT, hashlib.sha256(data).hexdigest())
