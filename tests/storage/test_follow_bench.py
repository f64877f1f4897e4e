"""The bench at a size for every day: it finds what it should, and no table is read from end to
end for one patient."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, event, func, select

from bench.follow import records
from bench.follow.__main__ import Stock as Stocked
from bench.follow.__main__ import measure, side_by_side, stocked
from bench.follow.records import (
    PATIENTS,
    RECORDS_OF_EACH,
    add_patients,
    fill,
    make_house,
    number_of,
)
from bot.domain.exports import Period
from bot.storage.tables import identifier_tokens
from tests.storage.stage import START, Stage

ALWAYS = Period(START.replace(year=2000), START.replace(year=2100))
LARGE = ("identifier_tokens", "incident_messages", "incidents", "disclosures")


@pytest.fixture(autouse=True)
def in_a_small_house(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of the groups: what is looked for here is found among as few."""
    monkeypatch.setattr(records, "_GROUPS", 10)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_bench_measures_what_it_says(kind: str) -> None:
    few, many, p95, growth, group = measure(kind, few=200, many=1_000)
    assert growth.value == pytest.approx(many.value / few.value)
    assert p95.value >= many.value
    assert 0 < group.value < 5_000


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_both_sizes_take_turns_and_each_patient_is_asked_for_in_both(kind: str) -> None:
    with stocked(kind, 100) as small, stocked(kind, 300) as large:
        costs = side_by_side(small, large)
        assert [_tokens(stock) for stock in (small, large)] == [
            100 + PATIENTS * RECORDS_OF_EACH,
            300 + PATIENTS * RECORDS_OF_EACH,
        ]
    assert len(costs.few) == len(costs.many) > PATIENTS


def _tokens(stock: Stocked) -> int:
    with stock.parts.database.read() as connection:
        return connection.scalar(select(func.count()).select_from(identifier_tokens)) or 0


@pytest.fixture
def filled(on_sqlite: Stage) -> Stage:
    house = make_house(on_sqlite.parts)
    add_patients(on_sqlite.parts, house)
    fill(on_sqlite.parts, house, 0, 2_000)
    return on_sqlite


def test_one_patient_is_found_by_indexes_alone(filled: Stage) -> None:
    statements: list[tuple[str, Any]] = []

    def note(_c: Connection, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:  # noqa: ANN401
        statements.append((statement, parameters))

    engine = filled.parts.database.engine
    event.listen(engine, "before_cursor_execute", note)
    found = filled.parts.traces.of_patient(number_of(PATIENTS - 1), ALWAYS, 200)
    event.remove(engine, "before_cursor_execute", note)

    assert len(found.traces) == RECORDS_OF_EACH
    plans = [plan for asked in statements for plan in _plan(filled, *asked)]
    scanned = [plan for plan in plans if plan.startswith("SCAN") and plan.split()[1] in LARGE]
    assert any("ix_identifier_tokens_digest" in plan for plan in plans)
    assert scanned == []


def _plan(stage: Stage, statement: str, parameters: Any) -> list[str]:  # noqa: ANN401
    if not statement.lstrip().upper().startswith("SELECT"):
        return []
    with stage.parts.database.read() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    return [row[3] for row in rows]
