"""Composition root: settings in, wired parts out. The only module that names concrete adapters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from bot.clock import SystemClock
from bot.detectors.engine import DetectingReader, detectors_for
from bot.line.inbound import read_event
from bot.mail import Mailer, MailServer
from bot.seeing.isolated import IsolatedLooker
from bot.seeing.limits import Limits
from bot.storage.breaches import BreachReads
from bot.storage.dossier_reads import DossierReads
from bot.storage.engine import Database
from bot.storage.erasures import ErasureList
from bot.storage.errands import ErrandQueue
from bot.storage.evidence import EvidenceDesk
from bot.storage.export_reads import ExportReads
from bot.storage.inbox import InboxUpkeep
from bot.storage.incident_reads import IncidentReads
from bot.storage.intake import Intake
from bot.storage.keyring import KeyRing
from bot.storage.ledger_keys import LedgerKeys
from bot.storage.ledger_sealer import LedgerSealer
from bot.storage.legal_holds import LegalHolds
from bot.storage.look_queue import LookQueue
from bot.storage.published import DocumentKind, PublishedDocuments
from bot.storage.queue import Queue
from bot.storage.retention import Retention
from bot.storage.safe_copies import CopyShelf
from bot.storage.sealing import Sealer
from bot.storage.subjects import Subjects
from bot.storage.tell_queue import TellQueue
from bot.storage.traces import TraceReads
from bot.storage.unit_of_work import SqlStore
from policies.rules import parse_table
from policies.wording import parse_catalogue

if TYPE_CHECKING:
    from bot.ports import Clock, Contents, LineApi, TextReader
    from bot.settings import LookSettings, Settings

HandOn = Callable[[Sequence[UUID]], None]

_SHIPPED = {
    DocumentKind.DECISION_TABLE: "decision_table.toml",
    DocumentKind.WORDING: "wording.toml",
}


@dataclass(frozen=True)
class Parts:
    """What the web, the workers and the command line are made of. Nothing connects before use."""

    settings: Settings
    clock: Clock

    @cached_property
    def database(self) -> Database:
        pool = self.settings.work_threads + self.settings.tell_threads + 4
        return Database(self.settings.database_url, pool)

    @cached_property
    def keys(self) -> KeyRing:
        return KeyRing(self.database, self.clock, *self.settings.master_keys)

    @cached_property
    def sealer(self) -> Sealer:
        return Sealer(self.keys, read_event)

    @cached_property
    def intake(self) -> Intake:
        return Intake(self.database, self.sealer, self.clock)

    @cached_property
    def queue(self) -> Queue:
        return Queue(self.database, self.sealer, self.clock)

    @cached_property
    def inbox_upkeep(self) -> InboxUpkeep:
        return InboxUpkeep(self.database, self.clock)

    @cached_property
    def tell_queue(self) -> TellQueue:
        return TellQueue(
            self.database,
            self.keys,
            self.clock,
            budget=self.settings.push_budget_per_month,
            # Connecting and reading have a time-out each.
            longest_call=2 * timedelta(seconds=self.settings.line_timeout_seconds),
        )

    @cached_property
    def look_queue(self) -> LookQueue:
        return LookQueue(
            self.database,
            self.keys,
            self.sealer,
            self.clock,
            longest_look=timedelta(seconds=self.settings.look_seconds),
        )

    @cached_property
    def copy_shelf(self) -> CopyShelf:
        return CopyShelf(self.database, self.keys, self.clock)

    @cached_property
    def errand_queue(self) -> ErrandQueue:
        return ErrandQueue(self.database, self.clock)

    @cached_property
    def store(self) -> SqlStore:
        return SqlStore(
            self.database,
            self.keys,
            self.sealer,
            self.queue,
            self.clock,
            self.settings.push_budget_per_month,
            keeps_evidence=self.settings.evidence,
        )

    @cached_property
    def evidence_desk(self) -> EvidenceDesk:
        return EvidenceDesk(self.store)

    @cached_property
    def ledger_keys(self) -> LedgerKeys:
        return LedgerKeys(self.database, self.keys, self.clock)

    @cached_property
    def ledger_sealer(self) -> LedgerSealer:
        hospital = self.settings.hospital_name
        return LedgerSealer(self.database, self.ledger_keys, self.clock, hospital)

    @cached_property
    def export_reads(self) -> ExportReads:
        return ExportReads(self.database, self.keys, is_sandbox=self.settings.is_sandbox)

    @cached_property
    def mailer(self) -> Mailer:
        """Connects only when something is sent; where SMTP_HOST is not set, nobody sends."""
        settings = self.settings
        server = MailServer(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_security,
            settings.smtp_user,
            settings.smtp_password,
        )
        return Mailer(server)

    @cached_property
    def breach_reads(self) -> BreachReads:
        return BreachReads(self.database)

    @cached_property
    def incident_reads(self) -> IncidentReads:
        return IncidentReads(self.database, self.keys, self.clock)

    @cached_property
    def traces(self) -> TraceReads:
        return TraceReads(self.database, self.keys)

    @cached_property
    def dossier_reads(self) -> DossierReads:
        return DossierReads(self.database, self.keys, self.export_reads)

    @cached_property
    def erasures(self) -> ErasureList:
        return ErasureList(Path(self.settings.erasures_file), self.clock)

    @cached_property
    def holds(self) -> LegalHolds:
        return LegalHolds(self.store)

    @cached_property
    def subjects(self) -> Subjects:
        return Subjects(self.store, self.erasures)

    @cached_property
    def retention(self) -> Retention:
        return Retention(self.store, self.erasures, self.settings.retention_days)

    @cached_property
    def documents(self) -> PublishedDocuments:
        return PublishedDocuments(self.database, self.clock)

    @cached_property
    def reader(self) -> TextReader:
        return text_reader(self.settings.hn_formats)

    def close_looker(self) -> None:
        """Ends the process that looks, where one was started."""
        if isinstance(looker := self.__dict__.get("looker"), IsolatedLooker):
            looker.close()

    @cached_property
    def looker(self) -> IsolatedLooker:
        return looker_for(self.settings.look, self.settings.hn_formats)

    @cached_property
    def contents(self) -> Contents:
        from bot.line.content import LineContents  # noqa: PLC0415 - only where contents are fetched

        settings = self.settings
        return LineContents(
            settings.line_data_base,
            settings.line_channel_access_token,
            settings.line_timeout_seconds,
            settings.look_max_mb * 1_000_000,
        )

    @cached_property
    def line_api(self) -> LineApi:
        # The SDK is large: only processes that call LINE pay for importing it.
        from bot.line.api import SdkLineApi  # noqa: PLC0415

        settings = self.settings
        return SdkLineApi(
            settings.line_api_base,
            settings.line_channel_access_token,
            settings.line_timeout_seconds,
        )

    def seed_documents(self) -> None:
        """The shipped files are checked at every start, and are version 1 where none is yet."""
        shipped = {kind: _shipped(name) for kind, name in _SHIPPED.items()}
        parse_table(shipped[DocumentKind.DECISION_TABLE], _SHIPPED[DocumentKind.DECISION_TABLE])
        parse_catalogue(shipped[DocumentKind.WORDING], _SHIPPED[DocumentKind.WORDING])
        self.documents.seed(shipped, self.keys.make_ready())


def _shipped(name: str) -> str:
    return files("policies").joinpath(name).read_text(encoding="utf-8")


def text_reader(hn_formats: tuple[str, ...]) -> TextReader:
    return DetectingReader(detectors_for(hn_formats))


def looker_for(look: LookSettings, hn_formats: tuple[str, ...]) -> IsolatedLooker:
    """Starts no process before the first picture. Whoever is done with it closes it."""
    limits = Limits(
        seconds=look.seconds,
        memory_mb=look.memory_mb,
        content_mb=look.max_mb,
        pages=look.pages,
    )
    return IsolatedLooker(limits, hn_formats)


def build(settings: Settings, clock: Clock | None = None) -> Parts:
    return Parts(settings, clock or SystemClock())
