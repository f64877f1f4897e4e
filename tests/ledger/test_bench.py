"""The benches at a size for every day: they run, and what they measure is right, if not quick."""

from __future__ import annotations

import pytest

from bench.ledger import appends, verifying
from bench.ledger.book import enter, ready, rows
from bot.storage.tables import ledger_unsealed
from tests.ledger.book import faults
from tests.storage.stage import Stage


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_writers_beside_the_sealer_write_and_are_sealed(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appends, "WRITERS", 2)  # each is a process, and takes its time to start
    plain, sealed, ratio = appends.measure(kind, seconds=0.5, rounds=1)
    assert plain.value > 0
    assert sealed.value > 0
    assert ratio.value == pytest.approx(sealed.value / plain.value)


def test_the_sealer_keeps_up_with_a_steady_stream() -> None:
    entered, behind = appends.measure_lag("sqlite", seconds=7, rate=200)
    assert entered.value > 100
    assert 0 < behind.value <= 10


def test_a_small_ledger_verifies() -> None:
    sealing, verified, facts = verifying.measure("sqlite", entries=3_000, with_facts=1_000)
    assert min(sealing.value, verified.value, facts.value) > 0


def test_the_rows_of_the_benches_are_those_of_the_product(on_sqlite: Stage) -> None:
    with ready(on_sqlite.settings.database_url) as parts:
        enter(parts, *rows(parts, 30))
        assert len(on_sqlite.rows(ledger_unsealed)) == 30
        parts.ledger_sealer.seal_all()
    assert faults(on_sqlite) == []
