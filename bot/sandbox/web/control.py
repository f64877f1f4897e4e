"""The control API under /sandbox/api: what the page and the tests do with the platform."""

import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request

from bot.sandbox.faults import FaultKind, InjectedFault
from bot.sandbox.mentions import Mention
from bot.sandbox.people import Friendship
from bot.sandbox.pictures import Pictures
from bot.sandbox.platform import Platform
from bot.sandbox.speech import Attachment
from bot.sandbox.web import views
from bot.sandbox.world import NotPossibleError

MOST_MESSAGES = 300
LONGEST_WAIT_SECONDS = 25.0
SHOWN_IN_PAGE = re.compile(r"(image|audio|video)/[a-z0-9.+-]+")
HABITS = {
    "usesWebhook": "uses_webhook",
    "redelivers": "redelivers",
    "extraCopies": "extra_copies",
    "delayMs": "delay_ms",
    "holds": "holds",
}
SWITCHES = {
    "isVerified": "is_verified",
    "joinsGroups": "joins_groups",
    "chatIsOn": "chat_is_on",
    "limitsRates": "limits_rates",
}

Json = dict[str, Any]


def control_api(platform: Platform) -> Blueprint:
    blueprint = Blueprint("control", __name__, url_prefix="/sandbox/api")
    for add in (_looking, _talking, _coming_and_going, _switching, _carrying):
        add(blueprint, platform)
    blueprint.register_error_handler(NotPossibleError, _not_possible)
    blueprint.register_error_handler(KeyError, _missing)
    for kind in (ValueError, TypeError, AttributeError):
        blueprint.register_error_handler(kind, _unfit)
    return blueprint


def _not_possible(error: Exception) -> tuple[Response, int]:
    return jsonify(message=str(error)), 409


def _missing(error: Exception) -> tuple[Response, int]:
    return jsonify(message=f"missing or unknown: {error.args[0]}"), 400


def _unfit(error: Exception) -> tuple[Response, int]:
    """A number that is none, an unknown kind, a list where words belong."""
    return jsonify(message=f"unfit value: {error}"), 400


def _body() -> Json:
    found = request.get_json(silent=True)
    return found if isinstance(found, dict) else {}


def _mentions(body: Json) -> list[Mention]:
    return [
        Mention(int(given["index"]), int(given["length"]), str(given["target"]))
        for given in body.get("mentions", [])
    ]


def _looking(blueprint: Blueprint, platform: Platform) -> None:
    world, pictures = platform.world, Pictures()

    @blueprint.get("/state")
    def state() -> Json:
        with world.lock:
            return views.state_view(world)

    @blueprint.get("/chats/<chat_id>/messages")
    def messages(chat_id: str) -> Json:
        with world.lock:
            found = sorted(world.log.in_chat(chat_id), key=lambda message: message.sent_at_ms)
            shown = [views.message_view(world, message) for message in found[-MOST_MESSAGES:]]
        return {"messages": shown}

    @blueprint.get("/changes")
    def changes() -> Json:
        """Everything that changed after `since`, waiting up to `wait` seconds for something."""
        since = int(request.args.get("since", 0))
        wait = min(float(request.args.get("wait", 0)), LONGEST_WAIT_SECONDS)
        return changes_view(platform, since, wait)

    @blueprint.get("/deliveries")
    def deliveries() -> Json:
        with world.lock:
            return {"deliveries": [views.delivery_view(d) for d in world.courier.deliveries]}

    @blueprint.get("/calls")
    def calls() -> Json:
        with world.lock:
            return {"calls": [views.call_view(call) for call in world.calls]}

    @blueprint.get("/contents/<message_id>")
    def content(message_id: str) -> Response:
        return content_response(platform, message_id)

    @blueprint.get("/pictures/<message_id>/<size>")
    def picture(message_id: str, size: str) -> Response:
        found = pictures.get(world.message(message_id), size)
        if found is None:
            return Response(status=404)
        return Response(found.data, content_type=found.media_type)

    @blueprint.get("/richmenus/<menu_id>/image")
    def rich_menu_image(menu_id: str) -> Response:
        menu = world.rich_menus.get(menu_id)
        return Response(menu.image or b"", content_type=menu.media_type or "image/png")


