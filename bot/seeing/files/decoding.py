"""Bytes to text: UTF-8, UTF-16, and the code pages of Thai Windows."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BROKEN = "\ufffd"
_SAMPLE = 4096
_CONTROLS = frozenset(range(32)) - set(b"\t\n\r\f\x1b\x0b\x1a\x1c")
_CONTROLS_MOST = 0.01
_ZEROS_OF_UTF16 = 0.3
# Bytes that mean nothing on Thai Windows. Other code pages are full of them, and so are pictures
# of kinds that nothing here reads.
_GAPS = bytes((*range(0x81, 0x85), *range(0x86, 0x91), *range(0x98, 0xA0))) + bytes.fromhex(
    "DB DC DD DE FC FD FE FF"
)
_GAPS_MOST = 0.05


def decoded(content: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    encoding = encoding or _utf16_without_mark(content)
    if encoding:
        return content.decode(encoding, errors="replace")
    text = content.decode("utf-8", errors="replace")
    # One broken byte says nothing about the rest.
    return text if text.count(_BROKEN) <= _gaps(content) else content.decode("cp874", "replace")


def is_doubtful(content: bytes) -> bool:
    """Whether much of a text makes no sense: it is read all the same, and not called clean."""
    if _utf16_without_mark(content) or any(content.startswith(mark) for mark, _ in _MARKS):
        return False
    broken = min(content.decode("utf-8", errors="replace").count(_BROKEN), _gaps(content))
    return broken > _GAPS_MOST * len(content)


def _gaps(content: bytes) -> int:
    return len(content) - len(content.translate(None, _GAPS))


def is_text(content: bytes) -> bool:
    sample = content[:_SAMPLE]
    if any(sample.startswith(mark) for mark, _ in _MARKS) or _utf16_without_mark(sample):
        return True
    strange = sum(1 for byte in sample if byte in _CONTROLS)
    return strange <= _CONTROLS_MOST * len(sample)


def _utf16_without_mark(content: bytes) -> str | None:
    """Thai and Latin in UTF-16 have one high byte in nearly every place: 0x00 or 0x0E."""
    sample = content[:_SAMPLE]
    if len(sample) < 8 or len(content) % 2:  # noqa: PLR2004 - too short to tell
        return None
    for high, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        highs, lows = sample[high::2], sample[1 - high :: 2]
        is_fit = all(byte in (0x00, 0x0E) for byte in highs)
        if is_fit and highs.count(0) > _ZEROS_OF_UTF16 * len(highs) / 10 and lows.count(0) == 0:
            return encoding
    return None
