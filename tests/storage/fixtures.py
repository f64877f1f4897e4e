"""One migrated PostgreSQL database for many tests, emptied before each of them.

Making and dropping a database for each test takes longer than most tests do.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.storage.engine import Database
from bot.storage.migrate import migrate
from bot.storage.tables import metadata
from tests.services.postgres import PostgresServer

_numbers = count(1)


@pytest.fixture(scope="session")
def kept_postgres_url(postgres_server: PostgresServer) -> str:
    url = postgres_server.create_database(f"kept_{next(_numbers)}")
    database = Database(url)
    migrate(database)
    database.close()
    return url


@pytest.fixture
def clean_postgres_url(postgres_server: PostgresServer, kept_postgres_url: str) -> str:
    """At the newest level, without a row."""
    postgres_server.start()  # A test before this one may have stopped it.
    engine = create_engine(kept_postgres_url)
    with engine.begin() as connection:
        # Our own triggers keep ledger entries; a superuser's replica need not heed them.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in metadata.sorted_tables:
            connection.execute(table.delete())
    engine.dispose()
    return kept_postgres_url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Whatever the database promises, it promises on both."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/wongraksa.db"
    else:
        yield request.getfixturevalue("clean_postgres_url")
