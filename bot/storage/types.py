"""Column types that both databases share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import BigInteger, Row
from sqlalchemy.types import TypeDecorator

from bot.domain.times import from_milliseconds, to_milliseconds

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine.interfaces import Dialect

# A row whose columns are known by name to the function that asked for them.
AnyRow: TypeAlias = Row[*tuple[Any, ...]]


class UtcTime(TypeDecorator["datetime"]):
    """Milliseconds since 1970, as a number: the same, and sortable, in every database.

    A naive time is refused before it can be stored.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - given by SQLAlchemy
        return None if value is None else to_milliseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - given by SQLAlchemy
        return None if value is None else from_milliseconds(value)
