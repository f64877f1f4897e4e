"""What all tests share: the servers they start, and which of them come first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

pytest_plugins = ["tests.services.fixtures"]

# Whoever runs these last waits for them alone.
LONGEST = (
    "tests/chaos/test_chaos.py",
    "tests/ledger/test_bench.py",
    "tests/storage/test_follow_bench.py",
    "tests/way/test_newcomer.py",
    "tests/seeing/test_dependencies.py",
    "tests/seeing/test_hostile.py",
    "tests/chaos/test_quiet.py",
    "tests/cli/",
    "tests/way/",
    "tests/sandbox/",
    "tests/detectors/test_training.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    path = item.nodeid
    return next(
        (turn for turn, first in enumerate(LONGEST) if path.startswith(first)), len(LONGEST)
    )
