"""Health for load balancers and monitors: alive, and ready to store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from bot.errors import SettingsError, StoreUnavailableError

if TYPE_CHECKING:
    from bot.bootstrap import Parts


class Readiness:
    """Can events be stored now? Says in a few words why not."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._keys_open = False

    def trouble(self) -> str:
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
