"""Incidents as those see them who review them: with audience, exposure, delays and links."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from bot.domain.accounts import IncidentAccount
from bot.domain.audience import Audience, Stood
from bot.domain.cases import CaseState
from bot.domain.exposure import Delays, delay, exposure_of
from bot.domain.incidents import Basis, Standing
from bot.ledger.entry import EntryKind
from bot.storage.audiences import Asked, audiences
from bot.storage.cases import case_without_notes
from bot.storage.fingerprints import links_of_incident
from bot.storage.incidents import flagged_message_of, incident_of
from bot.storage.registry import SqlRegistry
from bot.storage.tables import (
    cases,
    groups,
    identifier_tokens,
    incident_messages,
    incidents,
    ledger_entries,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Connection, Select

    from bot.domain.accounts import CaseFilter
    from bot.domain.groups import Group
    from bot.domain.incidents import FlaggedMessage, Incident
    from bot.ports import Clock
    from bot.storage.engine import Database
    from bot.storage.keyring import KeyRing
    from bot.storage.types import AnyRow


@dataclass(frozen=True, slots=True)
class _Around:
    """What belongs to one incident, out of what was read for many."""

    messages: tuple[FlaggedMessage, ...]
    group: Group
    audience: Audience
    patients: int
    warned_at: datetime | None


class IncidentReads:
    def __init__(self, database: Database, keys: KeyRing, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock

    def listed(self, wanted: CaseFilter) -> list[IncidentAccount]:
        """The newest first."""
        self._keys.make_ready()
        with self._database.read() as connection:
            rows = connection.execute(_listing(wanted)).all()
            return self._accounts(connection, rows)

    def one(self, connection: Connection, incident_id: UUID) -> IncidentAccount:
        rows = connection.execute(_with_case().where(incidents.c.id == incident_id)).all()
        (found,) = self._accounts(connection, rows)
        return found

    def names(self, connection: Connection, account: IncidentAccount) -> dict[UUID, str]:
        """Of everybody who is spoken of."""
        registry = SqlRegistry(connection, self._keys)
        return {one.id: one.name for one in registry.people() if one.id in _people_of(account)}

    def _accounts(self, connection: Connection, rows: Sequence[AnyRow]) -> list[IncidentAccount]:
        ids = [row.id for row in rows]
        messages, patients = _messages(connection, ids), _patients(connection, ids)
        warned, in_groups = _warned(connection, ids), self._groups(connection, rows)
        asked = [Asked(row.roster_id, row.person_id, _stood(messages[row.id])) for row in rows]
        found = audiences(connection, asked)
        around = (
            _Around(
                messages=messages[row.id],
                group=in_groups[row.group_id],
                audience=audience or Audience(()),
                patients=patients.get(row.id, 0),
                warned_at=warned.get(row.id),
            )
            for row, audience in zip(rows, found, strict=True)
        )
        pairs = zip(rows, around, strict=True)
        return [self._account(connection, row, one) for row, one in pairs]

    def _account(self, connection: Connection, row: AnyRow, around: _Around) -> IncidentAccount:
        incident, until = incident_of(row), around.group.left_at or self._clock.now()
        spans = [Stood(message.occurred_at, message.ended_at) for message in around.messages]
        return IncidentAccount(
            incident=incident,
            case=case_without_notes(row),
            group=around.group,
            messages=around.messages,
            audience=around.audience,
            exposure=exposure_of(spans, around.audience, until),
            delays=_delays(incident, around.messages, around.warned_at),
            patients=around.patients,
            links=tuple(links_of_incident(connection, incident.id)),
        )

    def _groups(self, connection: Connection, rows: Sequence[AnyRow]) -> dict[UUID, Group]:
        ids = {row.group_id for row in rows}
        registry = SqlRegistry(connection, self._keys)
        found = connection.execute(select(groups).where(groups.c.id.in_(ids)))
        return {row.id: registry.group_of(row) for row in found}


def _with_case() -> Select[Any]:
    of_case = [column for column in cases.c if column.name != "incident_id"]
    return select(incidents, *of_case).outerjoin(cases, cases.c.incident_id == incidents.c.id)


def _listing(wanted: CaseFilter) -> Select[Any]:
    opened, period = incidents.c.opened_at, wanted.period
    listed = incidents.c.restricted_at.is_(None)
    query = _with_case().where(opened >= period.start, opened < period.end, listed)
    if wanted.states is not None:
        in_state = cases.c.state.in_(wanted.states)
        is_new = CaseState.NEW in wanted.states
        query = query.where(or_(in_state, cases.c.state.is_(None)) if is_new else in_state)
    if wanted.only_emergencies:
        query = query.where(incidents.c.basis == Basis.EMERGENCY.value)
    return query.order_by(opened.desc(), incidents.c.id.desc()).limit(wanted.most)


def _messages(
    connection: Connection, ids: Sequence[UUID]
) -> dict[UUID, tuple[FlaggedMessage, ...]]:
    found: dict[UUID, list[FlaggedMessage]] = defaultdict(list)
    rows = connection.execute(
        select(incident_messages)
        .where(incident_messages.c.incident_id.in_(ids))
        .order_by(incident_messages.c.occurred_at, incident_messages.c.id)
    )
    for row in rows:
        found[row.incident_id].append(flagged_message_of(row))
    return {incident_id: tuple(found[incident_id]) for incident_id in ids}


def _patients(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, int]:
    """The most different numbers of one kind: an HN and a citizen number may be one patient's."""
    count = func.count(identifier_tokens.c.digest.distinct())
    rows = connection.execute(
        select(incident_messages.c.incident_id, count.label("numbers"))
        .join(identifier_tokens, identifier_tokens.c.incident_message_id == incident_messages.c.id)
        .where(incident_messages.c.incident_id.in_(ids))
        .group_by(incident_messages.c.incident_id, identifier_tokens.c.label)
    )
    found: dict[UUID, int] = {}
    for row in rows:
        found[row.incident_id] = max(found.get(row.incident_id, 0), row.numbers)
    return found


def _warned(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """From the ledger: what was told is forgotten by the outbox after 90 days."""
    rows = connection.execute(
        select(ledger_entries.c.subject, func.min(ledger_entries.c.at).label("at"))
        .where(
            ledger_entries.c.subject.in_(ids),
            ledger_entries.c.kind == EntryKind.WARNING_TOLD.value,
        )
        .group_by(ledger_entries.c.subject)
    )
    return {row.subject: row.at for row in rows}


def _stood(messages: Sequence[FlaggedMessage]) -> Stood:
    ends = [message.ended_at for message in messages]
    end = None if None in ends else max(filter(None, ends), default=None)
    return Stood(min(message.occurred_at for message in messages), end)


def _delays(
    incident: Incident, messages: Sequence[FlaggedMessage], warned_at: datetime | None
) -> Delays:
    start = incident.opened_at
    answers = [at for at in (incident.claimed_at, incident.disputed_at) if at is not None]
    unsent = [
        message.ended_at
        for message in messages
        if message.standing is Standing.UNSENT and message.ended_at is not None
    ]
    return Delays(
        warned=delay(start, warned_at),
        answered=delay(start, min(answers, default=None)),
        unsent=delay(start, max(unsent)) if len(unsent) == len(messages) else None,
    )


def _people_of(account: IncidentAccount) -> set[UUID]:
    audience, sender = account.audience, account.incident.person_id
    ids = {one.person_id for one in audience.recipients}
    ids |= {one.person_id for one in audience.late} | {one.person_id for one in audience.joined}
    return ids if sender is None else ids | {sender}
