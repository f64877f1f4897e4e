from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storage.fixtures import clean_postgres_url, database_url, kept_postgres_url
from tests.way.product import Product, running_product

__all__ = ["clean_postgres_url", "database_url", "kept_postgres_url"]


@pytest.fixture
def product(database_url: str) -> Iterator[Product]:
    with running_product(database_url) as running:
        yield running


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Product]:
    """The embedded size, where it makes no difference."""
    with running_product(f"sqlite:///{tmp_path}/wongraksa.db") as running:
        yield running
