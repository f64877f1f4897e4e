from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storage.stage import Stage, stage_on


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """What storage promises, it promises on both databases."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/wongraksa.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def stage(database_url: str) -> Iterator[Stage]:
    with stage_on(database_url) as ready:
        yield ready


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Stage]:
    with stage_on(f"sqlite:///{tmp_path}/wongraksa.db") as ready:
        yield ready


@pytest.fixture
def on_postgresql(postgres_url: str) -> Iterator[Stage]:
    with stage_on(postgres_url) as ready:
        yield ready
