"""A PostgreSQL server of the tests' own."""

from __future__ import annotations

import subprocess
from pathlib import Path
from shutil import which

import psycopg
from psycopg import sql

from tests.services.server import PrivateServer, ServerError

USER = "wongraksa"
FIRST_DATABASE = "postgres"


class PostgresServer(PrivateServer):
    """`fsync=True` is as in a hospital: what was committed survives `kill`.

    (A killed server would keep its data without it too; the machine's power cut is what fsync is
    for. Tests that only want speed may do without.)
    """

    name = "postgres"

    def __init__(self, *, fsync: bool = True) -> None:
        super().__init__()
        self._fsync = fsync
        self._data = self.directory / "data"
        self._initdb()

    @property
    def url(self) -> str:
        return self.url_of(FIRST_DATABASE)

    def url_of(self, database: str) -> str:
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str, *, template: str = "template1") -> str:
        """Copies `template`, to which nobody may be connected meanwhile; returns the new URL."""
        self._execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        return self.url_of(name)

    def drop_database(self, name: str) -> None:
        """Drops it even while a forgotten connection holds it."""
        self._execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )

    def _execute(self, statement: sql.Composed) -> None:
        with self._connect() as connection:
            connection.execute(statement)

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            dbname=FIRST_DATABASE,
            connect_timeout=5,
            autocommit=True,
        )

    def _initdb(self) -> None:
        command = [
            str(programs() / "initdb"),
            f"--pgdata={self._data}",
            f"--username={USER}",
            # Anybody on this machine may connect: the server lives for minutes and on loopback,
            # and holds invented data only.
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",  # An empty cluster need not survive a power cut.
        ]
        done = subprocess.run(
            command, cwd=self.directory, capture_output=True, check=False, **self._as_user()
        )
        if done.returncode != 0:
            raise ServerError(f"initdb failed:\n{done.stderr.decode(errors='replace')}")

    def _command(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self.directory,
            "fsync": "on" if self._fsync else "off",
            # Small, because the tests' machine is: the defaults are for a server of its own.
            "shared_buffers": "32MB",
            "max_connections": 100,
        }
        flags = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return [str(programs() / "postgres"), "-D", str(self._data), *flags]

    def _is_ready(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True


def programs() -> Path:
    """Where PostgreSQL's programs are: Debian has a folder for each version, not in PATH."""
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    installed = [folder for folder in folders if (folder / "initdb").exists()]
    if installed:
        return max(installed, key=lambda folder: float(folder.parent.name))
    if found := which("initdb"):
        return Path(found).resolve().parent
    raise ServerError("PostgreSQL is not installed; 'scripts/setup test' installs it")
