"""Messages that are right, and ways in which each can be wrong."""

import json
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
Value = Any

PICTURE = "https://example.org/picture.png"
ACTIONS: dict[str, Json] = {
    "postback": {"type": "postback", "label": "ตกลง", "data": "a=1", "displayText": "ตกลง"},
    "postback with keyboard": {
        "type": "postback",
        "label": "เขียน",
        "data": "a=2",
        "inputOption": "openKeyboard",
        "fillInText": "ส่งใหม่: ",
    },
    "message": {"type": "message", "label": "ดู", "text": "ดูแนวปฏิบัติ"},
    "uri": {
        "type": "uri",
        "label": "เปิด",
        "uri": "https://example.org/",
        "altUri": {"desktop": "https://example.org/pc"},
    },
    "datetimepicker": {
        "type": "datetimepicker",
        "label": "เวลา",
        "data": "t",
        "mode": "datetime",
        "initial": "2026-07-28T18:30",
    },
    "clipboard": {"type": "clipboard", "label": "คัดลอก", "clipboardText": "ข้อความ"},
}
BUTTON: Json = {
    "type": "button",
    "style": "primary",
    "color": "#06C755",
    "height": "sm",
    "action": ACTIONS["postback"],
}
BOX: Json = {
    "type": "box",
    "layout": "vertical",
    "spacing": "md",
    "paddingAll": "20px",
    "backgroundColor": "#FFFFFF",
    "contents": [
        {"type": "text", "text": "เตือน", "weight": "bold", "size": "lg", "wrap": True},
        {"type": "text", "contents": [{"type": "span", "text": "สีแดง", "color": "#FF0000"}]},
        {"type": "separator", "margin": "md", "color": "#DDDDDD"},
        {
            "type": "box",
            "layout": "baseline",
            "contents": [
                {"type": "icon", "url": PICTURE, "size": "sm"},
                {"type": "text", "text": "ข้าง ๆ", "flex": 1, "align": "end", "gravity": "center"},
                {"type": "filler"},
            ],
        },
        {"type": "image", "url": PICTURE, "size": "full", "aspectRatio": "20:13"},
        BUTTON,
    ],
}
BUBBLE: Json = {
    "type": "bubble",
    "size": "mega",
    "direction": "ltr",
    "header": {"type": "box", "layout": "horizontal", "contents": [{"type": "filler"}]},
    "hero": {"type": "image", "url": PICTURE, "aspectMode": "cover", "action": ACTIONS["uri"]},
    "body": BOX,
    "footer": {"type": "box", "layout": "vertical", "contents": [BUTTON]},
    "styles": {"footer": {"separator": True, "backgroundColor": "#F0F0F0"}},
}
SMALL_BUBBLE: Json = {
    "type": "bubble",
    "body": {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": "ก"}]},
}
MESSAGES: dict[str, Json] = {
    "text": {"type": "text", "text": "สวัสดีค่ะ"},
    "text with emoji": {
        "type": "text",
        "text": "ขอบคุณ $",
        "emojis": [{"index": 7, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"}],
    },
    "textV2": {
        "type": "textV2",
        "text": "{who} และ {all} {{ไม่ใช่}} {smile}",
        "substitution": {
            "who": {"type": "mention", "mentionee": {"type": "user", "userId": "U" + "0" * 32}},
            "all": {"type": "mention", "mentionee": {"type": "all"}},
            "smile": {"type": "emoji", "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"},
        },
    },
    "sticker": {"type": "sticker", "packageId": "446", "stickerId": "1988"},
    "image": {"type": "image", "originalContentUrl": PICTURE, "previewImageUrl": PICTURE},
    "video": {
        "type": "video",
        "originalContentUrl": "https://example.org/film.mp4",
        "previewImageUrl": PICTURE,
        "trackingId": "t-1",
    },
    "audio": {
        "type": "audio",
        "originalContentUrl": "https://example.org/voice.m4a",
        "duration": 60000,
    },
    "location": {
        "type": "location",
        "title": "โรงพยาบาล",
        "address": "อาคาร 2 ชั้น 5",
        "latitude": 13.7,
        "longitude": 100.5,
    },
    "imagemap": {
        "type": "imagemap",
        "baseUrl": "https://example.org/map",
        "altText": "แผนที่",
        "baseSize": {"width": 1040, "height": 1040},
        "actions": [
            {
                "type": "uri",
                "linkUri": "https://example.org/",
                "area": {"x": 0, "y": 0, "width": 520, "height": 1040},
            }
        ],
    },
    "buttons": {
        "type": "template",
        "altText": "เลือก",
        "template": {
            "type": "buttons",
            "title": "หัวข้อ",
            "text": "เลือกข้อหนึ่ง",
            "thumbnailImageUrl": PICTURE,
            "imageAspectRatio": "square",
            "actions": [ACTIONS["postback"], ACTIONS["uri"]],
        },
    },
    "confirm": {
        "type": "template",
        "altText": "แน่ใจไหม",
        "template": {
            "type": "confirm",
            "text": "แน่ใจไหม",
            "actions": [ACTIONS["postback"], ACTIONS["message"]],
        },
    },
    "carousel template": {
        "type": "template",
        "altText": "หลายข้อ",
        "template": {
            "type": "carousel",
            "columns": [
                {"text": "หนึ่ง", "actions": [ACTIONS["postback"]]},
                {"text": "สอง", "actions": [ACTIONS["clipboard"]]},
            ],
        },
    },
    "image carousel": {
        "type": "template",
        "altText": "ภาพ",
        "template": {
            "type": "image_carousel",
            "columns": [{"imageUrl": PICTURE, "action": ACTIONS["uri"]}],
        },
    },
    "flex bubble": {"type": "flex", "altText": "เตือน", "contents": BUBBLE},
    "flex carousel": {
        "type": "flex",
        "altText": "หลายใบ",
        "contents": {"type": "carousel", "contents": [SMALL_BUBBLE, SMALL_BUBBLE]},
    },
    "quick reply": {
        "type": "text",
        "text": "เลือกได้เลย",
        "quickReply": {
            "items": [
                *({"type": "action", "action": action} for action in ACTIONS.values()),
                {"type": "action", "action": {"type": "camera", "label": "กล้อง"}},
                {
                    "type": "action",
                    "imageUrl": PICTURE,
                    "action": {"type": "location", "label": "ที่ตั้ง"},
                },
            ]
        },
    },
    "other sender": {
        "type": "text",
        "text": "จากผู้ช่วย",
        "sender": {"name": "ผู้ช่วย", "iconUrl": PICTURE},
    },
    "coupon": {"type": "coupon", "couponId": "c-1", "deliveryTag": "ward"},
}

Place = tuple[str | int, ...]


def places(value: Value, path: Place = ()) -> Iterator[Place]:
    """The path of everything inside, containers included."""
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


def broken(message: Json) -> Iterator[tuple[str, Json]]:
    """One copy for each thing that can be taken out, added, or be of a wrong type."""
    for path in places(message):
        for name, wrong in (("null", None), ("number", 4.5), ("list", []), ("object", {"x": 1})):
            yield f"{name} at {path}", replaced(message, path, wrong)
        yield f"nothing at {path}", removed(message, path)
        yield f"unknown beside {path}", with_unknown(message, path)


def fresh(message: Json) -> Json:
    """A copy in which nothing is shared, not even what the original holds twice."""
    copy: Json = json.loads(json.dumps(message))
    return copy


def replaced(message: Json, path: Place, value: Value) -> Json:
    changed = fresh(message)
    inside(changed, path[:-1])[path[-1]] = value
    return changed


def removed(message: Json, path: Place) -> Json:
    changed = fresh(message)
    del inside(changed, path[:-1])[path[-1]]
    return changed


def with_unknown(message: Json, path: Place) -> Json:
    changed = fresh(message)
    holder = inside(changed, path[:-1])
    if isinstance(holder, dict):
        holder["notAProperty"] = "x"
    return changed


def inside(value: Value, path: Place) -> Value:
    for step in path:
        value = value[step]
    return value
