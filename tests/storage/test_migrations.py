"""The migrations lead to exactly the tables that the code speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from bot.errors import WongRaksaError
from bot.storage.engine import Database
from bot.storage.migrate import level, migrate, newest_level
from bot.storage.tables import metadata


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path}/empty.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    database = Database(url)
    yield database
    database.close()


def test_the_migrated_tables_are_those_of_the_code(empty: Database) -> None:
    migrate(empty)
    with empty.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        assert level(connection) == newest_level()


def test_partial_indexes_are_partial_on_both_databases(empty: Database) -> None:
    migrate(empty)
    kind = "sqlite" if empty.is_sqlite else "postgresql"
    wanted = {
        (table.name, index.name): bool(index.dialect_options[kind]["where"] is not None)
        for table in metadata.sorted_tables
        for index in table.indexes
    }
    with empty.read() as connection:
        found = {
            (table, index["name"]): f"{kind}_where" in index.get("dialect_options", {})
            for table in inspect(connection).get_table_names()
            for index in inspect(connection).get_indexes(table)
            if not index.get("duplicates_constraint")
        }
    assert {key: found[key] for key in wanted} == wanted


def test_migrating_twice_or_at_the_same_time_is_migrating_once(empty: Database) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(migrate, [empty] * 3))
    with empty.read() as connection:
        assert level(connection) == newest_level()


def test_a_database_of_a_newer_release_is_refused_in_one_line(empty: Database) -> None:
    migrate(empty)
    with empty.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(WongRaksaError, match="9999"):
        migrate(empty)
