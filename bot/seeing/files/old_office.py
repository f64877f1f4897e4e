"""Office files of before 2007 (.doc, .xls, .ppt), and encrypted newer ones, which look like them.

Formats: [MS-CFB], [MS-DOC] 2.4.1 (piece table), [MS-PPT] 2.3 (records); .xls is read by xlrd.
"""

from __future__ import annotations

import io
import re
from itertools import islice, pairwise
from typing import TYPE_CHECKING

import olefile
import xlrd

from bot.domain.sights import Unseen
from bot.seeing.glance import CannotSeeError
from bot.seeing.limits import MB
from bot.seeing.lines import Line, line_of, row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.seeing.glance import Glance

_FIB_FLAGS, _FIB_PIECES = 0x0A, 0x1A2
_FIB_ENCRYPTED, _FIB_TABLE_1 = 0x0100, 0x0200
_PIECES_MOST = 100_000
_SLIDE_CHARS, _SLIDE_BYTES = 0x0FA0, 0x0FA8
_IS_CONTAINER = 0x0F
_DEPTH_MOST = 40
_STREAM_MOST = 64 * MB
_WITH_PICTURES = ("Pictures", "Data", "Workbook", "Book")
_PICTURE = re.compile(rb"\xff\xd8\xff[\xe0-\xe2\xdb\xee]|\x89PNG\r\n\x1a\n")
_PICTURES_MOST = 200


def read_old_office(content: bytes, glance: Glance) -> None:
    try:
        ole = olefile.OleFileIO(io.BytesIO(content))
    except (OSError, olefile.OleFileError):
        raise CannotSeeError(Unseen.BROKEN) from None
    with ole:
        names = {"/".join(path).lower() for path in ole.listdir()}
        if "encryptedpackage" in names or "encryptedsummary" in names:
            raise CannotSeeError(Unseen.PROTECTED)
        if "workbook" in names or "book" in names:
            _read_xls(content, glance)
        elif "worddocument" in names:
            _read_doc(ole, glance)
        elif "powerpoint document" in names:
            _read_ppt(ole, glance)
        else:
            raise CannotSeeError(Unseen.UNKNOWN_FORMAT)
        _see_pictures(ole, glance)


def _see_pictures(ole: olefile.OleFileIO, glance: Glance) -> None:
    """Pictures lie in their streams as they were, with records of the format between them."""
    number = 0
    for name in filter(ole.exists, _WITH_PICTURES):
        for picture in _pictures_in(ole.openstream(name).read(_STREAM_MOST)):
            number += 1
            with glance.tolerant():
                glance.file(picture, "", glance.place(f"picture {number} inside"))


def _pictures_in(stream: bytes) -> Iterator[bytes]:
    """Readers of pictures stop at their end and do not mind what follows."""
    starts = [found.start() for found in islice(_PICTURE.finditer(stream), _PICTURES_MOST)]
    for start, end in pairwise([*starts, len(stream)]):
        yield stream[start:end]


# --- .xls -----------------------------------------------------------------------------------


def _read_xls(content: bytes, glance: Glance) -> None:
    try:
        book = xlrd.open_workbook(file_contents=content, on_demand=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        is_protected = "encrypted" in str(error).lower()
        raise CannotSeeError(Unseen.PROTECTED if is_protected else Unseen.BROKEN) from None
    for number, title in enumerate(book.sheet_names()):
        with glance.tolerant():
            glance.read([Line(title, "name of a sheet")])
            place = f"sheet {glance.safe_name(title)}"
            glance.read(_rows(book.sheet_by_index(number), book.datemode, place))


def _rows(sheet: xlrd.sheet.Sheet, datemode: int, place: str) -> Iterator[Line]:
    for number in range(sheet.nrows):
        cells = [_shown(cell, datemode) for cell in sheet.row(number)]
        yield row(cells, f"{place}, row {number + 1}", place)


def _shown(cell: xlrd.sheet.Cell, datemode: int) -> str:
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            day = xlrd.xldate_as_datetime(cell.value, datemode)
        except (xlrd.XLDateError, OverflowError, ValueError):
            return str(cell.value)
        return f"{day:%d/%m}/{day.year}"
    if cell.ctype == xlrd.XL_CELL_NUMBER and float(cell.value).is_integer():
        return str(int(cell.value))
    return str(cell.value)


# --- .doc -----------------------------------------------------------------------------------


def _read_doc(ole: olefile.OleFileIO, glance: Glance) -> None:
    document = ole.openstream("WordDocument").read(_STREAM_MOST)
    flags = int.from_bytes(document[_FIB_FLAGS : _FIB_FLAGS + 2], "little")
    if flags & _FIB_ENCRYPTED:
        raise CannotSeeError(Unseen.PROTECTED)
    table = ole.openstream("1Table" if flags & _FIB_TABLE_1 else "0Table").read(_STREAM_MOST)
    start, length = (_number(document, _FIB_PIECES + i, 4) for i in (0, 4))
    text = "".join(_pieces(document, table[start : start + length]))
    glance.read(_doc_lines(text))


def _pieces(document: bytes, clx: bytes) -> Iterator[str]:
    """The pieces of the text in order, each in one byte or two bytes a character."""
    at = 0
    while at < len(clx) and clx[at] == 1:
        at += 3 + _number(clx, at + 1, 2)
    if at >= len(clx) or clx[at] != 2:  # noqa: PLR2004 - the mark of the piece table
        raise CannotSeeError(Unseen.BROKEN)
    pieces = clx[at + 5 : at + 5 + _number(clx, at + 1, 4)]
    count = min((len(pieces) - 4) // 12, _PIECES_MOST)
    for i in range(count):
        length = _number(pieces, 4 * i + 4, 4) - _number(pieces, 4 * i, 4)
        place = _number(pieces, 4 * (count + 1) + 8 * i + 2, 4)
        if length < 0:
            raise CannotSeeError(Unseen.BROKEN)
        if place & 0x40000000:
            begin = (place & ~0x40000000) // 2
            yield document[begin : begin + length].decode("cp1252", "replace")
        else:
            yield document[place : place + 2 * length].decode("utf-16-le", "replace")


def _doc_lines(text: str) -> Iterator[Line]:
    """Paragraphs end with 13; a cell with 7, a row with one 7 more."""
    number = 0
    for part in text.replace("\x07\x07", "\r").replace("\x07", "\t").split("\r"):
        plain = "".join(c if c.isprintable() or c == "\t" else " " for c in part)
        if plain.strip():
            number += 1
            yield line_of(plain, f"paragraph {number}")


# --- .ppt -----------------------------------------------------------------------------------


def _read_ppt(ole: olefile.OleFileIO, glance: Glance) -> None:
    records = ole.openstream("PowerPoint Document").read(_STREAM_MOST)
    glance.read(Line(text, "slides") for text in _slide_texts(records, 0, len(records), 0))


def _slide_texts(records: bytes, at: int, end: int, depth: int) -> Iterator[str]:
    while at + 8 <= end and depth < _DEPTH_MOST:
        version, kind = _number(records, at, 2), _number(records, at + 2, 2)
        begin = at + 8
        at = begin + _number(records, at + 4, 4)
        body = records[begin : min(at, end)]
        if version & 0x0F == _IS_CONTAINER:
            yield from _slide_texts(records, begin, min(at, end), depth + 1)
        elif kind == _SLIDE_CHARS:
            yield from body.decode("utf-16-le", "replace").split("\r")
        elif kind == _SLIDE_BYTES:
            yield from body.decode("cp1252", "replace").split("\r")


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "little")
