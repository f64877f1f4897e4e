"""Ids: UUIDv7 inside (sorted by time), random tokens where people can see them."""

from __future__ import annotations

import secrets
import time
from threading import Lock
from uuid import UUID

_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62
_WITHIN = 12
"""So many bits tell moments within a millisecond apart."""
_NANOSECONDS = 1_000_000


class _Moments:
    """Each later than the one before, also within a moment, and where a clock is set back.

    Entries are read in the order of their ids: what a process did first has to stay first.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._last = 0

    def next(self) -> int:
        now = (time.time_ns() << _WITHIN) // _NANOSECONDS
        with self._lock:
            self._last = max(now, self._last + 1)
            return self._last


_moments = _Moments()


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): 48 bits of milliseconds, 12 of their parts, the rest random."""
    milliseconds, within = divmod(_moments.next(), 1 << _WITHIN)
    random = secrets.randbits(62)
    return UUID(int=(milliseconds << 80) | _VERSION | (within << 64) | _VARIANT | random)


def new_public_token() -> str:
    """Unguessable, for buttons and URLs."""
    return secrets.token_urlsafe(16)