def changes_view(platform: Platform, since: int, wait: float) -> Json:
    """Each thing once, in its newest state."""
    world = platform.world
    found = world.journal.wait(since, wait)
    with world.lock:
        seen = {(change.kind, change.ref): change.number for change in found}
        return {
            "last": max((change.number for change in found), default=since),
            "messages": [
                views.message_view(world, world.message(ref))
                for kind, ref in seen
                if kind == "message"
            ],
            "chats": [
                views.chat_view(world, world.chat(ref)) for kind, ref in seen if kind == "chat"
            ],
            "people": [
                views.person_view(world.person(ref)) for kind, ref in seen if kind == "person"
            ],
            "events": [
                views.event_view(world.events[ref])
                for kind, ref in seen
                if kind == "event" and ref in world.events
            ],
            "deliveries": [
                views.delivery_view(delivery)
                for delivery in world.courier.deliveries
                if any(("delivery", event_id) in seen for event_id in delivery.event_ids)
            ],
            "calls": [
                views.call_view(call) for call in world.calls if ("call", call.request_id) in seen
            ],
            "other": sorted({kind for kind, _ref in seen if kind in {"switch", "menu"}}),
        }


def content_response(platform: Platform, message_id: str) -> Response:
    found = platform.world.contents.peek(message_id)
    if found is None or found.is_gone:
        return Response(status=410)
    is_shown = SHOWN_IN_PAGE.fullmatch(found.media_type) and "svg" not in found.media_type
    media_type = found.media_type if is_shown else "application/octet-stream"
    disposition = "inline" if is_shown else "attachment"
    return Response(
        found.data, content_type=media_type, headers={"Content-Disposition": disposition}
    )


def _talking(blueprint: Blueprint, platform: Platform) -> None:
    world = platform.world

    @blueprint.post("/chats/<chat_id>/text")
    def text(chat_id: str) -> Json:
        body = _body()
        message = platform.say(
            chat_id,
            body["as"],
            body["text"],
            mentions=_mentions(body),
            mentioning=body.get("mentioning", ()),
            quoting=body.get("quoting"),
            at_ms=body.get("at"),
        )
        return views.message_view(world, message)

    @blueprint.post("/chats/<chat_id>/sticker")
    def sticker(chat_id: str) -> Json:
        body = _body()
        message = platform.send_sticker(chat_id, body["as"], text=body.get("text"))
        return views.message_view(world, message)

    @blueprint.post("/chats/<chat_id>/location")
    def location(chat_id: str) -> Json:
        body = _body()
        message = platform.send_location(
            chat_id,
            body["as"],
            float(body["latitude"]),
            float(body["longitude"]),
            title=body.get("title"),
            address=body.get("address"),
        )
        return views.message_view(world, message)

    @blueprint.post("/chats/<chat_id>/attachments")
    def attachments(chat_id: str) -> Json:
        """Form fields: `as`, and one or more `file`s. Several pictures make an image set."""
        return {"messages": _send_uploads(platform, chat_id)}

    @blueprint.post("/messages/<message_id>/edit")
    def edit(message_id: str) -> Json:
        body = _body()
        message = platform.edit(
            message_id,
            body["text"],
            mentions=_mentions(body),
            mentioning=body.get("mentioning", ()),
        )
        return views.message_view(world, message)

    @blueprint.post("/messages/<message_id>/unsend")
    def unsend(message_id: str) -> Json:
        return views.message_view(world, platform.unsend(message_id))

    @blueprint.post("/chats/<chat_id>/press")
    def press(chat_id: str) -> Json:
        body = _body()
        platform.press(chat_id, body["as"], body["action"], params=body.get("params"))
        return {}


def _send_uploads(platform: Platform, chat_id: str) -> list[Json]:
    speaker = request.form["as"]
    found = [
        uploaded_attachment(upload.filename or "file", upload.mimetype, upload.read())
        for upload in request.files.getlist("file")
    ]
    images = [attachment for attachment in found if attachment.kind == "image"]
    if len(images) > 1 and len(images) == len(found):
        sent = platform.send_image_set(chat_id, speaker, images)
    else:
        sent = [platform.send(chat_id, speaker, attachment) for attachment in found]
    return [views.message_view(platform.world, message) for message in sent]


