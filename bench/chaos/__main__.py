"""`python -m bench.chaos`: exits with 1 when a promise was broken, and says with which seed."""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Mapping
from typing import Any

from bench.chaos.run import Plan, Result, run
from bench.deployment import DATABASES

# Events a second on average; what is slowed down by a kill catches up.
_RATE = {"postgresql": 100, "sqlite": 100}
# Where everything is one process, it must live long enough to do something.
_HOW: dict[str, Any] = {"postgresql": {}, "sqlite": {"pause_seconds": (4.0, 10.0)}}


def main() -> int:
    options = _options()
    databases = [options.database] if options.database else list(DATABASES)
    broken = 0
    for database in databases:
        seconds = options.seconds or options.events / _RATE[database]
        result = run(Plan(database, options.events, seconds, options.seed, **_HOW[database]))
        report(result)
        broken += bool(result.complaints)
    return 1 if broken else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.chaos")
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, help="over which they are sent (100 a second)")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--database", choices=DATABASES, help="one only (both, one by one)")
    return parser.parse_args()


def report(result: Result) -> None:
    plan = result.plan
    _say(f"chaos on {plan.database}: {plan.events} events, seed {plan.seed}")
    _say(f"  sent over       {plan.seconds:.0f} s")
    _say(f"  settled         {result.settled_after_seconds:.0f} s after that")
    _say(f"  killed          {_counts(result.kills)}")
    _say(
        f"  answers         {_counts({str(key or 'none'): n for key, n in result.answers.items()})}"
    )
    _say(f"  LINE failed     {_counts(result.faults)}")
    _say(f"  outcomes        {_counts(result.outcomes)}")
    _say(f"  looks           {_counts(result.looks)}")
    _say(f"  warnings        {_counts(result.warnings)}")
    _say(f"  ledger entries  {result.entries}")
    for complaint in result.complaints:
        _say(f"  BROKEN  {complaint}")
    held = "every promise held" if not result.complaints else "promises were broken"
    repeat = f"--database {plan.database} --events {plan.events} --seconds {plan.seconds:g}"
    _say(f"  {held} (again: python -m bench.chaos {repeat} --seed {plan.seed})\n")


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counts.items())) or "-"


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
