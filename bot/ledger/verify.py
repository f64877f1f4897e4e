"""Checks the whole ledger as it is stored. Pure: rows come in, faults go out.

It spells out and hashes everything for itself. From the shipped verifier (stranger.py) it takes
the tree and the signatures; nothing from what writes the ledger, and a contract keeps it so.
"""

from __future__ import annotations

import base64
import hashlib
from binascii import hexlify
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.ledger import stranger

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Clocks of two machines may differ by this without anybody having set one.
_SLACK_MS = 60_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class LeafRow(NamedTuple):
    """A place in the tree, and the entry that stands there; ids in hex, all text as bytes.

    From `found_id` on it is None where there is no such entry.
    """

    position: int
    entry_id: bytes
    leaf: bytes
    found_id: bytes | None
    kind: bytes
    version: int
    at: int
    subject: bytes | None
    commitment: bytes


class CheckpointRow(NamedTuple):
    size: int
    previous_size: int
    root: bytes
    at: int
    hospital: bytes
    key_number: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that cannot have come about by itself."""

    what: str
    position: int | None = None
    entry_id: str = ""

    def __str__(self) -> str:
        place = "" if self.position is None else f"position {self.position}"
        entry = f"entry {self.entry_id}" if self.entry_id else ""
        where = ", ".join(filter(None, (place, entry)))
        return f"{where}: {self.what}" if where else self.what


@dataclass(slots=True)
class Audit:
    """One walk along the ledger, from its first place to its last."""

    keys: stranger.Keys
    check: stranger.Check
    checkpoints: Sequence[CheckpointRow]
    kept: Sequence[stranger.Checkpoint] = ()
    faults: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    _tree: stranger.Growing = field(default_factory=stranger.Growing)
    _next: int = 0
    _proven: int = 0
    _is_forked: bool = False

    @property
    def size(self) -> int:
        return self._tree.size

    def walk(self, rows: Iterable[Sequence[Any]]) -> None:
        """May be called with one batch after another."""
        wanted = self._wanted()
        for row in rows:
            position, entry_id, leaf = row[0], row[1], row[2]
            if position != self._tree.size:
                self.faults.append(Fault("this place is missing", self._tree.size))
                self._is_forked = True
                return
            if _leaf_of(row) != leaf:
                self.faults.append(Fault(_what_is_wrong(row), position, _shown(entry_id)))
            self._tree.add(leaf)
            if self._tree.size == wanted:
                self._compare()
                wanted = self._wanted()

    def end(self) -> None:
        """After the last place: is it where the signed states say that it is?"""
        self._check_kept()
        for row in self.checkpoints[self._next :]:
            self._check_signature(row)
            if not self._is_forked:
                what = f"the ledger ends here, but one of {row.size} entries was signed"
                self.faults.append(Fault(what, self._tree.size))
            return
        if not self._is_forked and self._proven < self._tree.size:
            what = "from here on no checkpoint was ever signed"
            self.faults.append(Fault(what, self._proven))

    def _wanted(self) -> int:
        sizes = [row.size for row in self.checkpoints[self._next : self._next + 1]]
        sizes += [one.size for one in self.kept if one.size > self._tree.size]
        return min(sizes, default=-1)

    def _compare(self) -> None:
        root = self._tree.root()
        for one in self.kept:
            if one.size == self._tree.size and one.root != root:
                what = f"rewritten since the checkpoint of {one.size} entries that you kept"
                self.faults.append(Fault(what))
        if self._next < len(self.checkpoints):
            row = self.checkpoints[self._next]
            if row.size == self._tree.size:
                self._compare_stored(row, root)
                self._next += 1

    def _compare_stored(self, row: CheckpointRow, root: bytes) -> None:
        is_signed = self._check_signature(row)
        before = self.checkpoints[self._next - 1].size if self._next else 0
        if row.previous_size != before:
            what = f"checkpoints are missing between those of {before} and {row.size} entries"
            self.faults.append(Fault(what))
        if is_signed and self._next and row.at + _SLACK_MS < self.checkpoints[self._next - 1].at:
            then, now = time_of(self.checkpoints[self._next - 1].at), time_of(row.at)
            self.remarks.append(
                f"the clock was set back before the checkpoint of {row.size} entries, from {then} "
                f"to {now}: order is proven here, times are not"
            )
        if row.root != root and not self._is_forked:
            self._is_forked = True
            what = f"changed between here and place {row.size - 1}, all of it together"
            self.faults.append(Fault(what, self._proven))
        self._proven = row.size

    def _check_signature(self, row: CheckpointRow) -> bool:
        public = self.keys.public.get(row.key_number)
        try:
            text = _spelled(self.keys.origin, row)
            is_signed = public is not None and self.check(public, text, row.signature)
        except TypeError:  # a column of another type than ours
            is_signed = False
        if not is_signed:
            what = f"the checkpoint of {row.size} entries is not signed as it stands"
            self.faults.append(Fault(what))
        return is_signed

    def _check_kept(self) -> None:
        for one in self.kept:
            if one.size > self._tree.size and not self._is_forked:
                what = (
                    f"cut off: the checkpoint that you kept covers {one.size} entries, "
                    f"{one.size - self._tree.size} more than there are"
                )
                self.faults.append(Fault(what, self._tree.size))


def _spelled(origin: str, row: CheckpointRow) -> bytes:
    """What the signature covers, once more and line by line."""
    return b"%b\n%d\n%b\nhospital %b\ntime %b\nprevious %d\nkey %d\n" % (
        origin.encode(),
        row.size,
        base64.b64encode(row.root),
        row.hospital,
        time_of(row.at).encode(),
        row.previous_size,
        row.key_number,
    )


def is_opening(salt: bytes, facts: bytes, commitment: bytes) -> bool:
    return hashlib.sha256(salt + facts).digest() == commitment


def time_of(milliseconds: int) -> str:
    try:
        at = _EPOCH + timedelta(milliseconds=milliseconds)
    except (OverflowError, TypeError):
        return "out of all time"
    return f"{at:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03}Z"


def _leaf_of(row: Sequence[Any]) -> bytes | None:
    _, entry_id, _, found_id, kind, version, at, subject, commitment = row
    if found_id != entry_id or subject == b"-":  # the sign for 'none' is no subject
        return None
    try:
        spelled = b"wongraksa entry 1\n%b\n%b\n%d\n%d\n%b\n%b" % (
            found_id,
            kind,
            version,
            at,
            b"-" if subject is None else subject,
            hexlify(commitment),
        )
    except TypeError:  # a column of another type than ours
        return None
    return stranger.leaf_of(spelled)


def _what_is_wrong(row: Sequence[Any]) -> str:
    if row[3] is None:
        return "the entry is not there any more, or has another id"
    return "the entry and its leaf do not agree: one of them was changed"


def _shown(entry_id: object) -> str:
    return entry_id.decode(errors="replace") if isinstance(entry_id, bytes) else repr(entry_id)
