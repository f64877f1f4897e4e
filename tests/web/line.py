"""Webhook bodies as LINE signs them, posted to the product."""

from __future__ import annotations

import base64
import hmac
import json
from itertools import count

from werkzeug.test import TestResponse

from tests.sandbox.harness import SECRET
from tests.way.product import Product

WEBHOOK = "/line/webhook"
_numbers = count(1)


def signature(body: bytes, secret: str = SECRET) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


def post(product: Product, body: bytes, secret: str = SECRET) -> TestResponse:
    headers = {"x-line-signature": signature(body, secret), "Content-Type": "application/json"}
    return product.client.post(WEBHOOK, data=body, headers=headers)


def body_of(*events: object) -> bytes:
    return json.dumps({"destination": "U" + "0" * 32, "events": events}).encode()


def text_event(words: str = "สวัสดีค่ะ", **more: object) -> dict[str, object]:
    number = next(_numbers)
    return {
        "type": "message",
        "message": {"type": "text", "id": str(700_000 + number), "text": words},
        "webhookEventId": f"01FUZZ{number:020}",
        "deliveryContext": {"isRedelivery": False},
        "timestamp": 1_785_200_400_000,
        "source": {"type": "group", "groupId": "C1", "userId": f"U{number % 7}"},
        "mode": "active",
        **more,
    }
