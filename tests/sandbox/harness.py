"""A running LINE for tests: start it, drive it, look at what the bot asked of it.

    with line_sandbox(webhook=product_url + "/line/webhook") as line:
        nurse = line.platform.add_person("พยาบาลเอ")
        ward = line.platform.add_group("หอผู้ป่วย", [nurse])
        line.platform.say(ward, nurse, "HN 0000001 …")
        call = line.wait_for_call("/v2/bot/message/reply")
        assert line.texts(ward) == ["…"]
        assert line.problems() == []

Give the product these settings:
    line.url      LINE_API_BASE and LINE_DATA_BASE (one port serves both hosts)
    line.secret   LINE_CHANNEL_SECRET
    line.token    LINE_CHANNEL_ACCESS_TOKEN
    line.set_webhook(url)   where to deliver, when it is known only after the start

Drive (all in `bot.sandbox.platform.Platform`, people and chats as objects or ids):
    line.platform.add_person / add_group / add_room            no event
    line.platform.say(chat, person, text, mentioning=[…, "bot", "all"], quoting=message, at_ms=…)
    line.platform.send_image / send_file / send / send_image_set
        (Attachment is in bot.sandbox.speech; InjectedFault and FaultKind in bot.sandbox.faults)
    line.platform.send_sticker / send_location / edit / unsend
    line.platform.join / leave / invite_bot / remove_bot / follow / unfollow
    line.platform.press(chat, person, action_object) / postback(chat, person, data)
    line.platform.set_habits(redelivers=…, extra_copies=…, delay_ms=…, holds=…), release("shuffled")
    line.platform.repeat(event, redelivery=True or False), send_raw_event(chat, {"type": "new"})
    line.platform.set_switches(is_verified=…), set_quota(n), set_standby(chat, standby=True)
    line.platform.inject(InjectedFault(FaultKind.CLOSE, path="/v2/bot/message/reply", times=1))
    line.platform.event_of(message) gives the WebhookEvent (its id, its reply token, its body)

Look:
    line.calls(path_pattern="*")     every request received: method, path, headers, json, status
    line.wait_for_call(pattern, count=1, seconds=10) / line.wait_until(condition, seconds=10)
    line.problems()                  what the official description has against any request received,
                                     any answer given and any webhook sent
    line.bot_messages(chat), line.texts(chat)      what people in the chat saw the bot say
    line.deliveries()                webhooks sent, with the status that came back
    line.wait_for_silence(seconds)   until all webhooks are delivered and no call came for so long

A hospital that is ready-made: `cast = assemble(line.platform)` (bot.sandbox.cast), cast["aom"].
A bot without the product: `with standin_bot(line) as bot: …` (tests.sandbox.standin_bot).

Time: with clock=ManualClock() tokens, retry keys, quotas and redeliveries follow the test's hand;
the threads run on real time. Without a server, `Platform(channel, transport=…)` and
`platform.deliver_due()` do everything in the test's own thread.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache

from bot.sandbox.calls import Call
from bot.sandbox.chats import Chat
from bot.sandbox.clock import Clock
from bot.sandbox.delivery import Delivery
from bot.sandbox.messages import Message
from bot.sandbox.platform import Platform
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import Channel
from tests.sandbox.official import OfficialDescription

SECRET = "0123456789abcdef0123456789abcdef"
TOKEN = "sandbox-token-for-tests"
POLL_SECONDS = 0.01
# Served although it is in another official file (channel-access-token.yml).
ELSEWHERE = ("/oauth2/*", "/v2/oauth/*")


@cache
def official() -> OfficialDescription:
    return OfficialDescription.load()


@dataclass
class LineSandbox:
    platform: Platform
    server: SandboxServer
    secret: str = field(default=SECRET, repr=False)
    token: str = field(default=TOKEN, repr=False)

    @property
    def url(self) -> str:
        return self.server.url

    def set_webhook(self, url: str) -> None:
        courier = self.platform.world.courier
        courier.address = replace(courier.address, url=url)

    def calls(self, pattern: str = "*") -> list[Call]:
        with self.platform.world.lock:
            return [c for c in self.platform.world.calls if fnmatchcase(c.path, pattern)]

    def deliveries(self) -> list[Delivery]:
        with self.platform.world.lock:
            return list(self.platform.world.courier.deliveries)

    def bot_messages(self, chat: Chat | str) -> list[Message]:
        return self.platform.bot_messages(chat)

    def texts(self, chat: Chat | str) -> list[str]:
        """The words of the bot's texts; for other kinds their alternative text."""
        contents = [message.content for message in self.bot_messages(chat)]
        return [content.get("text") or content.get("altText", "") for content in contents]

    def wait_until(self, condition: Callable[[], bool], seconds: float = 10) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"not so within {seconds} seconds")
            time.sleep(POLL_SECONDS)

    def wait_for_call(self, pattern: str, count: int = 1, seconds: float = 10) -> Call:
        """The `count`-th call to a path like `pattern`, as soon as it is there."""
        self.wait_until(lambda: len(self.calls(pattern)) >= count, seconds)
        return self.calls(pattern)[count - 1]

    def wait_for_silence(self, quiet_seconds: float = 0.3, seconds: float = 10) -> None:
        """Until everything is delivered and nothing changed for `quiet_seconds`."""
        deadline = time.monotonic() + seconds
        while True:
            before = self.platform.world.journal.last_number
            time.sleep(quiet_seconds)
            is_same = before == self.platform.world.journal.last_number
            if is_same and not self.platform.world.courier.pending():
                return
            if time.monotonic() > deadline:
                raise AssertionError(f"no silence within {seconds} seconds")

    def problems(self) -> list[str]:
        found = [problem for call in self.calls() for problem in call_problems(call)]
        for delivery in self.deliveries():
            found += official().check_webhook(json.loads(delivery.body))
        return found


def call_problems(call: Call) -> list[str]:
    if any(fnmatchcase(call.path, pattern) for pattern in ELSEWHERE):
        return []
    found = official().check_request(call.method, call.path, call.json)
    if call.status:
        found += official().check_response(call.method, call.path, call.status, call.answer)
    return [f"{call.method} {call.path}: {problem}" for problem in found]


def channel() -> Channel:
    return Channel(SECRET, TOKEN)


@contextmanager
def line_sandbox(
    webhook: str = "",
    *,
    clock: Clock | None = None,
    seed: int | None = 1,
    couriers: int = 1,
    port: int = 0,
) -> Iterator[LineSandbox]:
    """A LINE of one's own on a free port, for the length of a with-block."""
    platform = Platform(channel(), webhook, clock=clock, seed=seed)
    with SandboxServer(platform, port=port, couriers=couriers) as server:
        yield LineSandbox(platform, server)
