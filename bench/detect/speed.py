"""How quick readers are, on the same texts in the same run: only ratios travel between machines."""

from __future__ import annotations

import random
import statistics
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import process_time

from bench.detect.accuracy import SpanFinder

_TALK = Path(__file__).parent / "talk.txt"
_ROUNDS = 5
_SHORT = 40
_REPEATS = 200
_SMALL, _LARGE = 500, 50_000
# Letters, labels and signs repeated without end: what a pattern that backtracks would choke on.
ADVERSARIAL = (
    *(
        "1",
        "1-",
        "1 ",
        "12 3-",
        "HN ",
        "HN 6500 ",
        "hn\n",
        "HN 6500123, ",
        "เลขบัตร 1-",
        "O",
        "PID|1||",
    ),
    *("0812345678 ", "คนไข้ 0812345678 ", "ญาติ หมอ 0812345678 ", "hn,a\n1,2\n", "passport "),
    *("บ้าน", "ซอย", "ม.1 ", "1/2 ม.3 ", "ทะเบียน กก ", "เกิด 1 ", "ตัวอย่าง 1281046451274 ", "ศูนย์"),
    *("a@", "a.b@c.d ", "@abcd ", "ไลน์ของ", "เฟส A ", "นายสมชาย ", "คุณ", "นาย ก ", "สมชาย ใจดี "),
    *("ไลน์ a b ", "ไลน์ เอ บี ", "ไอดี 1 2 ", "Ana K. ", "สมชาย, วิไล, ", "ยายมี ", "ม.1 หนองบัว "),
    *("John Smith ", "ก", "กก ", "(((", "____", "่", "เเ", "\u200b", "😀"),
)


def throughput(texts: Sequence[str], finders: dict[str, SpanFinder]) -> dict[str, float]:
    """Messages a second of each reader; they take turns, and each one's best round counts.

    Ours keeps what it learnt of words, which in rounds over the same messages would be worth more
    than in life: so before each round it forgets, and whoever comes first meets them anew.
    """
    best = dict.fromkeys(finders, float("inf"))
    for _ in range(_ROUNDS):
        forget_words()
        for name, find in finders.items():
            best[name] = min(best[name], _seconds(partial(_read_all, find, texts)))
    return {name: len(texts) / seconds for name, seconds in best.items()}


def forget_words() -> None:
    """Empties what the detectors keep of words; lists and the automaton, read once, stay."""
    for name, module in [*sys.modules.items()]:
        if name.startswith("bot.detectors"):
            for kept in vars(module).values():
                if hasattr(kept, "cache_parameters") and kept.cache_parameters()["maxsize"]:
                    kept.cache_clear()


def _read_all(find: SpanFinder, texts: Sequence[str]) -> None:
    for text in texts:
        find(text)


def talk() -> list[str]:
    return [line for line in _TALK.read_text(encoding="utf-8").splitlines() if line]


def chat_like(messages: Sequence[str], size: int = 1000) -> list[str]:
    """Of a hundred messages ninety-five are short ordinary talk."""
    chance = random.Random(7)
    ordinary = talk()
    return [
        chance.choice(messages) if i % 20 == 0 else chance.choice(ordinary) for i in range(size)
    ]


def microseconds_of_short_talk(find: SpanFinder) -> float:
    """The median over messages of up to 40 characters without a digit."""
    short = [line for line in talk() if len(line) <= _SHORT and not any(map(str.isdigit, line))]
    return statistics.median(_each(find, text) for text in short)


def _each(find: SpanFinder, text: str) -> float:
    rounds = (
        _seconds(lambda: [find(text) for _ in range(_REPEATS)]) / _REPEATS for _ in range(_ROUNDS)
    )
    return min(rounds) * 1e6


def growth(find: SpanFinder) -> tuple[float, str]:
    """The worst of: cost a character of 50,000 characters over that of 500."""
    ratios = {piece: _growth(find, piece) for piece in ADVERSARIAL}
    worst = max(ratios, key=lambda piece: ratios[piece])
    return ratios[worst], worst


def _growth(find: SpanFinder, piece: str) -> float:
    small, large = (piece * (size // len(piece) + 1) for size in (_SMALL, _LARGE))
    for_small = min(_seconds(lambda: find(small[:_SMALL])) for _ in range(7))
    for_large = min(_seconds(lambda: find(large[:_LARGE])) for _ in range(2))
    return (for_large / _LARGE) / (for_small / _SMALL)


def _seconds(act: Callable[[], object]) -> float:
    start = process_time()
    act()
    return process_time() - start
