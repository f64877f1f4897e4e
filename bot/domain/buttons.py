"""What the buttons say when they are pressed: 'w1:<button>:<token of the incident or question>'."""

from __future__ import annotations

import re
from enum import StrEnum

# The number rises when the meaning of the parts changes: old warnings keep their old buttons.
_PREFIX = "w1"
_SHAPE = re.compile(r"w1:([a-z]+):([A-Za-z0-9_-]{1,128})")


class Button(StrEnum):
    REWRITE = "rewrite"
    CLAIMED = "claimed"
    WRONG = "wrong"
    GUIDE = "guide"
    COPY = "copy"
    NO_PATIENT = "nopatient"
    PATIENT = "patient"
    EMERGENCY = "emergency"
    ACKNOWLEDGE = "acknowledge"


def encode(button: Button, token: str) -> str:
    return f"{_PREFIX}:{button}:{token}"


def decode(data: str) -> tuple[Button, str] | None:
    """None for whatever is not ours: anybody can be behind a postback, any version of us too."""
    said = _SHAPE.fullmatch(data.strip())
    if said is None or said[1] not in set(Button):
        return None
    return Button(said[1]), said[2]
