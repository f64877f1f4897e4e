"""The decision table and the catalogue in force, looked up again every few seconds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.storage.published import DocumentKind
from policies.rules import DecisionTable, parse_table
from policies.wording import Catalogue, parse_catalogue

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.ports import Clock
    from bot.storage.published import Document, PublishedDocuments

T = TypeVar("T")

# A newly published version reaches every process within this time.
FRESH_FOR = timedelta(seconds=5)


class PolicyOfTheDay:
    def __init__(self, documents: PublishedDocuments, clock: Clock) -> None:
        self._table = _Kept(documents, clock, DocumentKind.DECISION_TABLE, _parsed_table)
        self._catalogue = _Kept(documents, clock, DocumentKind.WORDING, _parsed_catalogue)

    def check(self) -> None:
        """Called at start: a broken document stops it, and says which line is wrong."""
        self.table()
        self.catalogue()

    def table(self) -> DecisionTable:
        return self._table.current()

    def catalogue(self) -> Catalogue:
        return self._catalogue.current()


class _Kept(Generic[T]):
    """One published document, parsed once for each version."""

    def __init__(
        self,
        documents: PublishedDocuments,
        clock: Clock,
        kind: DocumentKind,
        parse: Callable[[Document], T],
    ) -> None:
        self._documents = documents
        self._clock = clock
        self._kind = kind
        self._parse = parse
        self._lock = Lock()
        self._version: int | None = None
        self._value: T | None = None
        self._looked_at: datetime | None = None

    def current(self) -> T:
        with self._lock:
            now = self._clock.now()
            if self._looked_at is None or not self._looked_at <= now < self._looked_at + FRESH_FOR:
                self._look(now)
            if self._value is None:
                msg = "a document was looked up and is not there"
                raise LookupError(msg)
            return self._value

    def _look(self, now: datetime) -> None:
        document = self._documents.current(self._kind)
        if document.version != self._version:
            self._value, self._version = self._parse(document), document.version
        self._looked_at = now


def _parsed_table(document: Document) -> DecisionTable:
    """A decision names the published version that made it, whatever the file calls itself."""
    table = parse_table(document.body, f"decision table, version {document.version}")
    return replace(table, version=document.version)


def _parsed_catalogue(document: Document) -> Catalogue:
    catalogue = parse_catalogue(document.body, f"wording, version {document.version}")
    return replace(catalogue, version=document.version)
