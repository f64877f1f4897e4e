"""A file has its name only when it is whole and entered."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO, NoReturn

import pytest

from bot.errors import UsageError
from bot.interchange.whole_file import Written, check_target, write_whole


def hello(file: BinaryIO) -> None:
    file.write(b"hello")


def test_it_is_entered_before_it_has_its_name(tmp_path: Path) -> None:
    path, entered = tmp_path / "file", []

    def enter(written: Written) -> None:
        entered.append((written, path.exists()))

    written = write_whole(path, hello, enter)
    assert entered == [(written, False)]
    assert written == Written(5, hashlib.sha256(b"hello").hexdigest())
    assert path.read_bytes() == b"hello"
    assert path.stat().st_mode & 0o777 == 0o600


def test_where_it_cannot_be_entered_there_is_no_file(tmp_path: Path) -> None:
    def refuse(_written: Written) -> NoReturn:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_whole(tmp_path / "file", hello, refuse)
    assert list(tmp_path.iterdir()) == []


def test_what_a_kill_left_is_replaced_with_permissions_of_our_own(tmp_path: Path) -> None:
    left = tmp_path / "file.part"
    left.write_bytes(b"half of an export, and longer")
    left.chmod(0o644)
    write_whole(tmp_path / "file", hello, lambda _written: None)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_bytes() == b"hello"
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


def test_a_full_disk_is_said_in_one_line(tmp_path: Path) -> None:
    def full(_file: BinaryIO) -> NoReturn:
        raise OSError(28, "No space left on device")

    with pytest.raises(UsageError, match="No space left"):
        write_whole(tmp_path / "file", full, lambda _written: None)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_already_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(UsageError, match="is there already"):
        check_target(tmp_path / "file")
    with pytest.raises(UsageError, match="is no folder"):
        check_target(tmp_path / "nowhere" / "file")
