"""Ids: UUIDv7 inside (sorted by time), random tokens where people can see them."""

from __future__ import annotations

import secrets
import time
from uuid import UUID

_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): 48 bits of milliseconds, the rest random."""
    milliseconds = time.time_ns() // 1_000_000
    random_a = secrets.randbits(12) << 64
    random_b = secrets.randbits(62)
    return UUID(int=(milliseconds << 80) | _VERSION | random_a | _VARIANT | random_b)


def new_public_token() -> str:
    """Unguessable, for buttons and URLs."""
    return secrets.token_urlsafe(16)
