"""A checkpoint: the state of the whole ledger in a few lines that can be signed, sent and printed.

The form is a signed note of the Community Cryptography Specification Project (C2SP), the one that
other transparency logs use, so that their tools can check ours: text, an empty line, and a
signature line that begins with a dash and names the key.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_ED25519 = b"\x01"
_KEY_HASH_BYTES = 4


@dataclass(frozen=True, slots=True)
class LedgerKey:
    """One of the keys that sign checkpoints, its public half. Numbered from 1."""

    number: int
    public: bytes
    introduced_at: datetime
    previous: bytes | None = None

    def statement(self, origin: str) -> str:
        """What both the key and the one before it sign: that this is the ledger's next key."""
        return "\n".join(
            (
                "wongraksa ledger key",
                origin,
                f"number {self.number}",
                f"public {_base64(self.public)}",
                f"previous {_base64(self.previous) if self.previous else '-'}",
                f"time {_time(self.introduced_at)}",
                "",
            )
        )

    def name(self, origin: str) -> str:
        """As it is published, in one line that other tools read too."""
        kind_and_key = _base64(_ED25519 + self.public)
        return f"{origin}+{_key_hash(origin, self.public).hex()}+{kind_and_key}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """So many entries, and the root of their tree; and how many the one before it covered."""

    size: int
    previous_size: int
    root: bytes
    at: datetime
    hospital: str
    key_number: int

    def text(self, origin: str) -> str:
        return "\n".join(
            (
                origin,
                str(self.size),
                _base64(self.root),
                f"hospital {self.hospital}",
                f"time {_time(self.at)}",
                f"previous {self.previous_size}",
                f"key {self.key_number}",
                "",
            )
        )


def origin_of(first_key: bytes) -> str:
    """A name for the ledger that nobody else can have: it is made of its first public key."""
    return f"wongraksa/{hashlib.sha256(first_key).hexdigest()[:16]}"


def note(text: str, origin: str, public: bytes, signature: bytes) -> str:
    signed = _base64(_key_hash(origin, public) + signature)
    return f"{text}\n— {origin} {signed}\n"


def one_line(text: str) -> str:
    """A name that somebody set, such that it cannot pass for another line of a note."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split()) or "-"


def _key_hash(name: str, public: bytes) -> bytes:
    return hashlib.sha256(f"{name}\n".encode() + _ED25519 + public).digest()[:_KEY_HASH_BYTES]


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"
