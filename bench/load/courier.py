"""Carries bodies to the webhook as LINE does: what is not answered with 200 is delivered again."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Thread

from bench.load.bodies import Body

_OK = 200
# LINE waits two seconds for a webhook; a body that got no 200 by then is delivered again.
_PATIENCE_SECONDS = 2.0
# LINE's own pauses are minutes; ours are short, so that a run ends.
_PAUSE_SECONDS = (0.3, 2.0)

Answers = Counter[int]
_NO_ANSWER = 0


@dataclass(slots=True)
class Delivery:
    """What became of the bodies. Read it when the courier has come back."""

    accepted: set[str] = field(default_factory=set)
    answers: Answers = field(default_factory=Counter)
    left: int = 0

    def note(self, body: Body, status: int) -> None:
        self.answers[status] += 1
        if status == _OK:
            self.accepted.update(body.event_ids)


class Courier:
    """Delivers from a thread of its own, evenly over `seconds`, then until `deadline` the rest."""

    def __init__(self, port: int, secret: str, *, connections: int = 12, seed: int = 1) -> None:
        self._port = port
        self._secret = secret
        self._connections = connections
        self._dice = random.Random(seed)
        self._due: asyncio.PriorityQueue[tuple[float, int, Body]] = asyncio.PriorityQueue()
        self._number = 0
        self._deadline = 0.0
        self._thread: Thread | None = None
        self.delivery = Delivery()

    def start(self, bodies: Iterable[Body], seconds: float, patience: float) -> None:
        """All are sent within `seconds`; `patience` more for what was refused."""
        start, listed = time.monotonic(), list(bodies)
        for number, body in enumerate(listed):
            self._put(start + seconds * number / len(listed), body)
        self._deadline = start + seconds + patience
        self._thread = Thread(target=lambda: asyncio.run(self._deliver()), name="courier")
        self._thread.start()

    def is_under_way(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def join(self) -> Delivery:
        if self._thread is not None:
            self._thread.join()
        self.delivery.left = self._due.qsize()
        return self.delivery

    def _put(self, at: float, body: Body) -> None:
        self._number += 1
        self._due.put_nowait((at, self._number, body))

    async def _deliver(self) -> None:
        carriers = [asyncio.create_task(self._carry()) for _ in range(self._connections)]
        end = asyncio.create_task(asyncio.sleep(self._deadline - time.monotonic()))
        done = asyncio.create_task(self._due.join())
        await asyncio.wait([end, done], return_when=asyncio.FIRST_COMPLETED)
        for task in (*carriers, end, done):
            task.cancel()
        await asyncio.gather(*carriers, end, done, return_exceptions=True)

    async def _carry(self) -> None:
        connection = Connection(self._port)
        try:
            await self._carry_over(connection)
        finally:
            await connection.close()

    async def _carry_over(self, connection: Connection) -> None:
        while True:
            at, number, body = await self._due.get()
            try:
                if at > time.monotonic():
                    await asyncio.sleep(at - time.monotonic())
                status = await connection.post(body.request(self._secret))
            except asyncio.CancelledError:
                self._due.put_nowait((at, number, body))
                raise
            self.delivery.note(body, status)
            if status != _OK:
                self._put(time.monotonic() + self._dice.uniform(*_PAUSE_SECONDS), body.again())
            self._due.task_done()


class Connection:
    """One connection, opened again when it is gone."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, request: bytes) -> int:
        """The status, or 0 where no answer came."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                return await self._exchange(request)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            await self.close()
            return _NO_ANSWER

    async def _exchange(self, request: bytes) -> int:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(request)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(int(head.partition(b"content-length:")[2].split(b"\r", 1)[0]))
        if b"connection: close" in head:
            await self.close()
        return int(head.split(b" ", 2)[1])

    async def close(self) -> None:
        if self._streams is None:
            return
        _, writer = self._streams
        self._streams = None
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
