"""`python -m bench.images`: how well the eyes see drawn pictures, and what that costs."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from statistics import median

from bench.images.pictures import TEXT_RICH, TEXTLESS, Drawn, Wanted, all_pictures
from bench.images.readers import NAMES, PLAIN, Answer, answer, prepare
from bench.machine import described
from bench.tables import Figure, print_table
from bot.cli.progress import Bar
from bot.seeing.eyes import models

# Numbers that change while somebody tunes are worth nothing: these seeds are only measured.
_SEEDS = (101, 102)


@dataclass(frozen=True)
class Row:
    drawn: Drawn
    answer: Answer

    @property
    def is_right(self) -> bool:
        return self.answer.outcome is self.drawn.wanted

    @property
    def is_false_alarm(self) -> bool:
        """Said of a picture that holds no identifier, or asked about one with nothing in it."""
        said = self.answer.outcome
        return said is not Wanted.NONE and not self.is_right


def main() -> int:
    options = _options()
    pictures = list(all_pictures(options.seeds))
    print(described(), flush=True)
    print(f"{len(pictures)} pictures, seeds {' '.join(map(str, options.seeds))}")
    results = {name: _measured(name, pictures) for name in _readers(options)}
    ours = results[NAMES[0]]
    _print_kinds(results)
    for name, rows in results.items():
        print_table(name, _figures(rows, is_ours=rows is ours))
    if options.misses:
        _print_misses(ours)
    return 0 if all(figure.is_met for figure in _figures(ours, is_ours=True)) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.images", description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=_SEEDS)
    parser.add_argument("--alone", action="store_true", help="without the comparison")
    parser.add_argument("--misses", action="store_true", help="name what was seen wrongly")
    return parser.parse_args()


def _readers(options: argparse.Namespace) -> Sequence[str]:
    if options.alone:
        return NAMES[:1]
    if not (models.thai_data() / "eng.traineddata").exists():
        print(f"{PLAIN} is left out: it needs tesseract-ocr-eng")
        return NAMES[:1]
    return NAMES


def _measured(name: str, pictures: Sequence[Drawn]) -> list[Row]:
    """In a process of its own, so that its memory is its own."""
    spawn = multiprocessing.get_context("spawn")
    bar = Bar(sys.stderr.write) if sys.stderr.isatty() else None
    rows = []
    with ProcessPoolExecutor(1, spawn, prepare, (name,)) as pool:
        for number, drawn in enumerate(pictures):
            if bar is not None:
                bar.show(number / len(pictures), name)
            rows.append(Row(drawn, pool.submit(answer, name, drawn.content).result()))
    if bar is not None:
        bar.clear()
    return rows


def _figures(rows: Sequence[Row], *, is_ours: bool) -> list[Figure]:
    identifying = [row for row in rows if row.drawn.wanted is Wanted.IDENTIFIERS]
    harmless = [row for row in rows if row.drawn.wanted is Wanted.NONE]
    rich = _seconds(row for row in identifying if _is_rich(row.drawn))
    empty = _seconds(row for row in rows if row.drawn.kind in TEXTLESS)
    targets = ("≥ 0.97", "≤ 0", "≤ 3", "≤ 1", "≤ 1500") if is_ours else ("",) * 5
    figures = [
        Figure("identifying pictures found", _share(identifying), "", targets[0]),
        Figure("numbers read to the last digit", _numbers_read(identifying), ""),
        Figure(
            "harmless pictures flagged", sum(r.is_false_alarm for r in harmless), "", targets[1]
        ),
        Figure("harmless pictures", len(harmless), ""),
        Figure("text-rich photo, median", median(rich), "s", targets[2]),
        Figure("text-rich photo, slowest", max(rich), "s"),
        Figure("picture without text, median", median(empty), "s", targets[3]),
        Figure("memory at most", max(row.answer.memory_mb for row in rows), "MB", targets[4]),
    ]
    for wanted in (Wanted.MEDICAL, Wanted.FACE) if is_ours else ():
        some = [row for row in rows if row.drawn.wanted is wanted]
        figures.append(Figure(f"{wanted} pictures asked about", _share(some), ""))
    return figures


def _is_rich(drawn: Drawn) -> bool:
    return drawn.kind in TEXT_RICH and drawn.way == "photo"


def _seconds(rows: Iterable[Row]) -> list[float]:
    return [row.answer.seconds for row in rows]


def _share(rows: Sequence[Row]) -> float:
    return sum(row.is_right for row in rows) / len(rows)


def _numbers_read(rows: Sequence[Row]) -> float:
    printed = sum(len(row.drawn.numbers) for row in rows)
    return sum(len(row.drawn.numbers & row.answer.numbers) for row in rows) / printed


def _print_kinds(results: dict[str, list[Row]]) -> None:
    right: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    of: Counter[tuple[str, str]] = Counter()
    for name, rows in results.items():
        for row in rows:
            key = (row.drawn.kind, row.drawn.way)
            right[name][key] += row.is_right
            of[key] += 1
    kinds = {row.drawn.kind: row.drawn.wanted for row in results[NAMES[0]]}
    ways = [(name, way) for name in results for way in ("screenshot", "photo")]
    print("\n| Kind | wanted |", " | ".join(f"{name}, {way}" for name, way in ways), "|")
    print("| --- | --- |", " | ".join("---:" for _ in ways), "|")
    for kind, wanted in kinds.items():
        counts = (f"{right[name][kind, way]}/{_each(of, results, kind, way)}" for name, way in ways)
        print(f"| {kind.replace('_', ' ')} | {wanted} |", " | ".join(counts), "|")


def _each(of: Counter[tuple[str, str]], results: dict[str, list[Row]], kind: str, way: str) -> int:
    return of[kind, way] // len(results)


def _print_misses(rows: Sequence[Row]) -> None:
    print()
    for row in rows:
        drawn = row.drawn
        unread = sorted(drawn.numbers - row.answer.numbers)
        if not row.is_right or unread:
            print(drawn.kind, drawn.way, row.answer.outcome, *unread)


if __name__ == "__main__":
    raise SystemExit(main())
