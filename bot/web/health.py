"""Health for load balancers and monitors: alive, and ready to store."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from bot.errors import SettingsError, StoreUnavailableError
from bot.storage.tables import heartbeats
from bot.storage.upsert import insert_into

if TYPE_CHECKING:
    from bot.bootstrap import Parts


# Whoever asks more often costs the disk nothing.
_WRITE_EVERY_SECONDS = 5.0
# A failed attempt counts so long: a balancer that sends nothing more would never see us well again.
_FAILURE_COUNTS_SECONDS = 60.0
_LONG_AGO = float("-inf")


class Readiness:
    """Can events be stored now? Says in a few words why not."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._keys_open = False
        self._written_at = _LONG_AGO
        self._failed_at = _LONG_AGO

    def note_stored(self) -> None:
        self._failed_at = _LONG_AGO

    def note_not_stored(self) -> None:
        self._failed_at = monotonic()

    def trouble(self) -> str:
        if monotonic() - self._failed_at < _FAILURE_COUNTS_SECONDS:
            return "the last events could not be stored"
        try:
            self._look()
        except StoreUnavailableError:
            return "the store is down"
        except ProgrammingError:  # PostgreSQL's way to say that a table is missing
            return "the database is not migrated"
        except SettingsError as error:
            return str(error)
        return ""

    def _look(self) -> None:
        with self._parts.database.read() as connection:
            connection.execute(text("SELECT 1"))
        if not self._keys_open:
            self._parts.keys.check()
            self._keys_open = True
        if monotonic() - self._written_at >= _WRITE_EVERY_SECONDS:
            self._write()

    def _write(self) -> None:
        """A disk that is full still lets itself be read."""
        now = self._parts.clock.now()
        with self._parts.database.write() as connection:
            statement = insert_into(connection, heartbeats).values(name="web", at=now)
            connection.execute(
                statement.on_conflict_do_update(index_elements=["name"], set_={"at": now})
            )
        self._written_at = monotonic()


def make_health(readiness: Readiness) -> Blueprint:
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def alive() -> Response:
        return jsonify(status="alive")

    @blueprint.get("/readyz")
    def ready() -> tuple[Response, int]:
        trouble = readiness.trouble()
        return jsonify(status=trouble or "ready"), 503 if trouble else 200

    return blueprint
