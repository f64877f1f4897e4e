"""ตรวจสมุดบันทึกของวงรักษาโดยไม่ต้องใช้ตัวระบบ · Checks a ledger of WongRaksa without WongRaksa.

    python3 verify.py BUNDLE.zip --key KEY [--checkpoint FILE]
    python3 verify.py RECEIPT.json --key KEY

KEY is the hospital's public key, as it published it (one line, or a file that holds it). FILE is a
checkpoint that you were given earlier. The answer is the last line, and the exit code:
0 it holds, 1 it does not hold, 2 it could not be checked.

This one file needs Python 3.9 or newer and nothing else. It is shipped in every bundle as verify.py
and is the very code by which the product checks itself; none of it is shared with the code that
writes the ledger. Hashing is that of RFC 9162, signatures are Ed25519 (RFC 8032).
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import io
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

HOLDS, DOES_NOT_HOLD, COULD_NOT_BE_CHECKED = 0, 1, 2
_VERDICTS = (
    "ตรวจแล้วถูกต้อง · IT HOLDS",
    "ไม่ถูกต้อง · IT DOES NOT HOLD",
    "ตรวจไม่ได้ · COULD NOT BE CHECKED",
)
_HASH = 32
_MOST_BYTES = 2_000_000_000
# The two files that are read before anybody's signature has been seen.
_MOST_UNSIGNED_BYTES = 5_000_000


class DoesNotHoldError(Exception):
    """What was checked is not what was signed, or not what was entered."""


class CannotCheckError(Exception):
    """It cannot be checked: cut off, foreign, or something is missing that is needed for it."""


# --- signatures: Ed25519, by the formulas of RFC 8032, section 5.1 -------------------------------

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
# X, Y, Z, T: the point (X/Z, Y/Z), and T = XY/Z, which saves divisions.
_Point = tuple[int, int, int, int]


def _decoded(data: bytes) -> _Point | None:
    number = int.from_bytes(data, "little")
    y, odd = number & (2**255 - 1), number >> 255
    x_squared = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(x_squared, (_P + 3) // 8, _P)
    if (x * x - x_squared) % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if y >= _P or (x * x - x_squared) % _P or (x == 0 and odd):
        return None
    if x & 1 != odd:
        x = _P - x
    return x, y, 1, x * y % _P


def _sum(one: _Point, other: _Point) -> _Point:
    a = (one[1] - one[0]) * (other[1] - other[0])
    b = (one[1] + one[0]) * (other[1] + other[0])
    c = 2 * one[3] * other[3] * _D
    d = 2 * one[2] * other[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(number: int, point: _Point) -> _Point:
    result = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = _sum(result, point)
        point, number = _sum(point, point), number >> 1
    return result


_BASE = _decoded((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little"))


def is_signed(public: bytes, text: bytes, signature: bytes) -> bool:
    if len(public) != _HASH or len(signature) != 2 * _HASH or _BASE is None:
        return False
    key, half = _decoded(public), _decoded(signature[:_HASH])
    factor = int.from_bytes(signature[_HASH:], "little")
    if key is None or half is None or factor >= _ORDER:
        return False
    digest = hashlib.sha512(signature[:_HASH] + public + text).digest()
    left = _times(factor, _BASE)
    right = _sum(half, _times(int.from_bytes(digest, "little") % _ORDER, key))
    same_x = (left[0] * right[2] - right[0] * left[2]) % _P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % _P == 0


Check = Callable[[bytes, bytes, bytes], bool]


# --- the tree: RFC 9162, section 2.1 -------------------------------------------------------------


def leaf_of(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Growing:
    """Takes leaves in their order and knows the root so far."""

    def __init__(self) -> None:
        self.size = 0
        self._complete: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        height, complete = 0, self._complete
        while complete and complete[-1][0] == height:
            leaf = _node(complete.pop()[1], leaf)
            height += 1
        complete.append((height, leaf))
        self.size += 1

    def root(self) -> bytes:
        if not self._complete:
            return hashlib.sha256(b"").digest()
        root = self._complete[-1][1]
        for _, left in self._complete[-2::-1]:
            root = _node(left, root)
        return root


def check_inclusion(
    leaf: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """RFC 9162, 2.1.3.2."""
    if not 0 <= position < size:
        raise DoesNotHoldError(f"position {position} lies outside a tree of {size}")
    here, last, found = position, size - 1, leaf
    for other in proof:
        if last == 0:
            raise DoesNotHoldError("the inclusion proof is too long")
        if here & 1 or here == last:
            found = _node(other, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = _node(found, other)
        here, last = here >> 1, last >> 1
    if last or found != root:
        raise DoesNotHoldError(
            f"the entry is not at position {position} of what the checkpoint covers"
        )


def check_consistency(
    old: tuple[int, bytes], new: tuple[int, bytes], proof: Sequence[bytes]
) -> None:
    """RFC 9162, 2.1.4.2: that the new tree (size and root) begins with the old one."""
    if old == new and not proof:
        return
    if not 0 < old[0] < new[0] or not proof:
        raise DoesNotHoldError(
            f"no proof that the tree of {new[0]} begins with the one of {old[0]}"
        )
    here, last = old[0] - 1, new[0] - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    # An old tree that is complete is itself the first hash, which the proof then leaves out.
    first, *rest = [old[1], *proof] if old[0] & (old[0] - 1) == 0 else proof
    old_root = new_root = first
    for other in rest:
        if last == 0:
            raise DoesNotHoldError("the consistency proof is too long")
        if here & 1 or here == last:
            old_root, new_root = _node(other, old_root), _node(other, new_root)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            new_root = _node(new_root, other)
        here, last = here >> 1, last >> 1
    if last or (old_root, new_root) != (old[1], new[1]):
        raise DoesNotHoldError(f"the tree of {new[0]} does not begin with the one of {old[0]}")


def root_by_cover(leaves: Sequence[tuple[int, bytes]], size: int, cover: Sequence[bytes]) -> bytes:
    """The root, from some leaves with their positions and the hashes of all that lies between."""
    leaves_left, hashes_left = list(reversed(leaves)), list(reversed(cover))

    def root(start: int, end: int) -> bytes:
        if not leaves_left or leaves_left[-1][0] >= end:
            if not hashes_left:
                raise DoesNotHoldError("the proof is too short")
            return hashes_left.pop()
        if end - start == 1:
            return leaves_left.pop()[1]
        half = 1
        while half * 2 < end - start:
            half *= 2
        left = root(start, start + half)
        return _node(left, root(start + half, end))

    found = root(0, size)
    if leaves_left or hashes_left:
        raise DoesNotHoldError("the proof is too long")
    return found


# --- notes: a text, an empty line, and a signature line ------------------------------------------


class Note(NamedTuple):
    text: str
    name: str
    key_hash: bytes
    signature: bytes

    def is_signed_by(self, public: bytes, check: Check = is_signed) -> bool:
        named = hashlib.sha256(f"{self.name}\n".encode() + b"\x01" + public).digest()[:4]
        return named == self.key_hash and check(public, self.text.encode(), self.signature)


def read_note(raw: str) -> Note:
    text, _, signed = raw.replace("\r\n", "\n").rstrip("\n").rpartition("\n\n")
    match = re.fullmatch(r"— (\S+) (\S+)", signed)
    if match is None:
        raise CannotCheckError("no signature line: this is not a checkpoint, or it was cut off")
    value = _bytes(match[2], 4 + 2 * _HASH)
    return Note(text + "\n", match[1], value[:4], value[4:])


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: bytes
    hospital: str
    time: str
    previous_size: int
    key_number: int
    note: Note


_CHECKPOINT = re.compile(
    r"(wongraksa/[0-9a-f]{16})\n(0|[1-9][0-9]*)\n(\S+)\nhospital ([^\n]+)\n"
    r"time (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\nprevious (0|[1-9][0-9]*)\nkey ([1-9][0-9]*)\n"
)


def read_checkpoint(raw: str) -> Checkpoint:
    note = read_note(raw)
    match = _CHECKPOINT.fullmatch(note.text)
    if match is None or match[1] != note.name:
        raise CannotCheckError("this is a signed note, but no checkpoint of WongRaksa's")
    root = _bytes(match[3], _HASH)
    numbers = int(match[6]), int(match[7])
    return Checkpoint(match[1], int(match[2]), root, match[4], match[5], *numbers, note)


# --- keys: each is signed by the one before it ---------------------------------------------------


class Keys:
    """The keys of one ledger, by number, once a key that the reader trusts is among them."""

    def __init__(self, records: Sequence[dict[str, Any]], check: Check = is_signed) -> None:
        self._check = check
        self.public: dict[int, bytes] = {}
        for number, record in enumerate(records, start=1):
            self._introduce(number, record)
        if not self.public:
            raise CannotCheckError("no public key is given")

    def _introduce(self, number: int, record: dict[str, Any]) -> None:
        public, before = _bytes(record["public"], _HASH), self.public.get(number - 1)
        if record["number"] != number:
            raise DoesNotHoldError(f"key {number} is missing")
        if number == 1:
            self.origin = f"wongraksa/{hashlib.sha256(public).hexdigest()[:16]}"
        lines = (
            "wongraksa ledger key",
            self.origin,
            f"number {number}",
            f"public {record['public']}",
            f"previous {base64.b64encode(before).decode() if before else '-'}",
            f"time {record['time']}",
            "",
        )
        statement = "\n".join(lines).encode()
        if before is None and record["by_previous"] is not None:
            raise DoesNotHoldError("the first key is signed by one before it, which cannot be")
        signers = [(public, record["by_itself"]), (before, record["by_previous"])]
        for key, signature in signers if before else signers[:1]:
            if key is None or not self._check(key, statement, _bytes(signature, 2 * _HASH)):
                raise DoesNotHoldError(
                    f"key {number} is not signed by itself and the key before it"
                )
        self.public[number] = public

    def trust(self, published: str) -> None:
        """A key that the reader has from elsewhere must be one of these; a line holds one key."""
        trusted = [line.strip().split("+", 2) for line in published.strip().splitlines()]
        public = [(one[0], _bytes(one[-1], 1 + _HASH)[1:]) for one in trusted]
        if not any((self.origin, own) in public for own in self.public.values()):
            raise DoesNotHoldError("it was signed by other keys than the one that you trust")

    def check(self, note: Note, number: int | None = None) -> None:
        """Signed by the key of this number, or by any of them where none is named."""
        numbers = list(self.public) if number is None else [number]
        known = [self.public[n] for n in numbers if n in self.public]
        if note.name != self.origin or not known:
            raise DoesNotHoldError("a note is of another ledger, or of a key that is not known")
        if not any(note.is_signed_by(public, self._check) for public in known):
            raise DoesNotHoldError("a signature is not genuine")

    def checkpoint(self, raw: str) -> Checkpoint:
        checkpoint = read_checkpoint(raw)
        self.check(checkpoint.note, checkpoint.key_number)
        return checkpoint


# --- entries -------------------------------------------------------------------------------------


def leaf_bytes(entry: dict[str, Any]) -> bytes:
    """What the tree is made of: every column of an entry, a line each."""
    lines = (
        "wongraksa entry 1",
        _text(entry["id"]),
        _text(entry["kind"]),
        str(_whole(entry["version"])),
        str(_whole(entry["at"])),
        "-" if entry["subject"] is None else _text(entry["subject"]),
        _text(entry["commitment"]),
    )
    return "\n".join(lines).encode()


def check_entry(entry: dict[str, Any]) -> bytes:
    """The entry's leaf; where its facts are given, they must be the ones that were entered."""
    where = f"position {entry['position']} (entry {entry['id']})"
    leaf = leaf_of(leaf_bytes(entry))
    if leaf.hex() != entry["leaf"]:
        raise DoesNotHoldError(f"{where}: the entry and its leaf do not agree")
    if "facts" in entry:
        opened = hashlib.sha256(bytes.fromhex(entry["salt"]) + entry["facts"].encode())
        if opened.hexdigest() != entry["commitment"]:
            raise DoesNotHoldError(f"{where}: the facts are not those that were entered")
    return leaf


