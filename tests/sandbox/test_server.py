"""The sandbox as a process of its own: the SDK talks to it, connections break."""

import http.server
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

import pytest
from linebot.v3.messaging.api.messaging_api import MessagingApi
from linebot.v3.messaging.api.messaging_api_blob import MessagingApiBlob
from linebot.v3.messaging.api_client import ApiClient
from linebot.v3.messaging.configuration import Configuration
from linebot.v3.messaging.exceptions import ApiException
from linebot.v3.messaging.models.error_response import ErrorResponse
from linebot.v3.messaging.models.push_message_request import PushMessageRequest
from linebot.v3.messaging.models.reply_message_request import ReplyMessageRequest
from linebot.v3.webhook import WebhookParser
from urllib3.exceptions import MaxRetryError, ProtocolError

from bot.sandbox.chats import Chat
from bot.sandbox.clock import ManualClock
from bot.sandbox.faults import FaultKind, InjectedFault
from tests.sandbox.harness import SECRET, TOKEN, LineSandbox, line_sandbox

TEXT = {"type": "text", "text": "ค่ะ"}
ROOT = Path(__file__).parents[2]


class Bot(http.server.BaseHTTPRequestHandler):
    received: ClassVar[list[tuple[bytes, str]]]
    url: str
    delay_seconds: float = 0

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.received.append((body, self.headers["x-line-signature"]))
        time.sleep(self.delay_seconds)
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in the library
        del format, args


@pytest.fixture
def bot() -> Iterator[type[Bot]]:
    class OneBot(Bot):
        received: ClassVar[list[tuple[bytes, str]]] = []

    handler = OneBot
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.url = f"http://127.0.0.1:{server.server_port}/line/webhook"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield handler
    server.shutdown()
    server.server_close()


@pytest.fixture
def line(bot: type[Bot]) -> Iterator[LineSandbox]:
    with line_sandbox(bot.url) as running:
        yield running


@pytest.fixture
def client(line: LineSandbox) -> Iterator[ApiClient]:
    configuration = Configuration(host=line.url, access_token=TOKEN)
    with ApiClient(configuration) as api_client:
        yield api_client
        api_client.rest_client.pool_manager.clear()


def messaging(client: ApiClient) -> MessagingApi:
    return MessagingApi(client)


def push_to(chat: Chat) -> PushMessageRequest:
    body = {"to": chat.chat_id, "messages": [TEXT]}
    return PushMessageRequest.from_dict(body)


def reply_with(token: str) -> ReplyMessageRequest:
    body = {"replyToken": token, "messages": [TEXT]}
    return ReplyMessageRequest.from_dict(body)


def test_the_sdk_reads_what_is_sent_and_answers(
    line: LineSandbox, bot: type[Bot], client: ApiClient
) -> None:
    nurse = line.platform.add_person("พยาบาล เอ")
    ward = line.platform.add_group("หอผู้ป่วย", [nurse])
    line.platform.say(ward, nurse, "สวัสดีค่ะ")
    line.wait_until(lambda: bool(bot.received))
    body, signature = bot.received[0]
    parser = WebhookParser(SECRET)
    event = parser.parse(body.decode(), signature)[0]
    assert event.message.text == "สวัสดีค่ะ"
    request = reply_with(event.reply_token)
    messaging(client).reply_message(request, _request_timeout=5)
    assert line.texts(ward) == ["ค่ะ"]
    assert line.problems() == []


def test_the_sdk_gets_bytes_from_the_same_port(line: LineSandbox, client: ApiClient) -> None:
    nurse = line.platform.add_person("พยาบาล เอ")
    ward = line.platform.add_group("หอผู้ป่วย", [nurse])
    picture = line.platform.send_image(ward, nurse, b"\x89PNG")
    blob = MessagingApiBlob(client)
    found = blob.get_message_content(picture.message_id, _request_timeout=5)
    assert bytes(found) == b"\x89PNG"


def test_an_unclear_push_is_settled_by_its_retry_key(line: LineSandbox, client: ApiClient) -> None:
    ward = line.platform.add_group("หอผู้ป่วย", [line.platform.add_person("พยาบาล เอ")])
    line.platform.inject(InjectedFault(FaultKind.DONE_THEN_CLOSE, "/v2/bot/message/push"))
    request = push_to(ward)
    api, key = messaging(client), str(uuid4())
    with pytest.raises((ProtocolError, MaxRetryError)):
        api.push_message(request, x_line_retry_key=key, _request_timeout=5)
    with pytest.raises(ApiException) as refused:
        api.push_message(request, x_line_retry_key=key, _request_timeout=5)
    assert refused.value.status == 409
    sent = ErrorResponse.from_json(refused.value.body).sent_messages
    assert [message.id for message in sent or []] == [m.message_id for m in line.bot_messages(ward)]


