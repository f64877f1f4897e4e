"""A bot of fifty lines, so that the page can be tried without the product."""

import http.server
import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import uuid4

from tests.sandbox.harness import LineSandbox

Json = dict[str, Any]

BUBBLE: Json = {
    "type": "bubble",
    "size": "mega",
    "body": {
        "type": "box",
        "layout": "vertical",
        "spacing": "md",
        "contents": [
            {"type": "text", "text": "ข้อความเวลา 09.41 น.", "weight": "bold", "wrap": True},
            {
                "type": "box",
                "layout": "baseline",
                "contents": [
                    {"type": "text", "text": "พบ", "color": "#777777", "flex": 1, "size": "sm"},
                    {"type": "text", "text": "เลข HN", "flex": 4, "size": "sm", "wrap": True},
                ],
            },
            {"type": "separator"},
            {
                "type": "text",
                "text": "กดค้างที่ข้อความ → ‘ยกเลิกการส่ง’",
                "wrap": True,
                "size": "sm",
            },
        ],
    },
    "footer": {
        "type": "box",
        "layout": "vertical",
        "spacing": "sm",
        "contents": [
            {
                "type": "button",
                "style": "primary",
                "color": "#048A3B",
                "height": "sm",
                "action": {
                    "type": "postback",
                    "label": "ขอข้อความฉบับปกปิด",
                    "data": "rewrite",
                    "displayText": "ขอข้อความฉบับปกปิด",
                },
            },
            {
                "type": "button",
                "style": "secondary",
                "height": "sm",
                "action": {"type": "postback", "label": "แจ้งว่าตรวจผิด", "data": "wrong"},
            },
            {
                "type": "button",
                "height": "sm",
                "action": {
                    "type": "uri",
                    "label": "ดูแนวปฏิบัติ",
                    "uri": "https://example.org/guide",
                },
            },
        ],
    },
}
QUICK_REPLY: Json = {
    "items": [
        {"type": "action", "action": {"type": "message", "label": "ขอบคุณ", "text": "ขอบคุณค่ะ"}},
        {
            "type": "action",
            "action": {
                "type": "datetimepicker",
                "label": "เลือกเวลา",
                "data": "when",
                "mode": "datetime",
                "initial": "2026-07-28T18:30",
            },
        },
        {
            "type": "action",
            "action": {"type": "clipboard", "label": "คัดลอก", "clipboardText": "ข้อความ"},
        },
    ]
}


@dataclass
class StandinBot:
    """Warns of everything that holds 'HN', and sends 'the masked version' on request."""

    line: LineSandbox
    seen: list[Json] = field(default_factory=list)

    def on_event(self, event: Json) -> None:
        self.seen.append(event)
        words = event.get("message", {}).get("text", "")
        if event["type"] == "message" and "HN" in words:
            self._reply(event, *self._warning(event))
        elif event["type"] == "message" and words == "เมนู":
            self._reply(event, {"type": "text", "text": "เลือกได้เลย", "quickReply": QUICK_REPLY})
        elif event.get("postback", {}).get("data") == "rewrite":
            text = {"type": "text", "text": "คนไข้เตียง 5 ไข้ขึ้นอีกแล้วค่ะ"}
            self._send("push", {"to": event["source"]["userId"], "messages": [text]})

    def _warning(self, event: Json) -> list[Json]:
        mentionee = {"type": "user", "userId": event["source"].get("userId", "")}
        greeting = {
            "type": "textV2",
            "text": "{who} ข้อความนี้มีข้อมูลที่ชี้ตัวผู้ป่วยค่ะ",
            "substitution": {"who": {"type": "mention", "mentionee": mentionee}},
        }
        return [greeting, {"type": "flex", "altText": "เตือน", "contents": BUBBLE}]

    def _reply(self, event: Json, *messages: Json) -> None:
        self._send("reply", {"replyToken": event["replyToken"], "messages": list(messages)})

    def _send(self, how: str, body: Json) -> None:
        request = urllib.request.Request(  # noqa: S310 - our own address
            f"{self.line.url}/v2/bot/message/{how}",
            json.dumps(body).encode(),
            {"Authorization": f"Bearer {self.line.token}", "Content-Type": "application/json"},
        )
        if how == "push":
            request.add_header("X-Line-Retry-Key", str(uuid4()))
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - our own address
            answer.read()


ACCOUNT: Json = {
    "stages": [
        {"name": "รับและผนึกแล้ว", "at": "2026-07-28T02:41:00.120Z", "detail": "inbox"},
        {"name": "ตรวจแล้ว", "at": "2026-07-28T02:41:00.180Z", "detail": "1 finding"},
    ],
    "findings": [{"label": "HN", "reason": "HN label + digits"}],
    "decision": {
        "verdict": "warn",
        "reasons": ["กลุ่มนี้ยังไม่ได้อนุมัติ"],
        "actions": ["warn", "offer_safe_rewrite"],
        "policy_version": 1,
    },
    "ledger": [{"id": "0198-1", "kind": "incident.opened.v1", "at": "2026-07-28T02:41:00.200Z"}],
    "outbox": [{"say": "warning", "state": "sent", "via": "reply"}],
}


@contextmanager
def standin_bot(line: LineSandbox) -> Iterator[StandinBot]:
    """The bot, answering webhooks of this sandbox and accounting for every event alike."""
    bot = StandinBot(line)

    class Handler(http.server.BaseHTTPRequestHandler):
        standin: ClassVar[StandinBot] = bot

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._answer({})
            for event in json.loads(body)["events"]:
                self.standin.on_event(event)

        def do_GET(self) -> None:
            self._answer(ACCOUNT)

        def _answer(self, body: Json) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())
            self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as there
            del format, args

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    line.set_webhook(f"http://127.0.0.1:{server.server_port}/line/webhook")
    yield bot
    server.shutdown()
    server.server_close()
