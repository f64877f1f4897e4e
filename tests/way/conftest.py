"""The cast of every scene: a ward with an approved group, a running club, a nurse, a doctor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.sandbox.chats import Chat
from bot.sandbox.people import Friendship, Person
from tests.way.product import Product, running_product


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Every scene plays on both databases."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/wongraksa.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def product(database_url: str) -> Iterator[Product]:
    with running_product(database_url) as running:
        yield running


@dataclass(frozen=True)
class Cast:
    nurse: Person
    friend: Person
    doctor: Person
    club: Chat
    ward: Chat


@pytest.fixture
def cast(product: Product) -> Cast:
    return cast_of(product)


def cast_of(product: Product) -> Cast:
    """The nurse never added the bot; the friend did. Nothing is approved yet."""
    platform = product.platform
    nurse = platform.add_person("พยาบาลนก")
    friend = platform.add_person("พยาบาลฟ้า", friendship=Friendship.FRIEND)
    doctor = platform.add_person("หมอเอ")
    club = platform.add_group("ชมรมวิ่ง", [nurse, friend, doctor])
    ward = platform.add_group("ทีมดูแล อายุรกรรม", [nurse, friend, doctor])
    return Cast(nurse, friend, doctor, club, ward)
