"""One transaction with everything a handler may write in it."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.storage.acknowledgements import SqlAcknowledgements
from bot.storage.breaches import SqlBreaches
from bot.storage.cases import SqlCases
from bot.storage.errands import SqlErrands
from bot.storage.inbox import SqlInboxWindow
from bot.storage.incidents import SqlIncidents
from bot.storage.ledger_store import SqlLedgerWriter
from bot.storage.looks import SqlLooks
from bot.storage.marks import SqlMessageMarks
from bot.storage.outbox import SqlOutbox
from bot.storage.questions import SqlQuestions
from bot.storage.queue import Claimed, Queue
from bot.storage.quiet import QuietUnitOfWork, look
from bot.storage.registry import SqlRegistry
from bot.storage.safe_copies import SqlSafeCopies
from bot.storage.sealing import Sealer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import timedelta
    from uuid import UUID

    from sqlalchemy import Connection

    from bot.domain.events import InboundEvent, Outcome
    from bot.ports import Clock
    from bot.storage.engine import Database
    from bot.storage.keyring import KeyRing, Today


@dataclass(slots=True)
class SqlUnitOfWork:
    """The UnitOfWork of both databases."""

    connection: Connection
    inbox: SqlInboxWindow
    marks: SqlMessageMarks
    registry: SqlRegistry
    incidents: SqlIncidents
    looks: SqlLooks
    questions: SqlQuestions
    copies: SqlSafeCopies
    breaches: SqlBreaches
    cases: SqlCases
    acknowledgements: SqlAcknowledgements
    outbox: SqlOutbox
    errands: SqlErrands
    ledger: SqlLedgerWriter
    queue: Queue
    held: set[str] = field(default_factory=set)

    def lock(self, *keys: str) -> None:
        """SQLite has one writer anyway. On PostgreSQL: advisory locks, gone with the transaction.

        Sorted, so that two workers who need the same two keys cannot wait for each other.
        """
        for key in sorted(set(keys) - self.held):
            self.held.add(key)
            if self.connection.dialect.name == "postgresql":
                self.connection.execute(select(func.pg_advisory_xact_lock(_lock_number(key))))

    def settle(self, claimed: Claimed, outcome: Outcome) -> None:
        self.queue.settle(self.connection, claimed, outcome)

    @property
    def to_tell(self) -> list[UUID]:
        """Outbox rows that can be told once this is committed."""
        return self.outbox.added

    @property
    def to_look(self) -> list[UUID]:
        """Looks that can be begun once this is committed."""
        return self.looks.added


def _lock_number(key: str) -> int:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big", signed=True)


@dataclass(frozen=True, slots=True)
class SqlStore:
    """Opens units of work."""

    database: Database
    keys: KeyRing
    sealer: Sealer
    queue: Queue
    clock: Clock
    push_budget: int
    keeps_evidence: bool = False

    @contextmanager
    def unit_of_work(self) -> Iterator[SqlUnitOfWork]:
        today = self.keys.make_ready()
        with self.database.write() as connection:
            unit = self._unit(connection, today)
            yield unit
            unit.ledger.write()
            unit.incidents.number_cases()

    @contextmanager
    def quiet_work(
        self, events: Sequence[InboundEvent], window: timedelta
    ) -> Iterator[QuietUnitOfWork]:
        """For a batch of which most rows will turn out to change nothing.

        Only read from: while texts are judged, intake can go on writing, on SQLite too.
        """
        self.keys.make_ready()
        with self.database.read() as connection:
            registry = SqlRegistry(connection, self.keys)
            yield look(connection, self.sealer, registry, events, window, self.clock.now())

    def _unit(self, connection: Connection, today: Today) -> SqlUnitOfWork:
        of_incidents = SqlIncidents(
            connection,
            self.keys,
            today,
            self.sealer,
            self.clock,
            keeps_evidence=self.keeps_evidence,
        )
        return SqlUnitOfWork(
            connection=connection,
            inbox=SqlInboxWindow(connection, self.sealer),
            marks=SqlMessageMarks(connection, self.sealer, self.clock),
            registry=SqlRegistry(connection, self.keys),
            incidents=of_incidents,
            cases=SqlCases(connection, of_incidents),
            acknowledgements=SqlAcknowledgements(connection),
            looks=SqlLooks(connection, self.keys, today, self.sealer, self.clock),
            questions=SqlQuestions(connection, self.keys),
            copies=SqlSafeCopies(connection, self.keys, today, self.clock),
            breaches=SqlBreaches(connection),
            outbox=SqlOutbox(connection, self.keys, today, self.clock, self.push_budget),
            errands=SqlErrands(connection, self.clock),
            ledger=SqlLedgerWriter(connection, today),
            queue=self.queue,
        )
