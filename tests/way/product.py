"""The whole product in a test's own thread, with LINE on the other side and time in our hands.

product.say(group, nurse, "HN 650012345 …")   a person talks; the webhook is delivered
product.settle()                              judged, decided, told: until nothing is left
product.line.texts(group)                     what the people of that group saw
product.advance(minutes=5)                    for LINE and for us alike
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import Table, func, select

from bot.bootstrap import Parts, build
from bot.domain.groups import GroupKind
from bot.domain.times import from_milliseconds
from bot.ledger.entry import EntryKind
from bot.ports import Looker
from bot.sandbox.chats import Chat
from bot.sandbox.clock import ManualClock
from bot.sandbox.delivery import WebhookAnswer
from bot.sandbox.messages import Message
from bot.sandbox.people import Person
from bot.sandbox.platform import Platform
from bot.sandbox.server import SandboxServer
from bot.settings import Settings
from bot.storage.migrate import migrate
from bot.storage.tables import inbox, ledger_entries, looks, outbox
from bot.storage.types import AnyRow
from bot.web.app import create_app
from bot.worker.asking import Asker
from bot.worker.house import make_looking, make_processor, make_sender, make_upkeep
from bot.worker.policy import PolicyOfTheDay
from handlers import group_changes
from tests.sandbox.harness import SECRET, TOKEN, LineSandbox, channel

MASTER_KEY = bytes(range(32))
# Invented, with check digits that are right.
CITIZEN_NUMBER = "1-2810-46451-27-4"
HN_TEXT = "คนไข้เตียง 5 HN 650012345 ฝากตามผล lab"


@dataclass(frozen=True)
class HandClock:
    """Our clock shows what LINE's shows."""

    hands: ManualClock

    def now(self) -> datetime:
        return from_milliseconds(self.hands.now_ms())


@dataclass
class ToOurWebhook:
    """Carries LINE's bodies into our application without a socket."""

    client: FlaskClient | None = None

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> WebhookAnswer:
        assert self.client is not None
        answer = self.client.post(url, data=body, headers=headers)
        return WebhookAnswer(answer.status_code, answer.text)


_MEMBERSHIP = (EntryKind.MEMBER_SEEN, EntryKind.MEMBERS_LISTED)


class Product:
    def __init__(self, parts: Parts, line: LineSandbox, hands: ManualClock) -> None:
        self.parts = parts
        self.line = line
        self.hands = hands
        self.hints: list[UUID] = []
        policy = PolicyOfTheDay(parts.documents, parts.clock)
        self.processor = make_processor(parts, policy, lambda _ids: None)
        self.sender = make_sender(parts, policy)
        self.looking = make_looking(parts, policy, lambda _ids: None)
        self.asker = Asker(parts.errand_queue, parts.store, parts.line_api, parts.clock)
        self.upkeep = make_upkeep(parts)
        self.client = create_app(parts, self.hints.extend).test_client()

    @property
    def platform(self) -> Platform:
        return self.line.platform

    def advance(self, **span: float) -> None:
        self.hands.advance(**span)

    def deliver(self) -> list[int]:
        return [delivery.status for delivery in self.platform.deliver_due()]

    def settle(self) -> None:
        """Until nothing more happens; what waits for its time keeps waiting."""
        self.deliver()
        while self.work_once():
            self.deliver()

    def work_once(self) -> int:
        """Looks come last, so that a test can step in between."""
        done = self.processor.work() + self.sender.tell() + self.asker.run()
        return done or self.looking.look()

    def say(self, chat: Chat, person: Person, text: str, **how: Any) -> Message:  # noqa: ANN401 - as Platform.say
        message = self.platform.say(chat, person, text, **how)
        self.settle()
        return message

    def approve(self, chat: Chat, kind: GroupKind = GroupKind.CARE_TEAM, owner: str = "-") -> None:
        now = self.parts.clock.now()
        review_at = from_milliseconds(self.hands.now_ms() + 90 * 24 * 3_600_000)
        with self.parts.store.unit_of_work() as uow:
            group = uow.registry.locate(chat.chat_id, None).group
            assert group is not None, "approve a group that has said something"
            terms = group_changes.Terms(kind, "ward work", owner, review_at)
            group_changes.approve(uow, group, terms, by="test", at=now)

    def simulate(self, chat: Chat) -> None:
        with self.parts.store.unit_of_work() as uow:
            group = uow.registry.locate(chat.chat_id, None).group
            assert group is not None
            group_changes.simulate(uow, group, on=True, by="test", at=self.parts.clock.now())

    # Looking

    def rows(self, table: Table) -> Sequence[AnyRow]:
        with self.parts.database.read() as connection:
            return connection.execute(select(table)).all()

    def count(self, table: Table) -> int:
        with self.parts.database.read() as connection:
            return connection.scalar(select(func.count()).select_from(table)) or 0

    def outcomes(self) -> list[str]:
        return [row.outcome for row in sorted(self.rows(inbox), key=lambda row: row.id)]

    def looked(self) -> list[tuple[str, str | None, str | None]]:
        """The ends of looks: outcome, reason and what followed."""
        rows = sorted(self.rows(looks), key=lambda row: row.id)
        return [(row.outcome, row.reason, row.led_to) for row in rows]

    def open_looks(self) -> int:
        return sum(1 for row in self.rows(looks) if row.state != "settled")

    def told(self) -> list[tuple[str, str]]:
        rows = sorted(self.rows(outbox), key=lambda row: (row.settled_at or row.due_at, row.id))
        return [(row.saying, row.state) for row in rows]

    def entries(self) -> list[str]:
        """What the scene led to: the documents that came into force were there before, and who was
        seen or listed is asked for by name (`membership`)."""
        besides = (EntryKind.PUBLISHED, *_MEMBERSHIP)
        return [kind for kind in self._kinds() if kind not in besides]

    def membership(self) -> list[str]:
        """Who was learnt of without an event that says so."""
        return [kind for kind in self._kinds() if kind in _MEMBERSHIP]

    def _kinds(self) -> list[str]:
        return [row.kind for row in sorted(self.rows(ledger_entries), key=lambda row: row.id)]


def settings_for(line: LineSandbox, database_url: str, **more: Any) -> Settings:  # noqa: ANN401 - any field
    return Settings(
        line_channel_secret=SECRET,
        line_channel_access_token=TOKEN,
        master_key=MASTER_KEY,
        database_url=database_url,
        line_api_base=line.url,
        line_data_base=line.url,
        contact="งานไอที โทร 0000",
        **{"line_timeout_seconds": 1.0, **more},
    )


@contextmanager
def running_product(
    database_url: str,
    looker: Looker | None = None,
    **settings: Any,  # noqa: ANN401 - any field
) -> Iterator[Product]:
    hands, transport = ManualClock(), ToOurWebhook()
    platform = Platform(channel(), "/line/webhook", clock=hands, transport=transport, seed=7)
    with SandboxServer(platform, couriers=0) as server, TemporaryDirectory() as outside:
        line = LineSandbox(platform, server)
        settings = {"erasures_file": f"{outside}/erasures.jsonl", **settings}
        parts = build(settings_for(line, database_url, **settings), HandClock(hands))
        if looker is not None:
            parts.__dict__["looker"] = looker  # in the place of what the settings would lead to
        migrate(parts.database)
        parts.seed_documents()
        product = Product(parts, line, hands)
        transport.client = product.client
        yield product
        parts.close_looker()
        found = line.problems()
        assert found == [], found
        parts.database.close()
