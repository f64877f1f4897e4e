"""`python -m bench.line --port 20001 --seed 7`: the stand-in, in a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import json

from bench.line.faults import Die, Fault
from bench.line.platform import Answer, Platform, Request

_HANG_SECONDS = 5.0
_SEPARATOR = b"\r\n\r\n"


class Connection(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, as little of it as our own clients speak."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (request := self._next_request()) is not None:
            self._send(_answered(self._platform, request))

    def _next_request(self) -> Request | None:
        head, separator, rest = self._buffer.partition(_SEPARATOR)
        if not separator:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in _split(lines)}
        length = int(headers.get("content-length", "0"))
        if len(rest) < length:
            return None
        self._buffer = rest[length:]
        method, target, _ = first.split(" ", 2)
        return Request(method, target.partition("?")[0], headers, rest[:length])

    def _send(self, answer: Answer) -> None:
        if self._transport is None:
            return
        if answer.fault is Fault.HANG:
            asyncio.get_running_loop().call_later(_HANG_SECONDS, self._transport.abort)
        elif answer.fault is not None:
            self._transport.abort()
        else:
            head = (
                f"HTTP/1.1 {answer.status} -\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(answer.body)}\r\n\r\n"
            )
            self._transport.write(head.encode() + answer.body)


def _split(lines: list[str]) -> list[tuple[str, str, str]]:
    return [line.partition(":") for line in lines]


def _answered(platform: Platform, request: Request) -> Answer:
    if not request.path.startswith("/_/"):
        return platform.answer(request)
    if request.path == "/_/rate":
        platform.die.rate = float(request.body)
    elif request.path == "/_/contents":
        platform.holds_contents = True
    elif request.path == "/_/forget":
        platform.tellings.clear()
    elif request.path == "/_/tellings":
        start = int(request.body or b"0")
        return _json([telling.as_json() for telling in platform.tellings[start:]])
    elif request.path == "/_/times":
        return _json([[telling.at, telling.to] for telling in platform.tellings])
    return _json({"tellings": len(platform.tellings), "faults": platform.faults})


def _json(body: object) -> Answer:
    return Answer(200, json.dumps(body).encode())


async def serve(port: int, seed: int) -> None:
    platform = Platform(Die(seed))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(platform), "127.0.0.1", port)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.line")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    asyncio.run(serve(options.port, options.seed))


if __name__ == "__main__":
    main()
