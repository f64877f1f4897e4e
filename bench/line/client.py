"""How a bench or a test speaks to the stand-in: start it, let it fail, ask what it accepted."""

from __future__ import annotations

import http.client
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from bench.places import ROOT
from bench.processes import Process
from tests.services.server import free_port, wait_until

_START_SECONDS = 15.0


class LineStandIn:
    def __init__(self, directory: Path, seed: int = 1) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "bench.line", "--port", str(self.port)]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        self.process = Process("line", [*command, "--seed", str(seed)], environment, directory)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process.start()
        wait_until(self._is_ready, _START_SECONDS)

    def stop(self) -> None:
        self.process.kill()

    def fail(self, rate: float) -> None:
        self._ask("/_/rate", str(rate))

    def hold_contents(self) -> None:
        """From now on pictures and files can be fetched (bench/line/contents.py)."""
        self._ask("/_/contents")

    def forget(self) -> None:
        self._ask("/_/forget")

    def tellings(self, start: int = 0) -> list[dict[str, Any]]:
        """What was accepted, in order, from the one with this number on."""
        found: list[dict[str, Any]] = self._ask("/_/tellings", str(start))
        return found

    def times(self) -> list[tuple[float, str]]:
        """When each was accepted (time.monotonic()), and its reply token or whom it is for."""
        return [(at, to) for at, to in self._ask("/_/times")]

    def count(self) -> int:
        return int(self._ask("/_/state")["tellings"])

    def faults(self) -> dict[str, int]:
        found: dict[str, int] = self._ask("/_/state")["faults"]
        return found

    def _is_ready(self) -> bool:
        try:
            self.count()
        except OSError:
            time.sleep(0.05)
            return False
        return True

    def _ask(self, path: str, body: str = "") -> Any:  # noqa: ANN401 - JSON
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST", path, body)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()
