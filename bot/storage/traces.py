"""Follows a patient, a sender, a recipient or a group through incidents and disclosures."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, select, true

from bot.domain.exports import RecordKind
from bot.domain.findings import Label
from bot.domain.incidents import Basis, Standing
from bot.domain.patient_numbers import one_spelling, with_and_without_zeros
from bot.domain.traces import Followed, Posting, Trace
from bot.storage.acknowledgements import taps_of
from bot.storage.audiences import Asked, audiences
from bot.storage.keyring import KeyKind, keyed_hash
from bot.storage.registry import SqlRegistry
from bot.storage.tables import (
    disclosures,
    groups,
    identifier_tokens,
    incident_messages,
    incidents,
    members,
    people,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from uuid import UUID

    from sqlalchemy import Connection, Table

    from bot.domain.acknowledgements import Acknowledged
    from bot.domain.exports import Period
    from bot.domain.incidents import PatientNumber
    from bot.storage.engine import Database
    from bot.storage.keyring import KeyRing
    from bot.storage.types import AnyRow


class TraceReads:
    """`with_restricted`: also what is hidden from ordinary lists at its subject's request."""

    def __init__(self, database: Database, keys: KeyRing, *, with_restricted: bool = False) -> None:
        self._database = database
        self._keys = keys
        self._with_restricted = with_restricted

    def _listed(self, table: Table) -> Any:  # noqa: ANN401 - an SQL expression
        return true() if self._with_restricted else table.c.restricted_at.is_(None)

    def of_patient(self, number: PatientNumber, period: Period, limit: int) -> Followed:
        """In this spelling only: for what may be given away or erased."""
        spelt = one_spelling(number)
        return self._of_numbers((spelt,) if spelt else (), period, limit)

    def of_patient_as_written(self, number: PatientNumber, period: Period, limit: int) -> Followed:
        """An HN with and without the zeros before it."""
        return self._of_numbers(with_and_without_zeros(number), period, limit)

    def _of_numbers(self, numbers: Sequence[PatientNumber], period: Period, limit: int) -> Followed:
        """Every version of the pepper is tried: a number hashed years ago is found as well."""
        self._keys.make_ready()
        with self._database.read() as connection:
            tokens = self._tokens(connection, numbers)
            flagged = [row.incident_message_id for row in tokens if row.incident_message_id]
            disclosed = [row.disclosure_id for row in tokens if row.disclosure_id]
            found = [
                *_incidents_of_messages(
                    connection, flagged, self._listed(incidents), period, limit
                ),
                *_disclosures(
                    connection,
                    and_(disclosures.c.id.in_(disclosed), self._listed(disclosures)),
                    period,
                    limit,
                ),
            ]
            return self._followed(connection, found, limit)

    def of_sender(self, person_id: UUID, period: Period, limit: int) -> Followed:
        return self._of_column("person_id", (person_id,), period, limit)

    def of_group(self, group_id: UUID, period: Period, limit: int) -> Followed:
        return self._of_column("group_id", (group_id,), period, limit)

    def of_recipient(self, person_id: UUID, period: Period, limit: int) -> Followed:
        """Of all groups where this person is or was known to be: what they could read there."""
        with self._database.read() as connection:
            of_person = select(members.c.group_id).where(members.c.person_id == person_id)
            group_ids = connection.scalars(of_person).all()
        found = self._of_column("group_id", group_ids, period, limit)
        seen = tuple(trace for trace in found.traces if trace.could_be_read_by(person_id))
        return replace(found, traces=seen)

    def _of_column(
        self, column: str, ids: Collection[UUID], period: Period, limit: int
    ) -> Followed:
        self._keys.make_ready()
        with self._database.read() as connection:
            found = [
                trace
                for table, read in ((incidents, _incidents), (disclosures, _disclosures))
                for trace in read(
                    connection, and_(table.c[column].in_(ids), self._listed(table)), period, limit
                )
            ]
            return self._followed(connection, found, limit)

    def _tokens(self, connection: Connection, numbers: Sequence[PatientNumber]) -> Sequence[AnyRow]:
        digests = [
            keyed_hash(pepper.value, number.label.value, number.value)
            for number in numbers
            for pepper in self._keys.all_of(KeyKind.PEPPER)
        ]
        columns = identifier_tokens.c
        query = select(columns.incident_message_id, columns.disclosure_id)
        return connection.execute(query.where(columns.digest.in_(digests))).all()

    def _followed(self, connection: Connection, found: list[Trace], limit: int) -> Followed:
        newest = sorted(found, key=lambda trace: (trace.at, trace.id), reverse=True)
        traces = _with_audiences(connection, newest[:limit])
        person_ids = frozenset().union(*(trace.person_ids for trace in traces))
        group_ids = {trace.group_id for trace in traces if trace.group_id is not None}
        return Followed(
            traces=tuple(traces),
            is_cut=len(newest) > limit,
            people=self._names(connection, people, person_ids),
            groups=self._names(connection, groups, group_ids),
        )

    def _names(
        self, connection: Connection, table: Table, ids: Collection[UUID]
    ) -> dict[UUID, str]:
        if not ids:
            return {}
        rows = connection.execute(select(table).where(table.c.id.in_(list(ids))))
        registry = SqlRegistry(connection, self._keys)
        opened = registry.group_of if table is groups else registry.person_of
        return {row.id: opened(row).name for row in rows}


