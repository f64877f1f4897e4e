"""Processes that can be killed at any moment and started again, and that never outlive us.

Start them from the main thread: the kernel ends them together with the thread that started them.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.services.server import children_of, is_alive

_LONGEST_END_SECONDS = 15.0


class Process:
    """One command with its family (gunicorn has children), and one log over all its lives."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], directory: Path
    ) -> None:
        self.name = name
        self.log = directory / f"{name}.log"
        self.starts = 0
        self._command = ["setpriv", "--pdeathsig", "KILL", "--", *command]
        self._environment = dict(environment)
        self._directory = directory
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        if self._process is None:
            msg = f"{self.name} has not been started"
            raise RuntimeError(msg)
        return self._process.pid

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                cwd=self._directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.starts += 1

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def family(self) -> list[int]:
        return [self.pid, *children_of(self.pid)] if self.is_running() else []

    def kill(self) -> None:
        """As a power cut would: no goodbye, and nobody of the family is left."""
        family = self.family()
        for pid in family:
            _kill(pid)
        if self._process is not None:
            self._process.wait(_LONGEST_END_SECONDS)
        _wait(lambda: not any(map(is_alive, family)), self.name)

    def kill_a_child(self, choose: Callable[[Sequence[int]], int]) -> bool:
        """One child only: its parent is expected to start another. False where there is none."""
        children = self.family()[1:]
        if not children:
            return False
        _kill(choose(children))
        return True

    def kill_inside(self, module: str) -> None:
        """Whatever below it runs that module; nothing where nobody does now."""
        for pid in _below(self.pid):
            with contextlib.suppress(OSError):
                if module in Path(f"/proc/{pid}/cmdline").read_text(errors="replace"):
                    _kill(pid)

    def stop(self) -> None:
        """In good order, as a supervisor would."""
        if self._process is None or not self.is_running():
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_LONGEST_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()


def _below(pid: int) -> list[int]:
    children = children_of(pid)
    return [*children, *(one for child in children for one in _below(child))]


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _wait(condition: Callable[[], bool], name: str) -> None:
    end = time.monotonic() + _LONGEST_END_SECONDS
    while not condition():
        if time.monotonic() > end:
            msg = f"{name} does not end"
            raise RuntimeError(msg)
        time.sleep(0.01)
