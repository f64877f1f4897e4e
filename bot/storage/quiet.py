"""A unit of work that only looks: the facts of a whole batch, fetched with a few statements.

Most talk is ordinary. To see that, a handler looks at the sender, the group, the marks of the
message and what the sender wrote just before, and writes nothing. So all rows of a batch are
judged against facts that were fetched together, and settled together. A handler that wants
anything else here, above all to write, meets NeedsOwnTransactionError, and its row is worked
off from the beginning in a unit of work of its own.

No lock is needed for looking: rows of one lane are claimed one at a time, and what another
lane changes meanwhile (an unsend, a ride) finds nothing of a quiet row that it would have to undo.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, cast

from sqlalchemy import select

from bot.domain.groups import Place
from bot.errors import NeedsOwnTransactionError
from bot.storage.marks import newest
from bot.storage.tables import groups, inbox, members, message_marks, outbox, people

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, timedelta
    from uuid import UUID

    from sqlalchemy import Connection

    from bot.domain.actions import OutboxMessage, ReplyToken
    from bot.domain.events import InboundEvent
    from bot.domain.groups import Group, Person
    from bot.ports import (
        Acknowledgements,
        Breaches,
        Cases,
        Errands,
        InboxRow,
        InboxWindow,
        Incidents,
        LedgerWriter,
        Looks,
        MessageMarks,
        Outbox,
        Questions,
        Registry,
        SafeCopies,
    )
    from bot.storage.registry import SqlRegistry
    from bot.storage.sealing import Sealer
    from bot.storage.types import AnyRow


class _Closed:
    """Any door that a quiet row does not go through."""

    def __getattr__(self, name: str) -> NoReturn:
        raise NeedsOwnTransactionError(name)


@dataclass(frozen=True, slots=True)
class QuietUnitOfWork:
    """The UnitOfWork for looking. What it does not know, it does not answer."""

    inbox: InboxWindow
    marks: MessageMarks
    registry: Registry
    breaches: Breaches
    cases: Cases
    acknowledgements: Acknowledgements
    outbox: Outbox
    incidents: Incidents
    looks: Looks
    questions: Questions
    copies: SafeCopies
    errands: Errands
    ledger: LedgerWriter

    def lock(self, *keys: str) -> None:
        """Nothing is written here, so there is nothing to hold."""


def look(
    connection: Connection,
    sealer: Sealer,
    registry: SqlRegistry,
    events: Sequence[InboundEvent],
    window: timedelta,
    now: datetime,
) -> QuietUnitOfWork:
    """Everything that quiet rows of this batch can ask."""
    shared = [event for event in events if event.source.is_shared]
    places = _Places.of(connection, registry, shared)
    return QuietUnitOfWork(
        inbox=cast("InboxWindow", _Inbox.of(connection, sealer, shared, window)),
        marks=cast("MessageMarks", _Marks.of(connection, sealer, events)),
        registry=cast("Registry", places),
        breaches=cast("Breaches", _Closed()),
        cases=cast("Cases", _Closed()),
        acknowledgements=cast("Acknowledgements", _Closed()),
        outbox=cast("Outbox", _Rides.of(connection, places.group_ids(), now)),
        incidents=cast("Incidents", _Closed()),
        looks=cast("Looks", _Closed()),
        questions=cast("Questions", _Closed()),
        copies=cast("SafeCopies", _Closed()),
        errands=cast("Errands", _Closed()),
        ledger=cast("LedgerWriter", _Closed()),
    )


class _Inbox(_Closed):
    """The recent rows of these senders, opened only for the one that is asked about."""

    def __init__(self, connection: Connection, sealer: Sealer, rows: Iterable[AnyRow]) -> None:
        self._connection = connection
        self._sealer = sealer
        self._by_lane: dict[bytes, list[AnyRow]] = {}
        for row in rows:
            self._by_lane.setdefault(row.lane, []).append(row)

    @classmethod
    def of(
        cls,
        connection: Connection,
        sealer: Sealer,
        events: Sequence[InboundEvent],
        window: timedelta,
    ) -> _Inbox:
        lanes = {lane for event in events for lane in sealer.lanes(event)}
        if not lanes:
            return cls(connection, sealer, ())
        since = min(event.occurred_at for event in events) - window
        until = max(event.occurred_at for event in events) + window
        rows = connection.execute(
            select(inbox)
            .where(
                inbox.c.lane.in_(lanes),
                inbox.c.occurred_at.between(since, until),
                inbox.c.payload_sealed.is_not(None),
            )
            .order_by(inbox.c.occurred_at, inbox.c.id)
        )
        return cls(connection, sealer, rows)

    def of_sender(self, event: InboundEvent, since: datetime, until: datetime) -> list[InboxRow]:
        lanes = self._sealer.lanes(event)
        return [
            self._sealer.opened(self._connection, row)
            for lane in lanes
            for row in self._by_lane.get(lane, ())
            if since <= row.occurred_at <= until
        ]


class _Marks(_Closed):
    def __init__(self, sealer: Sealer, rows: Iterable[AnyRow]) -> None:
        self._sealer = sealer
        self._by_key = {row.message_key: row for row in rows}

    @classmethod
    def of(cls, connection: Connection, sealer: Sealer, events: Sequence[InboundEvent]) -> _Marks:
        messages = [event.message_id for event in events if event.message_id]
        keys = [key for message_id in messages for key in sealer.message_keys(message_id)]
        marks = select(message_marks).where(message_marks.c.message_key.in_(keys))
        return cls(sealer, connection.execute(marks) if keys else ())

    def is_unsent(self, message_id: str) -> bool:
        return any(mark.unsent_at is not None for mark in self._of(message_id))

    def newest_version_at(self, message_id: str) -> datetime | None:
        return newest(mark.newest_version_at for mark in self._of(message_id))

    def _of(self, message_id: str) -> list[AnyRow]:
        found = map(self._by_key.get, self._sealer.message_keys(message_id))
        return [mark for mark in found if mark is not None]


class _Places(_Closed):
    def __init__(self, registry: SqlRegistry, known: Known) -> None:
        self._registry = registry
        self._known = known

    @classmethod
    def of(
        cls, connection: Connection, registry: SqlRegistry, events: Sequence[InboundEvent]
    ) -> _Places:
        return cls(registry, Known.of(connection, registry, events))

    def locate(self, chat_id: str, user_id: str | None) -> Place:
        return self._known.place(chat_id, user_id)

    def member_names(self, group_id: UUID) -> tuple[str, ...]:
        return self._registry.member_names(group_id)

    def group_ids(self) -> list[UUID]:
        return [group.id for group in self._known.groups.values()]


@dataclass(frozen=True, slots=True)
class Known:
    """Groups and people by LINE id, and who is in which group."""

    groups: dict[str, Group]
    people: dict[str, Person]
    members: dict[tuple[UUID, UUID], Any]

    @classmethod
    def of(
        cls, connection: Connection, registry: SqlRegistry, events: Sequence[InboundEvent]
    ) -> Known:
        chats = {event.source.chat_id for event in events}
        users = {event.source.user_id for event in events} - {None}
        if not chats:
            return cls({}, {}, {})
        found = connection.execute(select(groups).where(groups.c.line_id.in_(chats)))
        in_groups = {row.line_id: registry.group_of(row) for row in found}
        found = connection.execute(select(people).where(people.c.line_id.in_(users)))
        persons = {row.line_id: registry.person_of(row) for row in found}
        present = connection.execute(
            select(members).where(
                members.c.group_id.in_([group.id for group in in_groups.values()]),
                members.c.person_id.in_([person.id for person in persons.values()]),
            )
        )
        return cls(
            in_groups,
            persons,
            {(row.group_id, row.person_id): registry.member_of(row) for row in present},
        )

    def place(self, chat_id: str, user_id: str | None) -> Place:
        group, person = self.groups.get(chat_id), self.people.get(user_id or "")
        member = self.members.get((group.id, person.id)) if group and person else None
        return Place(group, person, member)


class _Rides(_Closed):
    """Whether something waits for a free reply here; taking it along is a change."""

    def __init__(self, groups_with_rides: Iterable[UUID]) -> None:
        self._waiting = set(groups_with_rides)

    @classmethod
    def of(cls, connection: Connection, group_ids: Sequence[UUID], now: datetime) -> _Rides:
        if not group_ids:
            return cls(())
        waiting = select(outbox.c.group_id).where(
            outbox.c.group_id.in_(group_ids),
            outbox.c.way == "ride",
            outbox.c.settled_at.is_(None),
            outbox.c.due_at <= now,
            outbox.c.expires_at > now,
        )
        return cls(connection.scalars(waiting.distinct()))

    def ride(self, group_id: UUID, token: ReplyToken, now: datetime) -> OutboxMessage | None:
        del token, now
        if group_id in self._waiting:
            raise NeedsOwnTransactionError("ride")
        return None