def _with_audiences(connection: Connection, traces: Sequence[Trace]) -> list[Trace]:
    asked = [Asked(trace.roster_id, trace.sender_id, trace.stood) for trace in traces]
    found = audiences(connection, asked)
    taps = taps_of(connection, {one for trace in traces if (one := trace.acknowledgement_id)})
    return [
        replace(trace, audience=one, acknowledged=_taps(trace, taps))
        for trace, one in zip(traces, found, strict=True)
    ]


def _taps(trace: Trace, taps: Mapping[UUID, tuple[Acknowledged, ...]]) -> tuple[Acknowledged, ...]:
    return taps[trace.acknowledgement_id] if trace.acknowledgement_id else ()


def _incidents(
    connection: Connection,
    condition: Any,  # noqa: ANN401 - an SQL expression
    period: Period,
    limit: int,
) -> list[Trace]:
    time = incidents.c.opened_at
    rows = connection.execute(
        select(incidents)
        .where(condition, time >= period.start, time < period.end)
        .order_by(time.desc())
        .limit(limit + 1)
    ).all()
    of_these = incident_messages.c.incident_id.in_([row.id for row in rows])
    messages = connection.execute(select(incident_messages).where(of_these)).all() if rows else ()
    return _with_messages(rows, messages)


def _incidents_of_messages(
    connection: Connection,
    message_ids: Collection[UUID],
    condition: Any,  # noqa: ANN401 - an SQL expression
    period: Period,
    limit: int,
) -> list[Trace]:
    """Of an incident only the messages that were asked about, by their own times."""
    if not message_ids:
        return []
    columns = incident_messages.c
    messages = connection.execute(
        select(incident_messages)
        .where(
            columns.id.in_(message_ids),
            columns.occurred_at >= period.start,
            columns.occurred_at < period.end,
        )
        .order_by(columns.occurred_at.desc())
        .limit(limit + 1)
    ).all()
    ids = {message.incident_id for message in messages}
    rows = connection.execute(select(incidents).where(incidents.c.id.in_(ids), condition)).all()
    return _with_messages(rows, messages)


def _with_messages(rows: Iterable[AnyRow], messages: Iterable[AnyRow]) -> list[Trace]:
    of_incident: dict[UUID, list[AnyRow]] = defaultdict(list)
    for message in messages:
        of_incident[message.incident_id].append(message)
    return [
        _incident(row, sorted(of_incident[row.id], key=lambda message: message.occurred_at))
        for row in rows
        if of_incident[row.id]
    ]


def _incident(row: AnyRow, messages: Sequence[AnyRow]) -> Trace:
    return Trace(
        kind=RecordKind.INCIDENT,
        id=row.id,
        case_number=row.case_number,
        group_id=row.group_id,
        sender_id=row.person_id,
        roster_id=row.roster_id,
        labels=_labels(",".join(message.labels for message in messages)),
        postings=tuple(
            Posting(message.occurred_at, Standing(message.standing), message.ended_at)
            for message in messages
        ),
        basis=Basis(row.basis),
        is_simulated=row.is_simulated,
    )


def _disclosures(
    connection: Connection,
    condition: Any,  # noqa: ANN401 - an SQL expression
    period: Period,
    limit: int,
) -> list[Trace]:
    time = disclosures.c.occurred_at
    rows = connection.execute(
        select(disclosures, groups.c.is_simulated)
        .outerjoin(groups, groups.c.id == disclosures.c.group_id)
        .where(condition, time >= period.start, time < period.end)
        .order_by(time.desc())
        .limit(limit + 1)
    )
    return [_disclosure(row) for row in rows]


def _disclosure(row: AnyRow) -> Trace:
    ended = row.taken_back_at
    standing = Standing.STANDING if ended is None else Standing.UNSENT
    return Trace(
        kind=RecordKind.DISCLOSURE,
        id=row.id,
        case_number=None,
        group_id=row.group_id,
        sender_id=row.person_id,
        roster_id=row.roster_id,
        labels=_labels(row.labels),
        postings=(Posting(row.occurred_at, standing, ended),),
        basis=Basis(row.basis),
        is_simulated=bool(row.is_simulated),
        acknowledgement_id=row.acknowledgement_id,
    )


def _labels(text: str) -> tuple[Label, ...]:
    return tuple(Label(label) for label in sorted(set(text.split(",")) - {""}))
