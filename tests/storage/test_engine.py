"""Which failures mean that the database is away, and which are of what was asked."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.errors import StoreUnavailableError
from tests.storage.stage import Stage


def run(stage: Stage, *statements: str) -> None:
    with stage.parts.database.write() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_a_statement_that_took_too_long_is_not_a_database_that_is_away(
    on_postgresql: Stage,
) -> None:
    with pytest.raises(OperationalError, match="statement timeout"):
        run(on_postgresql, "SET LOCAL statement_timeout = 20", "SELECT pg_sleep(5)")


def test_a_value_that_is_too_large_is_not_a_database_that_is_away(on_postgresql: Stage) -> None:
    scattered = "SELECT string_agg(md5(n::text), '') FROM generate_series(1, 9000) n"
    with pytest.raises(OperationalError, match="index row"):
        run(
            on_postgresql,
            "CREATE TEMPORARY TABLE t (c text)",
            "CREATE INDEX ON t (c)",
            f"INSERT INTO t {scattered}",
        )


def test_a_connection_that_the_server_ends_is_a_database_that_is_away(
    on_postgresql: Stage,
) -> None:
    with pytest.raises(StoreUnavailableError):
        run(on_postgresql, "SELECT pg_terminate_backend(pg_backend_pid())")
