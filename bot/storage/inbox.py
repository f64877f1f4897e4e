"""What handlers may see of the inbox, and how it forgets."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select, update

from bot.domain.events import EventKind, Outcome
from bot.storage.batches import in_batches
from bot.storage.tables import inbox

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Connection

    from bot.domain.events import InboundEvent
    from bot.ports import Clock, InboxRow
    from bot.storage.engine import Database
    from bot.storage.sealing import Sealer

# Slack for late arrivals: until then a settled payload can still complete a split identity.
WIPE_AFTER = timedelta(minutes=3)
PARKED_KEPT = timedelta(days=7)
SETTLED_KEPT = timedelta(days=14)
_STANDING_CONTENT = (EventKind.UNSEND.value,)
_WIPED = {
    "payload_sealed": None,
    "payload_key_id": None,
    "lane": None,
    "message_key": None,
    "occurred_at": None,
}


class SqlInboxWindow:
    """What handlers see of the inbox, inside their unit of work."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def of_sender(self, event: InboundEvent, since: datetime, until: datetime) -> list[InboxRow]:
        return self._opened(
            inbox.c.lane.in_(self._sealer.lanes(event)), inbox.c.occurred_at.between(since, until)
        )

    def _opened(self, *conditions: Any) -> list[InboxRow]:  # noqa: ANN401 - SQL expressions
        rows = self._connection.execute(
            select(inbox)
            .where(*conditions, inbox.c.payload_sealed.is_not(None))
            .order_by(inbox.c.occurred_at, inbox.c.id)
        ).all()
        return [self._sealer.opened(self._connection, row) for row in rows]

    def change_outcome(self, row_id: UUID, outcome: Outcome) -> None:
        self._connection.execute(
            update(inbox).where(inbox.c.id == row_id).values(outcome=outcome.value)
        )

    def wipe_message(self, message_id: str) -> None:
        """The row keeps its lane and key until it is settled, so that the unsend is still seen."""
        self._connection.execute(
            update(inbox)
            .where(
                inbox.c.message_key.in_(self._sealer.message_keys(message_id)),
                inbox.c.kind.not_in(_STANDING_CONTENT),
            )
            .values(payload_sealed=None, payload_key_id=None)
        )


class InboxUpkeep:
    """Forgets what need not be kept."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def wipe(self) -> int:
        """Contents, lane and message key of settled rows whose three minutes are over."""
        before = self._clock.now() - WIPE_AFTER
        # An unsend takes the payload first; what happened in no chat has no lane.
        has_contents = or_(
            *(inbox.c[name].is_not(None) for name in ("payload_sealed", "lane", "message_key"))
        )
        return in_batches(
            self._database,
            inbox,
            update(inbox).values(_WIPED),
            inbox.c.state == "settled",
            inbox.c.received_at < before,
            has_contents,
        )

    def give_up_parked(self) -> int:
        """A parked row ends as 'not inspected' after seven days: counted, never called clean."""
        now = self._clock.now()
        ended = {"state": "settled", "outcome": Outcome.NOT_INSPECTED.value, "settled_at": now}
        return in_batches(
            self._database,
            inbox,
            update(inbox).values(_WIPED | ended),
            inbox.c.state == "parked",
            inbox.c.received_at < now - PARKED_KEPT,
        )

    def purge(self) -> int:
        """What deduplication needs is kept for 14 days."""
        before = self._clock.now() - SETTLED_KEPT
        return in_batches(
            self._database,
            inbox,
            delete(inbox),
            inbox.c.state == "settled",
            inbox.c.received_at < before,
        )
