"""Records for those who may take them out of the house: page by page, in the order of their times.

Each page is a short look of its own, so that an export of years neither holds a long transaction
open nor keeps more than a page in memory.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Uuid, and_, func, literal, or_, select

from bot.domain.audience import Stood
from bot.domain.exports import (
    ExportedRecord,
    Party,
    Period,
    Realm,
    Recipients,
    RecordKind,
    token_of,
)
from bot.domain.incidents import Standing
from bot.ledger.entry import EntryKind
from bot.storage.audiences import Asked, audiences
from bot.storage.registry import SqlRegistry
from bot.storage.tables import (
    disclosures,
    groups,
    identifier_tokens,
    incident_messages,
    incidents,
    ledger_entries,
)
from bot.storage.types import UtcTime

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Connection, Select, Table

    from bot.domain.audience import Audience
    from bot.domain.exports import PatientToken
    from bot.storage.engine import Database
    from bot.storage.keyring import KeyRing
    from bot.storage.types import AnyRow

PAGE = 500
_TIMES = {
    RecordKind.INCIDENT: incidents.c.opened_at,
    RecordKind.DISCLOSURE: disclosures.c.occurred_at,
}
_FIRST_ENTRIES = (EntryKind.INCIDENT_OPENED.value, EntryKind.DISCLOSURE_RECORDED.value)


class ExportReads:
    def __init__(self, database: Database, keys: KeyRing, *, is_sandbox: bool) -> None:
        self._database = database
        self._keys = keys
        self._is_sandbox = is_sandbox

    def count(self, period: Period, kinds: Collection[RecordKind]) -> int:
        with self._database.read() as connection:
            return sum(_count(connection, _TIMES[kind], period) for kind in kinds)

    def records(
        self, period: Period, kinds: Collection[RecordKind], *, with_names: bool
    ) -> Iterator[ExportedRecord]:
        """One after another, oldest first. A record that changes meanwhile is read as it is when
        its page comes; one that is entered meanwhile with an earlier time is in the next export."""
        self._keys.make_ready()
        names = _Names(self._keys, with_names=with_names)
        streams = [self._stream(kind, period, names) for kind in kinds]
        return heapq.merge(*streams, key=lambda record: (record.occurred_at, record.id))

    def incident(self, incident_id: UUID, *, with_names: bool) -> ExportedRecord | None:
        self._keys.make_ready()
        names = _Names(self._keys, with_names=with_names)
        query = _with_group(incidents).where(incidents.c.id == incident_id)
        with self._database.read() as connection:
            return next(iter(_incidents(connection, query, names, self._realm)), None)

    def _stream(self, kind: RecordKind, period: Period, names: _Names) -> Iterator[ExportedRecord]:
        read = {RecordKind.INCIDENT: _incidents, RecordKind.DISCLOSURE: _disclosures}[kind]
        last: ExportedRecord | None = None
        while True:
            with self._database.read() as connection:
                query = _page(_TIMES[kind], period, last)
                page = read(connection, query, names, self._realm)
            yield from page
            if len(page) < PAGE:
                return
            last = page[-1]

    def _realm(self, is_simulated: bool) -> Realm:  # noqa: FBT001 - a column of a row
        if self._is_sandbox:
            return Realm.SANDBOX
        return Realm.SIMULATED if is_simulated else Realm.LIVE


def _count(connection: Connection, time: Any, period: Period) -> int:  # noqa: ANN401 - a column
    query = select(func.count()).where(time >= period.start, time < period.end, _is_listed(time))
    return connection.scalar(query) or 0


def _is_listed(time: Any) -> Any:  # noqa: ANN401 - a column, an SQL expression
    """What is restricted at its subject's request is in no ordinary list."""
    return time.table.c.restricted_at.is_(None)


def _page(time: Any, period: Period, last: ExportedRecord | None) -> Select[Any]:  # noqa: ANN401
    table: Table = time.table
    query = _with_group(table).where(time >= period.start, time < period.end, _is_listed(time))
    if last is not None:
        at = literal(last.occurred_at, UtcTime())
        after = and_(time == at, table.c.id > literal(last.id, Uuid()))
        query = query.where(time >= at, or_(time > at, after))
    return query.order_by(time, table.c.id).limit(PAGE)


def _with_group(table: Table) -> Select[Any]:
    query = select(table, groups.c.kind.label("group_kind")).outerjoin(
        groups, groups.c.id == table.c.group_id
    )
    if table is disclosures:
        return query.add_columns(groups.c.is_simulated.label("is_simulated"))
    return query


def _incidents(
    connection: Connection,
    query: Select[Any],
    names: _Names,
    realm: Any,  # noqa: ANN401
) -> list[ExportedRecord]:
    rows = connection.execute(query).all()
    ids = [row.id for row in rows]
    messages = _messages(connection, ids)
    tokens = _tokens(connection, incident_messages.c.incident_id, ids)
    entered = _entered(connection, ids)
    found = audiences(connection, [_asked(row, row.opened_at, row.closed_at) for row in rows])
    return [
        ExportedRecord(
            kind=RecordKind.INCIDENT,
            id=row.id,
            realm=realm(row.is_simulated),
            case_number=row.case_number,
            occurred_at=row.opened_at,
            last_message_at=row.last_message_at,
            recorded_at=entered.get(row.id),
            ended_at=row.closed_at,
            labels=_labels(message.labels for message in messages[row.id]),
            tokens=tokens[row.id],
            messages=len(messages[row.id]),
            standing=sum(m.standing == Standing.STANDING.value for m in messages[row.id]),
            policy_version=row.policy_version,
            claimed_at=row.claimed_at,
            disputed_at=row.disputed_at,
            **names.around(connection, row, audience),
        )
        for row, audience in zip(rows, found, strict=True)
    ]


