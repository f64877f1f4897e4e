"""`python -m bench.ledger [--only …]`: prints tables, and what was missed."""

from __future__ import annotations

import argparse
import sys

from bench.ledger import appends, verifying
from bench.machine import described
from bench.tables import Figure, print_table

_KINDS = ("sqlite", "postgresql")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.ledger")
    parser.add_argument("--entries", type=int, default=1_000_000, help="to be verified")
    parser.add_argument("--only", choices=("appends", "lag", "verify"))
    options = parser.parse_args()
    print(described(), flush=True)
    missed: list[str] = []
    for kind in _KINDS:
        if options.only in (None, "appends"):
            missed += _shown("Appends", appends.measure(kind))
        if options.only in (None, "lag"):
            missed += _shown("How far the sealer is behind", appends.measure_lag(kind))
        if options.only in (None, "verify"):
            figures = verifying.measure(kind, entries=options.entries)
            missed += _shown("Verifying", figures)
    print(f"\nmissed: {'; '.join(missed) or 'nothing'}")
    return 0


def _shown(title: str, figures: list[Figure]) -> list[str]:
    print_table(title, figures)
    return [figure.what for figure in figures if not figure.is_met]


if __name__ == "__main__":
    sys.exit(main())
