"""LINE misbehaves in every way it knows: each warning is told once, or is seen not to be."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import ClassVar
from uuid import uuid4

import pytest
from psycopg.errors import QueryCanceled
from sqlalchemy.exc import OperationalError

from bot.line.api import SdkLineApi
from bot.sandbox.faults import FaultKind, InjectedFault
from bot.storage.tables import ledger_entries, outbox, push_budgets
from bot.storage.tell_queue import TellQueue
from bot.storage.types import AnyRow
from tests.services.server import free_port
from tests.way.conftest import Cast
from tests.way.product import Product

REPLY = "/v2/bot/message/reply"
PUSH = "/v2/bot/message/push"


def warning(product: Product) -> AnyRow:
    (row,) = [row for row in product.rows(outbox) if row.saying == "warning"]
    return row


def inject(product: Product, kind: FaultKind, path: str = REPLY, **more: object) -> None:
    product.platform.inject(InjectedFault(kind, path=path, **more))  # type: ignore[arg-type]


def paths(product: Product) -> list[tuple[str, int]]:
    calls = product.line.calls("/v2/bot/message/*")
    return [(call.path.rpartition("/")[2], call.status) for call in calls]


def seen(product: Product, cast: Cast) -> int:
    """How many messages people saw; a warning has two."""
    return len(product.line.bot_messages(cast.club))


def entered(product: Product) -> list[str]:
    return [row.kind for row in product.rows(ledger_entries) if row.kind.startswith("warning")]


def tell_until_settled(product: Product) -> AnyRow:
    for _ in range(12):
        product.sender.tell()
        if warning(product).settled_at is not None:
            break
        product.advance(seconds=3)
    return warning(product)


# --- replies --------------------------------------------------------------------------------------


def test_all_is_well(warned: Product, cast: Cast) -> None:
    row = tell_until_settled(warned)
    assert (row.state, row.told_by, row.last_status, row.attempts) == ("told", "reply", 200, 1)
    assert seen(warned, cast) == 2
    assert entered(warned) == ["warning.told"]


@pytest.mark.parametrize("kind", [FaultKind.ERROR, FaultKind.CLOSE])
def test_a_reply_that_line_did_not_take_is_tried_again_with_the_same_token(
    warned: Product, cast: Cast, kind: FaultKind
) -> None:
    inject(warned, kind)
    warned.sender.tell()
    assert (warning(warned).state, warning(warned).is_unclear) == ("waiting", True)

    row = tell_until_settled(warned)

    assert (row.state, row.told_by, row.attempts) == ("told", "reply", 2)
    assert seen(warned, cast) == 2


def test_a_reply_that_hangs_is_unclear_and_tried_again(warned: Product, cast: Cast) -> None:
    # The sandbox carries a hanging request out, late: so the second try finds the token used.
    inject(warned, FaultKind.HANG, seconds=0.9)
    warned.sender.tell()
    assert (warning(warned).state, warning(warned).last_status) == ("waiting", 0)
    warned.line.wait_until(lambda: seen(warned, cast) == 2)

    row = tell_until_settled(warned)

    assert (row.state, row.reason) == ("probably_told", "reply_unclear")
    assert seen(warned, cast) == 2


@pytest.mark.parametrize("kind", [FaultKind.DONE_THEN_CLOSE, FaultKind.DONE_THEN_ERROR])
def test_a_reply_that_arrived_without_an_answer_is_probably_told_and_never_pushed(
    warned: Product, cast: Cast, kind: FaultKind
) -> None:
    inject(warned, kind)

    row = tell_until_settled(warned)

    assert (row.state, row.reason) == ("probably_told", "reply_unclear")
    assert {path for path, _ in paths(warned)} == {"reply"}
    assert seen(warned, cast) == 2
    assert entered(warned) == ["warning.told"]
    assert [r.reason for r in warned.parts.tell_queue.not_told(row.created_at)] == ["reply_unclear"]


def test_after_an_unclear_reply_a_dead_token_is_not_followed_by_a_push(
    warned: Product, cast: Cast
) -> None:
    inject(warned, FaultKind.ERROR, times=None)
    warned.sender.tell()
    warned.advance(minutes=2)
    warned.platform.clear_faults()

    row = tell_until_settled(warned)

    assert (row.state, row.told_by) == ("probably_told", None)
    assert seen(warned, cast) == 0


def test_too_many_requests_is_a_clear_no_and_is_tried_again_later(
    warned: Product, cast: Cast
) -> None:
    inject(warned, FaultKind.RATE)
    warned.sender.tell()
    row = warning(warned)
    assert (row.state, row.last_status, row.is_unclear) == ("waiting", 429, False)
    assert row.due_at > warned.parts.clock.now()

    assert tell_until_settled(warned).told_by == "reply"
    assert seen(warned, cast) == 2


def test_too_many_requests_until_the_token_is_dead_leads_to_a_push(
    warned: Product, cast: Cast
) -> None:
    inject(warned, FaultKind.RATE, times=None)
    warned.sender.tell()
    warned.advance(minutes=2)
    assert tell_until_settled(warned).told_by == "push"
    assert seen(warned, cast) == 2


def test_a_token_that_is_older_than_a_minute_is_not_even_tried(warned: Product, cast: Cast) -> None:
    warned.advance(minutes=2)
    row = tell_until_settled(warned)
    assert row.told_by == "push"
    assert paths(warned) == [("push", 200)]
    assert warned.rows(push_budgets)[0].used == len(cast.club.members)


def test_a_token_that_line_calls_invalid_at_once_is_followed_by_a_push(warned: Product) -> None:
    tokens = warned.platform.world.reply_tokens
    for token in list(tokens._tokens.values()):
        tokens.spend(token)
    assert tell_until_settled(warned).told_by == "push"
    assert paths(warned) == [("reply", 400), ("push", 200)]


def test_a_line_that_cannot_be_reached_has_certainly_heard_nothing(
    warned: Product, cast: Cast
) -> None:
    warned.sender._api = SdkLineApi(f"http://127.0.0.1:{free_port()}", "token", 0.4)
    warned.sender.tell()
    assert (warning(warned).state, warning(warned).is_unclear) == ("waiting", False)
    warned.sender._api = warned.parts.line_api
    warned.advance(minutes=2)

    assert tell_until_settled(warned).told_by == "push"
    assert seen(warned, cast) == 2


def test_who_left_cannot_be_mentioned_and_the_warning_is_told_without_the_mention(
    warned: Product, cast: Cast
) -> None:
    warned.platform.leave(cast.club, cast.nurse)

    row = tell_until_settled(warned)

    assert (row.state, row.without_mention) == ("told", True)
    assert paths(warned) == [("reply", 400), ("reply", 200)]
    assert "substitution" not in warned.line.bot_messages(cast.club)[0].content


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_channel_token_is_final_and_visible(
    warned: Product, cast: Cast, status: int
) -> None:
    with answering(status, b'{"message":"Authentication failed"}') as url:
        warned.sender._api = SdkLineApi(url, "token", 0.4)
        row = tell_until_settled(warned)

    assert (row.state, row.reason, row.last_status) == ("not_told", "line_refused", status)
    assert entered(warned) == ["warning.not_told"]
    assert row.body_sealed is None
    assert seen(warned, cast) == 0


# --- pushes ---------------------------------------------------------------------------------------


@pytest.fixture
def pushing(warned: Product) -> Product:
    """The token is dead: only a push is left."""
    warned.advance(minutes=2)
    return warned


@pytest.mark.parametrize("kind", [FaultKind.DONE_THEN_CLOSE, FaultKind.DONE_THEN_ERROR])
def test_a_push_that_arrived_without_an_answer_is_not_sent_twice(
    pushing: Product, cast: Cast, kind: FaultKind
) -> None:
    inject(pushing, kind, PUSH)

    row = tell_until_settled(pushing)

    assert (row.state, row.told_by, row.last_status) == ("told", "push", 409)
    keys = {call.headers["x-line-retry-key"] for call in pushing.line.calls(PUSH)}
    assert len(keys) == 1
    assert seen(pushing, cast) == 2
    assert pushing.rows(push_budgets)[0].used == 3


@pytest.mark.parametrize("kind", [FaultKind.ERROR, FaultKind.CLOSE, FaultKind.RATE])
def test_a_push_that_line_did_not_take_is_tried_again_and_paid_for_once(
    pushing: Product, cast: Cast, kind: FaultKind
) -> None:
    inject(pushing, kind, PUSH, times=2)
    assert tell_until_settled(pushing).state == "told"
    assert seen(pushing, cast) == 2
    assert pushing.rows(push_budgets)[0].used == 3


def test_when_lines_month_is_used_up_it_is_visible_and_our_budget_is_not_charged(
    pushing: Product, cast: Cast
) -> None:
    inject(pushing, FaultKind.QUOTA, PUSH)

    row = tell_until_settled(pushing)

    assert (row.state, row.reason, row.last_status) == ("not_told", "line_quota", 429)
    assert pushing.rows(push_budgets)[0].used == 0
    assert entered(pushing) == ["warning.not_told"]
    assert seen(pushing, cast) == 0


def test_when_our_own_budget_is_used_up_nothing_is_asked_of_line(pushing: Product) -> None:
    with pushing.parts.database.write() as connection:
        month = f"{pushing.parts.clock.now():%Y-%m}"
        connection.execute(push_budgets.insert().values(month=month, used=198))

    row = tell_until_settled(pushing)

    assert (row.state, row.reason) == ("not_told", "push_budget")
    assert paths(pushing) == []
    assert pushing.parts.tell_queue.budget_used() == 198
    assert [r.reason for r in pushing.parts.tell_queue.not_told(row.created_at)] == ["push_budget"]


def test_a_push_to_a_group_without_the_bot_is_refused_and_paid_back(
    pushing: Product, cast: Cast
) -> None:
    pushing.platform.remove_bot(cast.club)

    row = tell_until_settled(pushing)

    assert (row.state, row.reason, row.last_status) == ("not_told", "line_refused", 400)
    assert pushing.parts.tell_queue.budget_used() == 0


def test_after_a_day_without_line_it_is_too_late_and_visible(pushing: Product) -> None:
    inject(pushing, FaultKind.ERROR, PUSH, times=None)
    pushing.sender.tell()
    pushing.advance(hours=25)

    row = tell_until_settled(pushing)

    assert (row.state, row.reason) == ("not_told", "too_late")


def test_one_broken_row_does_not_stop_the_others(product: Product, cast: Cast) -> None:
    product.platform.say(cast.club, cast.nurse, "HN 650012345")
    product.platform.say(cast.ward, cast.doctor, "HN 650012345")
    product.deliver()
    product.processor.work()
    first = min((r for r in product.rows(outbox) if r.saying == "warning"), key=lambda r: r.due_at)
    with product.parts.database.write() as connection:
        broken = outbox.update().where(outbox.c.id == first.id).values(body_sealed=b"broken")
        connection.execute(broken)

    product.sender.tell()
    product.sender.tell()

    states = {r.id: r.state for r in product.rows(outbox) if r.saying == "warning"}
    assert states.pop(first.id) == "not_told"
    assert list(states.values()) == ["told"]


# --- the api itself -------------------------------------------------------------------------------


class Answering(BaseHTTPRequestHandler):
    status: ClassVar[int] = 200
    body: ClassVar[bytes] = b""

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        self.send_response(self.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    do_GET = _answer  # noqa: N815 - the names that the server calls
    do_POST = _answer  # noqa: N815

    def log_message(self, *_arguments: object) -> None:
        pass


class answering:  # noqa: N801 - reads as a verb in a with-statement
    """A server that gives one and the same answer."""

    def __init__(self, status: int, body: bytes) -> None:
        handler = type("One", (Answering,), {"status": status, "body": body})
        self._server = HTTPServer(("127.0.0.1", 0), handler)
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b"{}",
        b'{"sentMessages":7}',
        b'{"sentMessages":[{}]}',
        b"\xff",
    ],
)
def test_whatever_line_says_with_a_200_it_was_taken(body: bytes) -> None:
    with answering(200, body) as url:
        api = SdkLineApi(url, "token", 0.4)
        messages = [{"type": "text", "text": "ขอบคุณค่ะ"}]
        assert api.reply("token", messages).is_ok
        assert api.push("C1", messages, uuid4()).is_ok


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b'{"groupName":7}', b'{"count":"x"}'])
def test_strange_answers_to_questions_raise_nothing(body: bytes) -> None:
    with answering(200, body) as url:
        api = SdkLineApi(url, "token", 0.4)
        for answer in (
            api.group_summary("C1"),
            api.member_count("C1", is_room=False),
            api.member_ids("C1", "", is_room=True),
            api.member_profile("C1", "U1", is_room=False),
            api.profile("U1"),
            api.bot_info(),
            api.quota(),
            api.consumption(),
        ):
            assert answer.status == 200


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 409, 429, 500, 503])
@pytest.mark.parametrize("body", [b"", b"<html>", b'{"message":7}', b"[1]", b"\xff"])
def test_every_refusal_is_an_answer(status: int, body: bytes) -> None:
    with answering(status, body) as url:
        answer = SdkLineApi(url, "token", 0.4).bot_info()
    assert (answer.status, answer.message) == (status, "")
    assert answer.is_unclear is (status >= 500)


def test_what_was_said_is_not_recorded_as_not_said_when_the_record_fails(
    warned: Product, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise OperationalError("UPDATE outbox", {}, QueryCanceled())

    with monkeypatch.context() as trouble:
        trouble.setattr(TellQueue, "settle", fail)
        warned.sender.tell()
    assert warning(warned).state == "telling"
    warned.advance(minutes=1)
    warned.parts.tell_queue.free_expired()

    assert tell_until_settled(warned).state == "probably_told"
    assert seen(warned, cast) == 2
