"""A platform without threads or sockets: webhooks are caught, the clock is in our hands."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

import pytest

from bot.sandbox.chats import Chat
from bot.sandbox.clock import ManualClock
from bot.sandbox.delivery import WebhookAnswer
from bot.sandbox.people import Friendship, Person
from bot.sandbox.platform import Platform
from bot.sandbox.web.app import make_app
from tests.sandbox.harness import TOKEN, call_problems, channel, official

Json = dict[str, Any]
Value = Any


class JsonAnswer(Protocol):
    """Flask's answer in tests, taken at its word that it is JSON where we expect it."""

    status_code: int
    json: Value
    data: bytes
    headers: Mapping[str, str]
    content_type: str


class Client(Protocol):
    def open(self, path: str, **how: Value) -> JsonAnswer: ...
    def get(self, path: str, **how: Value) -> JsonAnswer: ...
    def post(self, path: str, **how: Value) -> JsonAnswer: ...
    def delete(self, path: str, **how: Value) -> JsonAnswer: ...


@dataclass
class CaughtWebhooks:
    """Takes the place of the bot's server."""

    answers: list[WebhookAnswer] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> WebhookAnswer:
        del url
        self.bodies.append(body)
        self.headers.append(headers)
        return self.answers.pop(0) if self.answers else WebhookAnswer(200, "OK")

    def json(self) -> list[Json]:
        return [json.loads(body) for body in self.bodies]


@dataclass
class Stage:
    """The standing cast: a nurse and a doctor on a ward, a stranger elsewhere."""

    platform: Platform
    clock: ManualClock
    webhooks: CaughtWebhooks
    client: Client
    nurse: Person
    doctor: Person
    stranger: Person
    ward: Chat

    def events(self) -> list[Json]:
        """Deliver what is due; all events delivered so far, each body checked."""
        self.platform.deliver_due()
        bodies = self.webhooks.json()
        assert [fault for body in bodies for fault in official().check_webhook(body)] == []
        return [event for body in bodies for event in body["events"]]

    def last_event(self) -> Json:
        return self.events()[-1]

    def reply_token(self) -> str:
        """A fresh token: somebody speaks and the webhook arrives."""
        self.platform.say(self.ward, self.nurse, "สวัสดีค่ะ")
        return str(self.last_event()["replyToken"])

    def ask(self, method: str, path: str, body: Json | None = None, **headers: str) -> JsonAnswer:
        """One request as the bot would make it; request and answer are judged officially."""
        answer = self.client.open(
            path,
            method=method,
            json=body,
            headers={"Authorization": f"Bearer {TOKEN}", **named(headers)},
        )
        call = self.platform.world.calls[-1]
        judged = official().check_response(method, call.path, call.status, call.answer)
        assert judged == []
        assert call.status >= 400 or call_problems(call) == []
        assert answer.headers["x-line-request-id"]
        return answer

    def reply(self, *messages: Json, token: str | None = None, **headers: str) -> JsonAnswer:
        body = {"replyToken": token or self.reply_token(), "messages": list(messages)}
        return self.ask("POST", "/v2/bot/message/reply", body, **headers)

    def push(self, to: str, *messages: Json, **headers: str) -> JsonAnswer:
        body = {"to": to, "messages": list(messages)}
        return self.ask("POST", "/v2/bot/message/push", body, **headers)


def named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def text(words: str = "ขอบคุณค่ะ") -> Json:
    return {"type": "text", "text": words}


@pytest.fixture
def stage() -> Stage:
    clock, webhooks = ManualClock(), CaughtWebhooks()
    platform = Platform(
        channel(), "http://bot.example/line/webhook", clock=clock, transport=webhooks, seed=7
    )
    nurse = platform.add_person("พยาบาล เอ", friendship=Friendship.FRIEND)
    doctor = platform.add_person("นพ. บี")
    stranger = platform.add_person("คนแปลกหน้า")
    ward = platform.add_group("หอผู้ป่วยอายุรกรรม 2", [nurse, doctor])
    client = cast("Client", make_app(platform).test_client())
    return Stage(platform, clock, webhooks, client, nurse, doctor, stranger, ward)
