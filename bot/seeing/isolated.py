"""The Looker of the product: a process of its own, restarted when it dies, hangs or grows.

What decodes pictures and files is large, written in C, and fed by strangers. It runs where a crash
costs one item, and where there is nothing to steal: no keys, no database, no network where the
system can refuse it.
"""

from __future__ import annotations

import logging
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import log
from bot.domain.sights import Look, Unseen, unreadable
from bot.errors import LookerNotStartedError
from bot.seeing import wire
from bot.seeing.ending import ended
from bot.seeing.limits import MB, Limits

if TYPE_CHECKING:
    from bot.domain.incidents import PatientNumber
    from bot.domain.sights import Sight

EYES = "bot.seeing.picture:Eyes"
_logger = logging.getLogger("wongraksa.looker")
_ROOT = Path(__file__).parents[2]
_START_SECONDS = 60.0
# Beyond its own limit of time the process gets this long to say so by itself.
_GRACE_SECONDS = 3.0
_TICK_SECONDS = 0.05
# What could not be started just now is not tried again with every picture that waits.
_REST_SECONDS = 20.0
_COPY_MOST_MB = 30
_ANSWERS_MOST = 10_000
# Libraries lose a little memory with every file. After so many the process makes place for a new
# one; or sooner, when so much of its memory stays taken that the next file would pay for it.
_ITEMS_MOST = 200
_SHARE_TAKEN_MOST = 0.8
_KEPT_OF_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TESSDATA_PREFIX")


class IsolatedLooker:
    """Starts its process with the first question; threads wait for each other."""

    def __init__(self, limits: Limits, hn_formats: tuple[str, ...] = (), eyes: str = EYES) -> None:
        self._limits = limits
        self._first = {"limits": asdict(limits), "hn_formats": hn_formats, "eyes": eyes}
        self._turn = threading.Lock()
        self._process: _Process | None = None
        self._is_closed = False
        self._rests_until = 0.0
        self._why_not_started = ""
        self._no_process = ""

    def make_ready(self) -> None:
        with self._turn:
            self._ready()

    def look(self, content: bytes, file_name: str = "") -> Look:
        if len(content) > self._limits.content_mb * MB:
            return unreadable(Unseen.TOO_LARGE)
        seen = _Seen()
        name = file_name[: wire.NAME_MOST]
        cut_short = self._ask({"do": "look", "name": name}, content, seen.take)
        if cut_short is not None:
            return ended(seen.sights, seen.numbers, cut_short, saw=seen.is_any)
        return ended(
            seen.sights, seen.numbers, seen.unseen, saw=seen.saw, is_unheard=seen.is_unheard
        )

    def safe_copy(self, content: bytes) -> bytes | None:
        if len(content) > self._limits.content_mb * MB:
            return None
        copies: list[bytes] = []

        def take(head: dict[str, Any], body: bytes) -> bool:
            copies.append(body)
            return head.get("is") == "copy"

        is_whole = self._ask({"do": "copy"}, content, take) is None
        return copies[0] if is_whole and copies[0].startswith(_JPEG) else None

    def close(self) -> None:
        """For good, and at once: a look that is under way ends without an answer."""
        self._is_closed = True
        if (process := self._process) is not None:
            process.kill()
        with self._turn:
            self._end()

    def _ask(self, head: dict[str, Any], content: bytes, take: Take) -> Unseen | None:
        """Nothing where the answer is whole; else why it is not."""
        with self._turn:
            process = self._ready()
            seconds = self._limits.seconds + _GRACE_SECONDS
            why = process.ask(wire.parts(head, content), take, seconds)
            if why is not None and self._is_closed:
                raise LookerNotStartedError(_CLOSED)
            if why is not None:
                _logger.warning(log.line("looker.ended", why=why, pid=process.pid))
            if why is not None or process.is_worn:
                self._renew()
            return why

    def _ready(self) -> _Process:
        """The process with everything loaded."""
        if self._is_closed:
            raise LookerNotStartedError(_CLOSED)
        if time.monotonic() < self._rests_until:
            raise LookerNotStartedError(self._why_not_started)
        if self._process is None or not self._process.is_alive:
            self._renew()
        process = self._process
        error = self._no_process if process is None else process.get_ready()
        if process is None or error:
            self._end()
            raise self._not_started(error)
        return process

    def _renew(self) -> None:
        """After a look the next process loads its models while nobody waits for it."""
        self._end()
        try:
            self._process = _Process(self._limits, self._first)
        except OSError as error:  # no memory, no process number or no descriptor is left
            self._no_process = log.place_of(error)
        if self._is_closed:
            self._end()

    def _not_started(self, error: str) -> LookerNotStartedError:
        if self._is_closed:
            return LookerNotStartedError(_CLOSED)
        _logger.error(log.line("looker.not_started", error=error))
        self._rests_until = time.monotonic() + _REST_SECONDS
        self._why_not_started = (
            f"what looks into pictures cannot start on this machine ({error}); 'scripts/setup run' "
            "installs what it needs, and LOOK_MEMORY_MB gives it room"
        )
        return LookerNotStartedError(self._why_not_started)

    def _end(self) -> None:
        if self._process is not None:
            self._process.end()
        self._process = None


