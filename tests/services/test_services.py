from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
import redis
from sqlalchemy import create_engine, text

from tests.services.postgres import PostgresServer
from tests.services.redis import RedisServer
from tests.services.server import PORTS, children_of, free_port, is_alive, wait_until


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    with PostgresServer() as server:
        yield server


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


def execute(url: str, statement: str) -> list[tuple[object, ...]]:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            result = connection.execute(text(statement))
            return [tuple(row) for row in result] if result.returns_rows else []
    finally:
        engine.dispose()


def test_ports_are_free_and_never_the_machines_own() -> None:
    assert free_port() in PORTS
    assert not {5432, 6379} & set(PORTS)


def test_postgres_serves_thai_text_with_fsync_on(postgres: PostgresServer) -> None:
    assert execute(postgres.url, "SELECT 'วงรักษา', current_setting('fsync')") == [("วงรักษา", "on")]


def test_postgres_is_not_run_by_root(postgres: PostgresServer) -> None:
    assert postgres.directory.stat().st_uid != 0 or os.geteuid() != 0


def test_committed_rows_survive_a_kill(postgres: PostgresServer) -> None:
    url = postgres.create_database("killed")
    execute(url, "CREATE TABLE kept (number int)")
    execute(url, "INSERT INTO kept VALUES (7)")

    postgres.kill()
    assert not postgres.is_running()
    postgres.start()

    assert execute(url, "SELECT number FROM kept") == [(7,)]


def test_a_kill_takes_every_process_of_postgres_with_it(postgres: PostgresServer) -> None:
    assert postgres._process is not None
    family = [postgres._process.pid, *children_of(postgres._process.pid)]
    assert len(family) > 1

    postgres.kill()

    assert not any(is_alive(pid) for pid in family)
    postgres.start()


def test_a_restart_keeps_the_port(postgres: PostgresServer) -> None:
    url = postgres.url
    postgres.restart()
    assert postgres.url == url
    assert execute(url, "SELECT 1") == [(1,)]


def test_each_test_has_an_empty_database_of_its_own(
    postgres_url: str, postgres_server: PostgresServer
) -> None:
    execute(postgres_url, "CREATE TABLE mine (number int)")
    other = postgres_server.create_database("other")
    assert execute(other, "SELECT to_regclass('mine')") == [(None,)]
    postgres_server.drop_database("other")


def test_a_database_can_be_copied_from_a_template(postgres: PostgresServer) -> None:
    execute(postgres.create_database("pattern"), "CREATE TABLE shape (number int)")
    copy = postgres.create_database("copy", template="pattern")
    assert execute(copy, "SELECT count(*) FROM shape") == [(0,)]


def test_redis_is_empty_after_a_kill(own_redis: RedisServer) -> None:
    url = own_redis.url
    with redis.Redis.from_url(url) as client:
        client.set("seen", "1")

    own_redis.kill()
    own_redis.start()

    assert own_redis.url == url
    with redis.Redis.from_url(url) as client:
        assert client.get("seen") is None


def test_redis_is_empty_after_a_restart(own_redis: RedisServer) -> None:
    with redis.Redis.from_url(own_redis.url) as client:
        client.set("seen", "1")
    own_redis.restart()
    with redis.Redis.from_url(own_redis.url) as client:
        assert client.get("seen") is None


def test_servers_die_with_tests_that_are_killed() -> None:
    program = """
import time
from tests.services.redis import RedisServer
server = RedisServer()
server.start()
print(server._process.pid, server.directory, flush=True)
time.sleep(60)
"""
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    ) as tests:
        assert tests.stdout is not None
        pid, directory = tests.stdout.readline().split()
        assert is_alive(int(pid))
        tests.send_signal(signal.SIGKILL)

    wait_until(lambda: not is_alive(int(pid)), 5)
    subprocess.run(["rm", "-rf", directory], check=True)


def test_a_closed_server_leaves_no_folder() -> None:
    with RedisServer() as server:
        assert server.directory.exists()
    assert not server.directory.exists()
