"""Writes the compound files of old Office programs ([MS-CFB]), just well enough for samples."""

from __future__ import annotations

import struct

SECTOR = 512
_SMALL_STREAMS_BELOW = 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(streams: dict[str, bytes]) -> bytes:
    """Streams are padded to the size at which they need no table of small sectors."""
    padded = {name: data.ljust(_SMALL_STREAMS_BELOW, b"\0") for name, data in streams.items()}
    sectors = [_entries(padded), *padded.values()]
    chains, fat = [], [_FAT]
    for data in sectors:
        count = -(-len(data) // SECTOR)
        chains.append(len(fat))
        fat += [*range(len(fat) + 1, len(fat) + count), _END]
    assert len(fat) <= SECTOR // 4, "one sector of the table is all there is"
    fat += [_FREE] * (SECTOR // 4 - len(fat))
    body = b"".join(_filled(data) for data in (_entries(padded, chains[1:]), *padded.values()))
    return _header(chains[0]) + struct.pack(f"<{len(fat)}I", *fat) + body


def _header(directory: int) -> bytes:
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    head += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, directory, 0, 4096, _END, 0, _END, 0
    )
    return head + struct.pack("<109I", 0, *[_FREE] * 108)


def _entries(streams: dict[str, bytes], starts: list[int] | None = None) -> bytes:
    """The root, then the streams as a chain of right-hand neighbours."""
    count = len(streams)
    entries = [_entry("Root Entry", 5, child=1 if count else _FREE)]
    for i, (name, data) in enumerate(streams.items()):
        right = i + 2 if i + 1 < count else _FREE
        start = starts[i] if starts else 0
        entries.append(_entry(name, 2, right=right, start=start, size=len(data)))
    return b"".join(entries)


def _entry(
    name: str,
    kind: int,
    *,
    child: int = _FREE,
    right: int = _FREE,
    start: int = _END,
    size: int = 0,
) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    head = written.ljust(64, b"\0") + struct.pack(
        "<HBBIII", len(written), kind, 1, _FREE, right, child
    )
    return head + bytes(36) + struct.pack("<IQ", start, size)


def _filled(data: bytes) -> bytes:
    return data + bytes(-len(data) % SECTOR)
