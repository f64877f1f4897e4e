"""`python -m bot …` out of a process that has read the code already.

A command spends two seconds on reading code and a tenth of one on its work, and the tests start
hundreds. Each is still a process of its own, with its own folder, environment and ways out: a copy
of one that only read the code. How a command starts from nothing is tested by those that run on
(`Folder.running`), and by the commands of the README (tests/way).
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import runpy
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
_TIMEOUT_SECONDS = 60


def run_forked(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> tuple[int, str, str]:
    """What the command ended with, said, and complained of."""
    out, err = folder / ".said", folder / ".complained"
    asked = {
        "arguments": list(arguments),
        "folder": str(folder),
        "environment": dict(environment),
        "out": str(out),
        "err": str(err),
    }
    told = _ask(json.dumps(asked))
    said, complained = out.read_text("utf-8"), err.read_text("utf-8")
    out.unlink()
    err.unlink()
    return told, said, complained


def _ask(line: str) -> int:
    process = _ready()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()
    return int(process.stdout.readline())


@cache
def _ready() -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.cli.forked"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(process.kill)
    return process


def _serve() -> None:
    answers = os.fdopen(os.dup(1), "w")
    _read_the_code()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            answers.close()
            _become(json.loads(line))
        _, status = os.waitpid(child, 0)
        answers.write(f"{os.waitstatus_to_exitcode(status)}\n")
        answers.flush()


def _read_the_code() -> None:
    room = importlib.import_module("bot.cli")
    for module in pkgutil.iter_modules(room.__path__, "bot.cli."):
        importlib.import_module(module.name)
    importlib.import_module("bot.bootstrap")
    gc.freeze()


def _become(asked: dict[str, object]) -> None:
    """Ends as the command ends."""
    signal.alarm(_TIMEOUT_SECONDS)
    os.chdir(str(asked["folder"]))
    os.environ.clear()
    os.environ.update(dict(asked["environment"]))  # type: ignore[call-overload]
    for name, number in (("out", 1), ("err", 2)):
        os.dup2(os.open(str(asked[name]), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv = ["bot", *asked["arguments"]]  # type: ignore[misc]
    sys.path[0] = str(asked["folder"])
    code = 0
    try:
        runpy.run_module("bot", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        code = _code_of(ended)
    _end(code)


def _code_of(ended: SystemExit) -> int:
    if ended.code is None or isinstance(ended.code, int):
        return ended.code or 0
    sys.stderr.write(f"{ended.code}\n")
    return 1


def _end(code: int) -> None:
    """As Python ends, but without taking to pieces all that was read before the copy was made."""
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _serve()
