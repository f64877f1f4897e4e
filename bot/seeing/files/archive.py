"""ZIP archives, and the parts of documents that are ZIP archives inside."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from bot.domain.sights import Unseen
from bot.seeing.glance import CannotSeeError
from bot.seeing.limits import MB
from bot.seeing.lines import Line, spoken_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.seeing.glance import Glance

_CHUNK = 1 << 18
_IS_UTF8 = 0x800
_IS_ENCRYPTED = 0x1
# The list of contents is held in memory as a whole; a thousand members need about a tenth.
_LIST_MOST = 1 * MB
_END_OF_LIST = b"PK\x05\x06"


class Archive:
    """Reads members one at a time, each and all of them under the limits of the look. What the
    archive says of its own sizes is not believed."""

    def __init__(self, content: bytes, glance: Glance) -> None:
        self._glance = glance
        if _size_of_list(content) > _LIST_MOST:
            raise CannotSeeError(Unseen.TOO_LARGE)
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        self._members = {
            _name(info): info for info in self._zip.infolist() if not info.filename.endswith("/")
        }

    @property
    def names(self) -> list[str]:
        return list(self._members)

    def is_encrypted(self, name: str) -> bool:
        return bool(self._members[name].flag_bits & _IS_ENCRYPTED)

    def read(self, name: str) -> bytes:
        parts, size = [], 0
        for chunk in self.chunks(name):
            size += len(chunk)
            if size > self._glance.limits.part_mb * MB:
                raise CannotSeeError(Unseen.TOO_LARGE)
            parts.append(chunk)
        return b"".join(parts)

    def chunks(self, name: str) -> Iterator[bytes]:
        self._glance.costs.member()
        if self.is_encrypted(name):
            raise CannotSeeError(Unseen.PROTECTED)
        try:
            member = self._zip.open(self._members[name])
        except NotImplementedError:  # a way of packing that Python does not know
            raise CannotSeeError(Unseen.UNKNOWN_FORMAT) from None
        with member:
            while chunk := member.read(_CHUNK):
                self._glance.costs.unpacked(len(chunk))
                yield chunk


def read_zip(archive: Archive, glance: Glance) -> None:
    """The names of all members first: they are cheap, and may say it all."""
    if glance.depth > glance.limits.nesting:
        raise CannotSeeError(Unseen.TOO_LARGE)
    outer = glance.where or glance.name
    glance.read(Line(spoken_name(name), "name in the archive") for name in archive.names)
    for name in archive.names:
        where = ": ".join(filter(None, (outer, glance.safe_name(name))))
        with glance.tolerant():
            glance.file(archive.read(name), name, where)


def _name(info: zipfile.ZipInfo) -> str:
    """Thai Windows writes names in its own code page and does not say so."""
    if info.flag_bits & _IS_UTF8:
        return info.filename
    try:
        written = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "cp874"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _size_of_list(content: bytes) -> int:
    end = content.rfind(_END_OF_LIST, max(0, len(content) - 65_600))
    return int.from_bytes(content[end + 12 : end + 16], "little") if end >= 0 else 0
