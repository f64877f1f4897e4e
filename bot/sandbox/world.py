"""All state of the simulated LINE in one place, with the lock that guards it."""

import random
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.sandbox.calls import Call
from bot.sandbox.chats import Chat, ChatKind
from bot.sandbox.clock import MINUTE_MS, Clock
from bot.sandbox.contents import ContentStore
from bot.sandbox.delivery import Courier, Delivery, Parcel
from bot.sandbox.events import Envelope, WebhookEvent, source_of
from bot.sandbox.faults import FaultBoard
from bot.sandbox.ids import IdMaker
from bot.sandbox.journal import Journal
from bot.sandbox.messages import Message, MessageLog
from bot.sandbox.people import Person
from bot.sandbox.quota import Quota
from bot.sandbox.rates import RateLimiter
from bot.sandbox.retry_keys import RetryKeys
from bot.sandbox.rich_menus import RichMenus
from bot.sandbox.tokens import ReplyToken, ReplyTokens

TOKEN_PREFIX = "sandbox-"  # noqa: S105 - the mark that keeps real tokens out
LINK_TOKEN_LIFE_MS = 10 * MINUTE_MS
KEPT_EVENTS = 20_000
KEPT_CALLS = 5_000


class NotPossibleError(ValueError):
    """Raised where a person tries what LINE's app would not offer."""


@dataclass(frozen=True)
class Channel:
    """The official account that the product plays."""

    secret: str = field(repr=False)
    access_token: str = field(repr=False)
    bot_user_id: str = "U3c5261c4130db056c3c132b3a4336d65"
    basic_id: str = "@000sandbox"
    name: str = "วงรักษา"
    channel_id: str = "2000000000"

    def __post_init__(self) -> None:
        if not self.access_token.startswith(TOKEN_PREFIX):
            message = f"the sandbox serves only access tokens that begin with {TOKEN_PREFIX!r}"
            raise ValueError(message)


@dataclass(frozen=True)
class Switches:
    """What the console of the official account has turned on."""

    is_verified: bool = False
    """A verified account may list members and followers; others get 403."""
    joins_groups: bool = True
    """'Allow bot to join group chats'; off by default on the real platform."""
    chat_is_on: bool = False
    """With Chat on, messages are marked as read only when the bot does it."""
    limits_rates: bool = True


@dataclass
class World:
    channel: Channel
    clock: Clock
    rng: random.Random
    courier: Courier
    switches: Switches = field(default_factory=Switches)
    people: dict[str, Person] = field(default_factory=dict)
    chats: dict[str, Chat] = field(default_factory=dict)
    log: MessageLog = field(default_factory=MessageLog)
    contents: ContentStore = field(default_factory=ContentStore)
    reply_tokens: ReplyTokens = field(default_factory=ReplyTokens)
    retry_keys: RetryKeys = field(default_factory=RetryKeys)
    link_tokens: dict[str, tuple[str, int]] = field(default_factory=dict)
    quota: Quota = field(default_factory=Quota)
    rates: RateLimiter = field(default_factory=RateLimiter)
    faults: FaultBoard = field(default_factory=FaultBoard)
    rich_menus: RichMenus = field(default_factory=RichMenus)
    journal: Journal = field(default_factory=Journal)
    events: dict[str, WebhookEvent] = field(default_factory=dict)
    event_ids_by_message: dict[str, list[str]] = field(default_factory=dict)
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=KEPT_CALLS))
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.ids = IdMaker(self.rng)
        self.courier.on_departure = self._start_reply_minutes

    def now_ms(self) -> int:
        return self.clock.now_ms()

    # People and chats

    def keep_person(self, person: Person) -> Person:
        self.people[person.user_id] = person
        self.journal.note("person", person.user_id)
        return person

    def keep_chat(self, chat: Chat) -> Chat:
        self.chats[chat.chat_id] = chat
        self.journal.note("chat", chat.chat_id)
        return chat

    def keep_message(self, message: Message) -> Message:
        self.log.keep(message)
        self.journal.note("message", message.message_id)
        return message

    def person(self, user_id: str) -> Person:
        if user_id not in self.people:
            raise NotPossibleError("nobody has this user id")
        return self.people[user_id]

    def chat(self, chat_id: str) -> Chat:
        if chat_id not in self.chats:
            raise NotPossibleError("no chat has this id")
        return self.chats[chat_id]

    def message(self, message_id: str) -> Message:
        message = self.log.find(message_id)
        if message is None:
            raise NotPossibleError("no message has this id")
        return message

    def bot_is_in(self, chat_id: str, kind: ChatKind) -> bool:
        chat = self.chats.get(chat_id)
        return chat is not None and chat.kind is kind and chat.has_bot

    # Events

    def emit(
        self,
        kind: str,
        own: Mapping[str, Any],
        chat: Chat,
        *,
        person: Person | None = None,
        at_ms: int | None = None,
        replies: bool = True,
    ) -> WebhookEvent | None:
        """Tell the bot, if it is there to be told."""
        if chat.is_shared and not chat.has_bot:
            return None
        self._announce_room(chat)
        envelope = self._envelope(chat, person, at_ms, replies=replies and not chat.is_standby)
        return self.send_event(chat.chat_id, envelope, envelope.around(kind, own))

    def _envelope(
        self, chat: Chat, person: Person | None, at_ms: int | None, *, replies: bool
    ) -> Envelope:
        happened_at_ms = self.now_ms() if at_ms is None else at_ms
        return Envelope(
            event_id=self.ids.event(happened_at_ms),
            happened_at_ms=happened_at_ms,
            source=source_of(chat, person),
            reply_token=self.ids.reply_token() if replies else None,
            mode="standby" if chat.is_standby else "active",
        )

    def send_event(self, chat_id: str, envelope: Envelope, body: dict[str, Any]) -> WebhookEvent:
        event = WebhookEvent(envelope.event_id, chat_id, envelope.happened_at_ms, body)
        self.events[event.event_id] = event
        if len(self.events) > KEPT_EVENTS:
            del self.events[next(iter(self.events))]
        if event.message_id is not None:
            self.event_ids_by_message.setdefault(event.message_id, []).append(event.event_id)
        self._issue_reply_token(event)
        self.journal.note("event", event.event_id)
        self.courier.hand_over(event)
        return event

    def _issue_reply_token(self, event: WebhookEvent) -> None:
        if event.reply_token is not None:
            self.reply_tokens.issue(
                ReplyToken(
                    event.reply_token,
                    event.chat_id,
                    event.event_id,
                    event.happened_at_ms,
                    self.now_ms(),
                )
            )

    def _announce_room(self, chat: Chat) -> None:
        if not chat.is_announced:
            announced = self.keep_chat(replace(chat, is_announced=True))
            self.emit("join", {}, announced)

    def _start_reply_minutes(self, parcel: Parcel) -> None:
        with self.lock:
            for event in parcel.events:
                if event.reply_token is not None:
                    self.reply_tokens.delivered(event.reply_token, self.now_ms())

    # Deliveries

    def take_due(self) -> Parcel | None:
        with self.lock:
            return self.courier.take_due()

    def carry(self, parcel: Parcel) -> Delivery:
        """Send without the lock, since the bot may call back before it answers."""
        delivery = self.courier.carry(parcel)
        with self.lock:
            self.courier.settle(parcel, delivery)
        self.journal.note("delivery", delivery.event_ids[0] if delivery.event_ids else "")
        return delivery

    def note_call(self, call: Call) -> None:
        with self.lock:
            self.calls.append(call)
        self.journal.note("call", call.request_id)
