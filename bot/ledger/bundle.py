"""A bundle: entries of a period with the proof that they were signed for, for a stranger to check.

A receipt is the same for one entry. What checks both is stranger.py, which goes along.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from dataclasses import dataclass
from importlib.resources import files
from typing import IO, TYPE_CHECKING, Any

from bot.domain.times import to_milliseconds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from bot.ledger.entry import Entry
    from bot.ledger.merkle import Tree


@dataclass(frozen=True, slots=True)
class PlacedEntry:
    """An entry, where it stands, and where they are to be shown: its facts."""

    position: int
    entry: Entry
    leaf: bytes
    salt: bytes = b""
    facts: bytes = b""

    def as_json(self) -> dict[str, Any]:
        entry = self.entry
        shown: dict[str, Any] = {
            "position": self.position,
            "id": entry.id.hex,
            "kind": entry.kind,
            "version": entry.version,
            "at": to_milliseconds(entry.at),
            "subject": None if entry.subject is None else entry.subject.hex,
            "commitment": entry.commitment.hex(),
            "leaf": self.leaf.hex(),
        }
        if self.facts:
            shown |= {"salt": self.salt.hex(), "facts": self.facts.decode()}
        return shown


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint as a note, and how many entries it covers."""

    size: int
    note: str


@dataclass(frozen=True, slots=True)
class Request:
    """Who wants which period, and why."""

    since: datetime
    until: datetime
    operator: str
    reason: str
    made_at: datetime

    def as_json(self) -> dict[str, Any]:
        return {
            "from": self.since.isoformat(),
            "until": self.until.isoformat(),
            "from_ms": to_milliseconds(self.since),
            "until_ms": to_milliseconds(self.until),
            "operator": self.operator,
            "reason": self.reason,
            "made_at": self.made_at.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a proof is made of: the tree, its signed states, and its keys."""

    tree: Tree
    newest: Signed
    earlier: Sequence[Signed]
    keys: Sequence[Mapping[str, Any]]


def write_bundle(
    file: IO[bytes],
    request: Request,
    entries: Sequence[PlacedEntry],
    ledger: Ledger,
    sign: Callable[[str], str],
) -> None:
    """`sign` makes a signed note of the list of files."""
    contents = _contents(request, entries, ledger)
    origin = ledger.newest.note.partition("\n")[0]
    lines = (f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in contents.items())
    manifest = sign(f"{origin} bundle\n{''.join(lines)}")
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {"manifest.txt": manifest.encode(), **contents}.items():
            archive.writestr(name, data)


def _contents(request: Request, entries: Sequence[PlacedEntry], ledger: Ledger) -> dict[str, bytes]:
    size, tree = ledger.newest.size, ledger.tree
    cover = tree.cover([placed.position for placed in entries], size)
    earlier = [
        {"checkpoint": old.note, "proof": _base64(tree.consistency(old.size, size))}
        for old in ledger.earlier
    ]
    return {
        "README.txt": files("bot.ledger").joinpath("bundle.txt").read_bytes(),
        "about.json": _json(request.as_json()),
        "entries.jsonl": b"".join(_json(placed.as_json()) for placed in entries),
        "proof.json": _json(_base64(cover)),
        "checkpoint.txt": ledger.newest.note.encode(),
        "earlier.json": _json(earlier),
        "keys.json": _json(list(ledger.keys)),
        "verify.py": files("bot.ledger").joinpath("stranger.py").read_bytes(),
    }


def receipt(placed: PlacedEntry, ledger: Ledger) -> bytes:
    return _json(
        {
            "entry": placed.as_json(),
            "proof": _base64(ledger.tree.inclusion(placed.position, ledger.newest.size)),
            "checkpoint": ledger.newest.note,
            "keys": list(ledger.keys),
        }
    )


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def _base64(hashes: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(one).decode() for one in hashes]
