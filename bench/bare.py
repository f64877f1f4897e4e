"""What intake is measured against: a Flask app that checks the signature with line-bot-sdk."""

from __future__ import annotations

import os

from flask import Flask, Response, request
from linebot.v3.webhook import SignatureValidator

app = Flask(__name__)
_validator = SignatureValidator(os.environ["LINE_CHANNEL_SECRET"])


@app.post("/line/webhook")
def receive() -> Response:
    body = request.get_data(cache=False, as_text=True)
    if not _validator.validate(body, request.headers.get("x-line-signature", "")):
        return Response("signature refused", 401, mimetype="text/plain")
    return Response("stored", 200, mimetype="text/plain")


@app.get("/readyz")
def ready() -> str:
    return "ready"
