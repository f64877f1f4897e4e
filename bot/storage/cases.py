"""What people make of an incident. What they write is sealed with the incident's own key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.domain.cases import Case, CaseState
from bot.storage.tables import cases
from bot.storage.upsert import insert_into

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from bot.storage.incidents import SqlIncidents
    from bot.storage.types import AnyRow


class SqlCases:
    def __init__(self, connection: Connection, incidents: SqlIncidents) -> None:
        self._connection = connection
        self._incidents = incidents

    def of(self, incident_id: UUID) -> Case:
        """One that nobody has looked at yet is new."""
        row = self._connection.execute(
            select(cases).where(cases.c.incident_id == incident_id)
        ).one_or_none()
        return Case(incident_id) if row is None else self._case(row)

    def save(self, case: Case) -> None:
        # In this order: what has to be sealed may need a new key, which is made with it.
        cause = self._incidents.sealed_note(case.incident_id, case.cause, b"cases.cause")
        action = self._incidents.sealed_note(case.incident_id, case.action, b"cases.action")
        values = {
            "state": case.state.value,
            "severity": case.severity,
            "assignee": case.assignee,
            "due_at": case.due_at,
            "cause_sealed": cause,
            "action_sealed": action,
            "changed_at": case.changed_at,
        }
        statement = insert_into(self._connection, cases).values(
            incident_id=case.incident_id, **values
        )
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["incident_id"], set_=values)
        )

    def _case(self, row: AnyRow) -> Case:
        opened = self._incidents.opened_note
        return Case(
            incident_id=row.incident_id,
            state=CaseState(row.state),
            severity=row.severity,
            assignee=row.assignee,
            due_at=row.due_at,
            cause=opened(row.incident_id, row.cause_sealed, b"cases.cause"),
            action=opened(row.incident_id, row.action_sealed, b"cases.action"),
            changed_at=row.changed_at,
        )


def case_without_notes(row: AnyRow) -> Case:
    """For lists: what people wrote stays sealed."""
    return Case(
        incident_id=row.id,
        state=CaseState(row.state) if row.state else CaseState.NEW,
        severity=row.severity,
        assignee=row.assignee or "",
        due_at=row.due_at,
        changed_at=row.changed_at,
    )
