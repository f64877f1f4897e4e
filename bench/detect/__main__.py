"""`make bench-detect`: accuracy of three readers in one table, speed in another."""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
from pathlib import Path

from bench.detect import speed
from bench.detect.accuracy import (
    Message,
    Score,
    SpanFinder,
    read_messages,
    score_messages,
    score_threads,
    share,
    spans_of,
)
from bench.detect.rivals import (
    presidio,
    presidio_in_both,
    presidio_without_words,
    pythainlp_baseline,
)
from bot.detectors.engine import DetectingReader

ROOT = Path(__file__).parents[2]
# The open set comes first, where it lies beside the repository: speed is measured on its mix.
OPEN = ROOT.parent / "shared/corpus"
SETS = (
    *("", "blind_a", "blind_b", "blind_za", "blind_zb"),
    *(f"set_{letter}" for letter in "cdefghijkmnopqrstuvwxyz"),
)
HELD_OUT = [ROOT / "tests/corpus" / name for name in SETS]
MESSAGES = [OPEN / "dev.messages.jsonl", *(folder / "messages.jsonl" for folder in HELD_OUT)]
THREADS = [OPEN / "dev.threads.jsonl", *(folder / "threads.jsonl" for folder in HELD_OUT)]
# Machines are shared: of so many starts the quickest counts.
_STARTS = 5
_START_UP = """
import time

def resident_kilobytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))

before, start = resident_kilobytes(), time.perf_counter()
from bot.detectors.engine import DetectingReader
from bot.ports import TextContext
DetectingReader().assess("นายสมชาย ใจดี HN 650012345 เตียง 4", TextContext())
print(time.perf_counter() - start, (resident_kilobytes() - before) / 1024)
"""


def main() -> None:
    options = _options()
    reader = DetectingReader()
    finders = {
        "WongRaksa": spans_of(reader),
        "Presidio": presidio(),
        "Presidio, Thai and English": presidio_in_both(),
        "PyThaiNLP + regex": pythainlp_baseline(),
    }
    corpora = {_name_of(path): read_messages(path) for path in options.messages}
    for name, messages in corpora.items():
        _print_accuracy(name, messages, finders)
        _print_labels(score_messages(messages, finders["WongRaksa"]))
    for path in options.threads:
        right, total, _ = score_threads(path, reader)
        print(f"\nThreads of {_name_of(path)}: {right} of {total} messages right", end=" ")
        print(f"({share(right, total):.3f})")
    _print_speed(next(iter(corpora.values())), finders)


def _name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.detect", description=__doc__)
    parser.add_argument("--messages", type=Path, action="append", help="labelled messages")
    parser.add_argument("--threads", type=Path, action="append", help="labelled threads")
    options = parser.parse_args()
    options.messages = options.messages or [path for path in MESSAGES if path.exists()]
    options.threads = options.threads or [path for path in THREADS if path.exists()]
    return options


def _print_accuracy(name: str, messages: list[Message], finders: dict[str, SpanFinder]) -> None:
    print(f"\n### {name}: {len(messages)} messages\n")
    print("| Reader | message recall | precision | character recall | precision |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for reader, find in finders.items():
        score = score_messages(messages, find)
        figures = (score.recall, score.precision, score.span_recall, score.span_precision)
        print(f"| {reader} | " + " | ".join(f"{figure:.3f}" for figure in figures) + " |")


def _print_labels(score: Score) -> None:
    print("\n| Label | characters | found |\n| --- | ---: | ---: |")
    for label, gold in sorted(score.gold_by_label.items()):
        print(f"| {label} | {gold} | {share(gold - score.missed_by_label[label], gold):.3f} |")


def _print_speed(messages: list[Message], finders: dict[str, SpanFinder]) -> None:
    texts = [message.text for message in messages]
    ours = finders["WongRaksa"]
    readers = {
        "WongRaksa": ours,
        "WongRaksa, words met before": ours,
        **finders,
        "Presidio, without words": presidio_without_words(),
    }
    print("\n| Speed, one core | messages/s | times Presidio | target |")
    print("| --- | ---: | ---: | ---: |")
    for what, mix, target in (
        ("labelled mix", texts, "≥ 10"),
        ("chat-like mix", speed.chat_like(texts), "≥ 40"),
    ):
        rates = speed.throughput(mix, readers)
        for name, rate in rates.items():
            wanted = target if name == "WongRaksa" else ""
            print(f"| {name}, {what} | {rate:,.0f} | {rate / rates['Presidio']:.1f} | {wanted} |")
    _print_rest(ours)


def _print_rest(find: SpanFinder) -> None:
    ratio, worst = speed.growth(find)
    seconds, megabytes = _start_up()
    print("\n| WongRaksa alone | measured | target |\n| --- | ---: | ---: |")
    print(f"| short talk, median | {speed.microseconds_of_short_talk(find):.0f} µs | ≤ 50 µs |")
    print(f"| a character of 50,000 over one of 500 ({worst!r}) | {ratio:.1f} | ≤ 3 |")
    print(f"| start-up | {seconds:.2f} s | ≤ 1 s |")
    print(f"| memory on top of Python | {megabytes:.0f} MB | ≤ 150 MB |")


def _start_up() -> tuple[float, float]:
    runs = [_one_start() for _ in range(_STARTS)]
    return min(seconds for seconds, _ in runs), max(megabytes for _, megabytes in runs)


def _one_start() -> tuple[float, float]:
    command = [sys.executable, "-c", _START_UP]
    output = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    seconds, megabytes = map(float, output.stdout.split())
    return seconds, megabytes


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)  # Presidio's URL recogniser looks for a list on the network.
    main()
