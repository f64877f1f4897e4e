"""Puts the endpoints of both LINE hosts on one port."""

import socket
from collections.abc import Callable

from flask import Blueprint, Response, jsonify, request

from bot.sandbox.api.desk import Outcome, serve
from bot.sandbox.api.exchange import Ask
from bot.sandbox.api.routes import ROUTES, Route
from bot.sandbox.refusals import NOT_FOUND
from bot.sandbox.world import World


def line_api(world: World) -> Blueprint:
    blueprint = Blueprint("line", __name__)
    for route in ROUTES:
        rule = route.path.replace("{", "<").replace("}", ">")
        name = f"{route.method} {route.path}".replace(".", "_")
        blueprint.add_url_rule(rule, name, _view(world, route), methods=[route.method])
    for rest in ("/v2/<path:rest>", "/oauth2/<path:rest>"):
        name = f"unknown {rest.split('/')[1]}"
        blueprint.add_url_rule(rest, name, _unknown(world), methods=ALL_METHODS)
    return blueprint


ALL_METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]


def _view(world: World, route: Route) -> Callable[..., Response]:
    def view(**parts: str) -> Response:
        return _response(serve(world, route, _ask(parts)))

    return view


def _ask(parts: dict[str, str]) -> Ask:
    return Ask(
        method=request.method,
        path=request.path,
        parts=parts,
        query=request.args.to_dict(),
        headers={name.lower(): value for name, value in request.headers},
        body=request.get_data(),
    )


def _response(outcome: Outcome) -> Response:
    if outcome.is_closed:
        _close_connection()
    answer = outcome.answer
    return Response(
        answer.body(),
        answer.status,
        headers=dict(answer.headers),
        content_type=answer.media_type,
    )


def _close_connection() -> None:
    """End the connection under the server's feet; its attempt to answer then comes to nothing."""
    connection = request.environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)


def _unknown(world: World) -> Callable[..., Response]:
    def view(rest: str) -> Response:
        del rest
        answer = jsonify(message=NOT_FOUND)
        answer.status_code = 404
        answer.headers["x-line-request-id"] = world.ids.request()
        return answer

    return view
