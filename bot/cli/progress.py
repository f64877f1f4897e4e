"""A bar on the terminal while something long goes on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_Item = TypeVar("_Item")

_WIDTH = 30
_EVERY = 200


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


def with_progress(items: Iterable[_Item], total: int) -> Iterator[_Item]:
    """Shows on a terminal how many of about `total` items have gone by; nothing in a pipe."""
    if total < _EVERY or not sys.stderr.isatty():
        return iter(items)
    return counted(items, total, Bar(sys.stderr.write))


def counted(items: Iterable[_Item], total: int, bar: Bar) -> Iterator[_Item]:
    for number, item in enumerate(items):
        if number % _EVERY == 0:
            bar.show(number / total, f"{number:,}/{total:,}")
        yield item
    bar.clear()
