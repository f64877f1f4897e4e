"""What the eyes depend on comes with the locks, once, and only where pictures are looked at.

But for NumPy, which reads the words around names, too.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
HEAVY = ("cv2", "onnxruntime", "tesserocr", "zxingcpp", "PIL")


def pinned(lock: str) -> set[str]:
    return set(re.findall(r"^([\w.-]+)==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_there_is_one_opencv_and_it_is_the_headless_one(lock: str) -> None:
    opencvs = {name for name in pinned(lock) if name.startswith("opencv")}
    assert opencvs == {"opencv-python-headless"}


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_what_is_left_out_is_not_in_the_lock(lock: str) -> None:
    text = (ROOT / "requirements-without.txt").read_text(encoding="utf-8")
    left_out = {line for line in text.splitlines() if line and not line.startswith("#")}
    assert left_out
    assert pinned(lock) & left_out == set()


@pytest.mark.parametrize(
    "door", ["bot.bootstrap", "bot.web.server", "bot.worker.actors", "bot.cli.main"]
)
def test_processes_that_read_text_load_nothing_of_this(door: str) -> None:
    code = f"import sys, {door}; print(*(name for name in {HEAVY} if name in sys.modules))"
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (ran.returncode, ran.stdout.strip()) == (0, ""), ran.stderr
