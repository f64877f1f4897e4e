"""A value worked out when it is first asked for.

`functools.cached_property` takes a lock in Python 3.11, which costs more than most of what is
worked out here; a scene is read by one thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class lazy(Generic[Value]):  # noqa: N801 - it is used like @property
    """Calls the method once and puts its answer where the next look finds it first."""

    def __init__(self, make: Callable[[Any], Value]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __get__(self, holder: Any, _owner: type | None = None) -> Value:  # noqa: ANN401 - any class
        value = holder.__dict__[self._name] = self._make(holder)
        return value
