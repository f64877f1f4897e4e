"""The decision table and the catalogue in force, looked up again every few seconds."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from datetime import timedelta
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

from bot import log
from bot.errors import PolicyError
from bot.storage.published import DocumentKind
from policies import SHIPPED_WORDING
from policies.rules import DecisionTable, parse_table
from policies.wording import Catalogue, parse_catalogue

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.ports import Clock
    from bot.storage.published import Document, PublishedDocuments

logger = logging.getLogger("wongraksa.policy")

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

    def trouble(self) -> list[str]:
        """What is wrong with a version that should be in force and is not, for those in charge."""
        return [kept.trouble for kept in (self._table, self._catalogue) if kept.trouble]

    def table(self) -> DecisionTable:
        return self._table.current()

    def catalogue(self) -> Catalogue:
        return self._catalogue.current()


class _Kept(Generic[T]):
    """One published document, parsed once for each version.

    A broken version that is published later must not stop the work: the last good one stays.
    """

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
        self.trouble = ""

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
            self._take(document)
        self._looked_at = now

    def _take(self, document: Document) -> None:
        try:
            self._value, self.trouble = self._parse(document), ""
        except Exception as error:
            if self._value is None:
                raise
            self.trouble = str(error) if isinstance(error, PolicyError) else log.place_of(error)
            logger.error(  # noqa: TRY400 - places only
                log.line("document.broken", kind=document.kind, at=_place_in(document, error))
            )
        self._version = document.version


def _place_in(document: Document, error: Exception) -> str:
    """'version 7, line 12', without what stands there."""
    if not isinstance(error, PolicyError):
        return f"version {document.version}, {log.place_of(error)}"
    found = re.search(r", line \d+", str(error))
    return f"version {document.version}{found[0] if found else ''}"


def _parsed_table(document: Document) -> DecisionTable:
    """A decision names the published version that made it, whatever the file calls itself."""
    table = parse_table(document.body, f"decision table, version {document.version}")
    return replace(table, version=document.version)


@cache
def shipped_catalogue() -> Catalogue:
    return parse_catalogue(SHIPPED_WORDING.read_text(encoding="utf-8"), SHIPPED_WORDING.name)


def _parsed_catalogue(document: Document) -> Catalogue:
    """A version that the hospital published before an update lacks what the update can say."""
    name = f"wording, version {document.version}"
    catalogue = parse_catalogue(document.body, name, shipped_catalogue())
    return replace(catalogue, version=document.version)
