"""What is held on one patient or one member of staff: read for them, erased or restricted.

A patient is found by keyed hash, with every version of the pepper; there is no list of numbers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import LargeBinary, delete, select, update

from bot.domain.exports import Period, RecordKind
from bot.domain.holdings import HeldRecord, HeldText, Holdings, PatientRows
from bot.domain.patient_numbers import one_spelling
from bot.errors import SealBrokenError
from bot.storage.erasing import erase_openings_of, erase_texts, references_to
from bot.storage.erasures import Erased
from bot.storage.incidents import opened_excerpt
from bot.storage.keyring import KeyKind, keyed_hash
from bot.storage.legal_holds import held
from bot.storage.tables import (
    breaches,
    content_fingerprints,
    disclosures,
    evidence,
    identifier_tokens,
    incident_messages,
    incidents,
    people,
)
from bot.storage.traces import TraceReads

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from uuid import UUID

    from sqlalchemy import Connection

    from bot.domain.holdings import Cell
    from bot.domain.incidents import PatientNumber
    from bot.domain.traces import Followed, Trace
    from bot.storage.erasures import ErasureList
    from bot.storage.types import AnyRow
    from bot.storage.unit_of_work import SqlStore, SqlUnitOfWork

_ALWAYS = Period(datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC))
_ALL = 1_000_000
_ON_HOLD, _BREACH = "on hold", "declared a breach"


class Subjects:
    def __init__(self, store: SqlStore, erasures: ErasureList) -> None:
        self._store = store
        self._database = store.database
        self._keys = store.keys
        self._erasures = erasures
        self._traces = TraceReads(store.database, store.keys, with_restricted=True)

    def of_patient(self, number: PatientNumber) -> Holdings:
        followed = self._traces.of_patient(number, _ALWAYS, _ALL)
        with self._database.read() as connection:
            tokens = self._tokens(connection, number)
            messages = {row.incident_message_id for row in tokens if row.incident_message_id}
            records = self._records(connection, followed, messages)
        return Holdings(records, len(tokens))

    def of_person(self, person_id: UUID) -> Holdings:
        followed = self._traces.of_sender(person_id, _ALWAYS, _ALL)
        with self._database.read() as connection:
            records = self._records(connection, followed, None)
            rows = _rows_of(connection, person_id)
        return Holdings(records, 0, rows)

    def rows_of_patient(self, connection: Connection, number: PatientNumber) -> PatientRows:
        """What is not kept for a reason: a held incident keeps all that it has."""
        tokens = self._tokens(connection, number)
        messages = _messages(connection, [t.incident_message_id for t in tokens])
        kept = _kept(connection, {row.incident_id for row in messages})
        free = {row.id: row.incident_id for row in messages if row.incident_id not in kept}
        is_free = [t for t in tokens if t.disclosure_id or t.incident_message_id in free]
        return PatientRows(
            tokens=tuple(token.id for token in is_free),
            messages=tuple(free),
            incidents=tuple(set(free.values())),
            disclosures=tuple({t.disclosure_id for t in tokens if t.disclosure_id}),
            kept_cases=_cases(connection, kept),
        )

    def erase(self, uow: SqlUnitOfWork, number: PatientNumber) -> tuple[PatientRows, Counter[str]]:
        """Tokens, masked texts, originals and fingerprints of this patient, and what the ledger's
        entries about these records open to. Who sent a message where, and when, stays."""
        found, now = self.rows_of_patient(uow.connection, number), self._store.clock.now()
        prints = _fingerprints(uow.connection, found)
        for what, ids in (
            (Erased.TOKENS, found.tokens),
            (Erased.EXCERPTS, found.messages),
            (Erased.FINGERPRINTS, prints),
        ):
            if ids:
                self._erasures.note(what, ids)
        if found.records:
            self._erasures.note(Erased.OPENINGS_OF, found.records, until=now)
        erase_texts(uow.connection, found.messages)
        gone = Counter(
            tokens=_delete(uow.connection, identifier_tokens.c.id, found.tokens),
            fingerprints=_delete(uow.connection, content_fingerprints.c.id, prints),
            openings=erase_openings_of(uow.connection, found.records),
            messages=len(found.messages),
        )
        return found, gone

    def restrict(self, uow: SqlUnitOfWork, records: Iterable[Trace], *, is_restricted: bool) -> int:
        """Hidden from ordinary lists and exports, or shown there again."""
        at, changed = self._store.clock.now() if is_restricted else None, 0
        ids = defaultdict(list)
        for trace in records:
            ids[trace.kind].append(trace.id)
        for kind, table in ((RecordKind.INCIDENT, incidents), (RecordKind.DISCLOSURE, disclosures)):
            changed += uow.connection.execute(
                update(table).where(table.c.id.in_(ids[kind])).values(restricted_at=at)
            ).rowcount
        return changed

    # Inside

    def _tokens(self, connection: Connection, number: PatientNumber) -> Sequence[AnyRow]:
        spelt = one_spelling(number)
        if spelt is None:
            return ()
        digests = [
            keyed_hash(pepper.value, spelt.label.value, spelt.value)
            for pepper in self._keys.all_of(KeyKind.PEPPER)
        ]
        wanted = identifier_tokens.c.digest.in_(digests)
        return connection.execute(select(identifier_tokens).where(wanted)).all()

    def _records(
        self, connection: Connection, followed: Followed, messages: Collection[UUID] | None
    ) -> tuple[HeldRecord, ...]:
        of_incidents = {t.id for t in followed.traces if t.kind is RecordKind.INCIDENT}
        texts = self._texts(connection, of_incidents, messages)
        kept, restricted = _kept(connection, of_incidents), _restricted(connection)
        return tuple(
            HeldRecord(
                trace=trace,
                group=followed.groups.get(trace.group_id, "") if trace.group_id else "",
                sender=followed.people.get(trace.sender_id, "") if trace.sender_id else "",
                is_restricted=trace.id in restricted,
                kept_for=kept.get(trace.id),
                texts=tuple(texts[trace.id]),
            )
            for trace in followed.traces
        )

    def _texts(
        self,
        connection: Connection,
        incident_ids: Collection[UUID],
        messages: Collection[UUID] | None,
    ) -> dict[UUID, list[HeldText]]:
        """Of the messages that were asked about, or of all."""
        found: dict[UUID, list[HeldText]] = defaultdict(list)
        for row in _with_keys(connection, incident_ids):
            if messages is None or row.id in messages:
                found[row.incident_id].append(self._text(connection, row))
        return found

    def _text(self, connection: Connection, row: AnyRow) -> HeldText:
        try:
            excerpt = opened_excerpt(connection, self._keys, row)
        except SealBrokenError:  # its month's key was destroyed
            excerpt = None
        return HeldText(row.occurred_at, row.labels, row.standing, excerpt, row.has_original)


def _with_keys(connection: Connection, incident_ids: Collection[UUID]) -> Sequence[AnyRow]:
    original = select(evidence.c.sealed_at).where(
        evidence.c.incident_message_id == incident_messages.c.id
    )
    query = select(
        incident_messages,
        incidents.c.data_key_wrapped,
        incidents.c.month_key_id,
        original.exists().label("has_original"),
    ).join(incidents, incidents.c.id == incident_messages.c.incident_id)
    query = query.where(incidents.c.id.in_(incident_ids))
    return connection.execute(query.order_by(incident_messages.c.occurred_at)).all()


def _messages(connection: Connection, ids: Iterable[UUID | None]) -> Sequence[AnyRow]:
    wanted = incident_messages.c.id.in_([one for one in ids if one is not None])
    query = select(incident_messages.c.id, incident_messages.c.incident_id).where(wanted)
    return connection.execute(query).all()


def _kept(connection: Connection, incident_ids: Collection[UUID]) -> dict[UUID, str]:
    """Why an incident keeps all it has: it is on hold, or its history is owed to the regulator."""
    of_these = breaches.c.incident_id.in_(incident_ids)
    declared = connection.scalars(select(breaches.c.incident_id).where(of_these))
    why = dict.fromkeys(declared, _BREACH)
    return {**why, **dict.fromkeys(held(connection, incident_ids), _ON_HOLD)}


def _restricted(connection: Connection) -> set[UUID]:
    found: set[UUID] = set()
    for table in (incidents, disclosures):
        found |= set(
            connection.scalars(select(table.c.id).where(table.c.restricted_at.is_not(None)))
        )
    return found


def _cases(connection: Connection, incident_ids: Collection[UUID]) -> tuple[str, ...]:
    wanted = incidents.c.id.in_(incident_ids)
    numbers = connection.scalars(select(incidents.c.case_number).where(wanted))
    return tuple(sorted(filter(None, numbers)))


def _fingerprints(connection: Connection, found: PatientRows) -> tuple[UUID, ...]:
    columns = content_fingerprints.c
    of_messages = columns.incident_message_id.in_(found.messages)
    of_disclosures = columns.disclosure_id.in_(found.disclosures)
    return tuple(connection.scalars(select(columns.id).where(of_messages | of_disclosures)))


def _delete(connection: Connection, column: Any, ids: Sequence[UUID]) -> int:  # noqa: ANN401 - a column
    return connection.execute(delete(column.table).where(column.in_(ids))).rowcount


def _rows_of(connection: Connection, person_id: UUID) -> dict[str, list[Mapping[str, Cell]]]:
    """Every row of every table that points at this person; what is sealed is left out."""
    found: dict[str, list[Mapping[str, Cell]]] = {}
    itself = [people.c.id, *(reference.column for reference in references_to(people))]
    for column in itself:
        shown = [one for one in column.table.c if not isinstance(one.type, LargeBinary)]
        rows = connection.execute(select(*shown).where(column == person_id)).all()
        if rows:
            found[column.table.name] = [_plain(row) for row in rows]
    return found


def _plain(row: AnyRow) -> dict[str, Cell]:
    return {
        name: value
        if value is None or isinstance(value, str | int | bool | datetime)
        else str(value)
        for name, value in row._mapping.items()
        if name != "token"
    }
