"""Mentions and LINE emojis inside a text, by UTF-16 index and length."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.measures import utf16_units

EVERYBODY = "all"
MOST_MENTIONS = 20


@dataclass(frozen=True)
class Mention:
    index: int
    length: int
    target: str
    """A user id, `bot`, or `all`."""


@dataclass(frozen=True)
class LineEmoji:
    label: str
    """As it stands in the text, such as `(love)`."""
    product_id: str = "5ac1bfd5040ab15980c9b435"
    emoji_id: str = "001"


def mentions_in(text: str, targets_by_label: Mapping[str, str]) -> tuple[Mention, ...]:
    """Where each `@label` first stands in the text."""
    found = [
        Mention(utf16_units(text[: text.index(label)]), utf16_units(label), target)
        for label, target in targets_by_label.items()
        if label in text
    ]
    return tuple(sorted(found, key=lambda mention: mention.index))


def emojis_in(text: str, emojis: Sequence[LineEmoji]) -> list[dict[str, Any]]:
    return [
        {
            "index": utf16_units(text[: text.index(emoji.label)]),
            "length": utf16_units(emoji.label),
            "productId": emoji.product_id,
            "emojiId": emoji.emoji_id,
        }
        for emoji in emojis
        if emoji.label in text
    ]
