"""Contents are streamed under a cap, from LINE only, and what goes wrong is one of few words."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler

import pytest

from bot.line import content
from bot.line.content import LineContents
from bot.ports import FetchState
from tests.line.answering import answering, line
from tests.services.server import free_port


def fetched(base: str, most_bytes: int = 1000, seconds: float = 0.5) -> tuple[FetchState, bytes]:
    got = LineContents(base, "token", seconds, most_bytes).fetch("1")
    return got.state, got.data


def test_a_content_comes_whole_and_only_with_our_token() -> None:
    seen: list[str | None] = []

    def act(handler: BaseHTTPRequestHandler) -> None:
        seen.append(handler.headers["Authorization"])
        answering(200, b"picture")(handler)

    with line(act) as (base, asked):
        assert fetched(base) == (FetchState.HERE, b"picture")
    assert seen == ["Bearer token"]
    assert asked == ["/v2/bot/message/1/content"]


@pytest.mark.parametrize("size", [1001, 50_000_000])
def test_what_says_that_it_is_too_large_is_not_read(size: int) -> None:
    with line(answering(200, b"", Content_Length=str(size))) as (base, _):
        assert fetched(base) == (FetchState.TOO_LARGE, b"")


def test_what_does_not_say_its_size_is_cut_off_at_the_cap() -> None:
    def act(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(10_000):
                handler.wfile.write(b"x" * 10_000)
        except OSError:
            return

    with line(act) as (base, _):
        assert fetched(base, most_bytes=100_000) == (FetchState.TOO_LARGE, b"")


def test_as_much_as_may_be_is_not_too_large() -> None:
    with line(answering(200, b"x" * 1000)) as (base, _):
        assert fetched(base)[0] is FetchState.HERE


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (404, FetchState.GONE),
        (410, FetchState.GONE),
        (401, FetchState.UNCLEAR),
        (429, FetchState.UNCLEAR),
        (500, FetchState.UNCLEAR),
        (503, FetchState.UNCLEAR),
    ],
)
def test_each_refusal_is_gone_or_to_be_tried_again(status: int, state: FetchState) -> None:
    with line(answering(status, b"{}")) as (base, _):
        assert fetched(base) == (state, b"")


def test_a_redirect_is_never_followed() -> None:
    with (
        line(answering(200, b"elsewhere")) as (other, asked),
        line(answering(302, b"", Location=f"{other}/stolen")) as (base, _),
    ):
        assert fetched(base) == (FetchState.UNCLEAR, b"")
    assert asked == []


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("processing", FetchState.PREPARING),
        ("succeeded", FetchState.PREPARING),
        ("failed", FetchState.FAILED),
        ("new word", FetchState.PREPARING),
    ],
)
def test_what_line_still_prepares_is_asked_about(status: str, state: FetchState) -> None:
    def act(handler: BaseHTTPRequestHandler) -> None:
        if handler.path.endswith("/transcoding"):
            answering(200, f'{{"status": "{status}"}}'.encode())(handler)
        else:
            answering(202)(handler)

    with line(act) as (base, asked):
        assert fetched(base) == (state, b"")
    assert asked[-1] == "/v2/bot/message/1/content/transcoding"


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]", b"\xff\xfe"])
def test_nonsense_about_its_preparing_is_no_failure(body: bytes) -> None:
    def act(handler: BaseHTTPRequestHandler) -> None:
        is_asked = handler.path.endswith("/transcoding")
        answering(200, body)(handler) if is_asked else answering(202)(handler)

    with line(act) as (base, _):
        assert fetched(base)[0] is FetchState.PREPARING


def test_half_a_content_is_none() -> None:
    with line(answering(200, b"half", Content_Length="900")) as (base, _):
        assert fetched(base) == (FetchState.UNCLEAR, b"")


def test_nobody_there_is_unclear() -> None:
    assert fetched(f"http://127.0.0.1:{free_port()}") == (FetchState.UNCLEAR, b"")


def test_a_content_that_trickles_in_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "_WHOLE_SECONDS", 0.0)
    with line(answering(200, b"x" * 900)) as (base, _):
        assert fetched(base) == (FetchState.UNCLEAR, b"")


def test_what_is_packed_is_not_unpacked_here() -> None:
    packed = b"\x1f\x8b\x08\x00 not to be trusted"
    with line(answering(200, packed, Content_Encoding="gzip")) as (base, _):
        assert fetched(base) == (FetchState.HERE, packed)


def test_an_id_cannot_leave_its_place_in_the_path() -> None:
    with line(answering(200, b"x")) as (base, asked):
        LineContents(base, "token", 0.5, 10).fetch("../../v2/bot/info?")
    assert asked == ["/v2/bot/message/..%2F..%2Fv2%2Fbot%2Finfo%3F/content"]
