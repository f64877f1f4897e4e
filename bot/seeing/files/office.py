"""Word and PowerPoint (DOCX, PPTX): paragraphs, tables, headers, notes, comments, pictures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.domain.sights import Unseen
from bot.seeing.files.markup import Flow, lines_of
from bot.seeing.glance import fingerprint
from bot.seeing.lines import Line, row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.sax.xmlreader import AttributesImpl

    from bot.seeing.files.archive import Archive
    from bot.seeing.glance import Glance

_WORD_PARTS = re.compile(r"word/(document|header|footer|footnotes|endnotes|comments)\d*\.xml")
_WORD_NAMES = {
    "document": "",
    "footnotes": "footnote",
    "endnotes": "endnote",
    "comments": "comment",
}
_SLIDE_PARTS = re.compile(
    r"ppt/(?:(slides)/slide|(notesSlides)/notesSlide|(comments)/\w*?"
    r"|(slideMasters)/slideMaster|(slideLayouts)/slideLayout)(\d+)\.xml"
)
_SLIDE_NAMES = {
    "slides": "slide {}",
    "notesSlides": "notes {}",
    "comments": "comment {}",
    "slideMasters": "master {}",
    "slideLayouts": "layout {}",
}
_INSIDE = re.compile(r"(?:word|ppt|xl)/(?:media|embeddings)/|Pictures/")
_BESIDE = re.compile(
    r"(?:word|ppt|xl)/(?:(?P<diagram>diagrams)/data|(?P<chart>charts)/chart\w*?"
    r"|(?P<pivot>pivotCache)/pivotCache(?:Definition|Records))\d+\.xml"
    r"|docProps/(?P<properties>core|custom)\.xml"
)
_VALUES = ("t", "v", "title", "subject", "description", "keywords", "lpwstr")
_DRAWN_BY_COMMANDS = (".emf", ".wmf", ".emz", ".wmz")
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# Pictures smaller than this are bullets and lines.
_SMALLEST_PICTURE = 700


def read_word(archive: Archive, glance: Glance) -> None:
    for name in sorted(archive.names, key=lambda name: name != "word/document.xml"):
        part = _WORD_PARTS.fullmatch(name)
        if part:
            flow = Paragraphs(_WORD_NAMES.get(part[1], part[1]))
            with glance.tolerant():
                glance.read(lines_of(archive.chunks(name), flow))
    read_inside(archive, glance)


def read_slides(archive: Archive, glance: Glance) -> None:
    for place, name in sorted(_slide_parts(archive)):
        with glance.tolerant():
            glance.read(lines_of(archive.chunks(name), Paragraphs(place, is_numbered=False)))
    read_inside(archive, glance)


def read_inside(archive: Archive, glance: Glance) -> None:
    """What stands beside the text: charts and properties; pictures and files, each once."""
    _read_beside(archive, glance)
    known: set[bytes] = set()
    number = 0
    for name in filter(_INSIDE.match, archive.names):
        with glance.tolerant():
            content = archive.read(name)
            mark = fingerprint(content)
            if mark in known or len(content) < _SMALLEST_PICTURE:
                continue
            known.add(mark)
            number += 1
            if name.lower().endswith(_DRAWN_BY_COMMANDS):
                glance.miss(Unseen.UNKNOWN_FORMAT)
            else:
                kind = "file" if "/embeddings/" in name else "picture"
                glance.file(content, "", glance.place(f"{kind} {number} inside"))


def _read_beside(archive: Archive, glance: Glance) -> None:
    for name in archive.names:
        part = _BESIDE.fullmatch(name)
        if part:
            kind = part.lastgroup or ""
            is_prose = kind == "diagram"
            flow = Paragraphs(kind, is_numbered=False) if is_prose else _Values(kind)
            with glance.tolerant():
                glance.read(lines_of(archive.chunks(name), flow))


class _Values(Flow):
    """Each value a line, behind the name of its field: a chart and a pivot keep copies of cells,
    also of those that were deleted since."""

    def __init__(self, place: str) -> None:
        super().__init__()
        self._place = place
        self._field = ""
        self._text: list[str] | None = None

    def begin(self, name: str, attributes: AttributesImpl) -> None:
        if name in ("cacheField", "property"):
            self._field = attributes.get("name", "")
        if "v" in attributes:
            self._tell(attributes["v"])
        self._text = [] if name in _VALUES else None

    def characters(self, content: str) -> None:
        if self._text is not None:
            self._text.append(content)

    def end(self, name: str) -> None:
        if self._text is not None:
            self._tell("".join(self._text))
        self._text = None
        if name in ("cacheField", "property"):
            self._field = ""

    def _tell(self, value: str) -> None:
        if value.strip():
            self.lines.append(Line(f"{self._field} {value}".strip(), self._place))


def _slide_parts(archive: Archive) -> Iterator[tuple[str, str]]:
    for name in archive.names:
        part = _SLIDE_PARTS.fullmatch(name)
        if part:
            room = next(filter(None, part.groups()[:-1]))
            yield _SLIDE_NAMES[room].format(part[part.lastindex or 0]), name


class Paragraphs(Flow):
    """Word's and PowerPoint's elements have the same local names: p, t, tab, br; tbl, tr, tc.

    A row of a table is one line. Deleted text of tracked changes is in the file, so it counts."""

    def __init__(self, place: str, *, is_numbered: bool = True) -> None:
        super().__init__()
        self._place = place
        self._is_numbered = is_numbered
        self._text: list[str] = []
        self._takes_text = False
        self._skipping = 0
        self._paragraphs = 0
        self._tables = 0
        self._row_number = 0
        self._rows: list[_Row] = []

    def begin(self, name: str, attributes: AttributesImpl) -> None:  # noqa: ARG002 - Flow's
        if name == "Fallback" or self._skipping:
            # The same text box again, for older programs.
            self._skipping += 1
        elif name in ("t", "delText", "text"):
            self._takes_text = True
        elif name in _BREAKS:
            self._text.append(_BREAKS[name])
        elif name == "tbl":
            self._tables += 1
            self._row_number = 0
        elif name == "tr":
            self._flush()
            self._rows.append(_Row())
        elif name == "tc" and self._rows:
            self._rows[-1].cells.append("")

    def characters(self, content: str) -> None:
        if self._takes_text and not self._skipping:
            self._text.append(content)

    def end(self, name: str) -> None:
        if self._skipping:
            self._skipping -= 1
        elif name in ("t", "delText", "text"):
            self._takes_text = False
        elif name in ("p", "cm", "comment", "threadedComment"):
            self._flush()
        elif name == "tr" and self._rows:
            self._end_row()

    def _flush(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        if self._rows and self._rows[-1].cells:
            cells = self._rows[-1].cells
            cells[-1] = f"{cells[-1]} {text}".strip().replace("\n", " ")
        elif text.strip():
            self._paragraphs += 1
            self.lines += [Line(part, self._words("paragraph")) for part in text.split("\n")]

    def _end_row(self) -> None:
        self._flush()
        ended = self._rows.pop()
        self._row_number += 1
        table = f"{self._place} table {self._tables}"
        self.lines.append(row(ended.cells, self._words("table"), table))

    def _words(self, kind: str) -> str:
        words = f"paragraph {self._paragraphs}"
        if kind == "table":
            words = f"table {self._tables}, row {self._row_number}"
        return ", ".join(filter(None, (self._place, words))) if self._is_numbered else self._place


class _Row:
    """The row that is being read; tables may stand in cells of tables."""

    def __init__(self) -> None:
        self.cells: list[str] = []
