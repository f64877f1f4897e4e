"""A minute of chaos; `make chaos` is the long one."""

from __future__ import annotations

import secrets

import pytest

from bench.chaos.run import Plan, run

# Three kills at least in each; the product on SQLite is one process and needs a while to start.
PAUSES = {"postgresql": (0.5, 2.0), "sqlite": (2.0, 4.0)}


@pytest.mark.chaos
@pytest.mark.parametrize("database", PAUSES)
def test_whatever_is_killed_nothing_is_lost_and_nothing_is_double(database: str) -> None:
    seed = secrets.randbelow(1_000_000)
    result = run(Plan(database, 1_000, 14.0, seed, pause_seconds=PAUSES[database]))

    again = f"python -m bench.chaos --database {database} --events 1000 --seconds 14 --seed {seed}"
    assert result.complaints == [], again
    assert result.kills.total() >= 1
    assert result.outcomes.total() == 1_000
    assert result.warnings["told"] > 0
    assert result.looks["identifiers"] > 0
