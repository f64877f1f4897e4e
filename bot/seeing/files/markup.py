"""XML as it streams by: no tree is built; document types, of which bombs are made, are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.handler import ContentHandler

from defusedxml.expatreader import DefusedExpatParser

from bot.domain.sights import Unseen
from bot.seeing.glance import CannotSeeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from xml.sax.xmlreader import AttributesImpl

    from bot.seeing.lines import Line

_DEEPEST = 300


class Flow(ContentHandler):
    """Gathers lines while the elements pass. Names come without their namespaces' prefixes."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self._depth = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - SAX's name
        self._depth += 1
        if self._depth > _DEEPEST:
            raise CannotSeeError(Unseen.BROKEN)
        self.begin(name.rpartition(":")[2], attrs)

    def endElement(self, name: str) -> None:  # noqa: N802 - SAX's name
        self._depth -= 1
        self.end(name.rpartition(":")[2])

    def begin(self, name: str, attributes: AttributesImpl) -> None: ...

    def end(self, name: str) -> None: ...


def lines_of(chunks: Iterable[bytes], flow: Flow) -> Iterator[Line]:
    """Lines as soon as they are whole, so that of a file that breaks off the beginning counts."""
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(flow)
    for chunk in chunks:
        try:
            parser.feed(chunk)
        finally:
            lines, flow.lines = flow.lines, []
            yield from lines
    parser.close()
    yield from flow.lines
