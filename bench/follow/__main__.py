"""`python -m bench.follow [--most …]`: prints tables, and what was missed."""

from __future__ import annotations

import argparse
import random
import sys
import time
from datetime import UTC, datetime
from statistics import median

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


def measure(kind: str, few: int = _FEW, many: int = _MANY) -> list[Figure]:
    name = "SQLite" if kind == "sqlite" else "PostgreSQL"
    with database_url(kind) as url:
        parts = parts_of(url)
        migrate(parts.database)
        house = make_house(parts)
        add_patients(parts, house)
        fill(parts, house, 0, few)
        before = patient_cost(parts)
        fill(parts, house, few, many)
        after, of_group = patient_cost(parts), _group_cost(parts, house)
        parts.database.close()
    return [
        Figure(f"{name}: one patient among {few:,} records", before * 1000, "ms"),
        Figure(f"{name}: one patient among {many:,} records", after * 1000, "ms", "≤ 50"),
        Figure(f"{name}: growth", after / before, "×", "≤ 2"),
        Figure(f"{name}: the newest 200 records of a group", of_group * 1000, "ms"),
    ]


def patient_cost(parts: Parts) -> float:
    """The median over all patients, in random order: nobody asks for the same one twice."""
    costs = []
    for _ in range(_ROUNDS):
        for patient in random.Random(7).sample(range(PATIENTS), PATIENTS):
            start = time.perf_counter()
            found = parts.traces.of_patient(number_of(patient), _ALWAYS, 200)
            costs.append(time.perf_counter() - start)
            assert len(found.traces) == RECORDS_OF_EACH
    return median(costs)


def _group_cost(parts: Parts, house: House) -> float:
    costs = []
    for group_id, _roster in house.rosters[:20]:
        start = time.perf_counter()
        parts.traces.of_group(group_id, _ALWAYS, 200)
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
