"""What private servers have in common: a port, a folder, and an end that cannot be forgotten."""

from __future__ import annotations

import contextlib
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

START_SECONDS = 30.0
STOP_SECONDS = 10.0

# Below 32768, where Linux takes the local ports of outgoing connections from: otherwise a client
# that keeps trying while its server is down could be given the very port it tries, connect to
# itself, and keep the server from coming back. Far from 5432 and 6379, which are the machine's.
PORTS = range(20000, 30000)


class ServerError(Exception):
    """A private server is not installed, or did not start."""


def free_port() -> int:
    for port in random.sample(PORTS, k=100):
        with contextlib.closing(socket.socket()) as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise ServerError("a hundred ports were tried and none is free")


class PrivateServer(ABC):
    """One server of the tests' own, on loopback, in a folder of its own under /tmp.

    `kill` is the end without a goodbye; `restart` comes back on the same port.
    """

    name: str

    def __init__(self) -> None:
        self.port = free_port()
        self.directory = Path(tempfile.mkdtemp(prefix=f"wongraksa-{self.name}-", dir="/tmp"))
        self._user = server_user()
        if self._user:
            os.chown(self.directory, self._user.pw_uid, self._user.pw_gid)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    @abstractmethod
    def url(self) -> str: ...

    @abstractmethod
    def _command(self) -> list[str]: ...

    @abstractmethod
    def _is_ready(self) -> bool: ...

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        if self.is_running():
            return
        self._process = self._popen(self._command())
        self._wait_until_ready(self._process)

    def stop(self) -> None:
        """Ends the server in good order."""
        if self._process is None:
            return
        # What SIGINT is to a person: stop now, but properly (PostgreSQL's 'fast' shutdown).
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """Ends the server and all its processes at once, as a power cut would."""
        if self._process is None:
            return
        family = [self._process.pid, *children_of(self._process.pid)]
        # The parent first: PostgreSQL's would otherwise see its children die and recover.
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait(STOP_SECONDS)
        wait_until(lambda: not any(map(is_alive, family)), STOP_SECONDS)
        self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _popen(self, command: list[str]) -> subprocess.Popen[bytes]:
        options = self._as_user()
        with (self.directory / "server.log").open("ab") as log:
            return subprocess.Popen(
                # Tests get killed (by a time limit, by a person). The kernel then kills the
                # server too, so that none is left behind to hold a port and memory for ever.
                # The signal comes when the *thread* that started the server ends: start servers
                # from the main thread. setpriv, since a preexec_fn is not safe among threads.
                ["setpriv", "--pdeathsig", "KILL", "--", *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.directory,
                # Ctrl-C in a terminal is for the tests; they stop their servers themselves.
                start_new_session=True,
                **options,
            )

    def _as_user(self) -> dict[str, Any]:
        if self._user is None:
            return {}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        wait_until(lambda: process.poll() is not None or self._is_ready(), START_SECONDS)
        if process.poll() is not None:
            self._process = None
            raise ServerError(f"{self.name} did not start:\n{self.log_tail()}")

    def log_tail(self) -> str:
        log = self.directory / "server.log"
        return "\n".join(log.read_text(errors="replace").splitlines()[-20:])


def server_user() -> pwd.struct_passwd | None:
    """Whom servers run as: ourselves, unless we are root, whom PostgreSQL refuses to serve."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise ServerError(f"waited {seconds:g} seconds in vain")
        time.sleep(0.02)


def children_of(pid: int) -> list[int]:
    return [child for child, (_, parent) in _processes().items() if parent == pid]


def is_alive(pid: int) -> bool:
    """Whether the process still does anything; a zombie does not."""
    state, _ = _processes().get(pid, ("Z", 0))
    return state != "Z"


def _processes() -> dict[int, tuple[str, int]]:
    """Every process with its state and its parent."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name, in brackets, may contain anything; what follows it is plain.
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            found[int(stat.parent.name)] = (state, int(parent))
    return found
