"""Asks of what a run left behind whether the promises hold. Each complaint is one line.

A check is a generator of complaints over plain values, so that damaged states can be checked too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from bench.chaos.state import Row, Sent, State
from bench.line.contents import held_for

_SETTLED_TELLINGS = {"told", "probably_told", "not_told", "cancelled"}
_TOLD_ENTRY = {"told": "warning.told", "probably_told": "warning.told"}
_NOT_TOLD_ENTRY = {"not_told": "warning.not_told"}
_PAYLOAD = ("payload_sealed", "payload_key_id", "lane", "message_key", "occurred_at")
_MOST_SHOWN = 5


def complaints(state: State, sent: Sent) -> list[str]:
    found: list[str] = []
    for name, check in CHECKS.items():
        wrong = list(check(state, sent))
        found += [f"{name}: {one}" for one in wrong[:_MOST_SHOWN]]
        if len(wrong) > _MOST_SHOWN:
            found.append(f"{name}: … and {len(wrong) - _MOST_SHOWN} more")
    return found


# --- events --------------------------------------------------------------------------------


def every_event_was_accepted(_state: State, sent: Sent) -> Iterator[str]:
    if sent.left:
        yield f"{sent.left} bodies got no 200 although everything is back"


def every_accepted_event_has_one_row(state: State, sent: Sent) -> Iterator[str]:
    stored = Counter(row["event_id"] for row in state.inbox)
    for event_id in sorted(sent.accepted):
        if stored[event_id] != 1:
            yield f"event {event_id} was answered with 200 and has {stored[event_id]} rows"
    for event_id in sorted(set(stored) - set(sent.expected)):
        yield f"event {event_id} is stored and was never sent"


def every_row_has_one_outcome(state: State, _sent: Sent) -> Iterator[str]:
    for row in state.inbox:
        if row["state"] != "settled":
            yield f"event {row['event_id']} is {row['state']} ({row['park_reason']})"
        elif row["outcome"] is None or row["settled_at"] is None:
            yield f"event {row['event_id']} is settled without an outcome"


def every_outcome_is_a_right_one(state: State, sent: Sent) -> Iterator[str]:
    for row in state.inbox:
        right = sent.expected.get(row["event_id"], frozenset())
        if row["outcome"] is not None and right and row["outcome"] not in right:
            kind = row["kind"]
            yield f"event {row['event_id']} ({kind}) ended as {row['outcome']}, not {set(right)}"


# --- looks ----------------------------------------------------------------------------------

_LOOKED_AT = {"image", "video", "audio", "file"}


def every_picture_and_file_has_one_look(state: State, _sent: Sent) -> Iterator[str]:
    asked = Counter(row["event_row_id"] for row in state.looks)
    for row in state.inbox:
        is_due = row["kind"] in _LOOKED_AT and row["outcome"] != "taken_back_unread"
        if is_due and asked[row["id"]] != 1:
            yield f"event {row['event_id']} ({row['kind']}) has {asked[row['id']]} looks"


def every_look_has_one_end(state: State, _sent: Sent) -> Iterator[str]:
    for row in state.looks:
        if row["state"] != "settled":
            yield f"look {row['id']} is {row['state']} ({row['park_reason']})"
        elif row["outcome"] is None or row["settled_at"] is None:
            yield f"look {row['id']} is settled without an outcome"
        elif row["outcome"] in ("unreadable", "not_inspected") and not row["reason"]:
            yield f"look {row['id']} was not seen, and nothing says why"


def every_look_saw_what_was_there(state: State, sent: Sent) -> Iterator[str]:
    """Or it was taken back before that; or its looker died twice over it, and that is said."""
    event_of = {row["id"]: row["event_id"] for row in state.inbox}
    for row in state.looks:
        message_id = sent.contents.get(event_of.get(row["event_row_id"], ""))
        if message_id is None:
            continue
        excused = {("taken_back_unread", None), ("unreadable", "looker_died")}
        end = (row["outcome"], row["reason"])
        if end not in excused | {held_for(message_id).ends_as}:
            yield f"look {row['id']} ended as {end}, not {held_for(message_id).ends_as}"


# --- warnings -------------------------------------------------------------------------------


def every_due_warning_is_told_or_visible(state: State, _sent: Sent) -> Iterator[str]:
    told = {row["incident_id"]: row for row in _warnings(state)}
    over = {row["id"] for row in state.incidents if row["closed_at"] or row["disputed_at"]}
    for incident in _incidents_to_warn_of(state):
        row = told.get(incident["id"])
        if row is None:
            yield f"incident {incident['case_number']} has no warning"
        elif row["state"] not in _SETTLED_TELLINGS:
            yield f"the warning of {incident['case_number']} is {row['state']}"
        elif row["state"] == "cancelled" and incident["id"] not in over:
            yield f"the warning of {incident['case_number']} was cancelled while it stands"


def no_incident_is_warned_of_twice(state: State, sent: Sent) -> Iterator[str]:
    for incident_id, number in Counter(row["incident_id"] for row in _warnings(state)).items():
        if number > 1:
            yield f"incident {incident_id} has {number} warnings in the outbox"
    for token, number in Counter(sent.warnings).items():
        if number > 1:
            yield f"LINE accepted {number} warnings of the incident with token {token}"


def what_is_said_to_be_told_reached_line(state: State, sent: Sent) -> Iterator[str]:
    """Told: LINE has it. Not told: LINE does not have it. Probably told: either."""
    arrived = set(sent.warnings)
    token_of = {row["id"]: row["token"] for row in state.incidents}
    for row in _warnings(state):
        token = token_of.get(row["incident_id"])
        if row["state"] == "told" and token not in arrived:
            yield f"outbox row {row['id']} counts as told and LINE has nothing"
        if row["state"] in ("not_told", "cancelled") and token in arrived:
            yield f"outbox row {row['id']} counts as {row['state']} and LINE has it"
    for token in sorted(arrived - set(token_of.values())):
        yield f"LINE was told of an incident that does not exist ({token})"


def _warnings(state: State) -> Iterator[Row]:
    return (row for row in state.outbox if row["purpose"] == "first_warning")


def _incidents_to_warn_of(state: State) -> Iterator[Row]:
    """All but those in simulation and those that were found while another channel spoke."""
    warned = {row["incident_id"] for row in _warnings(state)}
    mute = {row["incident_id"] for row in state.messages if "standby" in row["reasons"]}
    for incident in state.incidents:
        is_due = not incident["is_simulated"] and incident["id"] not in mute
        if is_due or incident["id"] in warned:
            yield incident


# --- the ledger -----------------------------------------------------------------------------


def every_entry_opens_to_what_was_entered(state: State, _sent: Sent) -> Iterator[str]:
    for entry in state.entries:
        if not entry.is_true:
            yield f"an entry {entry.kind} of {entry.subject} does not open to its commitment"


def incidents_are_entered_once(state: State, _sent: Sent) -> Iterator[str]:
    yield from _same(
        "incident.opened",
        (row["id"] for row in state.incidents),
        _subjects(state, "incident.opened"),
    )
    yield from _same(
        "incident.closed",
        (row["id"] for row in state.incidents if row["closed_at"]),
        _subjects(state, "incident.closed"),
    )


def flagged_messages_are_entered_once_for_each_text(state: State, _sent: Sent) -> Iterator[str]:
    """A message is entered when it is flagged, and again for each edit that is."""
    entered = Counter(_facts(state, "incident.message", "message"))
    for row in state.messages:
        if not entered[str(row["id"])]:
            yield f"message {row['id']} stands in no entry"
    for unknown in sorted(map(str, set(entered) - {str(row["id"]) for row in state.messages})):
        yield f"an entry names message {unknown}, which does not exist"
    yield from _as_many("incident.message", entered.total(), _outcomes(state, "incident"))


def messages_taken_back_are_entered_once(state: State, _sent: Sent) -> Iterator[str]:
    over = (str(row["id"]) for row in state.messages if row["standing"] != "standing")
    yield from _same("message.taken_back", over, _facts(state, "message.taken_back", "message"))


def disclosures_are_entered(state: State, _sent: Sent) -> Iterator[str]:
    entered = Counter(_subjects(state, "disclosure.recorded"))
    for row in state.disclosures:
        if not entered[row["id"]]:
            yield f"disclosure {row['id']} stands in no entry"
    for unknown in set(entered) - {row["id"] for row in state.disclosures}:
        yield f"an entry names disclosure {unknown}, which does not exist"
    yield from _as_many("disclosure.recorded", entered.total(), _outcomes(state, "disclosure"))
    taken_back = set(_subjects(state, "disclosure.taken_back"))
    for row in state.disclosures:
        if row["taken_back_at"] and row["id"] not in taken_back:
            yield f"disclosure {row['id']} was taken back without an entry"


def tellings_are_entered_once(state: State, _sent: Sent) -> Iterator[str]:
    for kind, states in (("warning.told", _TOLD_ENTRY), ("warning.not_told", _NOT_TOLD_ENTRY)):
        settled = (row["incident_id"] for row in _warnings(state) if row["state"] in states)
        yield from _same(kind, settled, _subjects(state, kind))


def comings_and_goings_are_entered_once(state: State, _sent: Sent) -> Iterator[str]:
    for kind, entry in (("join", "group.joined"), ("leave", "group.left")):
        noted = [row for row in state.inbox if row["kind"] == kind and row["outcome"] == "noted"]
        yield from _as_many(entry, len(list(_subjects(state, entry))), len(noted))


def _subjects(state: State, kind: str) -> Iterator[object]:
    return (entry.subject for entry in state.entries if entry.kind == kind)


def _facts(state: State, kind: str, name: str) -> Iterator[object]:
    return ((entry.facts or {}).get(name) for entry in state.entries if entry.kind == kind)


def _outcomes(state: State, outcome: str) -> int:
    """Of events, and of what was seen in pictures and files."""
    of_events = sum(1 for row in state.inbox if row["outcome"] == outcome)
    return of_events + sum(1 for row in state.looks if row["led_to"] == outcome)


def _same(kind: str, effects: Iterable[object], entries: Iterable[object]) -> Iterator[str]:
    done, entered = Counter(effects), Counter(entries)
    for one in sorted({*done, *entered}, key=str):
        if done[one] != entered[one]:
            yield f"{one} has {done[one]} effects and {entered[one]} entries of {kind}"


def _as_many(kind: str, entries: int, effects: int) -> Iterator[str]:
    if entries != effects:
        yield f"{entries} entries of {kind} for {effects} outcomes"


# --- what is left ---------------------------------------------------------------------------


def no_payload_is_left(state: State, _sent: Sent) -> Iterator[str]:
    for row in state.inbox:
        kept = [name for name in _PAYLOAD if row[name] is not None]
        if kept:
            yield f"event {row['event_id']} still has {', '.join(kept)}"
    for row in state.outbox:
        if row["body_sealed"] is not None or row["token_sealed"] is not None:
            yield f"outbox row {row['id']} ({row['state']}) still has its contents"
    for row in state.looks:
        if row["payload_sealed"] is not None or row["message_key"] is not None:
            yield f"look {row['id']} ({row['outcome']}) still has its contents"
    for row in state.messages:
        is_over = row["standing"] != "standing"
        if row["rewrite_sealed"] is not None or (is_over and row["excerpt_sealed"] is not None):
            yield f"message {row['id']} ({row['standing']}) still has what it said"


def nothing_claimed_is_left(state: State, _sent: Sent) -> Iterator[str]:
    for row in (*state.inbox, *state.outbox, *state.looks):
        if row["claim"] is not None or row["lease_until"] is not None:
            yield f"row {row['id']} is still claimed"


# --- logs -----------------------------------------------------------------------------------

_THAI = re.compile("[\u0e00-\u0e7f]")
# What `run` prints at its start, and nothing else in Thai.
_BANNER = re.compile(r"^\s*(วงรักษา · WongRaksa|ระบบ · product:.*|Ctrl-C = หยุด · stop|เปิดดูที่.*)\s*$")
_NUMBER = re.compile(r"\d{9,13}")
_UNEXPECTED = (
    "Traceback",
    "event.failed",
    "tell.failed",
    "errand.failed",
    "look.failed",
    "hint.failed",
    "loop.failed",
    "webhook.failed",
    "Unhandled",
    "Exception in",
)


def no_log_holds_what_was_said(_state: State, sent: Sent) -> Iterator[str]:
    numbers = {number for text in sent.texts for number in _NUMBER.findall(text)}
    for name, log in sent.logs.items():
        for place, line in enumerate(log.splitlines(), 1):
            if _THAI.search(line) and not _BANNER.match(line):
                yield f"{name}.log, line {place}, has Thai in it"
            elif numbers.intersection(_NUMBER.findall(line)):
                yield f"{name}.log, line {place}, has a patient's number in it"


def no_log_holds_a_surprise(_state: State, sent: Sent) -> Iterator[str]:
    for name, log in sent.logs.items():
        for line in log.splitlines():
            if any(sign in line for sign in _UNEXPECTED):
                yield f"{name}.log: {line[:300]}"


CHECKS = {
    check.__name__.replace("_", " "): check
    for check in (
        every_event_was_accepted,
        every_accepted_event_has_one_row,
        every_row_has_one_outcome,
        every_outcome_is_a_right_one,
        every_picture_and_file_has_one_look,
        every_look_has_one_end,
        every_look_saw_what_was_there,
        every_due_warning_is_told_or_visible,
        no_incident_is_warned_of_twice,
        what_is_said_to_be_told_reached_line,
        every_entry_opens_to_what_was_entered,
        incidents_are_entered_once,
        flagged_messages_are_entered_once_for_each_text,
        messages_taken_back_are_entered_once,
        disclosures_are_entered,
        tellings_are_entered_once,
        comings_and_goings_are_entered_once,
        no_payload_is_left,
        nothing_claimed_is_left,
        no_log_holds_what_was_said,
        no_log_holds_a_surprise,
    )
}
