from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storage.fixtures import clean_postgres_url, database_url, kept_postgres_url
from tests.storage.stage import Stage, stage_on

__all__ = ["clean_postgres_url", "database_url", "kept_postgres_url"]


@pytest.fixture
def stage(database_url: str) -> Iterator[Stage]:
    with stage_on(database_url) as ready:
        yield ready


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Stage]:
    with stage_on(f"sqlite:///{tmp_path}/wongraksa.db") as ready:
        yield ready


@pytest.fixture
def on_postgresql(clean_postgres_url: str) -> Iterator[Stage]:
    with stage_on(clean_postgres_url) as ready:
        yield ready
