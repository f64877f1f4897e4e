"""Reads what LINE's own 'export chat' writes: phone and desktop, Thai and English.

The phone separates time, sender and text by tabs and puts texts of several lines in quotation
marks; the desktop separates them by spaces. Days stand on lines of their own. LINE documents none
of it, so what is not recognised belongs to the message above it, and nothing is dropped.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

_BUDDHIST = 543
_FIRST_BUDDHIST_YEAR = 2400
_HEAD_LINES = 6
_SAMPLE = 4000

_HEAD = re.compile(
    r"\ufeff?\[LINE\]|Saved on|Save date|บันทึก(?:แล้ว)?(?:เมื่อ|วันที่)|วันที่บันทึก", re.IGNORECASE
)
_WEEKDAY = (
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|(?:วัน)?(?:จันทร์|อังคาร|พุธ|พฤหัสบดี|พฤหัส|ศุกร์|เสาร์|อาทิตย์)"
    r"|(?:จ|อ|พ|พฤ|ศ|ส|อา)\.?)"
)
_DAY = re.compile(
    rf"\s*(?:{_WEEKDAY}[\s,.]*)?(?:ที่\s*)?"
    r"(?:(?P<year>\d{4})[./-](?P<month>\d{1,2})[./-](?P<day>\d{1,2})"
    r"|(?P<first>\d{1,2})[./-](?P<second>\d{1,2})[./-](?P<last>\d{4}))"
    rf"[\s,]*\(?(?:{_WEEKDAY})?\)?\s*",
    re.IGNORECASE,
)
_TIME = (
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?::\d{2})?(?:\s?(?P<half>[AaPp]\.?[Mm]\.?)|\s?น\.)?"
)
_ON_PHONE = re.compile(rf"{_TIME}\t(?:(?P<sender>[^\t]*)\t)?(?P<text>.*)", re.DOTALL)
_ON_DESKTOP = re.compile(rf"{_TIME} (?P<rest>\S.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Said:
    """One message of an exported chat. `line` is where it begins in the file."""

    line: int
    at: datetime | None
    sender: str
    text: str


def read_chat(lines: Iterable[str]) -> Iterator[Said]:
    """Messages in order of the file. Lines are read once, however long the history is."""
    numbered = enumerate((line.rstrip("\r\n") for line in lines), 1)
    sample = [row for row, _ in zip(numbered, range(_SAMPLE), strict=False)]
    senders = _senders(line for _, line in sample)
    day: date | None = None
    open_message: _Open | None = None
    for number, line in (*sample, *()):
        day, open_message, done = _step(number, line, day, open_message, senders)
        if done is not None:
            yield done
    for number, line in numbered:
        day, open_message, done = _step(number, line, day, open_message, senders)
        if done is not None:
            yield done
    if open_message is not None:
        yield open_message.closed()


@dataclass(slots=True)
class _Open:
    """A message whose end is not known before the next one begins."""

    line: int
    at: datetime | None
    sender: str
    texts: list[str]

    def closed(self) -> Said:
        text = "\n".join(self.texts).rstrip("\n")
        if len(self.texts) > 1 and text.startswith('"') and text.endswith('"'):
            text = text[1:-1].replace('""', '"')
        return Said(self.line, self.at, self.sender, text)


def _step(
    number: int, line: str, day: date | None, message: _Open | None, senders: list[str]
) -> tuple[date | None, _Open | None, Said | None]:
    if number <= _HEAD_LINES and _HEAD.match(line):
        return day, message, None
    new_day = _day(line)
    if new_day is not None:
        return new_day, None, message.closed() if message else None
    begun = _begun(number, line, day, senders)
    if begun is not None:
        return day, begun, message.closed() if message else None
    if message is not None:
        message.texts.append(line)
    return day, message, None


def _day(line: str) -> date | None:
    match = _DAY.fullmatch(line)
    if match is None:
        return None
    if match["year"]:
        return _date(int(match["year"]), int(match["month"]), int(match["day"]))
    first, second, year = int(match["first"]), int(match["second"]), int(match["last"])
    # Thai writes the day first, American English the month; what cannot be a month is the day.
    return _date(year, second, first) or _date(year, first, second)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year - _BUDDHIST if year >= _FIRST_BUDDHIST_YEAR else year, month, day)
    except ValueError:
        return None


def _begun(number: int, line: str, day: date | None, senders: list[str]) -> _Open | None:
    match = _ON_PHONE.fullmatch(line)
    if match is not None:
        return _Open(number, _moment(day, match), match["sender"] or "", [match["text"]])
    match = _ON_DESKTOP.fullmatch(line)
    moment = None if match is None else _moment(day, match)
    if match is None or moment is None:
        return None
    sender, text = _split(match["rest"], senders)
    return _Open(number, moment, sender, [text])


def _moment(day: date | None, match: re.Match[str]) -> datetime | None:
    hour, minute = int(match["hour"]), int(match["minute"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"][0] in "Pp" else 0)
    if day is None or hour > 23 or minute > 59:  # noqa: PLR2004 - hours and minutes of a day
        return None
    # The export knows no zone; all of one file are in the same one.
    return datetime.combine(day, time(hour, minute))


def _split(rest: str, senders: list[str]) -> tuple[str, str]:
    for sender in senders:
        if rest.startswith(sender + " "):
            return sender, rest[len(sender) + 1 :]
    sender, _, text = rest.partition(" ")
    return sender, text


def _senders(lines: Iterable[str]) -> list[str]:
    """On the desktop a name may hold spaces: words that always follow each other are one name."""
    starts: Counter[tuple[str, ...]] = Counter()
    for line in lines:
        match = _ON_DESKTOP.fullmatch(line)
        if match is not None:
            words = match["rest"].split(" ")[:5]
            starts.update(tuple(words[: i + 1]) for i in range(len(words) - 1))
    names = {words for words in starts if len(words) > 1 and _is_name(words, starts)}
    return sorted((" ".join(words) for words in names), key=len, reverse=True)


def _is_name(words: tuple[str, ...], starts: Counter[tuple[str, ...]]) -> bool:
    often = starts[words]
    return often > 1 and all(starts[words[: i + 1]] == often for i in range(len(words)))