Take = Callable[[dict[str, Any], bytes], bool]
_CLOSED = "what looks into pictures was closed"
_JPEG = b"\xff\xd8\xff"


@dataclass
class _Seen:
    """What the process has told so far of one item."""

    sights: list[Sight] = field(default_factory=list)
    numbers: list[PatientNumber] = field(default_factory=list)
    unseen: Unseen | None = None
    saw: bool = False
    is_unheard: bool = False

    @property
    def is_any(self) -> bool:
        return bool(self.sights or self.numbers)

    def take(self, head: dict[str, Any], _body: bytes) -> bool:
        """True with the last answer."""
        if len(self.sights) + len(self.numbers) > _ANSWERS_MOST:
            raise wire.BadAnswerError
        match head.get("is"):
            case "sight":
                self.sights.append(wire.read_sight(head))
            case "number":
                self.numbers.append(wire.read_number(head))
            case "done":
                self.unseen = wire.read_unseen(head)
                self.saw = head.get("saw") is True
                self.is_unheard = head.get("unheard") is True
                return True
            case _:
                raise wire.BadAnswerError
        return False


class _Process:
    """The process and its two pipes."""

    def __init__(self, limits: Limits, first: dict[str, Any]) -> None:
        self._limits = limits
        self._items = 0
        self._is_ready = False
        self._unpacker = wire.Unpacker(_COPY_MOST_MB * MB)
        self._first = wire.parts(first)
        self._popen = subprocess.Popen(
            [sys.executable, "-P", "-m", "bot.seeing.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=_environment(),
            bufsize=0,
            start_new_session=True,
        )
        assert self._popen.stdin is not None  # noqa: S101 - as asked for above
        assert self._popen.stdout is not None  # noqa: S101 - likewise
        self._in, self._out = self._popen.stdin.fileno(), self._popen.stdout.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def is_alive(self) -> bool:
        return self._popen.poll() is None

    @property
    def is_worn(self) -> bool:
        taken = self._memory_mb() > _SHARE_TAKEN_MOST * self._limits.memory_mb
        return taken or self._items >= _ITEMS_MOST

    def get_ready(self) -> str:
        """Empty, or why it does not get ready: a class and a place."""
        if self._is_ready:
            return ""
        said: dict[str, Any] = {}

        def take(head: dict[str, Any], _body: bytes) -> bool:
            said.update(head)
            return True

        why = self._exchange(self._first, take, _START_SECONDS)
        self._is_ready = why is None and said.get("is") == "ready"
        return "" if self._is_ready else str(said.get("error", why))[:_ERROR_MOST]

    def ask(self, question: Sequence[bytes], take: Take, seconds: float) -> Unseen | None:
        self._items += 1
        return self._exchange(question, take, seconds)

    def kill(self) -> None:
        """Whoever waits for its answer learns it from the pipe."""
        self._popen.kill()

    def end(self) -> None:
        self._popen.kill()
        self._popen.communicate()

    def _exchange(self, question: Sequence[bytes], take: Take, seconds: float) -> Unseen | None:
        end = time.monotonic() + seconds
        left = [memoryview(part) for part in question if part]
        with selectors.PollSelector() as selector:
            selector.register(self._out, selectors.EVENT_READ)
            selector.register(self._in, selectors.EVENT_WRITE)
            while time.monotonic() < end:
                if self._memory_mb() > self._limits.memory_mb:
                    return Unseen.TOO_LARGE
                for key, _ in selector.select(_TICK_SECONDS):
                    try:
                        if key.fd == self._in:
                            if self._is_handed_over(left):
                                selector.unregister(self._in)
                        elif self._is_over(take):
                            return None
                    except (OSError, wire.BadAnswerError):
                        return Unseen.LOOKER_DIED
        return Unseen.TOO_LONG

    def _is_handed_over(self, left: list[memoryview]) -> bool:
        left[0] = left[0][os.write(self._in, left[0]) :]
        if not left[0]:
            del left[0]
        return not left

    def _is_over(self, take: Take) -> bool:
        chunk = os.read(self._out, MB)
        if not chunk:
            raise wire.BadAnswerError
        return any(take(head, body) for head, body in self._unpacker.feed(chunk))

    def _memory_mb(self) -> float:
        """What is resident, by the system's own count."""
        try:
            pages = Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1]
        except (OSError, IndexError):
            return 0.0
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / MB


_ERROR_MOST = 200


def _environment() -> dict[str, str]:
    """Enough to find the same code; no setting, so no secret. One thread for each model."""
    kept = {name: os.environ[name] for name in _KEPT_OF_ENVIRONMENT if name in os.environ}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_THREAD_LIMIT"), "1")
    path = os.pathsep.join(dict.fromkeys((str(_ROOT), *filter(None, sys.path))))
    return {**kept, **threads, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
