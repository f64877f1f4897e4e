"""Text in its simple forms: TXT, CSV, JSON, XML, HTML, RTF, and what hospitals' systems export."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from itertools import islice
from typing import TYPE_CHECKING

from bot.domain.sights import Unseen
from bot.seeing.files.decoding import decoded
from bot.seeing.files.markup import Flow, lines_of
from bot.seeing.lines import Line, line_of, row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.sax.xmlreader import AttributesImpl

    from bot.seeing.glance import Glance

_SEPARATORS = "\t,;|"
_ROWS_TO_JUDGE_BY = 5
_LONGEST_CELL = 1_000_000
_LEAVES_OF_A_LINE = 12


def read_text(content: bytes, glance: Glance) -> None:
    text = decoded(content)
    separator = _separator(text)
    glance.read(_rows(text, separator) if separator else _lines(text))


def _lines(text: str) -> Iterator[Line]:
    # HL7 v2 ends its segments with a carriage return alone.
    for number, line in enumerate(text.splitlines(), 1):
        yield Line(line, f"line {number}")


def _separator(text: str) -> str:
    """What parts the cells, where the first lines all have as many of it."""
    head = text[:20_000].splitlines()
    lines = list(islice((line for line in head if line.strip()), _ROWS_TO_JUDGE_BY))
    if len(lines) < 2 or lines[0].startswith("MSH"):  # noqa: PLR2004 - a heading and a row
        return ""
    for separator in _SEPARATORS:
        counts = {line.count(separator) for line in lines if '"' not in line}
        if len(counts) == 1 and counts.pop() > 0:
            return separator
    return ""


def _rows(text: str, separator: str) -> Iterator[Line]:
    csv.field_size_limit(_LONGEST_CELL)
    rows = csv.reader(text.splitlines(keepends=True), delimiter=separator)
    for number, cells in enumerate(rows, 1):
        yield row(cells, f"row {number}", "rows")


# --- JSON -----------------------------------------------------------------------------------


def read_json(content: bytes, glance: Glance) -> None:
    """What stands together in one object stands in one line: 'type HN, value 6500123'."""
    glance.read(_of_json(json.loads(decoded(content)), "", "object"))


def _of_json(value: object, name: str, place: str) -> Iterator[Line]:
    leaves = list(islice(_leaves(value, name), _LEAVES_OF_A_LINE + 1))
    if len(leaves) <= _LEAVES_OF_A_LINE:
        yield Line(", ".join(leaves), place)
        return
    for number, (key, part) in enumerate(_parts(value, name), 1):
        yield from _of_json(part, key, f"{place}.{number}")


def _leaves(value: object, name: str) -> Iterator[str]:
    if not isinstance(value, dict | list):
        yield f"{name}: {value}"
        return
    for key, part in _parts(value, name):
        yield from _leaves(part, key)


def _parts(value: object, name: str) -> list[tuple[str, object]]:
    if isinstance(value, dict):
        return [(str(key), part) for key, part in value.items()]
    return [(name, part) for part in value] if isinstance(value, list) else [(name, value)]


# --- XML ------------------------------------------------------------------------------------


def read_xml(content: bytes, glance: Glance) -> None:
    glance.read(lines_of([content], _Elements()))


class _Elements(Flow):
    """Names, attributes and texts in the order of the file; a line for each element that holds
    nothing but leaves, which is how a row or a patient is mostly written."""

    def __init__(self) -> None:
        super().__init__()
        self._words: list[str] = []
        self._is_leaf = True
        self._number = 0

    def begin(self, name: str, attributes: AttributesImpl) -> None:
        self._words.append(name)
        self._words += [v if k == "value" else f"{k}: {v}" for k, v in attributes.items()]
        self._is_leaf = True

    def characters(self, content: str) -> None:
        self._words.append(content.strip())

    def end(self, name: str) -> None:  # noqa: ARG002 - Flow's
        if self._is_leaf:
            self._words.append(",")
        else:
            self._flush()
        self._is_leaf = False

    def endDocument(self) -> None:  # noqa: N802 - SAX's name
        self._flush()

    def _flush(self) -> None:
        self._number += 1
        text = " ".join(filter(None, self._words)).replace(" ,", ",")
        self.lines.append(Line(text, f"element {self._number}"))
        self._words.clear()


# --- HTML -----------------------------------------------------------------------------------


def read_html(content: bytes, glance: Glance) -> None:
    """Also what many systems export as '.xls': a table in HTML."""
    page = _Page()
    page.feed(decoded(content))
    page.close()
    glance.read(page.lines())


class _Page(HTMLParser):
    _HIDDEN = frozenset(("script", "style", "template"))
    _SHOWN = frozenset(("alt", "value", "title"))
    _CELLS = frozenset(("td", "th"))
    _BLOCKS = frozenset(
        (
            "p",
            "div",
            "br",
            "li",
            "tr",
            "table",
            "h1",
            "h2",
            "h3",
            "h4",
            "title",
            "option",
            "dd",
            "dt",
        )
    )

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._parts += [
            f" {value} " for key, value in attrs if key in ("alt", "value", "title") and value
        ]
        if tag in self._HIDDEN:
            self._hidden += 1
        elif tag in self._BLOCKS:
            self._parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in self._CELLS:
            self._parts.append("\t")
        elif tag in self._BLOCKS:
            self._parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._parts.append(re.sub(r"\s+", " ", data))

    def lines(self) -> Iterator[Line]:
        number = 0
        for text in "".join(self._parts).split("\n"):
            if text.strip():
                number += 1
                yield line_of(text, f"line {number}")


# --- RTF ------------------------------------------------------------------------------------

_RTF = re.compile(
    r"""\\'([0-9a-fA-F]{2})               # a byte of the code page
    |\\u(-?\d{1,6})\ ?(?:\\'[0-9a-fA-F]{2}|\?)?   # a character, and what stands in for it
    |\\([a-z]+)(-?\d{1,10})?\ ?        # a word of the format
    |\\([^a-z])                        # a sign
    |([{}])
    |[\r\n]+
    |([^\\{}\r\n]+)""",
    re.VERBOSE,
)
_RTF_SAYS = {"par": "\n", "line": "\n", "row": "\n", "cell": "\t", "tab": "\t", "sect": "\n"}
_RTF_SILENT = frozenset(
    (
        "fonttbl",
        "colortbl",
        "stylesheet",
        "pict",
        "themedata",
        "datastore",
        "listtable",
        "listoverridetable",
        "latentstyles",
        "rsidtbl",
        "generator",
        "fldinst",
        "objdata",
    )
)


def read_rtf(content: bytes, glance: Glance) -> None:
    if b"\\pict" in content or b"\\objdata" in content:
        glance.miss(Unseen.UNKNOWN_FORMAT)
    lines = enumerate(_rtf_text(content.decode("latin-1")).split("\n"), 1)
    glance.read(line_of(text, f"line {number}") for number, text in lines)


def _rtf_text(source: str) -> str:
    parts: list[bytes] = []
    silent_from = 0
    depth = 0
    for token in _RTF.finditer(source):
        byte, code, word, _number, sign, brace, text = token.groups()
        if brace:
            depth += 1 if brace == "{" else -1
            silent_from = 0 if depth < silent_from else silent_from
        elif silent_from:
            continue
        elif word in _RTF_SILENT or sign == "*":
            silent_from = max(depth, 1)
        elif byte:
            parts.append(bytes.fromhex(byte).decode("cp874", "replace").encode())
        elif code:
            parts.append(chr(int(code) % 0x10000).encode("utf-8", "replace"))
        elif word:
            parts.append(_RTF_SAYS.get(word, "").encode())
        else:
            parts.append((text or sign or "").encode())
    return b"".join(parts).decode("utf-8", "replace")
