"""LINE's signature: base64 of HMAC-SHA256 over the raw bytes of the body.

Our own ten lines instead of the SDK's validator: that one wants the body as text, so bytes
that are no UTF-8 could not even be refused, and it knows only one secret (see
docs/decisions/0002-own-webhook-reading.md).
"""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def is_signed(body: bytes, signature: str | None, secrets: Iterable[str]) -> bool:
    """Constant time for each secret; during rotation there are two."""
    given = _decoded(signature)
    expected = [hmac.digest(secret.encode(), body, "sha256") for secret in secrets]
    matches = [hmac.compare_digest(given, digest) for digest in expected]
    return any(matches)


def _decoded(signature: str | None) -> bytes:
    try:
        return base64.b64decode((signature or "").encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        return b""