def uploaded_attachment(name: str, media_type: str, data: bytes) -> Attachment:
    kind = media_type.partition("/")[0]
    if kind == "image" and "svg" not in media_type:
        return Attachment("image", data, media_type)
    if kind in {"video", "audio"}:
        return Attachment(kind, data, media_type, duration_ms=1000)
    return Attachment("file", data, media_type, name=name)


def _coming_and_going(blueprint: Blueprint, platform: Platform) -> None:
    world = platform.world

    @blueprint.post("/people")
    def add_person() -> Json:
        body = _body()
        person = platform.add_person(
            body["name"],
            friendship=Friendship(body.get("friendship", "never")),
            shares_id=bool(body.get("sharesId", True)),
        )
        return views.person_view(person)

    @blueprint.post("/groups")
    def add_group() -> Json:
        body = _body()
        chat = platform.add_group(body["name"], body.get("members", ()), has_bot=False)
        if body.get("hasBot"):
            platform.invite_bot(chat)
        return views.chat_view(world, world.chat(chat.chat_id))

    def joining(chat_id: str) -> None:
        platform.join(chat_id, *_body()["people"])

    def leaving(chat_id: str) -> None:
        platform.leave(chat_id, *_body()["people"])

    def inviting(chat_id: str) -> None:
        platform.invite_bot(chat_id)

    def removing(chat_id: str) -> None:
        platform.remove_bot(chat_id)

    acts: dict[str, Callable[[str], None]] = {
        "join": joining,
        "leave": leaving,
        "invite-bot": inviting,
        "remove-bot": removing,
    }

    @blueprint.post("/chats/<chat_id>/<any('join','leave','invite-bot','remove-bot'):act>")
    def move(chat_id: str, act: str) -> Json:
        acts[act](chat_id)
        return views.chat_view(world, world.chat(chat_id))

    @blueprint.post("/people/<user_id>/<any('follow','unfollow'):act>")
    def befriend(user_id: str, act: str) -> Json:
        (platform.follow if act == "follow" else platform.unfollow)(user_id)
        return views.person_view(world.person(user_id))


def _switching(blueprint: Blueprint, platform: Platform) -> None:
    @blueprint.post("/switches")
    def switches() -> Json:
        platform.set_switches(**{SWITCHES[name]: bool(on) for name, on in _body().items()})
        return views.state_view(platform.world)

    @blueprint.post("/habits")
    def habits() -> Json:
        platform.set_habits(**{HABITS[name]: value for name, value in _body().items()})
        return views.state_view(platform.world)

    @blueprint.post("/quota")
    def quota() -> Json:
        platform.set_quota(_body()["limit"])
        return views.state_view(platform.world)

    @blueprint.post("/chats/<chat_id>/standby")
    def standby(chat_id: str) -> Json:
        platform.set_standby(chat_id, standby=bool(_body()["standby"]))
        return {}

    @blueprint.post("/faults")
    def inject() -> Json:
        body = _body()
        platform.inject(
            InjectedFault(
                FaultKind(body["kind"]),
                path=body.get("path", "*"),
                method=body.get("method", "*"),
                times=body.get("times", 1),
                seconds=float(body.get("seconds", 0)),
            )
        )
        return views.state_view(platform.world)

    @blueprint.delete("/faults")
    def clear_faults() -> Json:
        platform.clear_faults()
        return views.state_view(platform.world)


def _carrying(blueprint: Blueprint, platform: Platform) -> None:
    @blueprint.post("/release")
    def release() -> Json:
        body = _body()
        platform.release(body.get("order", "sent"), per_body=int(body.get("perBody", 1)))
        return views.state_view(platform.world)

    @blueprint.post("/events/<event_id>/repeat")
    def repeat(event_id: str) -> Json:
        platform.repeat(event_id, redelivery=bool(_body().get("redelivery", True)))
        return {}
