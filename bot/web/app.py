"""The Flask application, made by a function that gets its parts."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from bot import log
from bot.errors import StoreUnavailableError
from bot.web.copies import make_copies
from bot.web.health import Readiness, make_health
from bot.web.inspection import make_inspection
from bot.web.webhook import make_webhook

if TYPE_CHECKING:
    from bot.bootstrap import HandOn, Parts

logger = logging.getLogger("wongraksa.web")

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def create_app(parts: Parts, hand_on: HandOn) -> Flask:
    """`hand_on` gets the ids of stored events, as a hint to whoever works them off."""
    app = Flask("bot.web")
    app.config["MAX_CONTENT_LENGTH"] = parts.settings.max_body_bytes
    readiness = Readiness(parts)
    app.register_blueprint(make_webhook(parts, hand_on, readiness))
    app.register_blueprint(make_health(readiness))
    app.register_blueprint(make_copies(parts))
    if parts.settings.is_sandbox:
        app.register_blueprint(make_inspection(parts))
    app.add_url_rule("/", view_func=_front_page(parts), endpoint="front")
    app.register_error_handler(HTTPException, _plain_error)
    app.register_error_handler(StoreUnavailableError, _store_is_down)
    app.register_error_handler(Exception, _failed)
    app.after_request(_with_headers)
    return app


def _front_page(parts: Parts):  # type: ignore[no-untyped-def]  # noqa: ANN202
    settings = parts.settings
    sandbox = settings.line_api_base if settings.is_sandbox else ""

    def front() -> str:
        return render_template("front.html", hospital=settings.hospital_name, sandbox=sandbox)

    return front


def _plain_error(error: HTTPException) -> Response:
    """One short line; a page of HTML helps no caller of a webhook."""
    return Response(error.name, error.code or 500, mimetype="text/plain")


def _store_is_down(_error: StoreUnavailableError) -> Response:
    logger.error(log.line("web.store_unavailable", path=request.path))
    return Response("the store is down", 503, mimetype="text/plain")


def _failed(error: Exception) -> Response:
    """Flask's own log line would hold the error's text, and that may quote an event."""
    logger.error(log.line("web.failed", path=request.path, at=log.trace_of(error)))
    return Response("failed", 500, mimetype="text/plain")


def _with_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response
