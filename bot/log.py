"""Log lines: a constant name, then fields. Never text of a message, never an exception's own words.

An exception's text may quote what it choked on, so only its class and its places are written.
"""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path

_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_ROOT = Path(__file__).resolve().parent.parent


def set_up(level: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter(_FORMAT))
    logger = logging.getLogger("wongraksa")
    logger.handlers[:] = [handler]
    logger.setLevel(level)
    logger.propagate = False


def line(name: str, **fields: object) -> str:
    return " ".join((name, *(f"{key}={value}" for key, value in fields.items())))


def place_of(error: BaseException) -> str:
    """'ValueError at handlers/judging.py:88': what a parked row remembers of its error."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    ours = [frame for frame in frames if _is_ours(frame.filename)]
    frame = (ours or list(frames))[-1]
    return f"{type(error).__name__} at {_short(frame.filename)}:{frame.lineno}"


def trace_of(error: BaseException) -> str:
    """The whole way to the error, as places only."""
    frames = traceback.extract_tb(error.__traceback__)
    return " > ".join(f"{_short(frame.filename)}:{frame.lineno}" for frame in frames)


def _is_ours(filename: str) -> bool:
    return _ROOT in Path(filename).parents and ".venv" not in filename


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(_ROOT)) if _is_ours(filename) else path.name
