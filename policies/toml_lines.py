"""TOML that still knows on which line each value stands, so that an error can name it.

`tomllib` reads values without their places. A statement is the shortest run of whole lines that
is TOML by itself; cutting the text into statements gives each table and key its line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.errors import PolicyError

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file, its name, and the line of every table and key in it."""

    name: str
    data: Mapping[str, object]
    lines: Mapping[Path, int] = field(repr=False)

    def line_of(self, path: Path) -> int:
        """The line of the value; else of the nearest thing around it, or of the first in it."""
        for length in range(len(path), 0, -1):
            around = path[:length]
            inside = [line for place, line in self.lines.items() if place[:length] == around]
            if inside:
                return min(inside)
        return 1

    def wrong(self, path: Path, what: str) -> PolicyError:
        return PolicyError(f"{self.name}, line {self.line_of(path)}: {what}")


def read(text: str, name: str) -> Document:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(text, name, error) from error
    return Document(name, data, dict(_places(text)))


def _syntax_error(text: str, name: str, error: tomllib.TOMLDecodeError) -> PolicyError:
    """`tomllib` says 'at line 3, column 5', or 'at end of document'."""
    said = re.fullmatch(r"(?s)(.*) \(at (?:line (\d+), column \d+|end of document)\)", str(error))
    what, number = said.groups() if said else (str(error), None)
    last = max(1, len(text.splitlines()))
    return PolicyError(f"{name}, line {number or last}: not valid TOML: {what}")


def _places(text: str) -> Iterator[tuple[Path, int]]:
    table: Path = ()
    counts: dict[Path, int] = {}
    for line, statement in _statements(text):
        parsed = tomllib.loads(statement)
        if statement.lstrip().startswith("["):
            table = _header(parsed, counts)
            yield table, line
        else:
            for path in _paths(parsed):
                yield (*table, *path), line


def _statements(text: str) -> Iterator[tuple[int, str]]:
    start, gathered = 1, ""
    # Not splitlines(): TOML knows only line feeds, texts may hold other separators.
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        gathered = f"{gathered}\n{line}" if gathered else line
        if _is_toml(gathered):
            yield start, gathered
            start, gathered = number + 1, ""


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _header(parsed: Mapping[str, object], counts: dict[Path, int]) -> Path:
    """The path of '[a.b]' or '[[a]]'; the latter with its running number."""
    path: Path = ()
    inside: object = parsed
    while isinstance(inside, dict) and inside:
        key, inside = next(iter(inside.items()))
        path = (*path, key)
    if not isinstance(inside, list):
        return path
    number = counts.get(path, 0)
    counts[path] = number + 1
    return (*path, number)


def _paths(parsed: Mapping[str, object]) -> Iterator[Path]:
    for key, value in parsed.items():
        yield (key,)
        if isinstance(value, dict):
            yield from ((key, *rest) for rest in _paths(value))
