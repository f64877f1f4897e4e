"""How sealed originals are opened: requested, approved by somebody else, opened once."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from bot.domain.evidence import EvidenceRequest, Original, Role, Signature
from bot.domain.ids import new_id
from bot.errors import UsageError
from bot.ledger.entry import EntryKind
from bot.storage.evidence_rows import opened_original
from bot.storage.legal_holds import incident_of
from bot.storage.tables import evidence, evidence_requests, incident_messages, incidents

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection, Select

    from bot.storage.keyring import KeyRing
    from bot.storage.types import AnyRow
    from bot.storage.unit_of_work import SqlStore, SqlUnitOfWork

# Without what is easily mistaken on paper; a code names a request and guards nothing.
_CODE_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CODE_LENGTH = 6


class EvidenceDesk:
    """Request, approval, opening: each an entry."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def request(self, case: str, by: Signature, reason: str) -> EvidenceRequest:
        now = self._store.clock.now()
        code = "".join(secrets.choice(_CODE_SIGNS) for _ in range(_CODE_LENGTH))
        with self._store.unit_of_work() as uow:
            incident_id = incident_of(uow.connection, case)
            if not _count(uow.connection, incident_id):
                raise UsageError(f"{case}: no original is sealed; nothing was requested")
            wanted = EvidenceRequest(new_id(), code, incident_id, case, reason, by, now)
            uow.connection.execute(insert(evidence_requests).values(_values(wanted)))
            facts = {"reason": reason, "code": code}
            self._enter(uow, EntryKind.EVIDENCE_REQUESTED, wanted, by, facts)
        return wanted

    def approve(self, code: str, by: Signature) -> EvidenceRequest:
        now = self._store.clock.now()
        with self._store.unit_of_work() as uow:
            wanted = _one(uow.connection, code)
            wanted.check_approval(by, now)
            values = {
                "approved_by": by.name,
                "approved_role": by.role.value,
                "approved_account": by.account,
                "approved_at": now,
            }
            _change(uow.connection, wanted, values)
            facts = {"code": code, "same_account": by.account == wanted.requested.account}
            self._enter(uow, EntryKind.EVIDENCE_APPROVED, wanted, by, facts)
        return wanted

    def open(self, code: str, name: str, account: str) -> list[Original]:
        """On record before anybody sees it: what is given back was committed as opened."""
        now = self._store.clock.now()
        with self._store.unit_of_work() as uow:
            wanted = _one(uow.connection, code)
            wanted.check_opening(name, account, now)
            found = _originals(uow.connection, self._store.keys, wanted.incident_id)
            if not found:
                raise UsageError(
                    f"{code}: the messages were taken back, and the originals with them"
                )
            _change(uow.connection, wanted, {"opened_at": now})
            facts = {"code": code, "reason": wanted.reason, "messages": len(found)}
            self._enter(uow, EntryKind.EVIDENCE_OPENED, wanted, wanted.requested, facts)
        return found

    def listed(self) -> list[EvidenceRequest]:
        newest = _requests().order_by(evidence_requests.c.requested_at.desc())
        with self._store.database.read() as connection:
            return [_request(row) for row in connection.execute(newest)]

    def _enter(
        self,
        uow: SqlUnitOfWork,
        kind: EntryKind,
        wanted: EvidenceRequest,
        by: Signature,
        facts: dict[str, Any],
    ) -> None:
        uow.ledger.append(
            kind,
            by=f"operator:{by.name}",
            at=self._store.clock.now(),
            subject=wanted.incident_id,
            facts={**facts, "role": by.role.value, "account": by.account},
        )


def _of(incident_id: UUID) -> Select[Any]:
    query = select(
        evidence,
        incident_messages.c.id,
        incident_messages.c.occurred_at,
        incident_messages.c.labels,
    ).join(incident_messages, incident_messages.c.id == evidence.c.incident_message_id)
    return query.where(incident_messages.c.incident_id == incident_id)


def _count(connection: Connection, incident_id: UUID) -> int:
    return connection.scalar(select(func.count()).select_from(_of(incident_id).subquery())) or 0


def _originals(connection: Connection, keys: KeyRing, incident_id: UUID) -> list[Original]:
    rows = connection.execute(_of(incident_id).order_by(incident_messages.c.occurred_at))
    return [
        Original(row.occurred_at, row.labels, opened_original(connection, keys, row))
        for row in rows
    ]


def _requests() -> Select[Any]:
    return select(evidence_requests, incidents.c.case_number).join(
        incidents, incidents.c.id == evidence_requests.c.incident_id
    )


def _one(connection: Connection, code: str) -> EvidenceRequest:
    """Held until the end: two who approve or open at once do so one after the other."""
    wanted = _requests().where(evidence_requests.c.code == code.strip().upper())
    row = connection.execute(wanted.with_for_update(of=evidence_requests)).one_or_none()
    if row is None:
        raise UsageError(f"there is no request '{code}'; 'evidence list' shows them")
    return _request(row)


def _change(connection: Connection, wanted: EvidenceRequest, values: dict[str, Any]) -> None:
    is_it = evidence_requests.c.id == wanted.id
    connection.execute(update(evidence_requests).where(is_it).values(values))


def _values(wanted: EvidenceRequest) -> dict[str, Any]:
    return {
        "id": wanted.id,
        "code": wanted.code,
        "incident_id": wanted.incident_id,
        "reason": wanted.reason,
        "requested_by": wanted.requested.name,
        "requested_role": wanted.requested.role.value,
        "requested_account": wanted.requested.account,
        "requested_at": wanted.requested_at,
    }


def _request(row: AnyRow) -> EvidenceRequest:
    requested = Signature(row.requested_by, Role(row.requested_role), row.requested_account)
    approved = (
        None
        if row.approved_at is None
        else Signature(row.approved_by, Role(row.approved_role), row.approved_account)
    )
    return EvidenceRequest(
        id=row.id,
        code=row.code,
        incident_id=row.incident_id,
        case=row.case_number,
        reason=row.reason,
        requested=requested,
        requested_at=row.requested_at,
        approved=approved,
        approved_at=row.approved_at,
        opened_at=row.opened_at,
    )
