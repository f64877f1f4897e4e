"""The webhook: nothing unsigned is read, nothing signed is lost, and no body makes it stumble."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.findings import Assessment
from bot.ports import TextContext
from bot.storage.tables import inbox
from handlers.work import Means
from tests.line.samples import FILES, sample
from tests.line.test_inbound import ANY_JSON, EVENT_LIKE
from tests.services.postgres import PostgresServer
from tests.way.product import Product, running_product
from tests.web.line import WEBHOOK, body_of, post, signature, text_event

SECRET_TALK = "คุณตาเตียงห้าขอบคุณหมอ"


# --- the signature --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "nonsense",
        "ลายเซ็น",
        signature(b"another body"),
        signature(body_of(), "another secret of another channel"),
    ],
)
def test_an_unsigned_body_is_refused_and_nothing_is_stored(
    small: Product, header: str | None
) -> None:
    body = body_of(text_event()) if header != signature(b"another body") else sample(1)
    headers = {} if header is None else {"x-line-signature": header}

    assert small.client.post(WEBHOOK, data=body, headers=headers).status_code == 401
    assert small.count(inbox) == 0
    assert small.hints == []


def test_garbage_is_not_even_looked_at_without_a_signature(small: Product) -> None:
    answer = small.client.post(WEBHOOK, data=b"\xff{", headers={"x-line-signature": "x"})
    assert answer.status_code == 401


def test_during_rotation_both_secrets_are_accepted(database_url: str) -> None:
    with running_product(database_url, line_channel_secret_next="the-new-secret") as product:
        assert post(product, body_of(text_event())).status_code == 200
        assert post(product, body_of(text_event()), "the-new-secret").status_code == 200
        assert post(product, body_of(text_event()), "the-old-secret").status_code == 401
        assert product.count(inbox) == 2


# --- what is no body of events --------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\x00",
        b"null",
        b"[]",
        b"{}",
        b'{"events":{}}',
        b'{"events":"x"}',
        b"\xff\xfe\x00",
        b'{"events":[\xff]}',
        b"[" * 100_000,
        b'{"events":[' + b"[" * 900_000 + b"]}",
        b'{"events":' + b'[{"a":' * 200_000,
        b'{"events":[' + b"1" * 5000 + b"]}",
        json.dumps({"events": [{}] * 1001}).encode(),
    ],
)
def test_a_signed_body_that_is_none_is_refused_and_nothing_is_stored(
    small: Product, body: bytes
) -> None:
    answer = post(small, body)
    assert answer.status_code == 400
    assert "\n" not in answer.text
    assert small.count(inbox) == 0


def test_a_body_of_ten_megabytes_is_too_large(small: Product) -> None:
    body = body_of(text_event("x" * 10_000_000))
    assert post(small, body).status_code == 413
    assert small.count(inbox) == 0


def test_a_mark_at_the_beginning_does_not_make_it_unreadable(small: Product) -> None:
    assert post(small, b"\xef\xbb\xbf" + body_of(text_event())).status_code == 200
    assert small.count(inbox) == 1


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_allowed(small: Product, method: str) -> None:
    assert small.client.open(WEBHOOK, method=method).status_code == 405


def test_verification_with_no_events_is_answered(product: Product) -> None:
    assert post(product, sample(39)).status_code == 200
    assert product.count(inbox) == 0


def test_one_strange_event_stops_neither_the_body_nor_its_neighbours(product: Product) -> None:
    body = body_of(None, text_event(), 7, {"type": ["x"]}, [], text_event(), {})
    assert post(product, body).status_code == 200
    product.settle()
    assert sorted(product.outcomes()) == sorted(["benign"] * 2 + ["unreadable"] * 5)


# --- stored once, and for good --------------------------------------------------------------------


def test_an_event_that_was_answered_for_is_stored_and_handed_on(product: Product) -> None:
    assert post(product, body_of(text_event(), text_event())).status_code == 200
    assert {row.id for row in product.rows(inbox)} == set(product.hints)
    assert len(product.hints) == 2


def test_a_duplicate_changes_nothing(product: Product) -> None:
    body = body_of(text_event())
    post(product, body)
    product.settle()
    before = product.rows(inbox)
    product.advance(seconds=3)

    assert post(product, body).status_code == 200
    product.settle()

    assert product.rows(inbox) == before


def test_a_redelivery_gives_the_reply_token_a_new_minute(product: Product) -> None:
    event = text_event()
    post(product, body_of(event))
    product.advance(seconds=50)
    post(product, body_of({**event, "deliveryContext": {"isRedelivery": True}}))

    (row,) = product.rows(inbox)
    assert (row.token_received_at - row.received_at).total_seconds() == 50


def test_two_hundred_requests_of_sixteen_threads_are_all_stored_once(product: Product) -> None:
    bodies = [body_of(text_event(), text_event()) for _ in range(200)]
    app, start = product.client.application, Barrier(16)

    def send(part: Sequence[bytes]) -> list[int]:
        client = app.test_client()
        start.wait()
        headers = [{"x-line-signature": signature(body)} for body in part]
        return [
            client.post(WEBHOOK, data=body, headers=header).status_code
            for body, header in zip(part, headers, strict=True)
        ]

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(send, [bodies[n::16] for n in range(16)]))

    assert {status for part in answers for status in part} == {200}
    assert product.count(inbox) == 400
    assert {row.id for row in product.rows(inbox)} == set(product.hints)


def test_a_store_that_is_down_is_said_so_and_the_same_body_is_taken_when_it_is_back(
    postgres_url: str, postgres_server: PostgresServer
) -> None:
    with running_product(postgres_url) as product:
        assert post(product, body_of(text_event())).status_code == 200
        body = body_of(*(text_event() for _ in range(5)))
        postgres_server.stop()

        assert [post(product, body).status_code for _ in range(2)] == [503, 503]
        assert product.client.get("/readyz").status_code == 503
        assert product.client.get("/healthz").status_code == 200

        postgres_server.start()
        assert product.count(inbox) == 1
        assert post(product, body).status_code == 200
        assert product.count(inbox) == 6


def test_a_database_that_was_away_for_a_moment_costs_no_second_try(
    postgres_url: str, postgres_server: PostgresServer
) -> None:
    with running_product(postgres_url) as product:
        post(product, body_of(text_event()))
        postgres_server.restart()
        body = body_of(text_event())
        answers = [post(product, body).status_code for _ in range(2)]
        assert answers[-1] == 200
        assert product.count(inbox) == 2


def test_a_full_disk_is_a_store_that_is_down(small: Product) -> None:
    post(small, body_of(text_event()))
    body = body_of(*(text_event("x" * 5000) for _ in range(30)))
    limit_pages(small, 1)

    assert post(small, body).status_code == 503
    assert small.count(inbox) == 1

    limit_pages(small, 1_000_000)
    assert post(small, body).status_code == 200
    assert small.count(inbox) == 31


def limit_pages(product: Product, pages: int) -> None:
    """SQLite never goes below what is there already: 1 means 'not one page more'."""
    connection = product.parts.database.engine.pool.connect()
    connection.driver_connection.execute(  # type: ignore[union-attr]
        f"PRAGMA max_page_count = {pages}"
    )
    connection.close()


# --- the samples through the whole product --------------------------------------------------------

START_MS = 1_785_200_400_000
OUTCOMES: dict[int, list[str]] = {
    **{number: ["benign"] for number in (1, 2, 3, 4, 5, 6, 7, 18, 19, 20, 22, 34, 35, 37)},
    **{number: ["look_asked"] for number in range(9, 18)},
    **{number: ["noted"] for number in (21, 23, 24, 25, 26, 29, 30)},
    **{number: ["ignored"] for number in (27, 28, 32, 33)},
    8: ["incident"],
    31: ["answered"],
    36: [],
    38: ["benign", "noted", "benign", "noted", "look_asked"],
    39: [],
    40: ["unknown_kind", "unknown_kind", "benign"],
}


def events_in(body: bytes) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(body)["events"]
    return found


def play(product: Product, body: bytes) -> list[str]:
    """Post a body at the time of its last event, work it off, and say what became of it."""
    times = [event["timestamp"] for event in events_in(body)]
    if times:
        # Never before the start, when the decision table came into force.
        product.hands.at_ms = max(START_MS, *(int(str(at)) + 100 for at in times))
    known = {row.id for row in product.rows(inbox)}
    assert post(product, body).status_code == 200
    product.settle()
    new = {row.event_id: row for row in product.rows(inbox) if row.id not in known}
    assert {row.state for row in new.values()} <= {"settled"}
    ids = [str(event["webhookEventId"]) for event in events_in(body)]
    return [new[event_id].outcome for event_id in ids if event_id in new]


def test_all_samples_end_as_they_should_one_after_another(product: Product) -> None:
    assert sorted(OUTCOMES) == list(range(1, 41))
    found = {number: play(product, sample(number)) for number in range(1, 41)}
    assert found == OUTCOMES


def test_all_samples_in_one_rush_lose_nothing_and_park_nothing(product: Product) -> None:
    for file in reversed(FILES):
        assert post(product, file.read_bytes()).status_code == 200
    product.settle()

    ids = {str(event["webhookEventId"]) for file in FILES for event in events_in(file.read_bytes())}
    assert {row.event_id for row in product.rows(inbox)} == ids
    assert {row.state for row in product.rows(inbox)} == {"settled"}


def test_a_text_that_was_taken_back_does_not_come_back_to_life(product: Product) -> None:
    play(product, sample(1))
    play(product, sample(21))
    first = next(row for row in product.rows(inbox) if row.kind == "text")
    assert first.payload_sealed is None

    assert play(product, sample(36)) == []

    again = next(row for row in product.rows(inbox) if row.kind == "text")
    assert again.payload_sealed is None
    assert (again.state, again.outcome, again.attempts) == ("settled", "benign", 1)


def test_a_text_whose_unsend_came_first_is_never_read(product: Product) -> None:
    play(product, sample(21))
    assert play(product, sample(36)) == ["taken_back_unread"]


def test_a_text_that_was_taken_back_while_it_waited_is_never_read(product: Product) -> None:
    post(product, sample(1))
    post(product, sample(21))
    product.processor.work([row.id for row in product.rows(inbox) if row.kind == "unsend"])
    product.settle()
    assert {row.kind: row.outcome for row in product.rows(inbox)} == {
        "text": "taken_back_unread",
        "unsend": "noted",
    }


# --- no words in the log --------------------------------------------------------------------------


class Choking:
    """A reader that quotes what it choked on."""

    def assess(self, text: str, context: TextContext) -> Assessment:
        raise ValueError(f"cannot read {text!r} {context}")


def assert_silent(caplog: pytest.LogCaptureFixture) -> None:
    assert caplog.records
    for record in caplog.records:
        said = record.getMessage() + str(record.args) + str(record.exc_text or record.exc_info)
        assert SECRET_TALK not in said
        assert "คุณตา" not in said
        assert json.dumps(SECRET_TALK).strip('"') not in said


def test_no_words_of_a_message_reach_the_log(
    caplog: pytest.LogCaptureFixture, database_url: str
) -> None:
    caplog.set_level(logging.DEBUG)
    with running_product(database_url) as product:
        post(product, body_of(text_event(SECRET_TALK), text_event(f"{SECRET_TALK} HN 650012345")))
        product.settle()
        assert sorted(product.outcomes()) == ["benign", "incident"]
    assert_silent(caplog)
    assert "650012345" not in caplog.text


def test_a_handler_that_quotes_a_message_in_its_error_is_not_quoted(
    caplog: pytest.LogCaptureFixture, small: Product
) -> None:
    caplog.set_level(logging.DEBUG)
    small.processor._means = Means(Choking())
    post(small, body_of(text_event(SECRET_TALK)))
    for _ in range(6):
        small.settle()
        small.advance(seconds=40)

    (row,) = small.parts.queue.parked()
    assert row.attempts == 5
    assert row.park_reason.startswith("ValueError at ")
    assert "คุณตา" not in row.park_reason
    assert "event.failed" in caplog.text
    assert_silent(caplog)


def test_an_intake_that_quotes_a_message_in_its_error_is_not_quoted(
    caplog: pytest.LogCaptureFixture, small: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)

    def choke(*arguments: object) -> None:
        raise ValueError(f"cannot read {SECRET_TALK} {arguments}")

    for place in ("bot.web.webhook.read_event", "bot.storage.sealing.seal"):
        with monkeypatch.context() as patch:
            patch.setattr(place, choke)
            answer = post(small, body_of(text_event(SECRET_TALK)))
        assert answer.status_code == 500
        assert "คุณตา" not in answer.text
    assert small.count(inbox) == 0
    assert_silent(caplog)


# --- anything at all ------------------------------------------------------------------------------

SAMPLE_EVENTS = [event for file in FILES for event in events_in(file.read_bytes())]
FEW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@FEW
@given(body=st.binary(max_size=300))
def test_random_bytes_are_refused_or_taken(small: Product, body: bytes) -> None:
    assert post(small, body).status_code in {200, 400}


@FEW
@given(body=st.sampled_from(FILES), cut=st.integers(0, 2000), junk=st.binary(max_size=3))
def test_a_body_that_was_cut_or_changed_is_refused_or_taken(
    small: Product, body: object, cut: int, junk: bytes
) -> None:
    whole = sample(FILES.index(body) + 1)  # type: ignore[arg-type]
    assert post(small, whole[:cut] + junk + whole[cut + len(junk) :]).status_code in {200, 400}
    assert post(small, whole[:cut]).status_code in {200, 400}


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, object]:
    """An event of LINE's with something else at one or two of its places."""
    event = json.loads(json.dumps(draw(st.sampled_from(SAMPLE_EVENTS))))
    for _ in range(draw(st.integers(1, 2))):
        place = event
        while True:
            key = draw(st.sampled_from(sorted(place)))
            if not isinstance(place[key], dict) or not place[key] or draw(st.booleans()):
                break
            place = place[key]
        place[key] = draw(ANY_JSON | EVENT_LIKE)
    found: dict[str, object] = event
    return found


@FEW
@given(event=mutated())
def test_a_mutated_event_ends_somewhere_and_is_never_parked(
    small: Product, event: dict[str, object]
) -> None:
    assert post(small, body_of(event)).status_code == 200
    small.settle()
    assert {row.state for row in small.rows(inbox)} == {"settled"}
