"""Message objects that a bot may send."""

import re
from collections.abc import Iterator, Mapping

from bot.sandbox.measures import grapheme_clusters, utf16_units
from bot.sandbox.objects.actions import (
    DEFAULT_ACTION,
    IMAGE_COLUMN_ACTION,
    QUICK_REPLY_ACTION,
    TEMPLATE_ACTION,
)
from bot.sandbox.objects.flex import FlexContents
from bot.sandbox.objects.shapes import (
    Fault,
    Faults,
    Json,
    ListOf,
    MapOf,
    Number,
    Object,
    OneOf,
    Path,
    Shape,
    Text,
    Url,
    Whole,
    record,
    tagged,
)

KEY = r"[a-zA-Z0-9_]{1,20}"
BRACES = re.compile(r"\{\{|\}\}|\{(?P<key>[^{}]*)\}|[{}]")
EMOJI_PLACEHOLDER = "$"
MOST_MENTIONS = 20
MOST_EMOJIS = 20
QUOTE_TOKEN: Mapping[str, Shape] = {"quoteToken": Text(least=1)}
ALT_TEXT = Text(most=1500, least=1)
LONG_TEXT = Text(most=5000, least=1)


def placeholders(text: str) -> Iterator[str | None]:
    """The keys in braces, in order; None for a brace that is not part of a pair."""
    for found in BRACES.finditer(text):
        if found["key"] is not None:
            yield found["key"]
        elif found[0] in "{}":
            yield None


def keys_are_known(message: Json, path: Path) -> Faults:
    known = message.get("substitution", {})
    for key in placeholders(message["text"]):
        if key is None or not re.fullmatch(KEY, key):
            yield Fault(
                (*path, "text"),
                f"The key '{key or ''}' enclosed in '{{}}' does not match the pattern '^{KEY}$'.",
            )
        elif key not in known:
            yield Fault((*path, "text"), f"The key '{key}' is not found in the substitution.")


def few_of_each_substitution(message: Json, path: Path) -> Faults:
    kinds = [item["type"] for item in message.get("substitution", {}).values()]
    for kind, most in (("mention", MOST_MENTIONS), ("emoji", MOST_EMOJIS)):
        if kinds.count(kind) > most:
            yield Fault(
                (*path, "substitution"), f"The number of {kind} must be between 0 and {most}"
            )


def emojis_sit_on_placeholders(message: Json, path: Path) -> Faults:
    units = message["text"].encode("utf-16-le", "surrogatepass")
    for number, emoji in enumerate(message.get("emojis", [])):
        at = emoji["index"] * 2
        if units[at : at + 2] != EMOJI_PLACEHOLDER.encode("utf-16-le"):
            yield Fault(
                (*path, "emojis", number, "index"), "The index is not that of an emoji placeholder"
            )


def text_is_shorter_beside_title(template: Json, path: Path) -> Faults:
    most = 60 if "title" in template or "thumbnailImageUrl" in template else 160
    yield from Text(most=most, measure=grapheme_clusters).faults(template["text"], (*path, "text"))


def column_text_is_shorter_beside_title(column: Json, path: Path) -> Faults:
    most = 60 if "title" in column or "thumbnailImageUrl" in column else 120
    yield from Text(most=most, measure=grapheme_clusters).faults(column["text"], (*path, "text"))


def columns_are_alike(template: Json, path: Path) -> Faults:
    if len({len(column["actions"]) for column in template["columns"]}) > 1:
        yield Fault((*path, "columns"), "The number of actions must be the same in all columns")


def video_is_complete(message: Json, path: Path) -> Faults:
    for name in ("originalContentUrl", "previewImageUrl", "area"):
        if "video" in message and name not in message["video"]:
            yield Fault((*path, "video", name), "May not be empty")


# The bot that is tried here serves its pictures from this machine.
PICTURE_URL = Url(may_be_near=True)
TITLE = Text(most=40, measure=grapheme_clusters)
IMAGE_STYLE: Mapping[str, Shape] = {
    "imageAspectRatio": OneOf(("rectangle", "square")),
    "imageSize": OneOf(("cover", "contain")),
}
HEX_COLOR = Text(pattern=r"#[0-9A-Fa-f]{6}")
TEMPLATE = tagged(
    buttons=record(
        need={"text": Text(least=1), "actions": ListOf(TEMPLATE_ACTION, least=1, most=4)},
        may={
            **IMAGE_STYLE,
            "thumbnailImageUrl": Url(),
            "imageBackgroundColor": HEX_COLOR,
            "title": TITLE,
            "defaultAction": DEFAULT_ACTION,
        },
        rules=(text_is_shorter_beside_title,),
    ),
    confirm=record(
        need={
            "text": Text(most=240, least=1, measure=grapheme_clusters),
            "actions": ListOf(TEMPLATE_ACTION, least=2, most=2),
        },
    ),
    carousel=record(
        need={
            "columns": ListOf(
                record(
                    need={
                        "text": Text(least=1),
                        "actions": ListOf(TEMPLATE_ACTION, least=1, most=3),
                    },
                    may={
                        "thumbnailImageUrl": Url(),
                        "imageBackgroundColor": HEX_COLOR,
                        "title": TITLE,
                        "defaultAction": DEFAULT_ACTION,
                    },
                    rules=(column_text_is_shorter_beside_title,),
                ),
                least=1,
                most=10,
            )
        },
        may=IMAGE_STYLE,
        rules=(columns_are_alike,),
    ),
    image_carousel=record(
        need={
            "columns": ListOf(
                record(need={"imageUrl": Url(), "action": IMAGE_COLUMN_ACTION}), least=1, most=10
            )
        },
    ),
)

