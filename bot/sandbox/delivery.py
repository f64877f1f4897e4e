"""Webhook bodies on their way: signed, delayed, doubled, shuffled, sent again."""

import base64
import hashlib
import hmac
import http.client
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import urlsplit

from bot.sandbox.clock import SECOND_MS, Clock
from bot.sandbox.events import WebhookEvent

ANSWER_WITHIN_SECONDS = 2.0
# LINE does not tell how often and when it delivers again; these are ours.
REDELIVERY_AFTER_SECONDS = (5, 30, 120, 600)
KEPT_DELIVERIES = 2000


@dataclass(frozen=True)
class WebhookAnswer:
    status: int
    """0 where no answer came."""
    reason: str = ""

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - the statuses that LINE calls 20x


class Transport(Protocol):
    """Carries one signed body to the webhook."""

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> WebhookAnswer: ...


class HttpTransport:
    def post(self, url: str, body: bytes, headers: dict[str, str]) -> WebhookAnswer:
        try:
            return self._post(url, body, headers)
        except TimeoutError:
            return WebhookAnswer(0, "request_timeout")
        except (OSError, http.client.HTTPException):
            return WebhookAnswer(0, "could_not_connect")

    def _post(self, url: str, body: bytes, headers: dict[str, str]) -> WebhookAnswer:
        connection = open_connection(url)
        try:
            connection.request("POST", path_of(url), body, headers)
            answer = connection.getresponse()
            answer.read()
            return WebhookAnswer(answer.status, answer.reason)
        finally:
            connection.close()


def open_connection(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.hostname or "", parts.port, timeout=ANSWER_WITHIN_SECONDS)


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def signature_of(secret: str, body: bytes) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


def headers_for(secret: str, body: bytes) -> dict[str, str]:
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "LineBotWebhook/2.0",
        "x-line-signature": signature_of(secret, body),
    }


def body_of(destination: str, events: Sequence[dict[str, object]]) -> bytes:
    whole = {"destination": destination, "events": list(events)}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Parcel:
    """Events that travel in one body."""

    events: tuple[WebhookEvent, ...]
    due_at_ms: int
    attempt: int = 1

    @property
    def is_redelivery(self) -> bool:
        return self.attempt > 1


@dataclass(frozen=True)
class Delivery:
    """A parcel that was sent, and what came of it."""

    number: int
    event_ids: tuple[str, ...]
    body: bytes = field(repr=False)
    attempt: int
    sent_at_ms: int
    status: int
    reason: str
    took_ms: float

    @property
    def is_redelivery(self) -> bool:
        return self.attempt > 1


@dataclass(frozen=True)
class Habits:
    """How the network and the console settings of the channel treat webhooks."""

    uses_webhook: bool = True
    redelivers: bool = False
    extra_copies: int = 0
    """Copies sent without being marked as redelivered, as network routing makes them."""
    delay_ms: int = 0
    holds: bool = False
    """Keep everything back until it is released."""


@dataclass(frozen=True)
class Address:
    url: str
    secret: str = field(repr=False)
    destination: str = ""


@dataclass
class Courier:
    """Queues parcels and sends those that are due. Its owner keeps the lock."""

    address: Address
    clock: Clock
    rng: random.Random
    transport: Transport = field(default_factory=HttpTransport)
    habits: Habits = field(default_factory=Habits)
    redelivery_after_seconds: Sequence[float] = REDELIVERY_AFTER_SECONDS
    on_departure: Callable[[Parcel], None] = field(default=lambda _parcel: None)
    deliveries: list[Delivery] = field(default_factory=list)
    _queue: list[Parcel] = field(default_factory=list)
    _held: list[WebhookEvent] = field(default_factory=list)
    _sent: int = 0

    def hand_over(self, event: WebhookEvent) -> None:
        if not self.habits.uses_webhook or not self.address.url:
            return
        if self.habits.holds:
            self._held.append(event)
        else:
            self._enqueue((event,))

    def release(self, order: str = "sent", per_body: int = 1) -> None:
        """Let go of what was held: in the order sent, reversed, or shuffled."""
        events, self._held = list(self._held), []
        if order == "reversed":
            events.reverse()
        elif order == "shuffled":
            self.rng.shuffle(events)
        for start in range(0, len(events), per_body):
            self._enqueue(tuple(events[start : start + per_body]))

    def repeat(self, event: WebhookEvent, *, redelivery: bool) -> None:
        """Send an event once more, now."""
        self._queue.append(Parcel((event,), self.clock.now_ms(), attempt=2 if redelivery else 1))

    def _enqueue(self, events: tuple[WebhookEvent, ...]) -> None:
        parcel = Parcel(events, self.clock.now_ms() + self.habits.delay_ms)
        self._queue.extend([parcel] * (1 + self.habits.extra_copies))

    def take_due(self) -> Parcel | None:
        now_ms = self.clock.now_ms()
        for place, parcel in enumerate(self._queue):
            if parcel.due_at_ms <= now_ms:
                return self._queue.pop(place)
        return None

    def pending(self) -> int:
        return len(self._queue)

    def held(self) -> int:
        return len(self._held)

    def carry(self, parcel: Parcel) -> Delivery:
        """Send one parcel and wait for the answer, for two seconds at the most."""
        body = body_of(self.address.destination, events_of(parcel))
        self.on_departure(parcel)
        sent_at_ms, started = self.clock.now_ms(), time.perf_counter()
        answer = self.transport.post(self.address.url, body, headers_for(self.address.secret, body))
        took_ms = (time.perf_counter() - started) * SECOND_MS
        return Delivery(
            number=0,
            event_ids=tuple(event.event_id for event in parcel.events),
            body=body,
            attempt=parcel.attempt,
            sent_at_ms=sent_at_ms,
            status=answer.status,
            reason=answer.reason,
            took_ms=round(took_ms, 1),
        )

    def settle(self, parcel: Parcel, delivery: Delivery) -> None:
        self._sent += 1
        self.deliveries.append(replace(delivery, number=self._sent))
        del self.deliveries[:-KEPT_DELIVERIES]
        if not WebhookAnswer(delivery.status).is_success and self.habits.redelivers:
            self._send_again(parcel)

    def _send_again(self, parcel: Parcel) -> None:
        if parcel.attempt > len(self.redelivery_after_seconds):
            return
        wait_ms = int(self.redelivery_after_seconds[parcel.attempt - 1] * SECOND_MS)
        due_at_ms = self.clock.now_ms() + wait_ms
        self._queue.append(replace(parcel, due_at_ms=due_at_ms, attempt=parcel.attempt + 1))


def events_of(parcel: Parcel) -> list[dict[str, object]]:
    if parcel.is_redelivery:
        return [event.redelivered() for event in parcel.events]
    return [event.body for event in parcel.events]
