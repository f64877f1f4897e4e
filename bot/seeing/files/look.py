"""Looks into a file: which format it is, and which reader knows that format."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.sights import Unseen
from bot.seeing.files import plain
from bot.seeing.files.archive import Archive, read_zip
from bot.seeing.files.decoding import is_doubtful
from bot.seeing.files.dicom import read_dicom
from bot.seeing.files.formats import Format, format_of
from bot.seeing.files.mail import read_mail
from bot.seeing.files.office import read_slides, read_word
from bot.seeing.files.old_office import read_old_office
from bot.seeing.files.open_document import read_open_document
from bot.seeing.files.pdf import read_pdf
from bot.seeing.files.pictures import read_picture
from bot.seeing.files.sheets import read_workbook
from bot.seeing.files.video import read_video
from bot.seeing.glance import CannotSeeError, Costs, Glance, Report, Sees, Told
from bot.seeing.limits import MB, Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.domain.sights import Look
    from bot.ports import TextReader


class FileLooker:
    """Looks into one file after another. It trusts what it is given to be no worse than broken:
    bot/seeing/isolated.py is what stands between it and the rest of the product."""

    def __init__(self, eyes: Sees, reader: TextReader, limits: Limits) -> None:
        self._eyes = eyes
        self._reader = reader
        self._limits = limits

    def look(self, content: bytes, name: str, told: Told | None = None) -> Look:
        report = Report(told)
        glance = Glance(self._eyes, self._reader, Costs(self._limits), report, look_into)
        glance = replace(glance, name=glance.safe_name(name))
        # Time that runs out when all is done leaves nothing unseen.
        with suppress(CannotSeeError), glance.tolerant():
            glance.read_name(name)
            report.saw = False
            look_into(content, glance)
        return report.look()


def look_into(content: bytes, glance: Glance) -> None:
    if len(content) > glance.limits.content_mb * MB:
        raise CannotSeeError(Unseen.TOO_LARGE)
    if not content:
        raise CannotSeeError(Unseen.BROKEN)
    if glance.depth > glance.limits.nesting:
        raise CannotSeeError(Unseen.TOO_LARGE)
    kind = format_of(content)
    if kind is Format.AUDIO:
        raise CannotSeeError(Unseen.AUDIO)
    reader = _READERS.get(kind)
    if reader is None:
        raise CannotSeeError(Unseen.UNKNOWN_FORMAT)
    if kind in (Format.TEXT, Format.HTML) and is_doubtful(content):
        glance.miss(Unseen.UNKNOWN_FORMAT)
    reader(content, glance)


def _read_packed(content: bytes, glance: Glance) -> None:
    """An archive, or a document that is one inside."""
    archive = Archive(content, glance)
    names = set(archive.names)
    is_document = "[Content_Types].xml" in names or "mimetype" in names
    kinds = _PACKED if is_document else ()
    reader = next((reader for part, reader in kinds if any(map(part.match, names))), read_zip)
    reader(archive, glance)


_PACKED: tuple[tuple[re.Pattern[str], Callable[[Archive, Glance], None]], ...] = (
    (re.compile(r"word/document\d*\.xml"), read_word),
    (re.compile(r"xl/workbook\.xml"), read_workbook),
    (re.compile(r"ppt/presentation\.xml"), read_slides),
    (re.compile(r"content\.xml"), read_open_document),
)
_READERS: dict[Format, Callable[[bytes, Glance], None]] = {
    Format.PICTURE: read_picture,
    Format.PDF: read_pdf,
    Format.ZIP: _read_packed,
    Format.OLE: read_old_office,
    Format.DICOM: read_dicom,
    Format.VIDEO: read_video,
    Format.RTF: plain.read_rtf,
    Format.HTML: plain.read_html,
    Format.XML: plain.read_xml,
    Format.JSON: plain.read_json,
    Format.MAIL: read_mail,
    Format.TEXT: plain.read_text,
}
