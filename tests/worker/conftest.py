from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.way.conftest import Cast, cast
from tests.way.product import HN_TEXT, Product, running_product

__all__ = ["cast"]


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """What the worker does it does on both databases; the way's scenes show that."""
    url = f"sqlite:///{tmp_path}/wongraksa.db"
    with running_product(url, line_timeout_seconds=0.4) as running:
        yield running


@pytest.fixture
def warned(product: Product, cast: Cast) -> Product:
    """A warning waits to be told; its reply token has just come."""
    product.platform.say(cast.club, cast.nurse, HN_TEXT)
    product.deliver()
    product.processor.work()
    while product.asker.run():
        pass
    return product
