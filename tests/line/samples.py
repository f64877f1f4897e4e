"""The webhook bodies of ../shared/line/samples, by their number."""

from __future__ import annotations

from tests.sandbox.official import LINE_DIRECTORY

FILES = sorted((LINE_DIRECTORY / "samples").glob("*.json"))


def sample(number: int) -> bytes:
    (file,) = [file for file in FILES if file.name.startswith(f"{number:02}_")]
    return file.read_bytes()
