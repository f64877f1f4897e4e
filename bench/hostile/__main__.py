"""`python -m bench.hostile`: 500 hostile files through the looker of the product."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.hostile.run import Result, run
from bench.machine import described
from bench.tables import Figure, print_table
from bot import log
from bot.cli.progress import Bar
from bot.seeing.isolated import EYES, IsolatedLooker
from bot.seeing.limits import Limits


def main() -> int:
    options = _options()
    log.set_up("ERROR")
    limits = Limits(seconds=options.seconds)
    print(described(), flush=True)
    print(f"{options.count} files, seed {options.seed}, {limits.seconds:.0f} s for each")
    with (
        TemporaryDirectory() as folder,
        closing(IsolatedLooker(limits, eyes=options.eyes)) as looker,
    ):
        files = _made(Path(folder), options.count, options.seed)
        result = run(looker, _with_progress(files), (Path(folder) / "good").read_bytes())
    _print(result, len(files), limits)
    is_fine = not result.raised and result.on_record == len(files) and result.sees_afterwards
    return 0 if is_fine else 1


@dataclass(frozen=True)
class _OnDisk:
    what: str
    name: str
    make: Callable[[], bytes]


def _made(folder: Path, count: int, seed: int) -> list[_OnDisk]:
    maker: list[str | Path] = [
        sys.executable,
        "-m",
        "bench.hostile.files",
        folder,
        str(count),
        str(seed),
    ]
    subprocess.run(maker, check=True)
    names = json.loads((folder / "list.json").read_text(encoding="ascii"))
    return [
        _OnDisk(one["what"], one["name"], (folder / f"{i:04}").read_bytes)
        for i, one in enumerate(names)
    ]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.hostile")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--seconds", type=int, default=20, help="for each file")
    parser.add_argument("--eyes", default=EYES, help="module:class of the eyes")
    return parser.parse_args()


def _with_progress(files: list[_OnDisk]) -> Iterator[_OnDisk]:
    if not sys.stderr.isatty():
        yield from files
        return
    bar = Bar(sys.stderr.write)
    for done, file in enumerate(files):
        bar.show(done / len(files), file.what[:40])
        yield file
    bar.clear()


def _print(result: Result, count: int, limits: Limits) -> None:
    slowest, what = result.slowest
    # Between two looks at it the process may take a little more, up to what it may set aside.
    most_mb = limits.memory_mb * 1.5
    figures = [
        Figure("with a Look on record", result.on_record, f"of {count}", f"≥ {count}"),
        Figure("raised to the worker", len(result.raised), "", "≤ 0"),
        Figure("worker, RSS at the end over its first half", result.parent_growth_mb, "MB", "≤ 5"),
        Figure("worker, RSS after the first file", result.parent_mb[0], "MB"),
        Figure("worker, RSS at the most", max(result.parent_mb), "MB"),
        Figure("worker, RSS at the end", result.parent_mb[-1], "MB"),
        Figure(
            "largest process that looked, RSS",
            result.child_mb,
            "MB",
            f"≤ {most_mb:.0f}",
        ),
        Figure("processes started", result.children, ""),
        Figure(f"slowest ({what})", slowest, "s", f"≤ {limits.seconds + 5:.0f}"),
        Figure("all of them", result.seconds, "s"),
    ]
    print_table("Hostile files", figures)
    print("\n| Outcome | Files |\n| --- | ---: |")
    for words, number in result.outcomes.most_common():
        print(f"| {words} | {number} |")
    for raised in result.raised:
        print(f"raised: {raised}")


if __name__ == "__main__":
    sys.exit(main())
