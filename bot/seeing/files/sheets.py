"""Excel workbooks (XLSX): every sheet, hidden ones too, row by row, with comments and headers."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.seeing.files.markup import Flow, lines_of
from bot.seeing.files.office import Paragraphs, read_inside
from bot.seeing.lines import Line, row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from xml.sax.xmlreader import AttributesImpl

    from bot.seeing.files.archive import Archive
    from bot.seeing.glance import Glance

_SHEETS = re.compile(r"xl/worksheets/[^/]+\.xml")
_SPOKEN = re.compile(r"xl/(?:(?:threadedC|c)omments|drawings)/?[^/]*\.xml|xl/comments\d*\.xml")
_COLUMNS_MOST = 300
_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_QUOTED = re.compile(r"\"[^\"]*\"|\[[^\]]*\]|\\.")
_DATE_LETTERS = re.compile(r"[dy]", re.IGNORECASE)
_DAY_ZERO = date(1899, 12, 30)
_LAST_DAY = 2_958_465
_WHOLE = re.compile(r"-?\d+(?:\.\d+)?(?:[eE]\+?\d+)?")
_HEADER_CODES = re.compile(r"&(?:\"[^\"]*\"|[A-Z]|\d+)")


def read_workbook(archive: Archive, glance: Glance) -> None:
    strings = Strings()
    styles = Styles()
    sheets = Relations()
    for name, flow in (
        ("xl/sharedStrings.xml", strings),
        ("xl/styles.xml", styles),
        ("xl/workbook.xml", sheets),
        ("xl/_rels/workbook.xml.rels", sheets),
    ):
        if name in archive.names:
            with glance.tolerant():
                for _line in lines_of(archive.chunks(name), flow):
                    pass
    for part in filter(_SHEETS.fullmatch, archive.names):
        with glance.tolerant():
            title = sheets.title(part)
            glance.read([Line(title, "name of a sheet")])
            rows = Rows(f"sheet {glance.safe_name(title)}", strings.all, styles.ways)
            glance.read(lines_of(archive.chunks(part), rows))
    for part in filter(_SPOKEN.fullmatch, archive.names):
        place = "comments" if "omments" in part else "drawings"
        with glance.tolerant():
            glance.read(lines_of(archive.chunks(part), Paragraphs(place, is_numbered=False)))
    read_inside(archive, glance)


class Strings(Flow):
    """The texts that cells refer to by number."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[str] = []
        self._text: list[str] = []
        self._takes_text = False

    def begin(self, name: str, attributes: AttributesImpl) -> None:  # noqa: ARG002 - Flow's
        # <rPh> holds how to pronounce it, in elements of the same name; harmless to read as well.
        self._takes_text = name == "t"

    def characters(self, content: str) -> None:
        if self._takes_text:
            self._text.append(content)

    def end(self, name: str) -> None:
        self._takes_text = False
        if name == "si":
            self.all.append("".join(self._text))
            self._text.clear()


class Styles(Flow):
    """How numbers are shown: as dates, or filled up with zeros."""

    def __init__(self) -> None:
        super().__init__()
        self.ways: list[str] = []
        self._codes: dict[str, str] = {}
        self._is_in_cells = False

    def begin(self, name: str, attributes: AttributesImpl) -> None:
        if name == "numFmt":
            code = attributes.get("formatCode", "")
            self._codes[attributes.get("numFmtId", "")] = _QUOTED.sub("", code)
        elif name == "cellXfs":
            self._is_in_cells = True
        elif name == "xf" and self._is_in_cells:
            self.ways.append(self._way(attributes.get("numFmtId", "0")))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._is_in_cells = False

    def _way(self, number: str) -> str:
        """'date', '0000000000' for filling up, or nothing."""
        code = self._codes.get(number, "")
        is_date = bool(_DATE_LETTERS.search(code)) or (number.isdigit() and int(number) in _DATES)
        if is_date:
            return "date"
        return code if set(code) == {"0"} else ""


