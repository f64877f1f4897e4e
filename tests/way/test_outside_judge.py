"""Judges that are not ours look at every request that a whole scene sends to LINE.

openapi-core reads LINE's official description by itself; line-bot-sdk's models, which LY
Corporation generates from the same description, must take a request in and give it back whole.
Both pass over some of what our own checker (tests/sandbox/official.py) refuses, such as a text
message without a text; that is why all three are asked.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from linebot.v3.messaging.models.push_message_request import PushMessageRequest
from linebot.v3.messaging.models.reply_message_request import ReplyMessageRequest
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest

from bot.domain.buttons import Button, encode
from bot.sandbox.calls import Call
from bot.storage.tables import incidents
from tests.way.conftest import Cast
from tests.way.product import HN_TEXT, Product

DESCRIPTION = Path(__file__).resolve().parents[3] / "shared" / "line" / "messaging-api.yml"


@pytest.fixture(scope="module")
def description() -> OpenAPI:
    return OpenAPI.from_dict(yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8")))


def _judge(description: OpenAPI, call: Call) -> None:
    headers = {"Authorization": "Bearer x"}
    if retry_key := call.headers.get("X-Line-Retry-Key"):
        headers["X-Line-Retry-Key"] = retry_key
    request = MockRequest(
        "https://api.line.me",
        call.method.lower(),
        call.path,
        headers=headers,
        data=None if call.json is None else json.dumps(call.json).encode(),
        content_type="application/json",
    )
    description.validate_request(request)


def _play_everything(product: Product, cast: Cast) -> None:
    new = product.platform.add_group("กลุ่มใหม่", [cast.nurse, cast.friend], has_bot=False)
    product.platform.invite_bot(new)
    product.platform.follow(cast.friend)
    product.settle()
    message = product.say(cast.club, cast.friend, HN_TEXT)
    for button in Button:
        token = product.rows(incidents)[0].token
        product.platform.postback(cast.club, cast.friend, encode(button, token))
    product.settle()
    product.platform.say(cast.ward, cast.nurse, HN_TEXT)
    product.deliver()
    product.advance(minutes=6)
    product.settle()
    product.say(cast.club, cast.doctor, "เย็นนี้วิ่งไหม")
    product.platform.edit(message, "คนไข้เตียง 5")
    product.settle()


def test_judges_that_are_not_ours_find_nothing_wrong_with_any_request(
    product: Product, cast: Cast, description: OpenAPI
) -> None:
    _play_everything(product, cast)
    calls = product.line.calls()

    assert {"/v2/bot/message/reply", "/v2/bot/message/push"} <= {call.path for call in calls}
    for call in calls:
        _judge(description, call)


def test_the_models_of_line_give_every_message_back_whole(product: Product, cast: Cast) -> None:
    _play_everything(product, cast)
    models: dict[str, Any] = {"reply": ReplyMessageRequest, "push": PushMessageRequest}

    for name, model in models.items():
        (*calls,) = product.line.calls(f"/v2/bot/message/{name}")
        assert calls
        for call in calls:
            expected = {"notificationDisabled": False, **call.json}
            assert model.from_dict(call.json).to_dict() == expected


def test_the_outside_judge_can_say_no(description: OpenAPI) -> None:
    broken = MockRequest(
        "https://api.line.me",
        "post",
        "/v2/bot/message/reply",
        headers={"Authorization": "Bearer x"},
        data=b'{"messages": []}',
        content_type="application/json",
    )
    with pytest.raises(Exception, match="Request body validation error"):
        description.validate_request(broken)
