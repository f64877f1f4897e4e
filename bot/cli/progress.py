"""A bar on the terminal while something long goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_WIDTH = 30


class Bar:
    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._longest = 0

    def show(self, share: float, words: str = "") -> None:
        share = min(1.0, share)
        filled = "█" * int(share * _WIDTH)
        line = f"{filled:░<{_WIDTH}} {share:4.0%} {words}".rstrip()
        self._longest = max(self._longest, len(line))
        self._write(f"\r{line:<{self._longest}}")

    def clear(self) -> None:
        """Nothing of it stays behind in the terminal."""
        self._write("\r" + " " * self._longest + "\r")
