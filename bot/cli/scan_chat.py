"""`scan-chat`: audits a chat history that was exported from LINE."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.bootstrap import text_reader
from bot.cli.common import table
from bot.cli.exported import Said, read_chat
from bot.cli.progress import Bar
from bot.cli.scan import opened
from bot.detectors.mask import excerpt
from bot.domain.findings import Assessment
from bot.interchange.cells import harmless
from bot.ports import TextContext, TextReader
from bot.settings import load_hn_formats

# The export gives minutes, not seconds: two minutes apart may be anything from one to three.
_WINDOW = timedelta(minutes=2)
_LONG_FILE_BYTES = 500_000
_EVERY = 200
_HEADS = ("line", "time", "sender", "labels", "reasons", "masked")


@dataclass(frozen=True, slots=True)
class Flagged:
    """A message in which something was found, masked."""

    line: int
    at: datetime | None
    sender: str
    labels: tuple[str, ...]
    reasons: tuple[str, ...]
    masked: str

    @property
    def time(self) -> str:
        return self.at.strftime("%Y-%m-%d %H:%M") if self.at else ""


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    parser = commands.add_parser(
        "scan-chat",
        help="audit a chat history exported from LINE (.txt)",
        description="Reads the .txt that LINE's 'export chat' writes, on a phone or a desktop, in "
        "Thai or English, and shows where patients are identified. Nothing is stored.",
    )
    parser.add_argument("file", help="the exported .txt; '-' for standard input")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--csv", action="store_true", help="findings as CSV instead of tables")
    how.add_argument("--json", action="store_true", help="findings as JSON lines instead of tables")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    with opened(options.file) as lines:
        audit = Audit(text_reader(load_hn_formats()))
        flagged = audit.flagged(read_chat(_with_progress(lines, options.file)))
        if options.csv:
            _write_csv(flagged)
        elif options.json:
            _write_json(flagged)
        else:
            _write_tables(list(flagged), audit)
    return 0


class Audit:
    """Reads messages in order, each with what its sender wrote in the two minutes before."""

    def __init__(self, reader: TextReader) -> None:
        self._reader = reader
        self._recent: dict[str, deque[Said]] = {}
        self.messages = 0
        self.first: datetime | None = None
        self.last: datetime | None = None

    def flagged(self, chat: Iterable[Said]) -> Iterator[Flagged]:
        for said in chat:
            assessment = self._assess(said)
            self._note(said)
            if assessment.is_flagged:
                yield _flagged(said, assessment)

    def _assess(self, said: Said) -> Assessment:
        recent = self._recent.setdefault(said.sender, deque(maxlen=20))
        while recent and not _is_within(recent[0], said):
            recent.popleft()
        earlier = tuple(one.text for one in recent)
        recent.append(said)
        names = tuple(self._recent)
        return self._reader.assess(said.text, TextContext(earlier, (), names))

    def _note(self, said: Said) -> None:
        self.messages += 1
        self.first = self.first or said.at
        self.last = said.at or self.last


def _is_within(earlier: Said, said: Said) -> bool:
    return earlier.at is not None and said.at is not None and said.at - earlier.at <= _WINDOW


def _flagged(said: Said, assessment: Assessment) -> Flagged:
    findings = assessment.findings
    return Flagged(
        said.line,
        said.at,
        said.sender,
        tuple(map(str, assessment.labels)),
        tuple(dict.fromkeys(finding.reason for finding in findings)),
        excerpt(said.text, findings).replace("\n", " ⏎ "),
    )


def _write_tables(flagged: list[Flagged], audit: Audit) -> None:
    by_label = Counter(label for one in flagged for label in one.labels)
    period = " – ".join(f"{at:%Y-%m-%d}" for at in (audit.first, audit.last) if at)
    rows = [("messages read", str(audit.messages)), ("period", period)]
    rows += [("messages that identify a patient", str(len(flagged)))]
    rows += [(f"with {label}", str(count)) for label, count in by_label.most_common()]
    print(table(("what", "how many"), rows))
    if flagged:
        cells = [(str(f.line), f.time, ", ".join(f.labels), f.masked) for f in flagged]
        print(table(("line", "time", "labels", "masked"), cells))


def _write_csv(flagged: Iterable[Flagged]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(_HEADS)
    for f in flagged:
        cells = (f.line, f.time, f.sender, " ".join(f.labels), "; ".join(f.reasons), f.masked)
        writer.writerow([harmless(c) if isinstance(c, str) else c for c in cells])


def _write_json(flagged: Iterable[Flagged]) -> None:
    for f in flagged:
        cells = (f.line, f.time, f.sender, f.labels, f.reasons, f.masked)
        print(json.dumps(dict(zip(_HEADS, cells, strict=True)), ensure_ascii=False))


# --- progress -------------------------------------------------------------------------------


def _with_progress(lines: Iterable[str], file: str) -> Iterator[str]:
    """A bar on the terminal while a long file is read; nothing in a pipe."""
    size = Path(file).stat().st_size if file != "-" else 0
    if size < _LONG_FILE_BYTES or not sys.stderr.isatty():
        return iter(lines)
    return _counted(lines, size, Bar(sys.stderr.write))


def _counted(lines: Iterable[str], size: int, bar: Bar) -> Iterator[str]:
    done = 0
    for number, line in enumerate(lines):
        done += len(line.encode("utf-8", "replace"))
        if number % _EVERY == 0:
            bar.show(done / size)
        yield line
    bar.clear()
