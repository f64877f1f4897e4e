"""A small language to declare JSON shapes, and the checks behind each word of it.

A shape yields the faults it finds in a value. Faults carry the path as a tuple
of keys and indexes; how a path is written down is decided by who answers.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from bot.sandbox.measures import Measure, utf16_units

Path = tuple[str | int, ...]
# What was sent may be anything: finding out what it is, is what shapes are for.
Json = Any


@dataclass(frozen=True)
class Fault:
    path: Path
    message: str


Faults = Iterator[Fault]


class Shape(Protocol):
    def faults(self, value: Json, path: Path) -> Faults: ...


Rule = Callable[[Json, Path], Faults]


def wrong_type(path: Path, wanted: str) -> Fault:
    return Fault(path, f"Must be {wanted}")


@dataclass(frozen=True)
class Text:
    """A string; `most` is inclusive and counted by `measure`."""

    most: int | None = None
    least: int = 0
    measure: Measure = utf16_units
    pattern: str | None = None

    def faults(self, value: Json, path: Path) -> Faults:
        if not isinstance(value, str):
            yield wrong_type(path, "a string")
            return
        if self.least and not value.strip():
            yield Fault(path, "May not be empty")
        elif self.most is not None and self.measure(value) > self.most:
            yield Fault(path, f"Length must be between {self.least} and {self.most}")
        elif self.pattern and not re.fullmatch(self.pattern, value):
            yield Fault(path, "invalid property")


@dataclass(frozen=True)
class OneOf:
    values: tuple[str, ...]

    def faults(self, value: Json, path: Path) -> Faults:
        if value not in self.values:
            yield Fault(path, f"Must be one of the following values: [{', '.join(self.values)}]")


LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Url:
    schemes: tuple[str, ...] = ("https",)
    most: int = 2000
    may_be_near: bool = False
    """http:// as well, to this machine: the one thing here that LINE itself would refuse."""

    def faults(self, value: Json, path: Path) -> Faults:
        if not isinstance(value, str):
            yield wrong_type(path, "a string")
        elif utf16_units(value) > self.most:
            yield Fault(path, f"Length must be between 0 and {self.most}")
        elif not self._has_right_scheme(value) or re.search(r"\s", value):
            yield Fault(path, "invalid uri scheme" if ":" in value else "invalid uri")

    def _has_right_scheme(self, value: str) -> bool:
        return urlsplit_scheme(value) in self.schemes or (self.may_be_near and is_near(value))


