"""INSERT … ON CONFLICT, which both databases spell alike but SQLAlchemy keeps per dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

    Insert = postgresql.Insert | sqlite.Insert


def insert_into(connection: Connection, table: Table) -> Insert:
    return insert_of(connection.dialect.name, table)


def insert_of(dialect: str, table: Table) -> Insert:
    """For statements that are put together once."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def insert_or_ignore(connection: Connection, table: Table) -> Insert:
    """Leaves a row that is already there as it is."""
    return insert_into(connection, table).on_conflict_do_nothing()
