"""The Flask application of the sandbox."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from bot.sandbox.inspection import Inspection
from bot.sandbox.platform import Platform
from bot.sandbox.web.control import control_api
from bot.sandbox.web.line_api import line_api
from bot.sandbox.web.page import page

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data: blob: https:; media-src 'self' blob:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Face:
    """How the application is met from outside."""

    names: frozenset[str] = LOCAL_NAMES
    """Host names it answers to; others may be a page elsewhere that points its name at us."""
    inspection: Inspection = field(default_factory=lambda: Inspection("", ""))


def make_app(platform: Platform, face: Face | None = None) -> Flask:
    face = face or Face()
    app = Flask(__name__, static_url_path="/sandbox/static")
    app.register_blueprint(line_api(platform.world))
    app.register_blueprint(control_api(platform))
    app.register_blueprint(page(platform, face.inspection))
    app.register_error_handler(HTTPException, _plain_error)
    app.before_request(lambda: _refuse_strangers(face.names))
    app.after_request(_add_headers)
    return app


def _plain_error(error: HTTPException) -> tuple[Response, int]:
    return jsonify(message=error.name), error.code or 500


def _refuse_strangers(allowed: frozenset[str]) -> tuple[Response, int] | None:
    """Only this machine's own page may drive the sandbox."""
    host = urlsplit(f"//{request.host}").hostname
    origin = request.headers.get("Origin")
    is_foreign = origin is not None and urlsplit(origin).netloc != request.host
    if host not in allowed or is_foreign:
        return jsonify(message="the sandbox answers this machine only"), 403
    return None


def _add_headers(response: Response) -> Response:
    if not request.path.startswith("/v2/"):
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
    return response
