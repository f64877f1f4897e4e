"""What travels between the worker and the process that looks: a head in JSON, and bytes behind it.

The process reads what strangers made, so its answers are read as if a stranger wrote them: shapes
and lengths are checked, and nothing in them can run.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

from bot.domain.findings import Label
from bot.domain.incidents import PatientNumber
from bot.domain.sights import Look, LookOutcome, Region, Sight, SightKind, Unseen
from bot.seeing.lines import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

_LENGTHS = struct.Struct(">II")
HEAD_MOST = 64 * 1024
NAME_MOST = 1000
_WORDS_MOST = 300
_VALUE_MOST = 100
_CORNERS_MOST = 16


class BadAnswerError(Exception):
    """Raised for an answer that no honest process gives."""


def parts(head: dict[str, Any], body: bytes = b"") -> tuple[bytes, bytes]:
    """The body as it is: fifty megabytes are not copied to stand behind a head."""
    written = json.dumps(head).encode("ascii")
    return _LENGTHS.pack(len(written), len(body)) + written, body


def packed(head: dict[str, Any], body: bytes = b"") -> bytes:
    return b"".join(parts(head, body))


class Unpacker:
    """Takes bytes as they come and gives whole messages."""

    def __init__(self, body_most: int) -> None:
        self._body_most = body_most
        self._bytes = bytearray()

    def feed(self, chunk: bytes) -> Iterator[tuple[dict[str, Any], bytes]]:
        self._bytes += chunk
        while len(self._bytes) >= _LENGTHS.size:
            head, body = _LENGTHS.unpack_from(self._bytes)
            if head > HEAD_MOST or body > self._body_most:
                raise BadAnswerError
            end = _LENGTHS.size + head + body
            if len(self._bytes) < end:
                return
            message = bytes(self._bytes[_LENGTHS.size : end])
            del self._bytes[:end]
            yield _head(message[:head]), message[head:]


def _head(written: bytes) -> dict[str, Any]:
    try:
        head = json.loads(written)
    except (ValueError, RecursionError):
        raise BadAnswerError from None
    if not isinstance(head, dict):
        raise BadAnswerError
    return head


# --- Sights and numbers ---------------------------------------------------------------------


def written_sight(sight: Sight) -> dict[str, Any]:
    return {
        "is": "sight",
        "kind": str(sight.kind),
        "label": sight.label and str(sight.label),
        "reason": sight.reason[:_WORDS_MOST],
        "masked": sight.masked[:_WORDS_MOST],
        "place": sight.place[:_WORDS_MOST],
        "corners": sight.region and _inside(sight.region),
    }


def _inside(region: Region) -> list[tuple[float, float]]:
    """A strip that was grown a little may reach over the edge of its picture."""
    return [
        (min(1.0, max(0.0, float(x))), min(1.0, max(0.0, float(y))))
        for x, y in region.corners[:_CORNERS_MOST]
    ]


def read_sight(head: dict[str, Any]) -> Sight:
    label = head.get("label")
    try:
        return Sight(
            SightKind(head["kind"]),
            _words(head["reason"]),
            None if label is None else Label(label),
            _words(head["masked"]),
            _region(head["corners"]),
            _words(head["place"]),
        )
    except (KeyError, TypeError, ValueError):
        raise BadAnswerError from None


def written_number(number: PatientNumber) -> dict[str, Any]:
    return {"is": "number", "label": str(number.label), "value": number.value[:_VALUE_MOST]}


def read_number(head: dict[str, Any]) -> PatientNumber:
    try:
        value = head["value"]
        if not isinstance(value, str) or not value.isalnum() or len(value) > _VALUE_MOST:
            raise BadAnswerError
        return PatientNumber(Label(head["label"]), value)
    except (KeyError, TypeError, ValueError):
        raise BadAnswerError from None


def written_end(look: Look) -> dict[str, Any]:
    """An outcome need not travel, but for this: a `none` with a reason is a video's, unheard."""
    is_unheard = look.outcome is LookOutcome.NONE and look.unseen is not None
    unseen = None if is_unheard or look.unseen is None else str(look.unseen)
    return {"is": "done", "unseen": unseen, "saw": look.is_partial, "unheard": is_unheard}


def read_unseen(head: dict[str, Any]) -> Unseen | None:
    why = head.get("unseen")
    try:
        return None if why is None else Unseen(why)
    except (TypeError, ValueError):
        raise BadAnswerError from None


def _words(value: object) -> str:
    if not isinstance(value, str) or len(value) > _WORDS_MOST:
        raise BadAnswerError
    return printable(value)


def _region(corners: object) -> Region | None:
    if corners is None:
        return None
    if not isinstance(corners, list) or len(corners) > _CORNERS_MOST:
        raise BadAnswerError
    return Region(tuple(_corner(corner) for corner in corners))


def _corner(corner: object) -> tuple[float, float]:
    match corner:
        case [int() | float() as x, int() | float() as y] if 0 <= x <= 1 and 0 <= y <= 1:
            return float(x), float(y)
    raise BadAnswerError
