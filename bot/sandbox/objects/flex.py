"""Flex Message containers and components."""

import json
from collections.abc import Mapping

from bot.sandbox.objects.actions import FLEX_ACTION, FLEX_BUTTON_ACTION
from bot.sandbox.objects.shapes import (
    Fault,
    Faults,
    Flag,
    Json,
    Later,
    ListOf,
    Object,
    OneOf,
    Path,
    Rule,
    Shape,
    Tagged,
    Text,
    Url,
    Whole,
    pointer,
    record,
    tagged,
)

BUBBLE_BYTES = 30 * 1024
CAROUSEL_BYTES = 50 * 1024
CAROUSEL_BUBBLES = 12
ANIMATED_IMAGES = 10

NUMBER = r"\d+(\.\d+)?"
PIXELS = rf"{NUMBER}px"
PERCENT = rf"{NUMBER}%"
SPACES = "none|xs|sm|md|lg|xl|xxl"
FONT_SIZES = "xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl"

COLOR = Text(pattern=r"#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?")
SPACE = Text(pattern=rf"{SPACES}|{PIXELS}")
PADDING = Text(pattern=rf"{SPACES}|{PIXELS}|{PERCENT}")
OFFSET = Text(pattern=rf"{SPACES}|-?{PIXELS}|-?{PERCENT}")
LENGTH = Text(pattern=rf"{PIXELS}|{PERCENT}")
BORDER = Text(pattern=rf"none|light|normal|medium|semi-bold|bold|{PIXELS}")
FONT_SIZE = Text(pattern=rf"{FONT_SIZES}|{PIXELS}")
ICON_SIZE = Text(pattern=rf"{FONT_SIZES}|{PIXELS}")
IMAGE_SIZE = Text(pattern=rf"{FONT_SIZES}|full|{PIXELS}|{PERCENT}")
RATIO = Text(pattern=r"[1-9]\d{0,5}(\.\d+)?:[1-9]\d{0,5}(\.\d+)?")
FLEX = Whole(least=0)
ALIGN = OneOf(("start", "end", "center"))
GRAVITY = OneOf(("top", "bottom", "center"))

PLACED: Mapping[str, Shape] = {
    "margin": SPACE,
    "position": OneOf(("relative", "absolute")),
    "offsetTop": OFFSET,
    "offsetBottom": OFFSET,
    "offsetStart": OFFSET,
    "offsetEnd": OFFSET,
}
LETTERED: Mapping[str, Shape] = {
    "size": FONT_SIZE,
    "color": COLOR,
    "weight": OneOf(("regular", "bold")),
    "style": OneOf(("normal", "italic")),
    "decoration": OneOf(("none", "underline", "line-through")),
}
LAYOUTS: Mapping[str, tuple[str, ...]] = {
    "horizontal": ("box", "button", "image", "text", "separator", "filler"),
    "vertical": ("box", "button", "image", "text", "separator", "filler"),
    "baseline": ("icon", "text", "filler"),
}


def children_fit_layout(box: Json, path: Path) -> Faults:
    allowed = LAYOUTS[box["layout"]]
    for index, child in enumerate(box["contents"]):
        if child["type"] not in allowed:
            yield Fault((*path, "contents", index), "invalid property")


def text_or_spans(text: Json, path: Path) -> Faults:
    if not text.get("contents") and not text.get("text"):
        yield Fault((*path, "text"), "must be non-empty text")


def ratio_is_not_too_tall(image: Json, path: Path) -> Faults:
    width, height = (float(part) for part in image.get("aspectRatio", "1:1").split(":"))
    if height > 3 * width:
        yield Fault((*path, "aspectRatio"), "invalid property")


def has_a_block(bubble: Json, path: Path) -> Faults:
    if not any(block in bubble for block in ("header", "hero", "body", "footer")):
        yield Fault(path, "At least one block must be specified")


def is_within(most: int) -> Rule:
    def size_of_json(value: Json, path: Path) -> Faults:
        if len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()) > most:
            yield Fault(path, f"Size must be less than or equal to {most} bytes")

    return size_of_json


def few_animations(value: Json, path: Path) -> Faults:
    if json.dumps(value).count('"animated": true') > ANIMATED_IMAGES:
        yield Fault(path, "Too many animated images")


