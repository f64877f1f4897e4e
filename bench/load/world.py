"""The people and groups of a load, with ids of LINE's form."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """What the hospital has said of a group before the load begins."""

    UNKNOWN = "unknown"
    APPROVED = "approved"
    SIMULATED = "simulated"


@dataclass(frozen=True, slots=True)
class Chat:
    line_id: str
    people: tuple[str, ...]
    standing: Standing = Standing.UNKNOWN


@dataclass(frozen=True, slots=True)
class World:
    """`passing` are groups that the bot joins and leaves: an approval there would not last."""

    chats: tuple[Chat, ...]
    passing: tuple[Chat, ...] = ()


def line_id(prefix: str, number: int) -> str:
    return f"{prefix}{number:032x}"


def make_world(groups: int, people: int, seed: int) -> World:
    """Every third group is approved, every seventh in simulation."""
    dice = random.Random(seed)
    chats = tuple(_chat(number, people, dice) for number in range(groups))
    passing = tuple(_chat(10_000 + number, people, dice) for number in range(max(1, groups // 10)))
    return World(chats, tuple(Chat(chat.line_id, chat.people) for chat in passing))


def _chat(number: int, people: int, dice: random.Random) -> Chat:
    size = dice.randint(2, 2 * people)
    names = tuple(line_id("U", number * 1_000 + person) for person in range(size))
    return Chat(line_id("C", number), names, _standing(number))


def _standing(number: int) -> Standing:
    if number % 7 == 3:
        return Standing.SIMULATED
    return Standing.APPROVED if number % 3 == 0 else Standing.UNKNOWN


def everybody(chats: Sequence[Chat]) -> list[tuple[Chat, str]]:
    return [(chat, person) for chat in chats for person in chat.people]
