"""Safe copies, for LINE to fetch: at an address that nobody can guess, for ten minutes.

Whatever is wrong with an address, the answer is the same: nobody learns whether it ever was one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request

if TYPE_CHECKING:
    from bot.bootstrap import Parts

# No cache keeps it (`no-store` stands on all our answers), and no search engine lists it.
_HEADERS = {"X-Robots-Tag": "noindex, nofollow, noarchive"}
_LONGEST_ADDRESS = 64


def make_copies(parts: Parts) -> Blueprint:
    blueprint = Blueprint("copies", __name__)

    @blueprint.get("/copies/<address>")
    def copy(address: str) -> Response:
        if len(address) > _LONGEST_ADDRESS:
            abort(404)
        if request.method == "HEAD":  # a look at the headers is no fetch
            return _answer(b"") if parts.copy_shelf.is_there(address) else abort(404)
        picture = parts.copy_shelf.fetch(address)
        return abort(404) if picture is None else _answer(picture)

    return blueprint


def _answer(picture: bytes) -> Response:
    return Response(picture, mimetype="image/jpeg", headers=_HEADERS)