def _disclosures(
    connection: Connection,
    query: Select[Any],
    names: _Names,
    realm: Any,  # noqa: ANN401
) -> list[ExportedRecord]:
    rows = connection.execute(query).all()
    ids = [row.id for row in rows]
    tokens = _tokens(connection, identifier_tokens.c.disclosure_id, ids)
    entered = _entered(connection, ids)
    found = audiences(connection, [_asked(row, row.occurred_at, row.taken_back_at) for row in rows])
    return [
        ExportedRecord(
            kind=RecordKind.DISCLOSURE,
            id=row.id,
            realm=realm(bool(row.is_simulated)),
            case_number=None,
            occurred_at=row.occurred_at,
            last_message_at=row.occurred_at,
            recorded_at=entered.get(row.id),
            ended_at=row.taken_back_at,
            labels=_labels([row.labels]),
            tokens=tokens[row.id],
            messages=1,
            standing=int(row.taken_back_at is None),
            policy_version=row.policy_version,
            channel=row.channel,
            basis=row.basis,
            **names.around(connection, row, audience),
        )
        for row, audience in zip(rows, found, strict=True)
    ]


def _asked(row: AnyRow, start: datetime, end: datetime | None) -> Asked:
    return Asked(row.roster_id, row.person_id, Stood(start, end))


def _messages(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, list[AnyRow]]:
    found: dict[UUID, list[AnyRow]] = defaultdict(list)
    columns = incident_messages.c
    query = select(columns.incident_id, columns.labels, columns.standing)
    for row in connection.execute(query.where(columns.incident_id.in_(ids)).order_by(columns.id)):
        found[row.incident_id].append(row)
    return found


def _tokens(
    connection: Connection,
    owner: Any,  # noqa: ANN401 - a column
    ids: Sequence[UUID],
) -> dict[UUID, tuple[PatientToken, ...]]:
    query = select(owner.label("owner"), identifier_tokens.c.label, identifier_tokens.c.digest)
    if owner.table is incident_messages:
        is_of = identifier_tokens.c.incident_message_id == incident_messages.c.id
        query = query.join_from(incident_messages, identifier_tokens, is_of)
    found: dict[UUID, dict[PatientToken, None]] = defaultdict(dict)
    for row in connection.execute(query.where(owner.in_(ids)).order_by(identifier_tokens.c.id)):
        found[row.owner][token_of(row.label, row.digest)] = None
    return defaultdict(tuple, {key: tuple(tokens) for key, tokens in found.items()})


def _entered(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, datetime]:
    columns = ledger_entries.c
    rows = connection.execute(
        select(columns.subject, func.min(columns.at).label("at"))
        .where(columns.subject.in_(ids), columns.kind.in_(_FIRST_ENTRIES))
        .group_by(columns.subject)
    )
    return {row.subject: row.at for row in rows}


def _labels(lists: Any) -> tuple[str, ...]:  # noqa: ANN401 - comma-separated columns
    return tuple(sorted({label for one in lists for label in one.split(",") if label}))


class _Names:
    """Who stands around a record. Opens names only where they were asked for, each once."""

    def __init__(self, keys: KeyRing, *, with_names: bool) -> None:
        self._keys = keys
        self._with_names = with_names
        self._people: dict[UUID, str] = {}
        self._groups: dict[UUID, str] = {}

    def around(
        self, connection: Connection, row: AnyRow, audience: Audience | None
    ) -> dict[str, Any]:
        return {
            "group": self._group(connection, row.group_id),
            "group_kind": row.group_kind or "",
            "sender": self._person(connection, row.person_id),
            "recipients": self._recipients(connection, row, audience),
        }

    def _group(self, connection: Connection, group_id: UUID | None) -> Party | None:
        if group_id is None or not self._with_names:
            return None if group_id is None else Party(group_id)
        if group_id not in self._groups:
            group = SqlRegistry(connection, self._keys).group(group_id)
            self._groups[group_id] = group.name if group else ""
        return Party(group_id, self._groups[group_id])

    def _person(self, connection: Connection, person_id: UUID | None) -> Party | None:
        if person_id is None or not self._with_names:
            return None if person_id is None else Party(person_id)
        if person_id not in self._people:
            person = SqlRegistry(connection, self._keys).person(person_id)
            self._people[person_id] = person.name if person else ""
        return Party(person_id, self._people[person_id])

    def _recipients(
        self, connection: Connection, row: AnyRow, audience: Audience | None
    ) -> Recipients | None:
        """As `follow` counts them, with what was learnt later; the sender is one of the group."""
        if audience is None:
            return None
        ids = audience.named_ids | ({row.person_id} - {None})
        people = [self._person(connection, person_id) for person_id in sorted(ids)]
        count = None if audience.count is None else audience.count.number
        return Recipients(row.roster_id, tuple(filter(None, people)), count)
