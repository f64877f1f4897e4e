"""The channel itself: quota, info, webhook address, access tokens."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from bot.sandbox.api.exchange import Answer, Ask
from bot.sandbox.delivery import WebhookAnswer, body_of, headers_for
from bot.sandbox.objects import requests
from bot.sandbox.refusals import NOT_FOUND, Detail, Refusal, broken_body
from bot.sandbox.world import World

TOKEN_SECONDS_LEFT = 2_591_659


def quota(world: World, _ask: Ask) -> Answer:
    if world.quota.limit is None:
        return Answer(json={"type": "none"})
    return Answer(json={"type": "limited", "value": world.quota.limit})


def consumption(world: World, _ask: Ask) -> Answer:
    return Answer(json={"totalUsage": world.quota.used(world.now_ms())})


def info(world: World, _ask: Ask) -> Answer:
    channel, is_on = world.channel, world.switches.chat_is_on
    return Answer(
        json={
            "userId": channel.bot_user_id,
            "basicId": channel.basic_id,
            "displayName": channel.name,
            "chatMode": "chat" if is_on else "bot",
            "markAsReadMode": "manual" if is_on else "auto",
        }
    )


def get_webhook(world: World, _ask: Ask) -> Answer:
    url = world.courier.address.url
    if not url:
        raise Refusal(404, NOT_FOUND)
    return Answer(json={"endpoint": url, "active": world.courier.habits.uses_webhook})


def set_webhook(world: World, ask: Ask) -> Answer:
    """Plain http is taken too, unlike on the real platform: the bot runs on this machine."""
    url = ask.demand(requests.SET_WEBHOOK)["endpoint"]
    world.courier.address = replace(world.courier.address, url=url)
    world.journal.note("switch")
    return Answer()


def try_webhook(world: World, ask: Ask) -> Answer:
    """Sends the empty body. The caller holds no lock, since the bot may call back."""
    body = demand_optional(ask)
    address = world.courier.address
    url = str(body.get("endpoint") or address.url)
    if not url:
        raise broken_body([Detail("May not be empty", "endpoint")])
    empty = body_of(address.destination, [])
    answer = world.courier.transport.post(url, empty, headers_for(address.secret, empty))
    return Answer(json=report_of(answer, world.now_ms()))


def demand_optional(ask: Ask) -> dict[str, Any]:
    return ask.demand(requests.TEST_WEBHOOK) if ask.body else {}


def report_of(answer: WebhookAnswer, now_ms: int) -> dict[str, Any]:
    moment = datetime.fromtimestamp(now_ms / 1000, UTC)
    if answer.is_success:
        reason = "OK"
    else:
        reason = "ERROR_STATUS_CODE" if answer.status else answer.reason.upper()
    return {
        "success": answer.is_success,
        "timestamp": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "statusCode": answer.status,
        "reason": reason,
        "detail": str(answer.status) if answer.status else answer.reason,
    }


def verify_token(world: World, ask: Ask) -> Answer:
    """Both forms: v2.1 by query, short-lived ones by form field."""
    form = parse_qs(ask.body.decode("utf-8", "replace"))
    token = ask.query.get("access_token") or form.get("access_token", [""])[0]
    if token != world.channel.access_token:
        return Answer(
            400, {"error": "invalid_request", "error_description": "access token expired"}
        )
    return Answer(
        json={
            "client_id": world.channel.channel_id,
            "expires_in": TOKEN_SECONDS_LEFT,
            "scope": "profile chat_message.write",
        }
    )
