"""`run`: the product in one process, as `make run` starts it."""

from __future__ import annotations

import argparse
import os
import secrets
import socket
import subprocess
import sys
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

from bot import log
from bot.cli.demo import approve_in_background
from bot.errors import UsageError
from bot.settings import load_settings
from bot.web.server import WebProcess, start_or_exit

if TYPE_CHECKING:
    from flask import Flask

    from bot.settings import Settings

_ENV_FILE = Path(".env")
_FIRST_ENV = """\
# Made by the first 'make run'. Every setting is explained in .env.example.
# MASTER_KEY opens everything that is stored sealed: keep a copy elsewhere, and show it to nobody.
MASTER_KEY={master_key}

# These two make the product talk to the LINE that is simulated on this machine. Put your own
# channel's values here (LINE Developers console, 'Messaging API') to talk to the real one.
LINE_CHANNEL_SECRET={channel_secret}
LINE_CHANNEL_ACCESS_TOKEN=sandbox-{token}
"""


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    parser = commands.add_parser("run", help="start everything in one process")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    parser.add_argument("--no-sandbox", action="store_true", help="without the simulated LINE")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    make_first_env(_ENV_FILE)
    settings = load_settings()
    log.set_up(settings.log_level)
    has_sandbox = settings.has_own_sandbox and not options.no_sandbox
    _check_port(options.host, options.port, "--port")
    if has_sandbox:
        _check_port("127.0.0.1", settings.sandbox_port, "SANDBOX_PORT in .env")
    if has_sandbox and not settings.public_base_url:
        # The simulated LINE is on this machine, and can fetch safe copies from here.
        settings = replace(settings, public_base_url=f"http://127.0.0.1:{options.port}")
    process = WebProcess(settings, works_itself=True)
    sandbox = Sandbox(settings, options.port) if has_sandbox else None
    _print_address(settings, options, has_sandbox)
    try:
        _Server(process, f"{options.host}:{options.port}", sandbox).run()
    finally:
        if sandbox is not None:
            sandbox.stop()
    return 0


def make_first_env(path: Path) -> None:
    """The first time: keys of one's own, in a file that only its owner can read."""
    if path.exists() or os.environ.get("MASTER_KEY"):
        return
    text = _FIRST_ENV.format(
        master_key=b64encode(secrets.token_bytes(32)).decode(),
        channel_secret=secrets.token_hex(16),
        token=secrets.token_urlsafe(24),
    )
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def _check_port(host: str, port: int, other: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            msg = f"cannot listen on {host}:{port} ({error.strerror}); choose another {other}"
            raise UsageError(msg) from None


class Sandbox:
    """A process of its own: the product imports nothing of it, and it nothing of the product."""

    def __init__(self, settings: Settings, port: int) -> None:
        secrets_of_play = {
            "SANDBOX_CHANNEL_SECRET": settings.line_channel_secret,
            "SANDBOX_CHANNEL_ACCESS_TOKEN": settings.line_channel_access_token,
        }
        # The pipe ends with us, however we end, and the sandbox with the pipe. In a session of
        # its own no Ctrl-C reaches it, so that its end is either our doing or worth a line.
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            _sandbox_command(settings, port),
            env=os.environ | secrets_of_play,
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self._is_stopped = False
        Thread(target=self._watch, name="sandbox", daemon=True).start()

    def let_go(self) -> None:
        """In gunicorn's worker: its copy of the pipe must not keep the sandbox alive."""
        if self._process.stdin is not None:
            self._process.stdin.close()

    def stop(self) -> None:
        self._is_stopped = True
        self._process.terminate()

    def _watch(self) -> None:
        self._process.wait()
        if not self._is_stopped:
            sys.stderr.write(
                "the simulated LINE has ended, and the product is alone: Ctrl-C, then start again\n"
            )
            sys.stderr.flush()


def _sandbox_command(settings: Settings, port: int) -> list[str]:
    product = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "bot.sandbox", "--port", str(settings.sandbox_port)]
    command += ["--webhook", f"{product}/line/webhook", "--inspect", f"{product}/inspect/events"]
    return [*command, "--introduce", "--until-eof"]


def _print_address(settings: Settings, options: argparse.Namespace, has_sandbox: bool) -> None:  # noqa: FBT001
    address = f"http://{options.host}:{options.port}"
    lines = ["", "  วงรักษา · WongRaksa", ""]
    if has_sandbox:
        lines.append(f"  เปิดดูที่ · open:  http://127.0.0.1:{settings.sandbox_port}")
    lines += [f"  ระบบ · product:  {address}", "", "  Ctrl-C = หยุด · stop", ""]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn, told in code what bot/web/gunicorn.py tells it in a file."""

    def __init__(self, process: WebProcess, bind: str, sandbox: Sandbox | None) -> None:
        self._process = process
        self._sandbox = sandbox
        self._bind = bind
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings().items():
            self.cfg.set(name, value)

    def _settings(self) -> dict[str, object]:
        return {
            "bind": self._bind,
            "workers": 1,
            "threads": 16,
            "worker_class": "gthread",
            "timeout": 30,
            "graceful_timeout": 5,
            "loglevel": "warning",
            "post_worker_init": lambda _worker: self._start(),
            "worker_exit": lambda _server, _worker: self._process.stop(),
        }

    def _start(self) -> None:
        """In gunicorn's worker, not before: threads and connections do not survive its fork."""
        if self._sandbox is not None:
            self._sandbox.let_go()
        start_or_exit(self._process)
        if self._sandbox is not None:
            approve_in_background(self._process.parts)

    def load(self) -> Flask:
        return self._process.app
