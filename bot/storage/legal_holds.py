"""Legal holds: an incident is kept for a claim, however old it grows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from bot.errors import UsageError
from bot.ledger.entry import EntryKind
from bot.storage.tables import incidents, legal_holds
from bot.storage.upsert import insert_or_ignore

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Connection

    from bot.storage.unit_of_work import SqlStore, SqlUnitOfWork

_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Hold:
    case: str
    reason: str
    by: str
    at: datetime


class LegalHolds:
    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def set(self, case: str, by: str, why: Mapping[str, Any]) -> None:
        now, reason = self._store.clock.now(), str(why["reason"])[:_LONGEST_REASON]
        with self._store.unit_of_work() as uow:
            incident_id = incident_of(uow.connection, case)
            statement = insert_or_ignore(uow.connection, legal_holds).values(
                incident_id=incident_id, reason=reason, held_by=by[:200], held_at=now
            )
            if uow.connection.scalar(statement.returning(legal_holds.c.incident_id)) is None:
                raise UsageError(f"{case}: is on hold already; nothing was changed")
            self._enter(uow, EntryKind.HOLD_SET, incident_id, by, why)

    def release(self, case: str, by: str, why: Mapping[str, Any]) -> None:
        with self._store.unit_of_work() as uow:
            incident_id = incident_of(uow.connection, case)
            gone = delete(legal_holds).where(legal_holds.c.incident_id == incident_id)
            if not uow.connection.execute(gone).rowcount:
                raise UsageError(f"{case}: is not on hold; nothing was changed")
            self._enter(uow, EntryKind.HOLD_RELEASED, incident_id, by, why)

    def listed(self) -> list[Hold]:
        query = select(incidents.c.case_number, legal_holds).join(
            incidents, incidents.c.id == legal_holds.c.incident_id
        )
        with self._store.database.read() as connection:
            rows = connection.execute(query.order_by(incidents.c.case_number)).all()
        return [Hold(row.case_number, row.reason, row.held_by, row.held_at) for row in rows]

    def _enter(
        self,
        uow: SqlUnitOfWork,
        kind: EntryKind,
        incident_id: UUID,
        by: str,
        why: Mapping[str, Any],
    ) -> None:
        now = self._store.clock.now()
        uow.ledger.append(kind, by=by, at=now, subject=incident_id, facts=why)


def incident_of(connection: Connection, case: str) -> UUID:
    found: UUID | None = connection.scalar(
        select(incidents.c.id).where(incidents.c.case_number == case)
    )
    if found is None:
        raise UsageError(f"no incident has the number '{case}'; nothing was changed")
    return found


def held(connection: Connection, incident_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these are on hold."""
    wanted = legal_holds.c.incident_id.in_(list(incident_ids))
    return set(connection.scalars(select(legal_holds.c.incident_id).where(wanted)))