class Relations(Flow):
    """Which part is which sheet: the workbook's names, by the ids of its relations."""

    def __init__(self) -> None:
        super().__init__()
        self._names: dict[str, str] = {}
        self._parts: dict[str, str] = {}

    def begin(self, name: str, attributes: AttributesImpl) -> None:
        if name == "sheet":
            ids = [value for key, value in attributes.items() if key.endswith(":id")]
            self._names[ids[0] if ids else ""] = attributes.get("name", "")
        elif name == "Relationship":
            target = attributes.get("Target", "").rpartition("/")[2]
            self._parts[target] = attributes.get("Id", "")

    def title(self, part: str) -> str:
        file = part.rpartition("/")[2]
        return self._names.get(self._parts.get(file, "?"), file.removesuffix(".xml"))


class Rows(Flow):
    """The rows of one sheet, cells parted by tabs and kept in their columns."""

    def __init__(self, place: str, strings: Sequence[str], ways: Sequence[str]) -> None:
        super().__init__()
        self._place = place
        self._strings = strings
        self._ways = ways
        self._cells: list[str] = []
        self._text: list[str] = []
        self._takes_text = False
        self._cell: Mapping[str, str] = {}
        self._number = 0

    def begin(self, name: str, attributes: AttributesImpl) -> None:
        if name == "row":
            given = attributes.get("r", "")
            self._number = int(given) if given.isdecimal() else self._number + 1
            self._cells = []
        elif name == "c":
            self._cell = dict(attributes.items())
            self._text.clear()
        self._takes_text = name in ("v", "t") or name.endswith(("Header", "Footer"))
        if name.endswith(("Header", "Footer")):
            self._text.clear()

    def characters(self, content: str) -> None:
        if self._takes_text:
            self._text.append(content)

    def end(self, name: str) -> None:
        self._takes_text = False
        if name == "c":
            self._put(_column(self._cell.get("r", "")), self._value())
        elif name == "row" and any(self._cells):
            self.lines.append(row(self._cells, f"{self._place}, row {self._number}", self._place))
        elif name.endswith(("Header", "Footer")):
            text = _HEADER_CODES.sub(" ", "".join(self._text))
            self.lines.append(Line(text, f"{self._place}, header or footer"))

    def _put(self, column: int | None, value: str) -> None:
        """Empty cells are left out of the file; their columns are not."""
        if column is not None and len(self._cells) < column < _COLUMNS_MOST:
            self._cells += [""] * (column - len(self._cells))
        if value or len(self._cells) < _COLUMNS_MOST:
            self._cells.append(value)

    def _value(self) -> str:
        text = "".join(self._text).strip()
        if self._cell.get("t") == "s":
            is_known = text.isdecimal() and len(text) < 9 and int(text) < len(self._strings)  # noqa: PLR2004 - a number
            return self._strings[int(text)] if is_known else ""
        if self._cell.get("t") in ("str", "inlineStr", "b", "e") or not _WHOLE.fullmatch(text):
            return text
        style = self._cell.get("s", "")
        is_known = style.isdecimal() and len(style) < 9 and int(style) < len(self._ways)  # noqa: PLR2004 - likewise
        return shown(text, self._ways[int(style)] if is_known else "")


def shown(number: str, way: str) -> str:
    """A number as the sheet shows it: 1.1037E12 has thirteen digits, and a birthday is a date."""
    value = float(number)
    if way == "date" and 0 < value < _LAST_DAY:
        day = _DAY_ZERO + timedelta(days=int(value))
        return f"{day:%d/%m}/{day.year}"
    if value.is_integer() and abs(value) < 1e17:  # noqa: PLR2004 - digits that a float holds
        return str(int(value)).zfill(len(way)) if way != "date" else str(int(value))
    return number


def _column(reference: str) -> int | None:
    """'C5' is column 2, counted from nought."""
    letters = reference.rstrip("0123456789")
    if not letters.isascii() or not letters.isalpha() or len(letters) > 3:  # noqa: PLR2004 - XFD
        return None
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1