# --- a bundle ------------------------------------------------------------------------------------


def check_bundle(content: bytes, key: str, kept: str | None = None) -> list[str]:
    """What was found, line by line. Raises DoesNotHoldError or CannotCheckError."""
    unsigned = _unpacked(content, ("keys.json", "manifest.txt"), _MOST_UNSIGNED_BYTES)
    keys = Keys(json.loads(unsigned["keys.json"]))
    keys.trust(key)
    listed = _listed(unsigned["manifest.txt"], keys)
    files = _unpacked(content, listed, _MOST_BYTES)
    _check_manifest(files, listed)
    about = json.loads(files["about.json"])
    newest = keys.checkpoint(files["checkpoint.txt"].decode())
    entries = [json.loads(line) for line in files["entries.jsonl"].splitlines()]
    leaves = [(_whole(entry["position"]), check_entry(entry)) for entry in entries]
    _check_order(leaves, newest.size)
    _check_period(entries, about)
    cover = [_bytes(text, _HASH) for text in json.loads(files["proof.json"])]
    if root_by_cover(leaves, newest.size, cover) != newest.root:
        raise DoesNotHoldError("the entries are not those that the checkpoint covers")
    earlier = _check_earlier(files, keys, newest)
    if kept is not None:
        _check_kept(keys.checkpoint(kept), [*earlier, newest])
    return _findings(about, newest, entries, kept is not None)


