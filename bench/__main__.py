"""`python -m bench [intake|through|start|growth …]`: prints tables, and what was missed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from bench import end_to_end, footprint, growth, intake
from bench.machine import described
from bench.tables import Figure, print_table

_BENCHES: dict[str, dict[str, Callable[[], list[Figure]]]] = {
    "intake": {
        "Durable intake, SQLite": lambda: intake.measure("sqlite"),
        "Durable intake, PostgreSQL": lambda: intake.measure("postgresql"),
    },
    "through": {"Webhook to warning, and memory after it": end_to_end.measure},
    "start": {"Start": footprint.measure_start},
    "growth": {"Cost of an event": growth.measure},
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("which", nargs="*", help=f"of {', '.join(_BENCHES)} (all of them)")
    which = parser.parse_args().which or list(_BENCHES)
    print(described(), flush=True)
    missed = []
    for title, measure in ((t, m) for name in which for t, m in _BENCHES[name].items()):
        figures = measure()
        print_table(title, figures)
        missed += [figure.what for figure in figures if not figure.is_met]
    print(f"\nmissed: {'; '.join(missed) or 'nothing'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
