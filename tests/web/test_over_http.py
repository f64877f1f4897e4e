"""The webhook behind the server that hospitals run: bodies as they come over a real connection."""

from __future__ import annotations

import contextlib
import http.client
import socket
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, func, select

from bot.storage.tables import inbox
from tests.cli.command import Folder
from tests.services.server import free_port, wait_until
from tests.web.line import WEBHOOK, body_of, signature, text_event


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Folder, int]]:
    folder, port = Folder(tmp_path_factory.mktemp("served")), free_port()
    folder.write_env()
    with folder.running("run", "--no-sandbox", "--port", str(port)):
        wait_until(lambda: answers(port), 30)
        yield folder, port


def answers(port: int) -> bool:
    try:
        return send(port, b"", method="GET", path="/readyz") == 200
    except OSError:
        return False


def send(
    port: int, body: bytes, *, chunk: int = 0, method: str = "POST", path: str = WEBHOOK
) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"x-line-signature": signature(body)}
    parts = (body[at : at + chunk] for at in range(0, len(body), chunk)) if chunk else None
    try:
        if parts is None:
            connection.request(method, path, body, headers)
        else:
            connection.request(method, path, parts, headers, encode_chunked=True)
    except (BrokenPipeError, ConnectionResetError):
        pass  # The server has heard enough; its answer may still be there.
    try:
        return connection.getresponse().status
    finally:
        connection.close()


def stored(folder: Folder) -> int:
    engine = create_engine(folder.database_url)
    with engine.connect() as connection:
        number: int = connection.scalar(select(func.count()).select_from(inbox)) or 0
    engine.dispose()
    return number


def test_a_body_in_pieces_without_a_length_is_taken(served: tuple[Folder, int]) -> None:
    folder, port = served
    before = stored(folder)
    assert send(port, body_of(text_event(), text_event()), chunk=100) == 200
    assert stored(folder) == before + 2


def test_ten_megabytes_are_too_large_with_and_without_a_length(
    served: tuple[Folder, int],
) -> None:
    folder, port = served
    before = stored(folder)
    body = body_of(text_event("x" * 10_000_000))
    for chunk in (0, 65_536):
        # Or hung up on, before we had finished.
        with contextlib.suppress(http.client.HTTPException, OSError):
            assert send(port, body, chunk=chunk) == 413
    assert stored(folder) == before
    assert answers(port)


@pytest.mark.parametrize(
    "head",
    [
        b"POST /line/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{",
        b"POST /line/webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /line/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /line/webhook HTTP/1.1\r\nHost: x\r\nx-line-signature: \xff\xfe\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
    ],
)
def test_half_a_request_or_none_does_no_harm(served: tuple[Folder, int], head: bytes) -> None:
    folder, port = served
    before = stored(folder)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(head)
        connection.shutdown(socket.SHUT_WR)
        said = connection.recv(1000)
    assert said == b"" or said.split()[1].startswith(b"4")
    assert stored(folder) == before
    assert answers(port)
