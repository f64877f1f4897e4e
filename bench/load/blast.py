"""Requests as fast as they are answered, from one thread, at little cost of our own.

The generator shares two cores with what it measures: sockets and a selector, no client library.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

_END_OF_HEAD = b"\r\n\r\n"
_LONGEST_SILENCE_SECONDS = 30.0


@dataclass(slots=True)
class _Line:
    """One connection, and the request that is under way on it (-1: none)."""

    socket: socket.socket
    number: int = -1
    sent_at: float = 0.0
    received: bytes = b""

    def is_answered(self) -> bool:
        head, separator, body = self.received.partition(_END_OF_HEAD)
        if not separator:
            return False
        length = head.lower().partition(b"content-length:")[2].split(b"\r", 1)[0]
        return len(body) >= int(length)


@dataclass(slots=True)
class Blast:
    """What came of it: how long it took, and for each request when it was answered."""

    seconds: float = 0.0
    refused: int = 0
    answered_at: dict[int, float] = field(default_factory=dict)
    sent_at: dict[int, float] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        return len(self.answered_at) / self.seconds if self.seconds else 0.0


class Blaster:
    def __init__(self, port: int, connections: int = 16) -> None:
        self._port = port
        self._connections = connections

    def fire(self, requests: Sequence[bytes], per_second: float = 0.0) -> Blast:
        """All of them; evenly at `per_second`, or as fast as they are answered."""
        blast, due = Blast(), _Schedule(len(requests), per_second)
        with selectors.DefaultSelector() as selector:
            idle = [self._connect(selector) for _ in range(self._connections)]
            start = last = time.monotonic()
            while len(blast.answered_at) + blast.refused < len(requests):
                while idle and (number := due.next(time.monotonic() - start)) is not None:
                    _send(idle.pop(), number, requests[number], blast)
                for line in _ready(selector, due.pause(time.monotonic() - start)):
                    if line.number < 0:  # idle for too long: the server has closed it
                        idle.remove(line)
                        idle.append(self._connect(selector))
                        continue
                    idle.append(_receive(line, blast))
                    last = time.monotonic()
                if time.monotonic() - last > _LONGEST_SILENCE_SECONDS:
                    msg = "the server does not answer any more"
                    raise TimeoutError(msg)
            blast.seconds = time.monotonic() - start
            for key in list(selector.get_map().values()):
                key.data.socket.close()
        return blast

    def _connect(self, selector: selectors.BaseSelector) -> _Line:
        connection = socket.create_connection(("127.0.0.1", self._port), timeout=10)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line = _Line(connection)
        selector.register(connection, selectors.EVENT_READ, line)
        return line


class _Schedule:
    """Which request is due: at a rate, or always the next one."""

    def __init__(self, count: int, per_second: float) -> None:
        self._count = count
        self._per_second = per_second
        self._next = 0

    def next(self, elapsed: float) -> int | None:
        if self._next >= self._count or self._is_early(elapsed):
            return None
        self._next += 1
        return self._next - 1

    def pause(self, elapsed: float) -> float:
        if not self._per_second or self._next >= self._count:
            return 1.0
        return max(0.0, self._next / self._per_second - elapsed)

    def _is_early(self, elapsed: float) -> bool:
        return bool(self._per_second) and elapsed < self._next / self._per_second


def _send(line: _Line, number: int, request: bytes, blast: Blast) -> None:
    line.number, line.received, line.sent_at = number, b"", time.monotonic()
    blast.sent_at[number] = line.sent_at
    line.socket.sendall(request)


def _ready(selector: selectors.BaseSelector, pause: float) -> list[_Line]:
    """Connections whose answer is complete."""
    done = []
    for key, _ in selector.select(pause):
        line: _Line = key.data
        received = line.socket.recv(65_536)
        if not received:
            selector.unregister(line.socket)
            line.socket.close()
        line.received += received
        if not received or line.is_answered():
            done.append(line)
    return done


def _receive(line: _Line, blast: Blast) -> _Line:
    """A connection that closed under way is a refusal; LINE would deliver again."""
    if line.received[9:12] == b"200":
        blast.answered_at[line.number] = time.monotonic()
    else:
        blast.refused += 1
    line.number = -1
    return line
