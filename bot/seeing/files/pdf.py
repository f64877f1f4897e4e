"""PDF: the text of every page, and pages that are pictures as pictures."""

from __future__ import annotations

import ctypes
from itertools import islice
from typing import TYPE_CHECKING

import pypdfium2
from pypdfium2 import raw

from bot.domain.sights import Unseen
from bot.seeing.glance import CannotSeeError
from bot.seeing.limits import MB
from bot.seeing.lines import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.seeing.glance import Glance

# Fewer characters than this are a page number or the stamp of a scanner.
_CHARACTERS_LEAST = 30
# A picture that covers less of its page is a logo.
_SHARE_LEAST = 0.04
_OBJECTS_MOST = 2000
_LONGEST_SIDE = 1800
_SHARPEST = 300 / 72
_ATTACHMENTS_MOST = 20


def read_pdf(content: bytes, glance: Glance) -> None:
    """All text first, which is cheap; then the pages that have to be looked at."""
    document = _opened(content)
    try:
        glance.read(_about(document))
        to_see = _read_pages(document, glance)
        _read_attachments(document, glance)
        document.init_forms()
        for i in to_see:
            with glance.tolerant():
                glance.see(_rendered(document[i]), f"page {i + 1}")
    finally:
        document.close()


def _opened(content: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        is_protected = getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD
        raise CannotSeeError(Unseen.PROTECTED if is_protected else Unseen.BROKEN) from None


def _about(document: pypdfium2.PdfDocument) -> Iterator[Line]:
    for key, value in document.get_metadata_dict(skip_empty=True).items():
        if key in ("Title", "Subject", "Keywords"):
            yield Line(value, "title")


def _read_pages(document: pypdfium2.PdfDocument, glance: Glance) -> list[int]:
    """The numbers of pages that hold what text does not tell."""
    to_see: list[int] = []
    for i in range(len(document)):
        try:
            glance.costs.text_page()
        except CannotSeeError as stop:
            glance.miss(stop.why)
            break
        with glance.tolerant():
            page = document[i]
            text = page.get_textpage().get_text_range()
            notes = "\n".join(_notes(page))
            lines = f"{text}\n{notes}".splitlines()
            glance.read(Line(line, f"page {i + 1}") for line in lines)
            if _is_to_see(page, len(text.strip())):
                to_see.append(i)
            page.close()
    return to_see


def _is_to_see(page: pypdfium2.PdfPage, characters: int) -> bool:
    """A picture stands on it; or something is drawn, and little text says what."""
    width, height = page.get_size()
    covered, is_drawn = 0.0, False
    for thing in islice(page.get_objects(max_depth=4), _OBJECTS_MOST):
        is_drawn = is_drawn or thing.type != raw.FPDF_PAGEOBJ_TEXT
        if thing.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = thing.get_bounds()
            covered += abs((right - left) * (top - bottom))
    has_picture = covered > _SHARE_LEAST * float(width * height)
    return has_picture or (is_drawn and characters < _CHARACTERS_LEAST)


def _notes(page: pypdfium2.PdfPage) -> Iterator[str]:
    """What stands in comments and in the fields of a form."""
    for i in range(min(raw.FPDFPage_GetAnnotCount(page), _OBJECTS_MOST)):
        annotation = raw.FPDFPage_GetAnnot(page, i)
        if annotation:
            yield from filter(None, (_text_of(annotation, key) for key in (b"Contents", b"V")))
            raw.FPDFPage_CloseAnnot(annotation)


def _text_of(annotation: object, key: bytes) -> str:
    length = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if not 2 < length < MB:  # noqa: PLR2004 - two bytes are the end of an empty text
        return ""
    buffer = (ctypes.c_ushort * (length // 2))()
    raw.FPDFAnnot_GetStringValue(annotation, key, buffer, length)
    return bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")


def _rendered(page: pypdfium2.PdfPage) -> object:
    """At most 300 dots an inch, at most so many dots a side, however large the page says it is."""
    width, height = page.get_size()
    scale = min(_SHARPEST, _LONGEST_SIDE / max(width, height, 1))
    bitmap = page.render(scale=scale, rev_byteorder=False, prefer_bgrx=False)
    return bitmap.to_numpy()[:, :, :3].copy()


def _read_attachments(document: pypdfium2.PdfDocument, glance: Glance) -> None:
    for i in range(min(document.count_attachments(), _ATTACHMENTS_MOST)):
        with glance.tolerant():
            attachment = document.get_attachment(i)
            name = attachment.get_name()
            content = bytes(attachment.get_data())
            glance.costs.unpacked(len(content))
            glance.file(content, name, glance.place(f"attachment {glance.safe_name(name)}"))
