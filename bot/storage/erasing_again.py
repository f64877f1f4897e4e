"""Applies the erasure list to the database: what a restored backup brought back goes again.

Each line may be applied any number of times: what is gone already is left as it is, and counts
for nothing.
"""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import delete, func, or_, select, update

from bot import log
from bot.domain.incidents import Standing
from bot.ledger.entry import EntryKind
from bot.storage.erasing import erase_openings_of, erase_texts, with_text
from bot.storage.erasures import Erased
from bot.storage.retention import erase_old_openings, erase_record
from bot.storage.tables import (
    acknowledgement_requests,
    breaches,
    content_fingerprints,
    disclosures,
    identifier_tokens,
    incident_messages,
    incidents,
    keys,
    questions,
    rosters,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Table

    from bot.storage.erasures import Contents, ErasureList, Line
    from bot.storage.unit_of_work import SqlStore, SqlUnitOfWork

logger = logging.getLogger("wongraksa.erasures")

_Item = TypeVar("_Item")
BATCH = 200
# Those that others point at come last.
_TABLES = {
    Erased.INCIDENTS: incidents,
    Erased.DISCLOSURES: disclosures,
    Erased.ACKNOWLEDGEMENTS: acknowledgement_requests,
    Erased.QUESTIONS: questions,
    Erased.BREACHES: breaches,
    Erased.ROSTERS: rosters,
    Erased.TOKENS: identifier_tokens,
    Erased.FINGERPRINTS: content_fingerprints,
}


def apply(store: SqlStore, erasures: ErasureList) -> Counter[str]:
    """How many rows went. Where the list is empty, the database is not asked at all."""
    contents = erasures.read()
    _name_unreadable(contents, erasures)
    gone = Counter[str]()
    for what, table in _TABLES.items():
        for ids in _chunks(_ids(contents.lines, what)):
            gone += _erase_records(store, table, ids)
    for lines in _chunks(_of(contents.lines, Erased.MESSAGES)):
        gone += _end_messages(store, lines)
    for line in _of(contents.lines, Erased.EXCERPTS):
        gone += _erase_texts(store, line)
    gone += _erase_openings(store, contents.lines)
    gone += _destroy_keys(store, _ids(contents.lines, Erased.KEYS))
    if gone:
        _enter(store, gone)
    return gone


def _name_unreadable(contents: Contents, erasures: ErasureList) -> None:
    for number in contents.unreadable:
        line = log.line("erasures.line_unreadable", file=erasures.path, number=number)
        logger.warning(line)


def _enter(store: SqlStore, gone: Counter[str]) -> None:
    with store.unit_of_work() as uow:
        uow.ledger.append(
            EntryKind.ERASURES_APPLIED,
            by="system",
            at=store.clock.now(),
            subject=None,
            facts={"erased": dict(gone)},
        )
    logger.info(log.line("erasures.applied", rows=gone.total()))


def _of(lines: Iterable[Line], what: Erased) -> list[Line]:
    return [line for line in lines if line.what is what]


def _ids(lines: Iterable[Line], what: Erased) -> list[UUID]:
    return list(dict.fromkeys(one for line in _of(lines, what) for one in line.ids))


def _chunks(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))


def _erase_records(store: SqlStore, table: Table, ids: Sequence[UUID]) -> Counter[str]:
    with store.database.read() as connection:
        there = connection.scalars(select(table.c.id).where(table.c.id.in_(ids))).all()
    if not there:
        return Counter()
    with store.database.write() as connection:
        return erase_record(connection, table, there)


# Messages that were taken back


def _end_messages(store: SqlStore, lines: Sequence[Line]) -> Counter[str]:
    """The masked text goes again, and the message stands no more: nobody need be reminded of it."""
    line_of = {one: line for line in lines for one in line.ids}
    message = incident_messages.c
    is_back = or_(message.standing == Standing.STANDING.value, with_text())
    query = select(message.id, message.incident_id).where(message.id.in_(line_of), is_back)
    with store.database.read() as connection:
        rows = connection.execute(query).all()
    if not rows:
        return Counter()
    with store.unit_of_work() as uow:
        erase_texts(uow.connection, [row.id for row in rows])
        for row in rows:
            _end(uow, row.id, line_of[row.id])
        for incident_id in {row.incident_id for row in rows}:
            _close(uow, incident_id)
    return Counter(incident_messages=len(rows))


def _end(uow: SqlUnitOfWork, message_id: UUID, line: Line) -> None:
    uow.connection.execute(
        update(incident_messages)
        .where(incident_messages.c.id == message_id)
        .values(standing=line.how, ended_at=line.until, text_at=line.until)
    )


def _close(uow: SqlUnitOfWork, incident_id: UUID) -> None:
    if uow.incidents.standing_count(incident_id):
        return
    ended_at = select(func.max(incident_messages.c.ended_at)).where(
        incident_messages.c.incident_id == incident_id
    )
    uow.connection.execute(
        update(incidents)
        .where(incidents.c.id == incident_id, incidents.c.closed_at.is_(None))
        .values(closed_at=ended_at.scalar_subquery())
    )
    uow.outbox.cancel_for_incident(incident_id)


# Texts, openings, keys


def _erase_texts(store: SqlStore, line: Line) -> Counter[str]:
    """What the messages say since an edit that came later is another matter."""
    message = incident_messages.c
    query = select(message.id).where(
        message.id.in_(line.ids), message.text_at <= line.at, with_text()
    )
    with store.database.read() as connection:
        there = connection.scalars(query).all()
    if not there:
        return Counter()
    with store.database.write() as connection:
        erase_texts(connection, there)
    return Counter(excerpts=len(there))


def _erase_openings(store: SqlStore, lines: Sequence[Line]) -> Counter[str]:
    gone = 0
    for line in _of(lines, Erased.OPENINGS_OF):
        with store.database.write() as connection:
            gone += erase_openings_of(connection, line.ids, line.until)
    before = _newest(_of(lines, Erased.OPENINGS_BEFORE))
    if before is not None:
        gone += erase_old_openings(store, before)
    return Counter(openings=gone) if gone else Counter()


def _newest(lines: Sequence[Line]) -> datetime | None:
    return max((line.until for line in lines if line.until is not None), default=None)


def _destroy_keys(store: SqlStore, ids: Sequence[UUID]) -> Counter[str]:
    """One that was brought back before its successor was made is made anew with the next work."""
    if not ids:
        return Counter()
    with store.database.write() as connection:
        gone = connection.execute(delete(keys).where(keys.c.id.in_(ids))).rowcount
    if gone:
        store.keys.forget()
    return Counter(keys=gone) if gone else Counter()


# The list itself


def list_ends(store: SqlStore, erasures: ErasureList) -> int:
    """Messages that were taken back since the last look go on the list."""
    done, message = 0, incident_messages.c
    unlisted = (message.ended_at.is_not(None), message.end_listed_at.is_(None))
    while True:
        with store.database.write() as connection:
            query = select(message.id, message.ended_at, message.standing).where(*unlisted)
            rows = connection.execute(query.limit(BATCH).with_for_update(skip_locked=True)).all()
            if not rows:
                return done
            erasures.note_ends([(row.id, row.ended_at, row.standing) for row in rows])
            connection.execute(
                update(incident_messages)
                .where(message.id.in_([row.id for row in rows]))
                .values(end_listed_at=store.clock.now())
            )
        done += len(rows)
