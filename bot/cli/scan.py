"""`scan`: reads texts, one a line, and says what in them identifies a patient."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from bot.bootstrap import text_reader
from bot.cli.common import json_line
from bot.detectors.mask import masked
from bot.domain.findings import Finding
from bot.errors import UsageError
from bot.ports import TextContext, TextReader
from bot.settings import load_hn_formats

WINDOW_SECONDS = 120


class MalformedLineError(ValueError):
    """A line that is not what the command reads. Says what is wrong, never what stands there."""


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    parser = commands.add_parser(
        "scan",
        help="find patient data in texts (JSON lines in, JSON lines out)",
        description="Reads JSON lines with 'id' and 'text' (and 'mentions', where there are any) "
        "and writes one JSON line for each: 'id', 'flag', 'spans' and 'masked'.",
    )
    parser.add_argument("file", nargs="?", help="the file to read; standard input without it")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--threads", action="store_true", help="each line is a thread: id, messages")
    how.add_argument("--plain", action="store_true", help="each line is a text, not JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    reader = text_reader(load_hn_formats())
    answer = _plain if options.plain else _thread if options.threads else _message
    with opened(options.file) as lines:
        return _answer_all(lines, lambda line, number: answer(line, number, reader))


@contextmanager
def opened(file: str | None) -> Iterator[TextIO]:
    """Bytes that are no UTF-8 become a sign for it: one bad byte does not end an audit."""
    if file is None or file == "-":
        yield open(  # noqa: SIM115 - standard input stays open
            sys.stdin.fileno(), encoding="utf-8-sig", errors="replace", closefd=False
        )
        return
    try:
        with Path(file).open(encoding="utf-8-sig", errors="replace", newline="\n") as lines:
            yield lines
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror})") from None


def _answer_all(lines: Iterable[str], answer: Any) -> int:  # noqa: ANN401 - one of three functions
    code = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            said = answer(line.rstrip("\r\n"), number)
        except MalformedLineError as error:
            sys.stderr.write(f"line {number}: {error}\n")
            code = 1
        else:
            sys.stdout.write(json_line(said))
    return code


def _plain(line: str, number: int, reader: TextReader) -> dict[str, object]:
    return _found(str(number), line, TextContext(), reader)


def _message(line: str, _number: int, reader: TextReader) -> dict[str, object]:
    row = _object(line)
    text = _text(row)
    return _found(row.get("id"), text, TextContext(mentions=_mentions(row)), reader)


def _found(name: object, text: str, context: TextContext, reader: TextReader) -> dict[str, object]:
    findings = reader.assess(text, context).findings
    return {
        "id": name,
        "flag": bool(findings),
        "spans": [_span(finding) for finding in findings],
        "masked": masked(text, findings),
    }


def _span(finding: Finding) -> dict[str, object]:
    return {
        "start": finding.start,
        "end": finding.end,
        "label": str(finding.label),
        "reason": finding.reason,
    }


def _thread(line: str, _number: int, reader: TextReader) -> dict[str, object]:
    row = _object(line)
    messages = row.get("messages")
    if not isinstance(messages, list) or not all(isinstance(m, dict) for m in messages):
        raise MalformedLineError("'messages' is not a list of objects")
    said = [(m.get("sender"), _seconds(m), _text(m)) for m in messages]
    flags = [reader.assess(said[i][2], _before(said, i)).is_flagged for i in range(len(said))]
    return {"id": row.get("id"), "flags": flags}


def _before(said: list[tuple[object, float, str]], i: int) -> TextContext:
    """What the same sender wrote within two minutes before; exactly two minutes count."""
    sender, at, _text_of_this = said[i]
    return TextContext(
        tuple(
            text
            for who, when, text in said[:i]
            if who == sender and 0 <= at - when <= WINDOW_SECONDS
        )
    )


def _object(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise MalformedLineError("is not JSON") from None
    if not isinstance(row, dict):
        raise MalformedLineError("is not a JSON object")
    return row


def _text(row: dict[str, Any]) -> str:
    text = row.get("text")
    if not isinstance(text, str):
        raise MalformedLineError("'text' is missing or is not a string")
    return text


def _seconds(message: dict[str, Any]) -> float:
    at = message.get("at", 0)
    if isinstance(at, bool) or not isinstance(at, int | float):
        raise MalformedLineError("'at' is not a number of seconds")
    return at


def _mentions(row: dict[str, Any]) -> tuple[tuple[int, int], ...]:
    """[{'start': 0, 'end': 5}], or with 'index' and 'length' as LINE says it."""
    mentions = row.get("mentions") or []
    if not isinstance(mentions, list):
        raise MalformedLineError("'mentions' is not a list")
    return tuple(_mention(mention) for mention in mentions)


def _mention(mention: object) -> tuple[int, int]:
    match mention:
        case {"start": int(start), "end": int(end)}:
            return start, end
        case {"index": int(index), "length": int(length)}:
            return index, index + length
        case [int(start), int(end)]:
            return start, end
    raise MalformedLineError("a mention has no 'start' and 'end'")
