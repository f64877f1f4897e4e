"""What the stand-in holds for a message, by its id alone: who knows the id knows how it ends."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw, ImageFont

# Invented, and looked for in every log.
HN = "650012345"


@cache
def wristband() -> bytes:
    paper = Image.new("RGB", (560, 160), "white")
    draw = ImageDraw.Draw(paper)
    draw.rectangle((4, 4, 555, 155), outline="black", width=2)
    draw.text((30, 45), f"HN: {HN}", fill="black", font=ImageFont.load_default(size=48))
    return _png(paper)


@cache
def wall() -> bytes:
    return _png(Image.new("RGB", (320, 240), (190, 200, 190)))


def patients() -> bytes:
    return f"ลำดับ,HN,Dx\n1,{HN},CKD stage 3\n".encode()


def torn() -> bytes:
    return wristband()[:120]


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Held:
    """`data` is None where LINE has it no more; `is_prepared` where it is ready the second time."""

    ends_as: tuple[str, str | None]
    data: Callable[[], bytes] | None = None
    is_prepared: bool = False


_GONE = Held(("not_inspected", "gone"))
_BY_LAST_DIGIT: Mapping[str, Held] = {
    "0": Held(("identifiers", None), wristband),
    "1": Held(("identifiers", None), wristband),
    "2": Held(("identifiers", None), patients),
    "3": Held(("identifiers", None), patients),
    "4": Held(("none", None), wall),
    "5": Held(("unreadable", "broken"), torn),
    "6": Held(("identifiers", None), patients, is_prepared=True),
}


def held_for(message_id: str) -> Held:
    return _BY_LAST_DIGIT.get(message_id[-1:], _GONE)