def _unpacked(content: bytes, wanted: Iterable[str], most: int) -> dict[str, bytes]:
    """What is wanted in full, and the names of all that is in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = _found(archive.infolist(), wanted, most)
            nothing = dict.fromkeys(archive.namelist(), b"")
            return {**nothing, **{info.filename: archive.read(info) for info in found}}
    except (DoesNotHoldError, CannotCheckError):
        raise
    except Exception as error:  # noqa: BLE001 - each way of packing has errors of its own
        reason = f"no whole zip file: cut off, or damaged ({type(error).__name__})"
        raise CannotCheckError(reason) from None


def _found(
    infos: Sequence[zipfile.ZipInfo], wanted: Iterable[str], most: int
) -> list[zipfile.ZipInfo]:
    named = {info.filename: info for info in infos}
    if len(named) != len(infos):
        raise DoesNotHoldError("a file is in it twice")
    found = [named[name] for name in wanted if name in named]
    if sum(info.file_size for info in found) > most:
        raise CannotCheckError("it is too large to be one of ours")
    return found


def _listed(manifest: bytes, keys: Keys) -> dict[str, str]:
    """The signed list: each file and its SHA-256."""
    note = read_note(manifest.decode())
    keys.check(note)
    head, *lines = note.text.splitlines()
    if head != f"{keys.origin} bundle":
        raise CannotCheckError("the manifest is not that of a bundle")
    return {line.partition("  ")[2]: line.partition("  ")[0] for line in lines}


def _check_manifest(files: dict[str, bytes], listed: dict[str, str]) -> None:
    """Every file is the one that was signed, this program and the README too."""
    for name in sorted({*listed, *files} - {"manifest.txt"}):
        if name not in files or name not in listed:
            raise DoesNotHoldError(f"{name} is missing, or was added")
        if hashlib.sha256(files[name]).hexdigest() != listed[name]:
            raise DoesNotHoldError(f"{name} is not the file that was signed")


def _check_order(leaves: Sequence[tuple[int, bytes]], size: int) -> None:
    before = -1
    for position, _ in leaves:
        if not before < position < size:
            raise DoesNotHoldError(f"position {position} is out of order")
        before = position


def _check_period(entries: Sequence[dict[str, Any]], about: dict[str, Any]) -> None:
    for entry in entries:
        if not about["from_ms"] <= _whole(entry["at"]) < about["until_ms"]:
            raise DoesNotHoldError(f"position {entry['position']} lies outside the period")


def _check_earlier(files: dict[str, bytes], keys: Keys, newest: Checkpoint) -> list[Checkpoint]:
    found = []
    for given in json.loads(files["earlier.json"]):
        old = keys.checkpoint(given["checkpoint"])
        proof = [_bytes(text, _HASH) for text in given["proof"]]
        check_consistency((old.size, old.root), (newest.size, newest.root), proof)
        found.append(old)
    return found


def _check_kept(kept: Checkpoint, proven: Sequence[Checkpoint]) -> None:
    sizes = {checkpoint.size: checkpoint.root for checkpoint in proven}
    if kept.size not in sizes:
        raise CannotCheckError(
            f"your checkpoint of {kept.size} entries is none of those in the bundle "
            f"({', '.join(map(str, sorted(sizes)))}); ask for a bundle that proves it"
        )
    if sizes[kept.size] != kept.root:
        raise DoesNotHoldError(
            "your checkpoint and the bundle tell different stories: it was rewritten"
        )


def _findings(
    about: dict[str, Any],
    newest: Checkpoint,
    entries: Sequence[dict[str, Any]],
    has_kept: bool,  # noqa: FBT001 - one caller, right above
) -> list[str]:
    positions = [entry["position"] for entry in entries]
    between = positions[-1] - positions[0] + 1 - len(positions) if positions else 0
    facts = sum("facts" in entry for entry in entries)
    kept = "agrees with your checkpoint" if has_kept else "no checkpoint of yours was compared"
    return [
        f"ledger {newest.origin}, hospital: {newest.hospital}",
        f"checkpoint: {newest.size} entries, signed {newest.time} with key {newest.key_number}",
        f"period: {about['from']} to {about['until']}; {len(entries)} entries, all under it",
        f"{between} places between the first and the last are of other times, it states",
        f"facts shown and as they were entered: {facts} of {len(entries)}",
        kept,
    ]


# --- a receipt: one entry ------------------------------------------------------------------------


def check_receipt(receipt: dict[str, Any], key: str, kept: str | None = None) -> list[str]:
    keys = Keys(receipt["keys"])
    keys.trust(key)
    checkpoint = keys.checkpoint(receipt["checkpoint"])
    entry = receipt["entry"]
    proof = [_bytes(text, _HASH) for text in receipt["proof"]]
    where = _whole(entry["position"])
    check_inclusion(check_entry(entry), where, checkpoint.size, proof, checkpoint.root)
    if kept is not None:
        _check_kept(keys.checkpoint(kept), [checkpoint])
    return [
        f"ledger {checkpoint.origin}, hospital: {checkpoint.hospital}",
        f"checkpoint: {checkpoint.size} entries, signed {checkpoint.time}",
        f"entry {entry['id']} ({entry['kind']}) is under it, at position {where}",
    ]


# --- reading -------------------------------------------------------------------------------------


def _bytes(text: str, length: int) -> bytes:
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        value = b""
    if len(value) != length or base64.b64encode(value).decode() != text:
        raise CannotCheckError("a hash, key or signature is not one: cut off, or copied wrongly")
    return value


def _text(value: Any) -> str:  # noqa: ANN401 - whatever stood in somebody's JSON
    if not isinstance(value, str):
        raise CannotCheckError("an entry is not written as ours are")
    return value


def _whole(value: Any) -> int:  # noqa: ANN401 - whatever stood in somebody's JSON
    if type(value) is not int:
        raise CannotCheckError("an entry is not written as ours are")
    return value


def judge(check: Callable[[], Iterable[str]]) -> tuple[int, list[str]]:
    """The exit code, and what to print; the verdict is the last line."""
    found: list[str] = []
    try:
        for line in check():
            found.append(line)  # noqa: PERF402 - what was found before an error is shown as well
    except DoesNotHoldError as error:
        return verdict(DOES_NOT_HOLD, found, str(error))
    except CannotCheckError as error:
        return verdict(COULD_NOT_BE_CHECKED, found, str(error))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError):
        reason = "not written as ours are: foreign, spoilt, or of another release"
        return verdict(COULD_NOT_BE_CHECKED, found, reason)
    except (OSError, RuntimeError, NotImplementedError, MemoryError) as error:
        reason = f"it cannot be read to its end ({type(error).__name__})"
        return verdict(COULD_NOT_BE_CHECKED, found, reason)
    return verdict(HOLDS, found)


def verdict(code: int, found: Sequence[str], reason: str = "") -> tuple[int, list[str]]:
    return code, [*found, f"{_VERDICTS[code]}: {reason}" if reason else _VERDICTS[code]]


def text_or_file(given: str) -> str:
    """A key may be typed, or lie in a file."""
    path = Path(given)
    return given if "+" in given or not path.is_file() else read_text(path)


def read_text(path: Path) -> str:
    """Notepad puts a byte order mark before what it saves."""
    return path.read_text(encoding="utf-8-sig")


def check_file(path: Path, key: str, kept: Path | None) -> list[str]:
    content = path.read_bytes()
    kept_text = None if kept is None else read_text(kept)
    if content.lstrip().startswith(b"{"):
        return check_receipt(json.loads(content), text_or_file(key), kept_text)
    return check_bundle(content, text_or_file(key), kept_text)


def main() -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Thai still shows the verdict
    parser = argparse.ArgumentParser(description="Checks a bundle or a receipt of WongRaksa.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--key", required=True, help="the public key that the hospital published")
    parser.add_argument("--checkpoint", type=Path, help="a checkpoint that was kept elsewhere")
    given = parser.parse_args()
    code, lines = judge(lambda: check_file(given.file, given.key, given.checkpoint))
    sys.stdout.write("\n".join(lines) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
