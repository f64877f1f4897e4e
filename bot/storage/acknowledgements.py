"""Requests to tap 'รับทราบ', and who tapped when."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from bot.domain.acknowledgements import Acknowledged, AcknowledgementRequest
from bot.storage.tables import acknowledgement_requests, acknowledgements, disclosures
from bot.storage.upsert import insert_or_ignore

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime, timedelta
    from uuid import UUID

    from sqlalchemy import Connection

_FIELDS = tuple(AcknowledgementRequest.__dataclass_fields__)


class SqlAcknowledgements:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_burst(
        self, group_id: UUID, person_id: UUID | None, at: datetime, span: timedelta
    ) -> AcknowledgementRequest | None:
        columns = acknowledgement_requests.c
        return self._one(
            columns.group_id == group_id,
            columns.person_id == person_id,
            columns.last_at >= at - span,
            columns.first_at <= at + span,
        )

    def by_token(self, token: str) -> AcknowledgementRequest | None:
        return self._one(acknowledgement_requests.c.token == token)

    def add(self, request: AcknowledgementRequest) -> None:
        values = {field: getattr(request, field) for field in _FIELDS}
        self._connection.execute(insert(acknowledgement_requests).values(values))

    def attach(self, request: AcknowledgementRequest, disclosure_id: UUID, at: datetime) -> None:
        """The disclosure is one of those that are asked about."""
        self._connection.execute(
            update(disclosures)
            .where(disclosures.c.id == disclosure_id)
            .values(acknowledgement_id=request.id)
        )
        self._connection.execute(
            update(acknowledgement_requests)
            .where(acknowledgement_requests.c.id == request.id)
            .values(first_at=min(request.first_at, at), last_at=max(request.last_at, at))
        )

    def note(self, request: AcknowledgementRequest, tapped: Acknowledged) -> bool:
        """False when this person had tapped before."""
        statement = insert_or_ignore(self._connection, acknowledgements).values(
            request_id=request.id, person_id=tapped.person_id, at=tapped.at
        )
        returned = statement.returning(acknowledgements.c.person_id)
        return self._connection.scalar(returned) is not None

    def _one(self, *conditions: Any) -> AcknowledgementRequest | None:  # noqa: ANN401 - SQL
        row = self._connection.execute(
            select(acknowledgement_requests)
            .where(*conditions)
            .order_by(acknowledgement_requests.c.last_at.desc())
            .limit(1)
        ).one_or_none()
        if row is None:
            return None
        return AcknowledgementRequest(**{field: row._mapping[field] for field in _FIELDS})


def taps_of(
    connection: Connection, request_ids: Collection[UUID]
) -> dict[UUID, tuple[Acknowledged, ...]]:
    found: dict[UUID, list[Acknowledged]] = defaultdict(list)
    if request_ids:
        rows = connection.execute(
            select(acknowledgements)
            .where(acknowledgements.c.request_id.in_(list(request_ids)))
            .order_by(acknowledgements.c.at)
        )
        for row in rows:
            found[row.request_id].append(Acknowledged(row.person_id, row.at))
    return {request_id: tuple(found[request_id]) for request_id in request_ids}
