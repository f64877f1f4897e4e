"""Health for load balancers and monitors: alive, and ready to store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify
from sqlalchemy import text

from bot.errors import StoreUnavailableError

if TYPE_CHECKING:
    from bot.bootstrap import Parts


def make_health(parts: Parts) -> Blueprint:
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def alive() -> Response:
        return jsonify(status="alive")

    @blueprint.get("/readyz")
    def ready() -> tuple[Response, int]:
        try:
            with parts.database.read() as connection:
                connection.execute(text("SELECT 1"))
        except StoreUnavailableError:
            return jsonify(status="the store is down"), 503
        return jsonify(status="ready"), 200

    return blueprint
