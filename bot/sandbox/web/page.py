"""The page itself, the inspector's view into the product, and the time-lapse."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, request

from bot.sandbox.calls import Call
from bot.sandbox.events import WebhookEvent
from bot.sandbox.inspection import Inspection
from bot.sandbox.platform import Platform
from bot.sandbox.timelapse import THREE_WEEKS, Timelapse
from bot.sandbox.web import views

SHOWN_CALLS = 12
Json = dict[str, Any]


@dataclass
class Projector:
    """Holds the one time-lapse that may run."""

    film: Timelapse

    def start(self, weeks: int) -> None:
        if not self.film.is_running:
            self.film = Timelapse(self.film.platform, weeks)
            self.film.start()


def page(platform: Platform, inspection: Inspection) -> Blueprint:
    blueprint = Blueprint("page", __name__)
    projector = Projector(Timelapse(platform))

    @blueprint.get("/")
    def index() -> Response:
        return current_app.send_static_file("page.html")

    @blueprint.get("/sandbox/api/events/<event_id>")
    def event(event_id: str) -> tuple[Json, int]:
        return event_story(platform, event_id)

    @blueprint.get("/sandbox/api/inspect/<event_id>")
    def inspect(event_id: str) -> Json:
        if event_id not in platform.world.events:
            return {"reason": "not_found"}
        return inspection.account_of(event_id)

    @blueprint.get("/sandbox/api/timelapse")
    def progress() -> Json:
        return film_view(projector.film)

    @blueprint.post("/sandbox/api/timelapse")
    def start() -> Json:
        given = request.get_json(silent=True) or {}
        projector.start(int(given.get("weeks", THREE_WEEKS)))
        return film_view(projector.film)

    @blueprint.delete("/sandbox/api/timelapse")
    def stop() -> Json:
        projector.film.stop()
        return film_view(projector.film)

    return blueprint


def is_reply_to(event: WebhookEvent, call: Call) -> bool:
    body = call.json
    token = body.get("replyToken") if isinstance(body, dict) else None
    return token is not None and token == event.reply_token


def film_view(film: Timelapse) -> Json:
    return {"running": film.is_running, "done": film.done, "total": film.total}


def event_story(platform: Platform, event_id: str) -> tuple[Json, int]:
    """An event, its deliveries, and what the bot asked for since; its own reply is marked."""
    world = platform.world
    with world.lock:
        event = world.events.get(event_id)
        if event is None:
            return {"message": "no such event"}, 404
        deliveries = [d for d in world.courier.deliveries if event_id in d.event_ids]
        since_ms = deliveries[0].sent_at_ms if deliveries else None
        calls = [call for call in world.calls if since_ms is not None and call.at_ms >= since_ms]
        calls.sort(key=lambda call: not is_reply_to(event, call))
        return {
            "event": views.event_view(event),
            "deliveries": [views.delivery_view(delivery) for delivery in deliveries],
            "calls": [
                {**views.call_view(call), "isReply": is_reply_to(event, call)}
                for call in calls[:SHOWN_CALLS]
            ],
        }, 200
