"""The process that looks may hang, die, grow or lie: it costs one item, and that is on record."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from PIL import Image

from bot.domain.sights import Look, LookOutcome, Unseen
from bot.errors import LookerNotStartedError
from bot.seeing.isolated import IsolatedLooker
from bot.seeing.limits import Limits
from tests.seeing import samples
from tests.seeing.blind import DIES, EATS, HANGS

LIMITS = Limits(seconds=1, memory_mb=600)
BLIND = "tests.seeing.blind:Eyes"


@pytest.fixture
def looker(monkeypatch: pytest.MonkeyPatch) -> Iterator[IsolatedLooker]:
    monkeypatch.setattr("bot.seeing.isolated._GRACE_SECONDS", 0.2)
    looker = IsolatedLooker(LIMITS, eyes=BLIND)
    yield looker
    looker.close()


def bad_picture(width: int) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (width, 50)).save(content, "PNG")
    return content.getvalue()


def with_a_list_before(width: int) -> bytes:
    """An archive whose first member is harmless to read and holds patients."""
    return samples.zipped({"list.csv": samples.csv(), "photo.png": bad_picture(width)})


def pid_of(looker: IsolatedLooker) -> int:
    assert looker._process is not None
    return looker._process.pid


def is_alive(pid: int) -> bool:
    try:
        return "(zombie)" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False


def wait_until_gone(pid: int) -> None:
    end = time.monotonic() + 5
    while is_alive(pid):
        assert time.monotonic() < end
        time.sleep(0.02)


def test_it_sees_what_the_same_code_sees_in_its_own_process(looker: IsolatedLooker) -> None:
    found = looker.look(samples.xlsx(), "lab.xlsx")
    assert found.outcome is LookOutcome.IDENTIFIERS
    assert [sight.place for sight in found.sights] == ["sheet Lab, row 2", "sheet Lab, row 3"]
    assert [number.value for number in found.numbers] == ["650012345", "650012346"]


def test_a_video_is_seen_and_its_sound_is_said_not_to_be_heard(looker: IsolatedLooker) -> None:
    found = looker.look(samples.video(has_sound=True), "ward.mp4")
    assert found == Look(LookOutcome.NONE, unseen=Unseen.AUDIO, is_partial=True)


@pytest.mark.parametrize(
    ("width", "why"),
    [(HANGS, Unseen.TOO_LONG), (DIES, Unseen.LOOKER_DIED), (EATS, Unseen.TOO_LARGE)],
)
def test_a_crash_costs_one_item_and_keeps_what_was_found(
    looker: IsolatedLooker, width: int, why: Unseen
) -> None:
    found = looker.look(with_a_list_before(width), "a.zip")
    assert (found.outcome, found.unseen) == (LookOutcome.IDENTIFIERS, why)
    assert found.is_partial
    assert looker.look(bad_picture(width)) == Look(LookOutcome.UNREADABLE, unseen=why)
    assert looker.look(samples.csv()).outcome is LookOutcome.IDENTIFIERS


def test_what_is_too_large_is_not_even_handed_over() -> None:
    small = IsolatedLooker(replace(LIMITS, content_mb=1), eyes=BLIND)
    assert small.look(bytes(2_000_000)).unseen is Unseen.TOO_LARGE
    assert small.safe_copy(bytes(2_000_000)) is None
    assert small._process is None


def test_it_starts_anew_after_many_items(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.seeing.isolated._ITEMS_MOST", 2)
    looker = IsolatedLooker(LIMITS, eyes=BLIND)
    looker.look(b"a")
    first = pid_of(looker)
    looker.look(b"b")
    assert pid_of(looker) != first
    assert looker.look(samples.csv()).outcome is LookOutcome.IDENTIFIERS
    looker.close()


def test_a_process_that_somebody_kills_is_replaced(looker: IsolatedLooker) -> None:
    looker.look(b"a")
    assert looker._process is not None
    looker._process._popen.kill()
    looker._process._popen.wait()
    assert looker.look(samples.csv()).outcome is LookOutcome.IDENTIFIERS


def test_without_eyes_that_can_be_loaded_nothing_is_passed_off_as_seen() -> None:
    looker = IsolatedLooker(LIMITS, eyes="tests.seeing.nowhere:Eyes")
    for ask in (looker.make_ready, lambda: looker.look(samples.csv())):
        with pytest.raises(LookerNotStartedError, match="ModuleNotFoundError"):
            ask()
        assert looker._process is None


def test_what_cannot_be_started_is_not_tried_with_every_picture(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looker = IsolatedLooker(LIMITS, eyes="tests.seeing.nowhere:Eyes")
    for _ in range(3):
        with pytest.raises(LookerNotStartedError):
            looker.look(samples.csv())
    assert caplog.text.count("looker.not_started") == 1
    monkeypatch.setattr("bot.seeing.isolated._REST_SECONDS", 0.0)
    looker._rests_until = 0.0
    looker._first["eyes"] = BLIND  # somebody has mended it
    assert looker.look(samples.csv()).outcome is LookOutcome.IDENTIFIERS
    looker.close()


def test_a_machine_without_room_for_another_process_passes_nothing_off_as_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_room(*_args: object, **_more: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    looker = IsolatedLooker(LIMITS, eyes=BLIND)
    monkeypatch.setattr("bot.seeing.isolated.subprocess.Popen", no_room)
    with pytest.raises(LookerNotStartedError, match="BlockingIOError"):
        looker.look(samples.csv())


def test_closing_does_not_wait_for_a_look_that_is_under_way() -> None:
    looker = IsolatedLooker(replace(LIMITS, seconds=60), eyes=BLIND)
    looker.make_ready()
    pid, ends = pid_of(looker), list[type[Exception]]()

    def look() -> None:
        try:
            looker.look(bad_picture(HANGS))
        except LookerNotStartedError as error:
            ends.append(type(error))

    thread = Thread(target=look)
    thread.start()
    time.sleep(0.5)
    began = time.monotonic()
    looker.close()
    thread.join(5)
    assert time.monotonic() - began < 5
    assert ends == [LookerNotStartedError]
    assert looker._process is None
    wait_until_gone(pid)
    with pytest.raises(LookerNotStartedError):
        looker.look(samples.csv())


def test_a_copy_is_a_jpeg_or_nothing(looker: IsolatedLooker) -> None:
    assert looker.safe_copy(b"picture") == b"\xff\xd8\xff copy of picture"


def test_it_dies_with_its_parent_also_in_the_middle_of_a_look(tmp_path: Path) -> None:
    program = tmp_path / "parent.py"
    program.write_text(
        "import threading, time\n"
        "from bot.seeing.isolated import IsolatedLooker\n"
        "from tests.seeing.test_isolated import BLIND, HANGS, LIMITS, bad_picture\n"
        "from dataclasses import replace\n"
        "looker = IsolatedLooker(replace(LIMITS, seconds=300), eyes=BLIND)\n"
        "looker.look(b'a')\n"
        "threading.Thread(target=looker.look, args=(bad_picture(HANGS),), daemon=True).start()\n"
        "time.sleep(0.3)\n"
        "print(looker._process.pid, flush=True)\n"
        "time.sleep(600)\n",
        encoding="utf-8",
    )
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, str(program)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.kill()
    wait_until_gone(pid)


def test_it_is_given_no_secret_and_can_write_no_file(
    monkeypatch: pytest.MonkeyPatch, looker: IsolatedLooker
) -> None:
    monkeypatch.setenv("MASTER_KEY", "not for the process that looks")
    looker.look(b"a")
    pid = pid_of(looker)
    assert b"MASTER_KEY" not in Path(f"/proc/{pid}/environ").read_bytes()
    limits = Path(f"/proc/{pid}/limits").read_text(encoding="utf-8")
    rows = {line[:26].strip(): line[26:].split() for line in limits.splitlines()}
    assert rows["Max file size"][0] == "0"
    assert rows["Max core file size"][0] == "0"
    assert int(rows["Max open files"][0]) <= 128


def test_it_has_a_network_of_its_own_where_the_system_lets_it(looker: IsolatedLooker) -> None:
    looker.look(b"a")
    own, its = (Path(f"/proc/{pid}/ns/net").readlink() for pid in ("self", pid_of(looker)))
    code = "import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(0x50000000) != 0)"
    may_leave = subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert (own != its) == may_leave


def test_the_parent_loads_no_library_of_pictures() -> None:
    heavy = ("numpy", "cv2", "onnxruntime", "PIL", "pypdfium2", "pydicom", "av", "tesserocr")
    for module in ("bot.web.app", "bot.worker.service", "bot.worker.house", "bot.seeing.isolated"):
        code = f"import {module}, sys; print([m for m in {heavy} if m in sys.modules])"
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "[]", module
