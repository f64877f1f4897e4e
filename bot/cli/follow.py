"""`follow`: where the data of a patient went: who sent it, who could see it, what became of it.

Each query is entered in the ledger before it is answered: who asked, why, and which kind of thing;
never the number.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.cli.audience import audience_json, audience_lines, coverage, person_name
from bot.cli.common import add_operator, json_line, migrated_parts, named_operator
from bot.cli.found import find_group, find_person
from bot.cli.moments import day, day_after
from bot.cli.typed import secretly
from bot.domain.exports import Period, RecordKind
from bot.domain.findings import Label
from bot.domain.patient_numbers import one_spelling
from bot.domain.times import thai_date_time
from bot.errors import UsageError
from bot.ledger.entry import EntryKind
from handlers.identities import identity

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from bot.bootstrap import Parts
    from bot.domain.traces import Followed, Posting, Trace

_PATIENT = {
    "hn": Label.HN,
    "national_id": Label.NATIONAL_ID,
    "visit": Label.VISIT_NO,
    "passport": Label.PASSPORT,
    "phone": Label.PHONE,
    "name": Label.PERSON,
}
_FEWEST_SIGNS = 4
_MOST = 200
_ALWAYS = Period(datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC))


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    parser = commands.add_parser(
        "follow",
        help="who sent a patient's data to whom",
        description="Leave the number out, and it is asked for: so it does not stay in the "
        "shell's history. Each query is entered in the ledger, without the number.",
    )
    what = parser.add_mutually_exclusive_group(required=True)
    for name, label in _PATIENT.items():
        option = f"--{name.replace('_', '-')}"
        what.add_argument(option, nargs="?", const="", metavar="NUMBER", help=label.value)
    what.add_argument("--sender", metavar="PERSON", help="name or id: what this person sent")
    what.add_argument("--recipient", metavar="PERSON", help="what this person could read")
    what.add_argument("--group", help="LINE id, or the beginning of the id from 'group list'")
    parser.add_argument("--from", dest="start", type=day, help="first day (the beginning)")
    parser.add_argument("--to", dest="end", type=day_after, help="last day (today)")
    parser.add_argument("--most", type=int, default=_MOST, help=f"at the most so many ({_MOST})")
    parser.add_argument("--json", action="store_true", help="for machines")
    add_operator(parser)
    parser.set_defaults(run=run)


@dataclass(frozen=True, slots=True)
class _Query:
    """What is asked, as it goes on record, and how it is answered."""

    facts: dict[str, object]
    answer: Callable[[Period, int], Followed]


def run(options: argparse.Namespace) -> int:
    by, why = named_operator(options)
    period = Period(options.start or _ALWAYS.start, options.end or _ALWAYS.end)
    if period.end <= period.start or options.most < 1:
        raise UsageError("--to: lies before --from, or --most: below 1; nothing was looked for")
    parts = migrated_parts()
    query = _query(options, parts)
    _enter(parts, by, {**why, **query.facts, **_period_facts(options)})
    found = query.answer(period, options.most)
    sys.stdout.write(json_line(_as_json(found)) if options.json else _as_text(found))
    return 0


def _query(options: argparse.Namespace, parts: Parts) -> _Query:
    for name, label in _PATIENT.items():
        given = getattr(options, name)
        if given is not None:
            return _of_patient(label, secretly(given, name), parts)
    if options.group is not None:
        with parts.store.unit_of_work() as uow:
            group = find_group(uow, options.group)
        facts: dict[str, object] = {"asked": "group", "group": str(group.id)}
        return _Query(facts, lambda *how: parts.traces.of_group(group.id, *how))
    asked = "sender" if options.sender is not None else "recipient"
    with parts.store.unit_of_work() as uow:
        person = find_person(uow, options.sender or options.recipient)
    reads = {"sender": parts.traces.of_sender, "recipient": parts.traces.of_recipient}[asked]
    return _Query({"asked": asked, "person": str(person.id)}, lambda *how: reads(person.id, *how))


def _of_patient(label: Label, written: str, parts: Parts) -> _Query:
    number = identity(label, written)
    spelt = one_spelling(number)
    if spelt is None or len(spelt.value) < _FEWEST_SIGNS:
        raise UsageError("too short to mean one patient: a whole number, or first and last name")
    facts: dict[str, object] = {"asked": label.value}
    return _Query(facts, lambda *how: parts.traces.of_patient_as_written(number, *how))


def _enter(parts: Parts, by: str, facts: dict[str, object]) -> None:
    """Committed before anything is read: a query that is not on record has no answer."""
    with parts.store.unit_of_work() as uow:
        uow.ledger.append(
            EntryKind.RECORDS_FOLLOWED, by=by, at=parts.clock.now(), subject=None, facts=facts
        )


def _period_facts(options: argparse.Namespace) -> dict[str, object]:
    given = {"from": options.start, "to": options.end}
    return {name: at.isoformat() for name, at in given.items() if at is not None}


def _as_text(found: Followed) -> str:
    if not found.traces:
        return "nothing on record\n"
    blocks = ["\n".join(_lines(trace, found)) for trace in found.traces]
    more = "there are more: narrow the period, or raise --most\n" if found.is_cut else ""
    return "\n\n".join(blocks) + f"\n\n{_in_short(found)}\n{more}"


def _in_short(found: Followed) -> str:
    count = len(found.traces)
    outside = sum(trace.kind is RecordKind.INCIDENT for trace in found.traces)
    where = len({trace.group_id for trace in found.traces})
    return f"records: {count} (incidents: {outside}) · groups: {where}"


def _lines(trace: Trace, found: Followed) -> Iterator[str]:
    marked = " · simulation" if trace.is_simulated else ""
    yield f"{trace.case_number or trace.kind.value} · {thai_date_time(trace.at)}{marked}"
    rows = [
        ("kinds", ", ".join(trace.labels)),
        ("sender", person_name(trace.sender_id, found.people)),
        ("group", _group_name(trace, found)),
        ("basis", trace.basis.value),
        *(("message", _posting(posting)) for posting in trace.postings),
        *audience_lines(trace.audience, found.people),
        *_taps(trace, found),
    ]
    yield from (f"  {head:<17} {text}" for head, text in rows)


def _taps(trace: Trace, found: Followed) -> Iterator[tuple[str, str]]:
    if trace.acknowledgement_id is not None:
        yield "รับทราบ", f"{len(trace.acknowledged)} tapped"
    for one in trace.acknowledged:
        yield "", f"{person_name(one.person_id, found.people)} · {thai_date_time(one.at)}"


def _group_name(trace: Trace, found: Followed) -> str:
    if trace.group_id is None:
        return "-"
    return found.groups.get(trace.group_id) or f"(no name) {trace.group_id.hex[-8:]}"


def _posting(posting: Posting) -> str:
    if posting.ended_at is None:
        return f"{thai_date_time(posting.at)} · still stands"
    return f"{thai_date_time(posting.at)} · {posting.standing} {thai_date_time(posting.ended_at)}"


def _as_json(found: Followed) -> dict[str, object]:
    return {"is_cut": found.is_cut, "records": [_record(one, found) for one in found.traces]}


def _record(trace: Trace, found: Followed) -> dict[str, object]:
    return {
        "kind": trace.kind.value,
        "id": str(trace.id),
        "case": trace.case_number,
        "at": trace.at.isoformat(),
        "labels": list(trace.labels),
        "sender": _party(trace.sender_id, found.people),
        "group": _party(trace.group_id, found.groups),
        "basis": trace.basis.value,
        "is_simulated": trace.is_simulated,
        "messages": [_message(posting) for posting in trace.postings],
        "coverage": coverage(trace.audience),
        "audience": audience_json(trace.audience, found.people),
        "acknowledged": [
            {"person": _party(one.person_id, found.people), "at": one.at.isoformat()}
            for one in trace.acknowledged
        ],
    }


def _message(posting: Posting) -> dict[str, object]:
    ended = None if posting.ended_at is None else posting.ended_at.isoformat()
    return {"at": posting.at.isoformat(), "standing": posting.standing.value, "ended_at": ended}


def _party(party_id: Any, names: Any) -> dict[str, str] | None:  # noqa: ANN401 - id and names
    return None if party_id is None else {"id": str(party_id), "name": names.get(party_id, "")}
