"""LINE's webhook: check the signature over the raw bytes, store every event, then say 200."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from bot import log
from bot.errors import StoreUnavailableError, UnreadableBodyError
from bot.line.inbound import read_event, split_body
from bot.line.signature import is_signed
from bot.storage.sealing import Arrival

if TYPE_CHECKING:
    from bot.bootstrap import HandOn, Parts
    from bot.web.health import Readiness

logger = logging.getLogger("wongraksa.webhook")


def make_webhook(parts: Parts, hand_on: HandOn, readiness: Readiness) -> Blueprint:
    blueprint = Blueprint("webhook", __name__)

    @blueprint.post("/line/webhook")
    def receive() -> Response:
        try:
            body = request.get_data(cache=False)
        except HTTPException:
            raise
        except Exception:  # noqa: BLE001 - each server has errors of its own for broken pieces
            return _answer(400, "the body did not arrive whole")
        if len(body) >= parts.settings.max_body_bytes:
            # One without a length is read up to the limit and no further.
            return _answer(413, "the body is too large")
        signature = request.headers.get("x-line-signature")
        if not is_signed(body, signature, parts.settings.line_channel_secrets):
            return _answer(401, "signature refused")
        try:
            arrivals = _arrivals(body, parts)
        except UnreadableBodyError as error:
            return _answer(400, str(error))
        return _store(arrivals, parts, hand_on, readiness)

    return blueprint


def _arrivals(body: bytes, parts: Parts) -> list[Arrival]:
    now = parts.clock.now()
    return [Arrival(raw, read_event(raw, now)) for raw in split_body(body)]


def _store(
    arrivals: list[Arrival], parts: Parts, hand_on: HandOn, readiness: Readiness
) -> Response:
    if not arrivals:
        return _answer(200, "nothing to store")
    try:
        ids = parts.intake.store(arrivals)
    except StoreUnavailableError:
        # LINE delivers again what was not answered with 200.
        readiness.note_not_stored()
        logger.error(log.line("webhook.store_unavailable", events=len(arrivals)))  # noqa: TRY400
        return _answer(503, "the store is down")
    except Exception as error:  # noqa: BLE001 - its text may quote an event
        logger.error(log.line("webhook.failed", at=log.trace_of(error)))  # noqa: TRY400
        return _answer(500, "not stored")
    readiness.note_stored()
    hand_on(ids)
    return _answer(200, "stored")


def _answer(status: int, text: str) -> Response:
    return Response(text, status, mimetype="text/plain")
