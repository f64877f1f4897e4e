"""A file that has its name only when it is whole; until then it is called `.part`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bot.errors import UsageError

_CHUNK = 1 << 20
_OURS_ALONE = 0o600


@dataclass(frozen=True, slots=True)
class Written:
    """What can be said of a file afterwards, to tell it from another one."""

    bytes: int
    sha256: str


def check_target(path: Path) -> None:
    """Before anything is entered in the ledger: what can be seen to fail, fails now."""
    if path.exists() or path.is_symlink():
        msg = f"{path}: is there already; give another name, nothing was written"
        raise UsageError(msg)
    if not path.parent.is_dir():
        msg = f"{path.parent}: is no folder; make it first, nothing was written"
        raise UsageError(msg)


def write_whole(
    path: Path, write: Callable[[BinaryIO], None], enter: Callable[[Written], None]
) -> Written:
    """`enter` is called when all is on the disk, and before the file gets its name.

    A file under its own name has therefore been entered. What a kill leaves behind is a `.part`;
    any other failure leaves nothing.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        with _opened(part) as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        written = _measured(part)
        enter(written)
        part.replace(path)
        _settle(path.parent)
    except OSError as error:
        part.unlink(missing_ok=True)
        msg = f"{path}: could not be written ({error.strerror}); what was begun is gone again"
        raise UsageError(msg) from None
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return written


def _opened(part: Path) -> BinaryIO:
    """One that a kill left behind goes first: its permissions could be anything."""
    part.unlink(missing_ok=True)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL
    return os.fdopen(os.open(part, flags, _OURS_ALONE), "w+b")


def _measured(path: Path) -> Written:
    """Read once more from the disk: a workbook is put together out of order."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Written(size, digest.hexdigest())


def _settle(folder: Path) -> None:
    """The new name is on the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
