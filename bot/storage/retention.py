"""Retention: what has reached its age goes, a batch at a time, and each run is on record.

Incidents go with all that belongs to them, their openings in the ledger too; the entries stay. An
incident stays, however old, while a message of it stands, a breach of it runs, or it is held.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, delete, exists, false, func, not_, or_, select

from bot.domain.times import BANGKOK, to_milliseconds
from bot.ledger.entry import EntryKind
from bot.storage.daily import take_the_day
from bot.storage.erasing import erase, erase_openings_of, references_to
from bot.storage.erasures import Erased
from bot.storage.tables import (
    acknowledgement_requests,
    breaches,
    disclosures,
    incidents,
    ledger_entries,
    ledger_openings,
    legal_holds,
    questions,
    rosters,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Connection, Select, Table

    from bot.storage.erasures import ErasureList
    from bot.storage.types import AnyRow
    from bot.storage.unit_of_work import SqlStore

BATCH = 200
_PAGE = 1000
_BY = "system"


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of record: which are due, and which month they belong to."""

    what: Erased
    table: Table
    at: Any
    is_due: Callable[[datetime], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would erase now. Months as '2026-07', Bangkok's."""

    before: datetime
    cases: list[tuple[str, str]]
    months: dict[str, Counter[str]]

    @property
    def counts(self) -> dict[str, int]:
        return {kind: sum(months.values()) for kind, months in self.months.items()}


class Retention:
    def __init__(self, store: SqlStore, erasures: ErasureList, days: int) -> None:
        self._store = store
        self._database = store.database
        self._erasures = erasures
        self.kept = timedelta(days=days)

    def cutoff(self) -> datetime:
        return self._store.clock.now() - self.kept

    def plan(self) -> Plan:
        """Reads only."""
        before = self.cutoff()
        with self._database.read() as connection:
            months = {kind.what.value: _months(connection, kind, before) for kind in _KINDS}
            months["openings"] = Counter(
                _month(row.at)
                for page in _opening_pages(connection, before)
                for row in page
                if _goes(row, before)
            )
            old = connection.execute(
                select(incidents.c.case_number, incidents.c.opened_at)
                .where(_old_incident(before))
                .order_by(incidents.c.case_number)
            )
            cases = [(row.case_number or "-", _month(row.opened_at)) for row in old]
        return Plan(before, cases, months)

    def run_daily(self) -> int:
        """For upkeep: 0 where another process has done it today."""
        if not take_the_day(self._database, "retention", self._store.clock.now()):
            return 0
        return self.run(_BY, {}).total()

    def run(
        self, by: str, why: Mapping[str, object], tell: Callable[[int], None] = lambda _done: None
    ) -> Counter[str]:
        """Entered before the first row goes, so that a run that was killed is on record too, and
        when it is done. A run that found nothing is one entry."""
        before, gone = self.cutoff(), Counter[str]()
        facts = {**why, "before": to_milliseconds(before), "days": self.kept.days}
        begin = cache(lambda: self._enter(EntryKind.RETENTION_BEGUN, by, facts))
        for batch in self._batches(before, begin):
            gone += batch
            tell(gone.total())
        self._enter(EntryKind.RETENTION_DONE, by, {**facts, "erased": dict(gone)})
        return gone

    def _batches(self, before: datetime, begin: Callable[[], None]) -> Iterator[Counter[str]]:
        """`begin` is called before anything goes; only its first call counts."""
        for kind in _KINDS:
            if self._has_due(kind, before):
                begin()
                yield from self._of_kind(kind, before)
        yield from self._openings(before, begin)

    def _has_due(self, kind: _Kind, before: datetime) -> bool:
        due = select(kind.table.c.id).where(kind.is_due(before)).limit(1)
        with self._database.read() as connection:
            return connection.scalar(due) is not None

    def _of_kind(self, kind: _Kind, before: datetime) -> Iterator[Counter[str]]:
        while True:
            with self._database.write() as connection:
                chosen = select(kind.table.c.id).where(kind.is_due(before)).limit(BATCH)
                ids = connection.scalars(chosen.with_for_update(skip_locked=True)).all()
                if not ids:
                    return
                self._erasures.note(kind.what, ids)
                gone = erase_record(connection, kind.table, ids)
            yield gone

    def _openings(self, before: datetime, begin: Callable[[], None]) -> Iterator[Counter[str]]:
        def listed() -> None:
            begin()
            self._erasures.note(Erased.OPENINGS_BEFORE, until=before)

        yield Counter(openings=erase_old_openings(self._store, before, listed))

    def _enter(self, kind: EntryKind, by: str, facts: Mapping[str, object]) -> None:
        with self._store.unit_of_work() as uow:
            now = self._store.clock.now()
            uow.ledger.append(kind, by=by, at=now, subject=None, facts=facts)


def erase_record(connection: Connection, table: Table, ids: Sequence[UUID]) -> Counter[str]:
    """The record, what belongs to it, and what the ledger's entries about it open to. Those of a
    breach tell its history, and go when the breach does."""
    told = set(connection.scalars(_of_breaches(ids))) if table is incidents else set()
    gone = Counter(openings=erase_openings_of(connection, [one for one in ids if one not in told]))
    return gone + erase(connection, table, ids)


def _of_breaches(ids: Sequence[UUID]) -> Select[Any]:
    return select(breaches.c.incident_id).where(breaches.c.incident_id.in_(ids))


# What is due


def _old_incident(before: datetime) -> ColumnElement[bool]:
    return and_(
        incidents.c.closed_at < before,
        incidents.c.last_message_at < before,
        *is_let_go(incidents.c.id),
    )


def is_let_go(incident_id: Any) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401 - a column
    """Nothing keeps this incident from being erased."""
    running = select(breaches.c.id).where(
        breaches.c.incident_id == incident_id, breaches.c.closed_at.is_(None)
    )
    held = select(legal_holds.c.incident_id).where(legal_holds.c.incident_id == incident_id)
    return ~running.exists(), ~held.exists()


def _old_roster(before: datetime) -> ColumnElement[bool]:
    """Whoever can be without a roster and points at one still needs it; what cannot, such as its
    list of members, is part of it. The newest of a group is the one that the next record takes."""
    later = rosters.alias()
    newer = select(later.c.id).where(
        later.c.group_id == rosters.c.group_id, later.c.number > rosters.c.number
    )
    users = [ref.column for ref in references_to(rosters) if ref.column.nullable]
    unused = [~select(user).where(user == rosters.c.id).exists() for user in users]
    return and_(rosters.c.effective_at < before, newer.exists(), *unused)


def _old_acknowledgement(before: datetime) -> ColumnElement[bool]:
    asked = disclosures.c.acknowledgement_id == acknowledgement_requests.c.id
    return and_(
        acknowledgement_requests.c.last_at < before, ~select(disclosures.c.id).where(asked).exists()
    )


_KINDS = (
    _Kind(Erased.INCIDENTS, incidents, incidents.c.opened_at, _old_incident),
    _Kind(
        Erased.DISCLOSURES,
        disclosures,
        disclosures.c.occurred_at,
        lambda before: disclosures.c.occurred_at < before,
    ),
    _Kind(
        Erased.ACKNOWLEDGEMENTS,
        acknowledgement_requests,
        acknowledgement_requests.c.first_at,
        _old_acknowledgement,
    ),
    _Kind(
        Erased.QUESTIONS,
        questions,
        questions.c.asked_at,
        lambda before: and_(questions.c.asked_at < before, questions.c.answer.is_not(None)),
    ),
    _Kind(
        Erased.BREACHES,
        breaches,
        breaches.c.closed_at,
        lambda before: breaches.c.closed_at < before,
    ),
    _Kind(Erased.ROSTERS, rosters, rosters.c.effective_at, _old_roster),
)


def _months(connection: Connection, kind: _Kind, before: datetime) -> Counter[str]:
    times = connection.scalars(select(kind.at).where(kind.is_due(before)))
    return Counter(map(_month, times))


def _month(at: datetime) -> str:
    return at.astimezone(BANGKOK).strftime("%Y-%m")


# Openings of the ledger


def erase_old_openings(
    store: SqlStore, before: datetime, at_first: Callable[[], None] = lambda: None
) -> int:
    """What entries of before then open to, but for those about records that are still there.
    `at_first` is called before the first of them goes."""
    gone, last = 0, None
    while True:
        with store.database.read() as connection:
            page = connection.execute(_opening_page(last, before)).all()
        old = [row.entry_id for row in page if _goes(row, before)]
        if old:
            if not gone:
                at_first()
            with store.database.write() as connection:
                gone += connection.execute(
                    delete(ledger_openings).where(ledger_openings.c.entry_id.in_(old))
                ).rowcount
        if _is_last(page, before):
            return gone
        last = page[-1].entry_id


def _opening_pages(connection: Connection, before: datetime) -> Iterator[Sequence[AnyRow]]:
    last = None
    while True:
        page = connection.execute(_opening_page(last, before)).all()
        yield page
        if _is_last(page, before):
            return
        last = page[-1].entry_id


def _opening_page(last: UUID | None, before: datetime) -> Select[Any]:
    """In the order of ids, which is the order in which they were made."""
    subject = ledger_entries.c.subject
    is_kept = or_(
        _stays(incidents.c.id == subject, _old_incident(before)),
        _stays(disclosures.c.id == subject, disclosures.c.occurred_at < before),
        _stays(breaches.c.incident_id == subject, breaches.c.closed_at < before),
    )
    query = select(ledger_openings.c.entry_id, ledger_entries.c.at, is_kept.label("is_kept"))
    query = query.join(ledger_entries, ledger_entries.c.id == ledger_openings.c.entry_id)
    if last is not None:
        query = query.where(ledger_openings.c.entry_id > last)
    return query.order_by(ledger_openings.c.entry_id).limit(_PAGE)


def _stays(is_it: ColumnElement[bool], is_due: ColumnElement[bool]) -> ColumnElement[bool]:
    """Where a time is not known, nothing is due."""
    return exists().where(is_it, not_(func.coalesce(is_due, false())))


def _goes(row: AnyRow, before: datetime) -> bool:
    return row.at < before and not row.is_kept


def _is_last(page: Sequence[AnyRow], before: datetime) -> bool:
    """A whole page of younger ones: what a clock that jumped has hidden behind it goes later."""
    return len(page) < _PAGE or all(row.at >= before for row in page)


# What stays, and why


@dataclass(frozen=True, slots=True)
class Kept:
    """Incidents that are old enough and stay all the same."""

    standing: int
    in_breach: int
    held: int


def kept(connection: Connection, before: datetime) -> Kept:
    old = incidents.c.last_message_at < before
    standing = select(func.count()).where(old, incidents.c.closed_at.is_(None))
    running = select(breaches.c.incident_id).where(breaches.c.closed_at.is_(None))
    in_breach = select(func.count()).where(old, incidents.c.id.in_(running))
    held = select(func.count()).where(old, incidents.c.id.in_(select(legal_holds.c.incident_id)))
    return Kept(*(connection.scalar(query) or 0 for query in (standing, in_breach, held)))
