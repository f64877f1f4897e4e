"""What a file is, by its first bytes. Its name may say anything."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from itertools import islice

from bot.seeing.files.decoding import is_text


class Format(StrEnum):
    PICTURE = "picture"
    PDF = "pdf"
    ZIP = "zip"
    OLE = "ole"
    DICOM = "dicom"
    VIDEO = "video"
    AUDIO = "audio"
    RTF = "rtf"
    HTML = "html"
    XML = "xml"
    JSON = "json"
    MAIL = "mail"
    TEXT = "text"
    UNKNOWN = "unknown"


_BEGINNINGS = (
    (b"\xff\xd8\xff", Format.PICTURE),
    (b"\x89PNG\r\n\x1a\n", Format.PICTURE),
    (b"GIF8", Format.PICTURE),
    (b"II*\0", Format.PICTURE),
    (b"MM\0*", Format.PICTURE),
    (b"II+\0", Format.PICTURE),
    (b"MM\0+", Format.PICTURE),
    (b"PK\x03\x04", Format.ZIP),
    (b"PK\x05\x06", Format.ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format.OLE),
    (b"\x1aE\xdf\xa3", Format.VIDEO),
    (b"\x00\x00\x01\xba", Format.VIDEO),
    (b"\x00\x00\x01\xb3", Format.VIDEO),
    (b"FLV\x01", Format.VIDEO),
    (b"ID3", Format.AUDIO),
    (b"OggS", Format.AUDIO),
    (b"fLaC", Format.AUDIO),
    (b"#!AMR", Format.AUDIO),
    (b"\xff\xfb", Format.AUDIO),
    (b"\xff\xf3", Format.AUDIO),
    (b"\xff\xf1", Format.AUDIO),
    (b"\xff\xf9", Format.AUDIO),
    (b"{\\rtf", Format.RTF),
)
_RIFF = {b"WEBP": Format.PICTURE, b"AVI ": Format.VIDEO, b"WAVE": Format.AUDIO}
_STILL_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis")
_QUICKTIME_ATOMS = (b"moov", b"mdat", b"wide", b"free")
_SOUND_BRANDS = (b"M4A ", b"M4B ", b"M4P ")
_BMP_HEADERS = (12, 40, 52, 56, 64, 108, 124)
# Readers of PDF look for its mark this far into a file, and so do we.
_PDF_MARK_WITHIN = 1024
_MAIL_HEADER = re.compile(
    r"(?i)(from|to|cc|subject|date|received|return-path|message-id|mime-version|delivered-to"
    r"|content-type|x-[\w-]+|dkim-signature|authentication-results|reply-to|sender):"
)
_MAIL_HEADERS_LEAST = 3
_FEW_LINES = 20


def format_of(content: bytes) -> Format:
    by_beginning = (kind for mark, kind in _BEGINNINGS if content.startswith(mark))
    return next(by_beginning, None) or _by_structure(content) or _of_text(content)


def _by_structure(content: bytes) -> Format | None:
    """Formats whose mark stands further inside."""
    if content.startswith(b"RIFF"):
        return _RIFF.get(content[8:12], Format.UNKNOWN)
    if content[4:8] == b"ftyp":
        return _by_brand(content[8:12])
    checks = (
        (content[4:8] in _QUICKTIME_ATOMS or _is_transport_stream(content), Format.VIDEO),
        (content[128:132] == b"DICM", Format.DICOM),
        (content.startswith(b"BM") and _is_bitmap(content), Format.PICTURE),
        (b"%PDF-" in content[:_PDF_MARK_WITHIN], Format.PDF),
    )
    return next((kind for is_one, kind in checks if is_one), None)


def _by_brand(brand: bytes) -> Format:
    if brand in _STILL_BRANDS:
        return Format.PICTURE
    return Format.AUDIO if brand in _SOUND_BRANDS else Format.VIDEO


def _is_transport_stream(content: bytes) -> bool:
    return len(content) > 3 * 188 and all(content[i * 188] == ord("G") for i in range(4))


def _is_bitmap(content: bytes) -> bool:
    return int.from_bytes(content[14:18], "little") in _BMP_HEADERS


def _of_text(content: bytes) -> Format:
    if not is_text(content):
        return Format.UNKNOWN
    begin = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if begin.startswith((b"<!doctype html", b"<html")) or b"<table" in begin:
        return Format.HTML
    if begin.startswith((b"<?xml", b"<svg")):
        return Format.HTML if b"<html" in begin else Format.XML
    if begin.startswith((b"{", b"[")) and _is_json(content):
        return Format.JSON
    return Format.MAIL if _is_mail(content) else Format.TEXT


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True


def _is_mail(content: bytes) -> bool:
    """Headers from the very first line, three of them at least."""
    lines = content[:20_000].decode("latin-1").splitlines()
    if not lines or not _MAIL_HEADER.match(lines[0]):
        return False
    heads = [line for line in islice(lines, _FEW_LINES) if _MAIL_HEADER.match(line)]
    return len(heads) >= _MAIL_HEADERS_LEAST