AREA = record(need=dict.fromkeys(("x", "y", "width", "height"), Whole(least=0)))
IMAGEMAP_LABEL: Mapping[str, Shape] = {"label": Text(most=100, measure=grapheme_clusters)}
IMAGEMAP_ACTION = tagged(
    uri=record(
        need={"linkUri": Url(("http", "https", "line", "tel"), 1000), "area": AREA},
        may=IMAGEMAP_LABEL,
    ),
    message=record(need={"text": Text(most=400, least=1), "area": AREA}, may=IMAGEMAP_LABEL),
    clipboard=record(
        need={"clipboardText": Text(most=1000, least=1), "area": AREA}, may=IMAGEMAP_LABEL
    ),
)
IMAGEMAP = record(
    need={
        "baseUrl": Url(),
        "altText": ALT_TEXT,
        "baseSize": record(need={"width": Whole(least=1), "height": Whole(least=1)}),
        "actions": ListOf(IMAGEMAP_ACTION, most=50),
    },
    may={
        "video": record(
            may={
                "originalContentUrl": Url(),
                "previewImageUrl": Url(),
                "area": AREA,
                "externalLink": record(
                    need={"linkUri": Url(("http", "https"), 1000), "label": Text(most=30)}
                ),
            },
        )
    },
    rules=(video_is_complete,),
)

SUBSTITUTION = tagged(
    mention=record(
        need={"mentionee": tagged(user=record(need={"userId": Text(least=1)}), all=record())}
    ),
    emoji=record(need={"productId": Text(least=1), "emojiId": Text(least=1)}),
)
EMOJI = record(
    need={"index": Whole(least=0), "productId": Text(least=1), "emojiId": Text(least=1)},
)
KINDS: Mapping[str, Object] = {
    "text": record(
        need={"text": LONG_TEXT},
        may={"emojis": ListOf(EMOJI, most=MOST_EMOJIS), **QUOTE_TOKEN},
        rules=(emojis_sit_on_placeholders,),
    ),
    "textV2": record(
        need={"text": LONG_TEXT},
        may={"substitution": MapOf(SUBSTITUTION, KEY, most=100), **QUOTE_TOKEN},
        rules=(keys_are_known, few_of_each_substitution),
    ),
    "sticker": record(
        need={"packageId": Text(least=1), "stickerId": Text(least=1)}, may=QUOTE_TOKEN
    ),
    "image": record(need={"originalContentUrl": PICTURE_URL, "previewImageUrl": PICTURE_URL}),
    "video": record(
        need={"originalContentUrl": Url(), "previewImageUrl": Url()},
        may={"trackingId": Text(most=100)},
    ),
    "audio": record(need={"originalContentUrl": Url(), "duration": Whole(least=1)}),
    "location": record(
        need={
            "title": Text(most=100, least=1),
            "address": Text(most=100, least=1),
            "latitude": Number(-90, 90),
            "longitude": Number(-180, 180),
        },
    ),
    "imagemap": IMAGEMAP,
    "template": record(need={"altText": ALT_TEXT, "template": TEMPLATE}),
    "flex": record(need={"altText": ALT_TEXT, "contents": FlexContents()}),
    "coupon": record(need={"couponId": Text(least=1)}, may={"deliveryTag": Text(most=30)}),
}
QUICK_REPLY_ITEM = tagged(
    action=record(need={"action": QUICK_REPLY_ACTION}, may={"imageUrl": Url()})
)
COMMON: Mapping[str, Shape] = {
    "quickReply": record(need={"items": ListOf(QUICK_REPLY_ITEM, least=1, most=13)}),
    "sender": record(may={"name": Text(most=20, measure=utf16_units), "iconUrl": Url()}),
}
MESSAGE = tagged(
    **{
        kind: Object({**shape.properties, **COMMON}, shape.required, shape.rules)
        for kind, shape in KINDS.items()
    }
)
MESSAGES = ListOf(MESSAGE, least=1, most=5)
QUOTABLE = frozenset(
    {"text", "textV2", "sticker", "image", "video", "template", "flex", "imagemap"}
)