def is_near(url: str) -> bool:
    """On this machine, where no certificate can be had and nobody else listens."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "http" and parts.hostname in LOOPBACK


def urlsplit_scheme(value: str) -> str:
    try:
        return urlsplit(value).scheme
    except ValueError:
        return ""


@dataclass(frozen=True)
class Whole:
    least: int | None = None
    most: int | None = None
    step: int = 1

    def faults(self, value: Json, path: Path) -> Faults:
        if not isinstance(value, int) or isinstance(value, bool):
            yield wrong_type(path, "an integer")
        elif self.least is not None and value < self.least:
            yield Fault(path, f"Must be greater than or equal to {self.least}")
        elif self.most is not None and value > self.most:
            yield Fault(path, f"Must be less than or equal to {self.most}")
        elif value % self.step:
            yield Fault(path, f"Must be a multiple of {self.step}")


@dataclass(frozen=True)
class Number:
    least: float
    most: float

    def faults(self, value: Json, path: Path) -> Faults:
        if not isinstance(value, int | float) or isinstance(value, bool):
            yield wrong_type(path, "a number")
        elif not self.least <= value <= self.most:
            yield Fault(path, f"Must be between {self.least} and {self.most}")


@dataclass(frozen=True)
class Flag:
    def faults(self, value: Json, path: Path) -> Faults:
        if not isinstance(value, bool):
            yield wrong_type(path, "a boolean")


@dataclass(frozen=True)
class ListOf:
    item: Shape
    least: int = 0
    most: int | None = None

    def faults(self, value: Json, path: Path) -> Faults:
        if not isinstance(value, list):
            yield wrong_type(path, "an array")
            return
        if len(value) < self.least or (self.most is not None and len(value) > self.most):
            yield Fault(path, f"Size must be between {self.least} and {self.most}")
            return
        for index, element in enumerate(value):
            yield from self.item.faults(element, (*path, index))


@dataclass(frozen=True)
class MapOf:
    item: Shape
    key_pattern: str
    most: int

    def faults(self, value: Json, path: Path) -> Faults:
        if not isinstance(value, dict):
            yield wrong_type(path, "an object")
            return
        if len(value) > self.most:
            yield Fault(path, f"Size must be between 0 and {self.most}")
        for key, element in value.items():
            if not re.fullmatch(self.key_pattern, key):
                yield Fault(
                    (*path, key),
                    f"The key '{key}' does not match the pattern '^{self.key_pattern}$'.",
                )
            yield from self.item.faults(element, (*path, key))


@dataclass(frozen=True)
class Object:
    """Named properties and no others; `rules` say what one property alone cannot."""

    properties: Mapping[str, Shape]
    required: frozenset[str] = frozenset()
    rules: tuple[Rule, ...] = ()

    def faults(self, value: Json, path: Path) -> Faults:
        if not isinstance(value, dict):
            yield wrong_type(path, "an object")
            return
        found = [
            *self._missing(value, path),
            *self._unknown(value, path),
            *self._inside(value, path),
        ]
        yield from found
        if not found:
            for rule in self.rules:
                yield from rule(value, path)

    def _missing(self, value: dict[str, Any], path: Path) -> Faults:
        for name in self.properties:
            if name in self.required and value.get(name) is None:
                yield Fault((*path, name), "May not be empty")

    def _unknown(self, value: dict[str, Any], path: Path) -> Faults:
        for name in value:
            if name not in self.properties:
                yield Fault((*path, name), "unknown field")

    def _inside(self, value: dict[str, Any], path: Path) -> Faults:
        for name, shape in self.properties.items():
            if value.get(name) is not None:
                yield from shape.faults(value[name], (*path, name))
            elif name in value and name not in self.required:
                yield Fault((*path, name), "May not be null")


@dataclass(frozen=True)
class Tagged:
    """An object whose `type` says which shape it has."""

    kinds: Mapping[str, Shape]

    def faults(self, value: Json, path: Path) -> Faults:
        if not isinstance(value, dict):
            yield wrong_type(path, "an object")
            return
        shape = self.kinds.get(value["type"]) if isinstance(value.get("type"), str) else None
        if shape is None:
            yield Fault(
                (*path, "type"), f"Must be one of the following values: [{', '.join(self.kinds)}]"
            )
            return
        yield from shape.faults(value, path)


@dataclass(frozen=True)
class Later:
    """A shape that is declared further down, or that holds itself."""

    find: Callable[[], Shape] = field(repr=False)

    def faults(self, value: Json, path: Path) -> Faults:
        yield from self.find().faults(value, path)


def record(
    *,
    need: Mapping[str, Shape] | None = None,
    may: Mapping[str, Shape] | None = None,
    rules: tuple[Rule, ...] = (),
) -> Object:
    needed = dict(need or {})
    return Object({**needed, **(may or {})}, frozenset(needed), rules)


def tagged(**kinds: Object) -> Tagged:
    """Give every kind its own `type` property and dispatch on it."""
    return Tagged({name: _with_type(name, shape) for name, shape in kinds.items()})


def _with_type(name: str, shape: Object) -> Object:
    return Object(
        {"type": OneOf((name,)), **shape.properties}, shape.required | {"type"}, shape.rules
    )


def dotted(path: Path) -> str:
    """`messages[0].text`, as LINE names places in most of a body."""
    written = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return written.removeprefix(".")


def pointer(path: Path) -> str:
    """`/body/contents/0`, as LINE names places inside Flex."""
    return "/" + "/".join(str(step) for step in path)