@pytest.mark.parametrize(
    ("kind", "status", "is_done"),
    [
        (FaultKind.RATE, 429, False),
        (FaultKind.QUOTA, 429, False),
        (FaultKind.ERROR, 500, False),
        (FaultKind.DONE_THEN_ERROR, 500, True),
    ],
)
def test_a_fault_is_answered_and_is_over(
    line: LineSandbox, client: ApiClient, kind: FaultKind, status: int, *, is_done: bool
) -> None:
    ward = line.platform.add_group("หอผู้ป่วย", [line.platform.add_person("พยาบาล เอ")])
    line.platform.inject(InjectedFault(kind, "/v2/bot/message/*"))
    request = push_to(ward)
    with pytest.raises(ApiException) as refused:
        messaging(client).push_message(request, _request_timeout=5)
    assert refused.value.status == status
    assert bool(line.bot_messages(ward)) is is_done
    messaging(client).push_message(request, _request_timeout=5)
    assert line.problems() == []


def test_a_hanging_answer_comes_late(line: LineSandbox, client: ApiClient) -> None:
    line.platform.inject(InjectedFault(FaultKind.HANG, "/v2/bot/info", seconds=0.2))
    started = time.monotonic()
    messaging(client).get_bot_info(_request_timeout=5)
    assert time.monotonic() - started >= 0.2


def test_a_closed_connection_did_nothing(line: LineSandbox, client: ApiClient) -> None:
    ward = line.platform.add_group("หอผู้ป่วย", [line.platform.add_person("พยาบาล เอ")])
    line.platform.inject(InjectedFault(FaultKind.CLOSE, "/v2/bot/message/push"))
    request = push_to(ward)
    with pytest.raises((ProtocolError, MaxRetryError)):
        messaging(client).push_message(request, _request_timeout=5)
    assert line.bot_messages(ward) == []


def test_two_seconds_without_an_answer_are_a_failure(bot: type[Bot]) -> None:
    bot.delay_seconds = 2.5
    clock = ManualClock()
    with line_sandbox(bot.url, clock=clock) as line:
        line.platform.set_habits(redelivers=True)
        nurse = line.platform.add_person("พยาบาล เอ")
        line.platform.say(line.platform.add_group("หอผู้ป่วย", [nurse]), nurse, "ก")
        line.wait_until(lambda: len(line.deliveries()) == 1)
        assert (line.deliveries()[0].status, line.deliveries()[0].reason) == (0, "request_timeout")
        bot.delay_seconds = 0
        clock.advance(seconds=5)
        line.wait_until(lambda: len(line.deliveries()) == 2)
        assert line.deliveries()[1].is_redelivery


def test_a_bot_that_is_not_there_is_a_failure() -> None:
    with line_sandbox("http://127.0.0.1:1/line/webhook") as line:
        nurse = line.platform.add_person("พยาบาล เอ")
        line.platform.say(nurse.user_id, nurse, "ก")
        line.wait_until(lambda: len(line.deliveries()) == 1)
        assert line.deliveries()[0].reason == "could_not_connect"


def run_sandbox(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.sandbox", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_the_process_refuses_a_real_token() -> None:
    done = run_sandbox("--secret", "s", "--token", "abc")
    assert done.returncode == 2
    assert "sandbox-" in done.stderr


def test_the_process_refuses_to_start_without_a_secret() -> None:
    done = run_sandbox(SANDBOX_CHANNEL_ACCESS_TOKEN="sandbox-x", SANDBOX_CHANNEL_SECRET="")
    assert done.returncode == 2
    assert "SANDBOX_CHANNEL_SECRET" in done.stderr


def test_the_process_starts_and_ends() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.sandbox", "--port", "0"],
        cwd=ROOT,
        env={
            **os.environ,
            "SANDBOX_CHANNEL_SECRET": "s",
            "SANDBOX_CHANNEL_ACCESS_TOKEN": "sandbox-x",
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("LINE sandbox: http://127.0.0.1:")
        process.terminate()
        assert process.wait(timeout=10) == 0
