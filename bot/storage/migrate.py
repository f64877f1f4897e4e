"""Brings the database to the newest level, with Alembic and without a file of settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.storage.engine import Database

_MIGRATIONS = Path(__file__).parent / "migrations"
# Two processes of one release may start together: one migrates, the other waits for it.
_ADVISORY_LOCK = 7_106_902_569


def migrate(database: Database) -> None:
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SET LOCAL statement_timeout = 0"))  # large tables take long
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        now_at = level(connection)
        if now_at == newest_level():
            return
        _refuse_unknown(now_at)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _refuse_unknown(now_at: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if now_at is not None and now_at not in known:
        msg = (
            f"the database is at level {now_at}, which this release does not know; "
            "start the newer release that was used with it"
        )
        raise UsageError(msg)


def level(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def newest_level() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config