BOX_PROPERTIES: Mapping[str, Shape] = {
    **PLACED,
    "flex": FLEX,
    "spacing": SPACE,
    "backgroundColor": COLOR,
    "borderColor": COLOR,
    "borderWidth": BORDER,
    "cornerRadius": SPACE,
    "width": LENGTH,
    "maxWidth": LENGTH,
    "height": LENGTH,
    "maxHeight": LENGTH,
    **dict.fromkeys(
        ("paddingAll", "paddingTop", "paddingBottom", "paddingStart", "paddingEnd"), PADDING
    ),
    "action": FLEX_ACTION,
    "justifyContent": OneOf(
        ("center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly")
    ),
    "alignItems": OneOf(("center", "flex-start", "flex-end")),
    "background": tagged(
        linearGradient=record(
            need={"angle": Text(pattern=rf"-?{NUMBER}deg"), "startColor": COLOR, "endColor": COLOR},
            may={"centerColor": COLOR, "centerPosition": Text(pattern=PERCENT)},
        )
    ),
}
COMPONENTS: Mapping[str, Object] = {
    "box": record(
        need={"layout": OneOf(tuple(LAYOUTS)), "contents": ListOf(Later(lambda: COMPONENT))},
        may=BOX_PROPERTIES,
        rules=(children_fit_layout,),
    ),
    "button": record(
        need={"action": FLEX_BUTTON_ACTION},
        may={
            **PLACED,
            "flex": FLEX,
            "height": OneOf(("md", "sm")),
            "style": OneOf(("primary", "secondary", "link")),
            "color": COLOR,
            "gravity": GRAVITY,
            "adjustMode": OneOf(("shrink-to-fit",)),
            "scaling": Flag(),
        },
    ),
    "image": record(
        need={"url": Url()},
        may={
            **PLACED,
            "flex": FLEX,
            "align": ALIGN,
            "gravity": GRAVITY,
            "size": IMAGE_SIZE,
            "aspectRatio": RATIO,
            "aspectMode": OneOf(("fit", "cover")),
            "backgroundColor": COLOR,
            "action": FLEX_ACTION,
            "animated": Flag(),
        },
        rules=(ratio_is_not_too_tall,),
    ),
    "video": record(
        need={"url": Url(), "previewUrl": Url(), "altContent": Later(lambda: VIDEO_ALTERNATIVE)},
        may={"aspectRatio": RATIO, "action": FLEX_ACTION},
    ),
    "icon": record(
        need={"url": Url()},
        may={**PLACED, "size": ICON_SIZE, "aspectRatio": RATIO, "scaling": Flag()},
    ),
    "text": record(
        may={
            **PLACED,
            **LETTERED,
            "text": Text(),
            "contents": ListOf(tagged(span=record(may={"text": Text(), **LETTERED}))),
            "flex": FLEX,
            "align": ALIGN,
            "gravity": GRAVITY,
            "wrap": Flag(),
            "lineSpacing": Text(pattern=PIXELS),
            "maxLines": Whole(least=0),
            "action": FLEX_ACTION,
            "adjustMode": OneOf(("shrink-to-fit",)),
            "scaling": Flag(),
        },
        rules=(text_or_spans,),
    ),
    "separator": record(may={"margin": SPACE, "color": COLOR}),
    "filler": record(may={"flex": FLEX}),
}
COMPONENT: Tagged = tagged(**COMPONENTS)
BOX = tagged(box=COMPONENTS["box"])
HERO = tagged(box=COMPONENTS["box"], image=COMPONENTS["image"], video=COMPONENTS["video"])
VIDEO_ALTERNATIVE: Tagged = tagged(box=COMPONENTS["box"], image=COMPONENTS["image"])

BLOCK_STYLE = record(may={"backgroundColor": COLOR, "separator": Flag(), "separatorColor": COLOR})
BUBBLE = record(
    may={
        "size": OneOf(("nano", "micro", "deca", "hecto", "kilo", "mega", "giga")),
        "direction": OneOf(("ltr", "rtl")),
        "header": BOX,
        "hero": HERO,
        "body": BOX,
        "footer": BOX,
        "styles": record(may=dict.fromkeys(("header", "hero", "body", "footer"), BLOCK_STYLE)),
        "action": FLEX_ACTION,
    },
    rules=(has_a_block, is_within(BUBBLE_BYTES), few_animations),
)
CAROUSEL = record(
    need={"contents": ListOf(tagged(bubble=BUBBLE), least=1, most=CAROUSEL_BUBBLES)},
    rules=(is_within(CAROUSEL_BYTES), few_animations),
)
CONTAINER: Tagged = tagged(bubble=BUBBLE, carousel=CAROUSEL)


class FlexContents:
    """A container whose faults are named by JSON pointer from the container itself."""

    def faults(self, value: Json, path: Path) -> Faults:
        for fault in CONTAINER.faults(value, ()):
            yield Fault((*path, FlexPlace(pointer(fault.path))), fault.message)


class FlexPlace(str):
    """A path step that is already written as LINE writes places inside Flex."""

    __slots__ = ()
