"""The database connection: the same calls on SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from psycopg.errors import ProgramLimitExceeded, QueryCanceled
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.errors import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

# LINE waits two seconds for the webhook; a database that does not answer sooner is down for us.
_CONNECT_SECONDS = 2
_SILENCE_SECONDS = 10
# No statement of ours takes a second; upkeep after a long pause may take several.
_STATEMENT_SECONDS = 60
# How long emptying SQLite's log may hold up writers, who have two seconds themselves.
_EMPTYING_MILLISECONDS = 200
_BUSY_MILLISECONDS = 5000
# FULL: a commit is on the disk before it returns. secure_delete: wiped payloads are
# overwritten in the file, not only unlinked.
_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}",
)


class Database:
    """Opens transactions, and says StoreUnavailableError when it cannot."""

    def __init__(self, url: str, pool_size: int = 8) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgres_engine(url, pool_size)
        # SQLite has one writer at a time. Waiting for it here is fair and costs nothing;
        # waiting inside SQLite means sleeping and trying again.
        self._writer = Lock()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may write; committed at the end, undone on any exception."""
        with _store_errors():
            if self.is_sqlite:
                with self._writer, self.engine.begin() as connection:
                    yield connection
            else:
                with self.engine.begin() as connection:
                    yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with _store_errors():
            engine = self.engine.execution_options(wongraksa_reads_only=True)
            with engine.begin() as connection:
                yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """For a long look at everything as it is at one moment; nobody is kept from writing."""
        with _store_errors():
            options: dict[str, Any] = {"wongraksa_reads_only": True}
            if not self.is_sqlite:
                options["isolation_level"] = "REPEATABLE READ"
            with self.engine.execution_options(**options).begin() as connection:
                yield connection

    def empty_log(self) -> None:
        """SQLite's log keeps wiped bytes until it is cut; where somebody reads, the next time."""
        if not self.is_sqlite or not _has_content(self._log_path()):
            return
        with _store_errors(), self._writer:
            connection = self.engine.raw_connection()
            try:
                _checkpoint(connection.cursor())
            finally:
                connection.close()

    def _log_path(self) -> Path:
        return Path(f"{self.engine.url.database}-wal")

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def _store_errors() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeoutError, sqlite3.OperationalError) as error:
        if _is_of_the_statement(error):
            raise
        raise _unavailable(error) from error
    except (DBAPIError, sqlite3.DatabaseError) as error:
        if _is_no_database(error) or getattr(error, "connection_invalidated", False):
            raise _unavailable(error) from error
        raise


def _unavailable(error: Exception) -> StoreUnavailableError:
    """Names the class only: what drivers say may quote what was to be stored."""
    is_broken = _is_no_database(error)
    what = "its file is damaged, or no database" if is_broken else "it is away, full or locked"
    return StoreUnavailableError(
        f"the database could not be used, {what} ({type(error).__name__}). What was committed "
        "before is kept, nothing else was changed. Look at DATABASE_URL and at the disk or "
        "server, then: python -m bot doctor"
    )


def _is_no_database(error: Exception) -> bool:
    """Damage has no class of its own in SQLite's driver, only the one above all others."""
    return type(getattr(error, "orig", error)) is sqlite3.DatabaseError


def _is_of_the_statement(error: Exception) -> bool:
    """Too slow or too large: what asked for it would fail again, so it must count as a failure."""
    cause = getattr(error, "orig", None)
    return isinstance(cause, (QueryCanceled, ProgramLimitExceeded))


def _postgres_engine(url: str, pool_size: int) -> Engine:
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=4,
        pool_timeout=_CONNECT_SECONDS,
        pool_pre_ping=False,
        hide_parameters=True,
        connect_args={
            "application_name": "wongraksa",
            "connect_timeout": _CONNECT_SECONDS,
            # A server that hangs, or a cable that is out, must look like one that is down.
            "tcp_user_timeout": _SILENCE_SECONDS * 1000,
            "options": f"-c statement_timeout={_STATEMENT_SECONDS}s",
        },
    )


def _sqlite_engine(url: str) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "isolation_level": None},
    )
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _has_content(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _checkpoint(cursor: Any) -> None:  # noqa: ANN401 - the driver's own type
    """Outside any transaction: inside one SQLite refuses it."""
    cursor.execute(f"PRAGMA busy_timeout = {_EMPTYING_MILLISECONDS}")
    try:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.fetchall()
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
        cursor.close()


def _begin(connection: Connection) -> None:
    """Writers take the lock at once, so that no transaction fails half way for want of it."""
    reads_only = connection.get_execution_options().get("wongraksa_reads_only")
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
