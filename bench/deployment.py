"""The product in real processes: one on SQLite, or web, workers and clock on PostgreSQL and Redis.

Everything is private, on 127.0.0.1, and ends with us.
"""

from __future__ import annotations

import base64
import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.line.client import LineStandIn
from bench.places import ROOT
from bench.processes import Process
from bot.bootstrap import Parts, build
from bot.settings import Settings, load_settings
from bot.storage.migrate import migrate
from tests.services.postgres import PostgresServer
from tests.services.redis import RedisServer
from tests.services.server import free_port, wait_until

SECRET = "bench-channel-secret"  # noqa: S105 - of the stand-in
_TOKEN = "bench-access-token"  # noqa: S105 - of the stand-in
_MASTER_KEY = base64.b64encode(bytes(range(32))).decode()
_START_SECONDS = 30.0
DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Deployment:
    """`processes` are the product's own, by name; the servers and LINE are around them."""

    directory: Path
    settings: Settings
    environment: Mapping[str, str]
    web_port: int
    line: LineStandIn
    processes: Mapping[str, Process]
    postgres: PostgresServer | None = None
    redis: RedisServer | None = None

    @property
    def is_embedded(self) -> bool:
        return self.postgres is None

    def parts(self) -> Parts:
        """The product's own reading of its database, for whoever checks it."""
        return build(self.settings)

    def start(self) -> None:
        for process in self.processes.values():
            process.start()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        wait_until(lambda: _answers(self.web_port), _START_SECONDS)

    def supervise(self) -> None:
        """As systemd does: what ended by itself (its database was down at its start) is started."""
        for process in self.processes.values():
            if process.starts and not process.is_running():
                process.start()

    def stop(self) -> None:
        for process in self.processes.values():
            process.stop()

    def logs(self) -> dict[str, str]:
        return {
            name: process.log.read_text(errors="replace")
            for name, process in self.processes.items()
            if process.log.exists()
        }


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        time.sleep(0.05)
        return False
    finally:
        connection.close()


@contextmanager
def deployed(
    database: str, *, seed: int = 1, workers: int = 2, **more: str
) -> Iterator[Deployment]:
    """Made ready, migrated and seeded; the caller starts it. `more` are settings by name."""
    with ExitStack() as stack:
        directory = Path(tempfile.mkdtemp(prefix="wongraksa-bench-", dir="/tmp"))
        stack.callback(shutil.rmtree, directory, ignore_errors=True)
        line = LineStandIn(directory, seed)
        stack.callback(line.stop)
        line.start()
        around = _servers(stack, database, directory)
        deployment = _deployment(around, directory, line, workers, more)
        stack.callback(deployment.stop)
        yield deployment


@dataclass(frozen=True)
class _Servers:
    database_url: str
    postgres: PostgresServer | None = None
    redis: RedisServer | None = None


def _servers(stack: ExitStack, database: str, directory: Path) -> _Servers:
    if database == "sqlite":
        return _Servers(f"sqlite:///{directory}/wongraksa.db")
    postgres = stack.enter_context(PostgresServer())
    redis = stack.enter_context(RedisServer())
    return _Servers(postgres.create_database("bench"), postgres, redis)


def _deployment(
    around: _Servers, directory: Path, line: LineStandIn, workers: int, more: dict[str, str]
) -> Deployment:
    port = free_port()
    redis_url = around.redis.url if around.redis else ""
    environment = _environment(around.database_url, redis_url, line, port) | more
    settings = load_settings(environment, directory / "no.env")
    _prepare(settings)
    processes = (
        _large(environment, workers, directory)
        if around.postgres
        else _small(environment, port, directory)
    )
    return Deployment(
        directory, settings, environment, port, line, processes, around.postgres, around.redis
    )


def _environment(database_url: str, redis_url: str, line: LineStandIn, port: int) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "LINE_CHANNEL_SECRET": SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": _TOKEN,
        "LINE_API_BASE": line.url,
        "LINE_DATA_BASE": line.url,
        "LINE_TIMEOUT_SECONDS": "1",
        "MASTER_KEY": _MASTER_KEY,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PUSH_BUDGET_PER_MONTH": "10000000",
        "BIND": f"127.0.0.1:{port}",
        "CONTACT": "IT",
    }


def _prepare(settings: Settings) -> None:
    parts = build(settings)
    migrate(parts.database)
    parts.seed_documents()
    parts.database.close()


def _large(environment: dict[str, str], workers: int, directory: Path) -> dict[str, Process]:
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", "python:bot.web.gunicorn"]
    commands = {"web": [*gunicorn, "wsgi:app"], "clock": _bot("clock")}
    commands |= {f"worker-{number}": _bot("worker") for number in range(1, workers + 1)}
    return {
        name: Process(name, command, environment, directory) for name, command in commands.items()
    }


def _small(environment: dict[str, str], port: int, directory: Path) -> dict[str, Process]:
    command = _bot("run", "--no-sandbox", "--port", str(port))
    return {"product": Process("product", command, environment, directory)}


def _bot(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot", *arguments]


def version_of(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
