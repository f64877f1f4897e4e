"""`python -m bench.follow [--most …]`: prints tables, and what was missed."""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median, quantiles

from bench.follow.records import (
    PATIENTS,
    RECORDS_OF_EACH,
    House,
    add_patients,
    fill,
    make_house,
    number_of,
)
from bench.ledger.book import database_url, parts_of
from bench.machine import described
from bench.tables import Figure, print_table
from bot.bootstrap import Parts
from bot.domain.exports import Period
from bot.storage.migrate import migrate

_FEW, _MANY = 10_000, 1_000_000
_ALWAYS = Period(datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC))
_ROUNDS = 6


@dataclass(frozen=True)
class Stock:
    """A database of its own with that many records."""

    parts: Parts
    house: House


@dataclass(frozen=True)
class Costs:
    """Seconds for each look-up, among few and among many; the same patient in the same place."""

    few: list[float]
    many: list[float]

    @property
    def growth(self) -> float:
        return median(self.many) / median(self.few)


def measure(kind: str, few: int = _FEW, many: int = _MANY) -> list[Figure]:
    name = "SQLite" if kind == "sqlite" else "PostgreSQL"
    with stocked(kind, few) as small, stocked(kind, many) as large:
        costs, of_group = side_by_side(small, large), _group_cost(large)
    return [
        Figure(f"{name}: one patient among {few:,} records", median(costs.few) * 1000, "ms"),
        Figure(
            f"{name}: one patient among {many:,} records", median(costs.many) * 1000, "ms", "≤ 50"
        ),
        Figure(f"{name}: nineteen in twenty among {many:,}", _p95(costs.many) * 1000, "ms"),
        Figure(f"{name}: growth", costs.growth, "×", "≤ 2"),
        Figure(f"{name}: the newest 200 records of a group", of_group * 1000, "ms"),
    ]


@contextmanager
def stocked(kind: str, size: int) -> Iterator[Stock]:
    with database_url(kind) as url:
        parts = parts_of(url)
        migrate(parts.database)
        house = make_house(parts)
        add_patients(parts, house)
        fill(parts, house, 0, size)
        yield Stock(parts, house)
        parts.database.close()


def side_by_side(small: Stock, large: Stock) -> Costs:
    """A look-up among few, then the same among many, and so on: what else the machine does
    meanwhile falls on both alike. Who goes first changes with every pair."""
    costs = Costs([], [])
    for _ in range(_ROUNDS):
        for index, patient in enumerate(random.Random(7).sample(range(PATIENTS), PATIENTS)):
            pair = [(small, costs.few), (large, costs.many)]
            for stock, noted in pair if index % 2 else pair[::-1]:
                noted.append(_patient_cost(stock, patient))
    return costs


def _patient_cost(stock: Stock, patient: int) -> float:
    start = time.perf_counter()
    found = stock.parts.traces.of_patient(number_of(patient), _ALWAYS, 200)
    cost = time.perf_counter() - start
    assert len(found.traces) == RECORDS_OF_EACH
    return cost


def _p95(costs: list[float]) -> float:
    """Nineteen look-ups in twenty take less."""
    return quantiles(costs, n=20)[-1]


def _group_cost(stock: Stock) -> float:
    costs = []
    for group_id, _roster in stock.house.rosters[:20]:
        start = time.perf_counter()
        stock.parts.traces.of_group(group_id, _ALWAYS, 200)
        costs.append(time.perf_counter() - start)
    return median(costs)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.follow")
    parser.add_argument("--most", type=int, default=_MANY, help=f"records ({_MANY:,})")
    options = parser.parse_args()
    print(described(), flush=True)
    missed = []
    for kind in ("sqlite", "postgresql"):
        figures = measure(kind, few=min(_FEW, options.most // 2), many=options.most)
        print_table("Following a patient", figures)
        missed += [figure.what for figure in figures if not figure.is_met]
    print(f"\nmissed: {'; '.join(missed) or 'nothing'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
