"""A ledger to work on: entries of ours, and the product's own answer to whether it holds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from bot.ledger import stranger
from bot.ledger.entry import EntryKind
from bot.ledger.verify import Audit
from bot.storage.ledger_keys import is_signed
from bot.storage.ledger_reads import LedgerReader
from bot.storage.ledger_sealer import newest_checkpoint, note_of
from bot.storage.tables import ledger_entries
from tests.storage.stage import Stage


def enter(stage: Stage, count: int = 1, *, at: datetime | None = None, by: str = "system") -> None:
    with stage.parts.store.unit_of_work() as uow:
        for number in range(count):
            uow.ledger.append(
                EntryKind.MEMBER_JOINED,
                by=by,
                at=at or stage.clock.now(),
                subject=UUID(int=number),
                facts={"number": number},
            )


def enter_and_seal(stage: Stage, *counts: int) -> None:
    for count in counts:
        enter(stage, count)
        stage.parts.ledger_sealer.seal_all()


def newest_note(stage: Stage) -> str:
    with stage.parts.database.read() as connection:
        row = newest_checkpoint(connection)
        assert row is not None
        return note_of(connection, row)


def audited(stage: Stage, kept: str | None = None) -> Audit:
    with stage.parts.database.snapshot() as connection:
        reader = LedgerReader(connection)
        keys = stranger.Keys(reader.keys(), is_signed)
        kept_ones = [] if kept is None else [keys.checkpoint(kept)]
        audit = Audit(keys, is_signed, reader.checkpoints(), kept_ones)
        audit.walk(reader.leaves())
        audit.end()
    return audit


def faults(stage: Stage, kept: str | None = None) -> list[str]:
    return [str(fault) for fault in audited(stage, kept).faults]


def ids(stage: Stage) -> list[UUID]:
    with stage.parts.database.read() as connection:
        return list(connection.scalars(select(ledger_entries.c.id).order_by(ledger_entries.c.id)))
