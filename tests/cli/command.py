"""`python -m bot …` as a person types it, in a folder of its own."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.cli.forked import ROOT, run_forked
from tests.sandbox.harness import SECRET, TOKEN
from tests.services.server import free_port

MASTER_KEY = base64.b64encode(bytes(range(32))).decode()


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


@dataclass
class Folder:
    """An empty folder with a .env in it; `code` is where the program lies."""

    path: Path
    code: Path = ROOT
    environment: dict[str, str] = field(default_factory=dict)

    def write_env(self, **more: str) -> None:
        values = {
            "MASTER_KEY": MASTER_KEY,
            "LINE_CHANNEL_SECRET": SECRET,
            "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
            "LINE_TIMEOUT_SECONDS": "1",
            # Nobody listens there: a sandbox running beside the tests is none of their business.
            "SANDBOX_PORT": str(free_port()),
            **more,
        }
        text = "".join(f"{name}={value}\n" for name, value in values.items())
        file = self.path / ".env"
        file.write_text(text, encoding="utf-8")
        file.chmod(0o600)

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.path}/var/wongraksa.db"

    def bot(self, *arguments: str) -> Said:
        if self.code == ROOT:
            said = Said(*run_forked(arguments, self.path, self._environment()))
        else:
            said = self._from_nothing(arguments)
        assert "Traceback" not in said.err, said.err
        return said

    def _from_nothing(self, arguments: Sequence[str]) -> Said:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=self.path,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    @contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        with subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            cwd=self.path,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.terminate()
                process.communicate(timeout=20)

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "PYTHONPATH": str(self.code), **self.environment}
