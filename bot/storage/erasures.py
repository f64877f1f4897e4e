"""A list, outside the database, of what was erased from it: a backup must not bring it back.

One JSON object a line, with ids of our own and nothing else. A line is on the disk before the
erasure that it speaks of is committed: what is listed and was not erased goes with the next start.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from bot.domain.times import from_milliseconds, to_milliseconds
from bot.errors import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from bot.ports import Clock

_OURS_ALONE = 0o600
_NEW_LINE = b"\n"


class Erased(StrEnum):
    """What a line speaks of. Never given another meaning: lists are kept for years."""

    INCIDENTS = "incidents"
    DISCLOSURES = "disclosures"
    ACKNOWLEDGEMENTS = "acknowledgements"
    QUESTIONS = "questions"
    BREACHES = "breaches"
    ROSTERS = "rosters"
    MESSAGES = "messages"
    EXCERPTS = "excerpts"
    TOKENS = "tokens"
    FINGERPRINTS = "fingerprints"
    OPENINGS_OF = "openings_of"
    OPENINGS_BEFORE = "openings_before"
    KEYS = "keys"


@dataclass(frozen=True, slots=True)
class Line:
    """`until`: for openings, up to which time; for messages, when they were taken back."""

    what: Erased
    at: datetime
    ids: tuple[UUID, ...] = ()
    until: datetime | None = None
    how: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """All lines that could be read, and the numbers of those that could not.

    `is_cut_off`: the last one has no end, as a kill while writing leaves it. What it was about
    was not committed then.
    """

    lines: list[Line] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    line_count: int = 0
    is_cut_off: bool = False

    @property
    def ends_broken(self) -> bool:
        return self.is_cut_off and self.line_count in self.unreadable


class ErasureList:
    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self._clock = clock

    def note(
        self,
        what: Erased,
        ids: Sequence[UUID] = (),
        *,
        until: datetime | None = None,
    ) -> None:
        """On the disk when this returns. Called before the erasure is committed."""
        self._add([Line(what, self._clock.now(), tuple(ids), until)])

    def note_ends(self, ends: Sequence[tuple[UUID, datetime, str]]) -> None:
        """Messages that were taken back: which, when, and how."""
        now = self._clock.now()
        self._add([Line(Erased.MESSAGES, now, (one,), at, how) for one, at, how in ends])

    def _add(self, lines: Sequence[Line]) -> None:
        try:
            with self._opened() as handle:
                _write(handle, b"".join(map(_written, lines)))
        except OSError as error:
            msg = f"{self.path}: cannot be written ({error.strerror}), so nothing was erased"
            raise StoreUnavailableError(msg) from None

    def read(self) -> Contents:
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return Contents()
        except OSError as error:
            msg = f"{self.path}: cannot be read ({error.strerror})"
            raise StoreUnavailableError(msg) from None
        return _contents(raw)

    @contextmanager
    def _opened(self) -> Iterator[int]:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        is_new = not self.path.exists()
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
        handle = os.open(self.path, flags, _OURS_ALONE)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle
            os.fsync(handle)
        finally:
            os.close(handle)
        if is_new:
            _settle(self.path.parent)


def _write(handle: int, lines: bytes) -> None:
    """What a kill left without an end gets one, so that it spoils itself only."""
    size = os.lseek(handle, 0, os.SEEK_END)
    if size and os.pread(handle, 1, size - 1) != _NEW_LINE:
        lines = _NEW_LINE + lines
    while lines:
        lines = lines[os.write(handle, lines) :]


def _settle(folder: Path) -> None:
    """The new file's name is on the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _contents(raw: bytes) -> Contents:
    texts = raw.splitlines()
    contents = Contents(line_count=len(texts), is_cut_off=bool(raw) and not raw.endswith(_NEW_LINE))
    for number, text in enumerate(texts, 1):
        line = _read(text) if text else None
        if line is not None:
            contents.lines.append(line)
        elif text:
            contents.unreadable.append(number)
    return contents


def _written(line: Line) -> bytes:
    values: dict[str, object] = {"what": line.what.value, "at": to_milliseconds(line.at)}
    if line.ids:
        values["ids"] = [one.hex for one in line.ids]
    if line.until is not None:
        values["until"] = to_milliseconds(line.until)
    if line.how:
        values["how"] = line.how
    return json.dumps(values, separators=(",", ":")).encode() + _NEW_LINE


def _read(text: bytes) -> Line | None:
    try:
        values = json.loads(text)
        until = values.get("until")
        return Line(
            Erased(values["what"]),
            from_milliseconds(values["at"]),
            tuple(UUID(one) for one in values.get("ids", ())),
            None if until is None else from_milliseconds(until),
            str(values.get("how", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return None
