"""How right a reader is on a labelled corpus: messages, characters of spans, threads."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.domain.findings import Finding
from bot.ports import TextContext, TextReader

WINDOW_SECONDS = 120
Span = tuple[int, int, str]
# What is measured: a text in, its spans out. A reader without spans for a text does not flag it.
SpanFinder = Callable[[str], list[Span]]


@dataclass(frozen=True, slots=True)
class Message:
    """One labelled message of a corpus."""

    id: str
    text: str
    flag: bool
    spans: tuple[Span, ...]
    kind: str


@dataclass(slots=True)
class Score:
    """Counts; the shares are worked out when asked for."""

    right_flags: int = 0
    false_flags: int = 0
    missed_flags: int = 0
    right_characters: int = 0
    false_characters: int = 0
    missed_characters: int = 0
    false_ids: list[str] = field(default_factory=list)
    missed_ids: list[str] = field(default_factory=list)
    missed_by_label: Counter[str] = field(default_factory=Counter)
    gold_by_label: Counter[str] = field(default_factory=Counter)

    @property
    def recall(self) -> float:
        return share(self.right_flags, self.right_flags + self.missed_flags)

    @property
    def precision(self) -> float:
        return share(self.right_flags, self.right_flags + self.false_flags)

    @property
    def span_recall(self) -> float:
        return share(self.right_characters, self.right_characters + self.missed_characters)

    @property
    def span_precision(self) -> float:
        return share(self.right_characters, self.right_characters + self.false_characters)


def share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def read_messages(path: Path) -> list[Message]:
    return [
        Message(
            row["id"],
            row["text"],
            row["flag"],
            tuple((span["start"], span["end"], span["label"]) for span in row["spans"]),
            row.get("kind", ""),
        )
        for row in read_lines(path)
    ]


def spans_of(reader: TextReader) -> SpanFinder:
    def find(text: str) -> list[Span]:
        findings: Iterable[Finding] = reader.assess(text, TextContext()).findings
        return [(finding.start, finding.end, finding.label) for finding in findings]

    return find


def score_messages(messages: Iterable[Message], find: SpanFinder) -> Score:
    score = Score()
    for message in messages:
        _count(message, find(message.text), score)
    return score


def _count(message: Message, found: list[Span], score: Score) -> None:
    if found and message.flag:
        score.right_flags += 1
    elif found:
        score.false_flags += 1
        score.false_ids.append(message.id)
    elif message.flag:
        score.missed_flags += 1
        score.missed_ids.append(message.id)
    gold, ours = _characters(message.spans), _characters(found)
    score.right_characters += len(gold & ours)
    score.false_characters += len(ours - gold)
    score.missed_characters += len(gold - ours)
    for start, end, label in message.spans:
        score.gold_by_label[label] += end - start
        score.missed_by_label[label] += end - start - len(ours.intersection(range(start, end)))


def _characters(spans: Iterable[Span]) -> set[int]:
    return {i for start, end, _label in spans for i in range(start, end)}


def score_threads(path: Path, reader: TextReader) -> tuple[int, int, list[str]]:
    """Messages right, messages in all, ids of threads with a wrong one."""
    right, total, wrong = 0, 0, []
    for thread in read_lines(path):
        flags = thread_flags(thread["messages"], reader)
        hits = sum(
            flag == message["flag"] for flag, message in zip(flags, thread["messages"], strict=True)
        )
        right, total = right + hits, total + len(flags)
        if hits < len(flags):
            wrong.append(thread["id"])
    return right, total, wrong


def thread_flags(messages: list[dict[str, Any]], reader: TextReader) -> list[bool]:
    return [
        reader.assess(message["text"], TextContext(tuple(_earlier(messages, i)))).is_flagged
        for i, message in enumerate(messages)
    ]


def _earlier(messages: list[dict[str, Any]], i: int) -> Iterator[str]:
    this = messages[i]
    for message in messages[:i]:
        is_same = message["sender"] == this["sender"]
        if is_same and this["at"] - message["at"] <= WINDOW_SECONDS:
            yield message["text"]
