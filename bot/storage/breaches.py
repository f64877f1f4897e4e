"""Breaches. What was written about them stands in the ledger, under their incident."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, or_, select, update

from bot.domain.breaches import AlarmStep, Breach, ClosedAs
from bot.storage.tables import breaches, legal_holds
from bot.storage.upsert import insert_or_ignore

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Connection

    from bot.storage.engine import Database

# Longer than a mail server may take; what it refused is tried again after this.
ALARM_LEASE = timedelta(minutes=2)


class SqlBreaches:
    """In a unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, breach: Breach) -> None:
        self._connection.execute(insert(breaches).values(_values(breach)))

    def save(self, breach: Breach) -> None:
        """All but the alarm, which has a door of its own."""
        values = _values(breach)
        del values["alarmed"]
        self._connection.execute(update(breaches).where(breaches.c.id == breach.id).values(values))

    def hold(self, breach: Breach, reason: str) -> bool:
        statement = insert_or_ignore(self._connection, legal_holds).values(
            incident_id=breach.incident_id,
            reason=reason,
            held_by=breach.declared_by[:200],
            held_at=breach.declared_at,
        )
        held = self._connection.scalar(statement.returning(legal_holds.c.incident_id))
        return held is not None

    def of_incident(self, incident_id: UUID) -> Breach | None:
        row = self._connection.execute(
            select(breaches).where(breaches.c.incident_id == incident_id)
        ).one_or_none()
        return None if row is None else _breach(row._mapping)

    def of_case(self, case_number: str) -> Breach | None:
        """Held until the end: two people who change it do so one after the other."""
        row = self._connection.execute(
            select(breaches).where(breaches.c.case_number == case_number).with_for_update()
        ).one_or_none()
        return None if row is None else _breach(row._mapping)

    def note_alarm(self, breach: Breach, step: AlarmStep) -> None:
        self._connection.execute(
            update(breaches)
            .where(breaches.c.id == breach.id)
            .values(alarmed=step.value, alarm_lease_until=None)
        )


class BreachReads:
    """For the command line, `doctor`, the alarm, and a console."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> Sequence[Breach]:
        """Those whose clock runs first, the most urgent at the top."""
        with self._database.read() as connection:
            rows = connection.execute(select(breaches).order_by(breaches.c.known_at)).all()
        found = [_breach(row._mapping) for row in rows]
        return sorted(found, key=lambda breach: not breach.is_running)

    def running(self) -> Sequence[Breach]:
        with self._database.read() as connection:
            rows = connection.execute(
                select(breaches)
                .where(breaches.c.office_told_at.is_(None), breaches.c.closed_at.is_(None))
                .order_by(breaches.c.known_at)
            ).all()
        return [_breach(row._mapping) for row in rows]

    def by_case(self, case_number: str) -> Breach | None:
        with self._database.read() as connection:
            row = connection.execute(
                select(breaches).where(breaches.c.case_number == case_number)
            ).one_or_none()
        return None if row is None else _breach(row._mapping)

    def claim_alarm(self, breach: Breach, now: datetime) -> bool:
        """True for one process only, until the lease ends: then it died, or the mail did not go.

        A lease further away than any of ours is of a clock that was set back since.
        """
        lease = breaches.c.alarm_lease_until
        is_same = (
            breaches.c.alarmed.is_(None)
            if breach.alarmed is None
            else breaches.c.alarmed == breach.alarmed.value
        )
        is_free = or_(lease.is_(None), lease <= now, lease > now + ALARM_LEASE)
        with self._database.write() as connection:
            claimed = connection.execute(
                update(breaches)
                .where(breaches.c.id == breach.id, is_same, is_free)
                .values(alarm_lease_until=now + ALARM_LEASE)
            )
        return claimed.rowcount == 1


def _values(breach: Breach) -> dict[str, Any]:
    return {field: getattr(breach, field) for field in Breach.__dataclass_fields__}


def _breach(row: Any) -> Breach:  # noqa: ANN401 - a row mapping
    values = {field: row[field] for field in Breach.__dataclass_fields__}
    values["closed_as"] = None if row["closed_as"] is None else ClosedAs(row["closed_as"])
    values["alarmed"] = None if row["alarmed"] is None else AlarmStep(row["alarmed"])
    return Breach(**values)
