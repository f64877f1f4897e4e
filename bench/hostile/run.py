"""Hands hostile files to the looker, one after another, and watches both processes meanwhile."""

from __future__ import annotations

import ctypes
import os
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bot.domain.sights import Look, LookOutcome
from bot.ports import Looker


@dataclass
class Result:
    """What became of each, and what it cost."""

    outcomes: Counter[str] = field(default_factory=Counter)
    raised: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    parent_mb: list[float] = field(default_factory=list)
    child_mb: float = 0.0
    children: int = 0
    seconds: float = 0.0
    sees_afterwards: bool = False

    @property
    def on_record(self) -> int:
        return self.outcomes.total()

    @property
    def parent_growth_mb(self) -> float:
        """The end of the run over its first half: what a file needed and gave back is no leak."""
        half = len(self.parent_mb) // 2
        return self.parent_mb[-1] - max(self.parent_mb[: half + 1])


class Hostile(Protocol):
    @property
    def what(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def make(self) -> Callable[[], bytes]: ...


def run(looker: Looker, files: Iterable[Hostile], good: bytes) -> Result:
    """`good` is looked at last: it must be seen still."""
    result = Result()
    begin = time.monotonic()
    with _watched(result):
        for file in files:
            _one(looker, file, result)
            result.parent_mb.append(_own_megabytes())
        last = looker.look(good, "good")
    result.sees_afterwards = last.outcome is LookOutcome.IDENTIFIERS
    result.seconds = time.monotonic() - begin
    return result


def _one(looker: Looker, file: Hostile, result: Result) -> None:
    content = file.make()
    start = time.monotonic()
    try:
        look = looker.look(content, file.name)
    except Exception as error:  # noqa: BLE001 - the one thing that must not happen
        result.raised.append(f"{file.what}: {type(error).__name__}")
        return
    assert isinstance(look, Look)
    result.outcomes[_in_words(look)] += 1
    result.slowest = max(result.slowest, (time.monotonic() - start, file.what))


def _in_words(look: Look) -> str:
    if look.unseen is None:
        return str(look.outcome)
    return f"{look.outcome}, {look.unseen}"


# --- The processes --------------------------------------------------------------------------


@contextmanager
def _watched(result: Result) -> Iterator[None]:
    """The most that any child held, and how many there were."""
    is_over = threading.Event()
    pids: set[int] = set()

    def watch() -> None:
        while not is_over.wait(0.02):
            for pid in _children():
                pids.add(pid)
                result.child_mb = max(result.child_mb, _megabytes(pid, "VmHWM"))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    yield
    is_over.set()
    thread.join()
    result.children = len(pids)


def _children() -> list[int]:
    own = os.getpid()
    try:
        text = Path(f"/proc/{own}/task/{own}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(pid) for pid in text.split()]


def _own_megabytes() -> float:
    """Without what the C library keeps in hand for the next large file."""
    ctypes.CDLL(None).malloc_trim(0)
    return _megabytes(os.getpid(), "VmRSS")


def _megabytes(pid: int, what: str) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    found = re.search(rf"^{what}:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0
