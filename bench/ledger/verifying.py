"""How fast the whole ledger is checked: `ledger verify`, in its two passes."""

from __future__ import annotations

import argparse
import time

from bench.ledger.book import database_url, enter, ready, rows
from bench.tables import Figure
from bot.bootstrap import Parts
from bot.cli.ledger_verify import check_stored
from bot.ledger import stranger

_AT_ONCE = 5_000


def measure(kind: str, *, entries: int = 1_000_000, with_facts: int = 100_000) -> list[Figure]:
    name = "SQLite" if kind == "sqlite" else "PostgreSQL"
    with database_url(kind) as url, ready(url) as parts:
        _fill(parts, with_facts)
        facts = _seconds(parts, without_facts=False) - _seconds(parts, without_facts=True)
        _fill(parts, entries - with_facts, without_openings=True)
        began = time.perf_counter()
        parts.ledger_sealer.seal_all()
        sealed = time.perf_counter() - began
        seconds = min(_seconds(parts, without_facts=True) for _ in range(2))
    return [
        Figure(f"{name}: sealing a backlog", (entries - with_facts) / sealed, "entries/s"),
        Figure(
            f"{name}: verifying {entries:,} entries, tree and checkpoints",
            entries / seconds,
            "entries/s",
            "≥ 50000",
        ),
        Figure(f"{name}: facts against commitments", with_facts / facts, "entries/s"),
    ]


def _fill(parts: Parts, count: int, *, without_openings: bool = False) -> None:
    for first in range(0, count, _AT_ONCE):
        entries, openings = rows(parts, min(_AT_ONCE, count - first))
        enter(parts, entries, [] if without_openings else openings)
    if not without_openings:
        parts.ledger_sealer.seal_all()


def _seconds(parts: Parts, *, without_facts: bool) -> float:
    options = argparse.Namespace(key=None, checkpoint=None, without_facts=without_facts)
    began = time.perf_counter()
    code, lines = stranger.judge(lambda: check_stored(parts, options))
    assert code == stranger.HOLDS, lines
    return time.perf_counter() - began
