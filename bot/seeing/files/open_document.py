"""Documents and sheets of LibreOffice (ODT, ODS, ODP)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.seeing.files.markup import Flow, lines_of
from bot.seeing.files.office import read_inside
from bot.seeing.lines import Line, row

if TYPE_CHECKING:
    from xml.sax.xmlreader import AttributesImpl

    from bot.seeing.files.archive import Archive
    from bot.seeing.glance import Glance


def read_open_document(archive: Archive, glance: Glance) -> None:
    for part in ("content.xml", "styles.xml"):  # headers and footers are kept with the styles
        if part in archive.names:
            with glance.tolerant():
                glance.read(lines_of(archive.chunks(part), _Body()))
    read_inside(archive, glance)


class _Body(Flow):
    _REPEATED_MOST = 50

    def __init__(self) -> None:
        super().__init__()
        self._text: list[str] = []
        self._paragraphs = 0
        self._rows = 0
        self._table = ""
        self._cells: list[str] | None = None
        self._open = 0
        self._repeated = 1

    def begin(self, name: str, attributes: AttributesImpl) -> None:
        if name == "table":
            self._table, self._rows = f"table {attributes.get('table:name', '')}", 0
        elif name == "table-row":
            self._rows += 1
            self._cells = []
        elif name in ("table-cell", "covered-table-cell"):
            given = attributes.get("table:number-columns-repeated", "1")
            is_few = given.isdecimal() and int(given[:9]) <= self._REPEATED_MOST
            self._repeated = int(given) if is_few else 1
        elif name in ("p", "h"):
            self._open += 1
        elif name in ("tab", "s", "line-break"):
            self._text.append(" ")

    def characters(self, content: str) -> None:
        if self._open:
            self._text.append(content)

    def end(self, name: str) -> None:
        if name in ("p", "h"):
            self._open -= 1
            self._end_paragraph()
        elif name == "table-cell" and self._cells is not None:
            self._cells += ["".join(self._text).strip()] * self._repeated
            self._text.clear()
        elif name == "table-row" and self._cells is not None:
            if any(self._cells):
                place = f"table, row {self._rows}"
                self.lines.append(row(self._cells, place, self._table))
            self._cells = None

    def _end_paragraph(self) -> None:
        if self._cells is not None:
            self._text.append(" ")
            return
        text = "".join(self._text).strip()
        self._text.clear()
        if text:
            self._paragraphs += 1
            self.lines.append(Line(text, f"paragraph {self._paragraphs}"))
