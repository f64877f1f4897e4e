"""PostgreSQL and Redis for tests: started once for all tests, empty for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from tests.services.postgres import PostgresServer
from tests.services.redis import RedisServer

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of an empty database of this test's own."""
    postgres_server.start()  # A test before this one may have killed it.
    name = f"test_{next(_numbers)}"
    yield postgres_server.create_database(name)
    postgres_server.start()
    postgres_server.drop_database(name)


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """The URL of an empty Redis."""
    redis_server.start()
    redis_server.wipe()
    return redis_server.url
