"""Holds the records of a breach against the ledger, figure by figure. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.domain.breaches import Breach
from bot.domain.dossier import Agreement, CaseFile, CheckedEntry, CheckedLedger, Line
from bot.domain.incidents import Standing
from bot.domain.times import from_milliseconds, thai_date_time, to_milliseconds
from bot.ledger.entry import EntryKind

_NOTHING = "-"


def figures(case: CaseFile | None, breach: Breach, ledger: CheckedLedger) -> tuple[Line, ...]:
    """Every figure of the dossier that the ledger can speak of."""
    of_case = () if case is None else tuple(_of_case(case, ledger))
    return of_case + tuple(_of_breach(breach, ledger))


def do_all_agree(lines: Iterable[Line]) -> bool:
    return all(line.agreement is Agreement.AGREES for line in lines)


def _of_case(case: CaseFile, ledger: CheckedLedger) -> Iterator[Line]:
    yield _opened(case, ledger)
    messages = ledger.of_kind(EntryKind.INCIDENT_MESSAGE)
    newest = _newest_of_each(messages)
    yield _line(("จำนวนข้อความ", "messages"), str(len(case.messages)), str(len(newest)), messages)
    recorded_kinds = {label for message in case.messages for label in message.labels}
    entered_kinds = {label for entry in newest.values() for label in _texts(entry, "labels")}
    yield _line(("ชนิดข้อมูล", "kinds of data"), _list(recorded_kinds), _list(entered_kinds), messages)
    recorded_at = [to_milliseconds(message.occurred_at) for message in case.messages]
    entered_at = [_number(entry, "occurred") for entry in newest.values()]
    yield _line(("เกิดเมื่อ", "occurred"), _first(recorded_at), _first(entered_at), messages)
    yield _taken_back(case, ledger)
    yield _closed(case, ledger)
    yield _answered(case, ledger)


def _opened(case: CaseFile, ledger: CheckedLedger) -> Line:
    """Who, where, and which roster: by our ids, as they were entered when it was opened."""
    entries, record = ledger.of_kind(EntryKind.INCIDENT_OPENED), case.record
    recorded = (
        record.group and record.group.id,
        record.sender and record.sender.id,
        record.recipients and record.recipients.roster_id,
    )
    facts = entries[0].facts if len(entries) == 1 else {}
    entered = (facts.get("group"), facts.get("sender"), facts.get("roster"))
    names = ("กลุ่ม · ผู้ส่ง · รายชื่อสมาชิก", "group · sender · roster")
    return _line(names, _short(recorded), _short(entered), entries)


def _taken_back(case: CaseFile, ledger: CheckedLedger) -> Line:
    entries = ledger.of_kind(EntryKind.MESSAGE_TAKEN_BACK)
    recorded = sum(message.standing != Standing.STANDING for message in case.messages)
    entered = len({str(entry.facts.get("message")) for entry in entries})
    names = ("ข้อความที่ไม่อยู่แล้ว", "messages that stand no more")
    return _line(names, str(recorded), str(entered), entries)


def _closed(case: CaseFile, ledger: CheckedLedger) -> Line:
    entries = ledger.of_kind(EntryKind.INCIDENT_CLOSED)
    ended, began = case.record.ended_at, case.record.occurred_at
    recorded = _NOTHING if ended is None else _seconds(max(0, int((ended - began).total_seconds())))
    entered = _seconds(_number(entries[-1], "after_seconds")) if entries else _NOTHING
    return _line(("เห็นได้นาน", "visible for"), recorded, entered, entries)


def _answered(case: CaseFile, ledger: CheckedLedger) -> Line:
    entries = ledger.of_kind(EntryKind.INCIDENT_ANSWERED)
    said = {"claimed": case.record.claimed_at, "disputed": case.record.disputed_at}
    recorded = {answer for answer, at in said.items() if at is not None}
    entered = {str(entry.facts.get("answer")) for entry in entries}
    return _line(("คำตอบของผู้ส่ง", "the sender's answers"), _list(recorded), _list(entered), entries)


def _of_breach(breach: Breach, ledger: CheckedLedger) -> Iterator[Line]:
    declared = ledger.of_kind(EntryKind.BREACH_DECLARED)
    entered = _first([_number(entry, "known") for entry in declared])
    recorded = thai_date_time(breach.known_at)
    yield _line(("ทราบเหตุเมื่อ", "known since"), recorded, entered, declared)
    for whom, thai, english, at in (
        ("office", "แจ้ง สคส. เมื่อ", "office told", breach.office_told_at),
        ("subjects", "แจ้งผู้ป่วยเมื่อ", "patients told", breach.subjects_told_at),
    ):
        entries = tuple(
            entry
            for entry in ledger.of_kind(EntryKind.BREACH_NOTIFIED)
            if entry.facts.get("whom") == whom
        )
        entered = _first([_number(entry, "told") for entry in entries])
        recorded = _NOTHING if at is None else thai_date_time(at)
        yield _line((thai, english), recorded, entered, entries)


def _line(
    names: tuple[str, str], recorded: str, entered: str, entries: tuple[CheckedEntry, ...]
) -> Line:
    verified = sum(entry.is_verified for entry in entries)
    return Line(*names, recorded, entered, len(entries), verified)


def _newest_of_each(entries: Iterable[CheckedEntry]) -> dict[str, CheckedEntry]:
    """A message that was edited has several entries: the one of its newest text counts."""
    newest: dict[str, CheckedEntry] = {}
    for entry in entries:
        name = str(entry.facts.get("message", entry.id))
        if name not in newest or _number(entry, "text") >= _number(newest[name], "text"):
            newest[name] = entry
    return newest


def _texts(entry: CheckedEntry, name: str) -> list[str]:
    value = entry.facts.get(name)
    return [str(one) for one in value] if isinstance(value, list) else []


def _number(entry: CheckedEntry, name: str) -> int:
    value = entry.facts.get(name)
    return value if isinstance(value, int) else 0


def _first(times: list[int]) -> str:
    return thai_date_time(from_milliseconds(min(times))) if times else _NOTHING


def _seconds(number: int) -> str:
    return f"{number // 60} min {number % 60} s"


def _list(values: Iterable[str]) -> str:
    return ", ".join(sorted(values)) or _NOTHING


def _short(ids: Iterable[object]) -> str:
    """The random end of each id: enough to compare, and to find it again."""
    return " · ".join(_NOTHING if one is None else str(one).replace("-", "")[-8:] for one in ids)
