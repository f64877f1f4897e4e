"""The product as it runs in a hospital: real processes, LINE checked against its description."""

from __future__ import annotations

import base64
import http.client
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.processes import Process
from bot.sandbox.chats import Chat
from bot.sandbox.people import Person
from tests.sandbox.harness import SECRET, TOKEN, LineSandbox, line_sandbox
from tests.services.server import free_port, wait_until
from tests.way.product import HN_TEXT, MASTER_KEY

ROOT = Path(__file__).resolve().parents[2]


def _environment(line: LineSandbox, database_url: str, redis_url: str = "") -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "LINE_CHANNEL_SECRET": SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
        "LINE_API_BASE": line.url,
        "MASTER_KEY": base64.b64encode(MASTER_KEY).decode(),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
    }


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


@contextmanager
def _started(
    commands: Mapping[str, list[str]], environment: Mapping[str, str], directory: Path, port: int
) -> Iterator[dict[str, Process]]:
    processes = {
        name: Process(name, [sys.executable, "-m", *command], environment, directory)
        for name, command in commands.items()
    }
    try:
        for process in processes.values():
            process.start()
        wait_until(lambda: _answers(port), 20)
        yield processes
    finally:
        for process in processes.values():
            process.stop()


def _scene(line: LineSandbox, port: int) -> tuple[Chat, Person]:
    line.set_webhook(f"http://127.0.0.1:{port}/line/webhook")
    nurse = line.platform.add_person("พยาบาลนก")
    return line.platform.add_group("ชมรมวิ่ง", [nurse]), nurse


def test_one_process_warns(tmp_path: Path, database_url: str) -> None:
    port = free_port()
    with line_sandbox() as line:
        club, nurse = _scene(line, port)
        environment = _environment(line, database_url)
        product = {"product": ["bot", "run", "--no-sandbox", "--port", str(port)]}
        with _started(product, environment, tmp_path, port):
            line.platform.say(club, nurse, HN_TEXT)
            call = line.wait_for_call("/v2/bot/message/reply", seconds=15)
        assert call.status == 200
        assert line.problems() == []


def test_web_two_workers_and_a_clock_on_postgresql_and_redis_warn(
    tmp_path: Path, postgres_url: str, redis_url: str
) -> None:
    port = free_port()
    with line_sandbox() as line:
        club, nurse = _scene(line, port)
        environment = _environment(line, postgres_url, redis_url) | {
            "BIND": f"127.0.0.1:{port}",
            "WEB_CONCURRENCY": "1",
        }
        _migrate(environment, tmp_path)
        with _started(_LARGE, environment, tmp_path, port):
            line.platform.say(club, nurse, HN_TEXT)
            call = line.wait_for_call("/v2/bot/message/reply", seconds=15)
        assert call.status == 200
        assert line.problems() == []


def test_a_worker_that_is_killed_loses_and_doubles_nothing(
    tmp_path: Path, postgres_url: str, redis_url: str
) -> None:
    port = free_port()
    with line_sandbox() as line:
        club, _ = _scene(line, port)
        people = [line.platform.add_person(f"คนที่ {number}") for number in range(20)]
        for person in people:
            line.platform.join(club, person)
        environment = _environment(line, postgres_url, redis_url) | {
            "BIND": f"127.0.0.1:{port}",
            "WEB_CONCURRENCY": "1",
        }
        _migrate(environment, tmp_path)
        with _started(_LARGE, environment, tmp_path, port) as processes:
            for person in people:
                line.platform.say(club, person, HN_TEXT)
            line.wait_for_call("/v2/bot/message/*", count=3, seconds=15)
            processes["worker-1"].kill()
            processes["worker-1"].start()
            line.wait_until(lambda: len(_warned(line)) == len(people), seconds=75)
        assert len(set(_warned(line))) == len(people)


def _warned(line: LineSandbox) -> list[str]:
    """Whom each accepted warning mentions; each once, or it was told twice."""
    accepted = [
        call
        for call in line.calls("/v2/bot/message/*")
        if call.status == http.client.OK and "w1:wrong:" in str(call.json)
    ]
    return [str(call.json).split("'userId': '")[1][:33] for call in accepted]


_LARGE = {
    "web": ["gunicorn", "--config", "python:bot.web.gunicorn", "wsgi:app"],
    "worker-1": ["bot", "worker"],
    "worker-2": ["bot", "worker"],
    "clock": ["bot", "clock"],
}


def _migrate(environment: Mapping[str, str], directory: Path) -> None:
    process = Process("migrate", [sys.executable, "-m", "bot", "migrate"], environment, directory)
    process.start()
    wait_until(lambda: "level" in process.log.read_text(), 20)
    process.stop()
