"""A checker that cannot fail is worth nothing: each damage must make it complain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bench.chaos.checker import complaints
from bench.chaos.run import ClockAhead, register, warned_of
from bench.chaos.state import Row, Sent, State, read_state
from bench.load.bodies import encoded, signature
from bench.load.factory import Factory
from bench.load.world import make_world
from bot.bootstrap import Parts, build
from bot.storage.migrate import migrate
from bot.web.app import create_app
from bot.worker.house import make_looking, make_processor, make_sender, make_upkeep
from bot.worker.policy import PolicyOfTheDay
from tests.chaos.always_fine import AlwaysFine, AlwaysThere, looker, settings_at
from tests.sandbox.harness import SECRET

Damage = Callable[[State, Sent], tuple[State, Sent]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[State, Sent]:
    """What a run without any trouble leaves behind: one process, everything in this thread."""
    settings = settings_at(tmp_path_factory.mktemp("chaos") / "whole.db")
    line, parts = AlwaysFine(), build(settings)
    parts.__dict__.update(line_api=line, contents=AlwaysThere(), looker=looker())
    migrate(parts.database)
    parts.seed_documents()
    world = make_world(12, 3, seed=5)
    register(parts, world)
    now_ms = int(parts.clock.now().timestamp() * 1000)
    factory = Factory(world, 5, now_ms, 10.0)
    _deliver(parts, factory)
    _work(parts)
    sent = Sent(
        accepted=frozenset(factory.expected),
        expected=factory.expected,
        warnings=[token for telling in line.tellings for token in warned_of(telling)],
        texts=factory.texts_used,
        logs={"web": "2026-11-21 INFO ready\n"},
        contents=factory.contents,
    )
    return _a_day_later(parts), sent


def _deliver(parts: Parts, factory: Factory) -> None:
    client = create_app(parts, lambda _ids: None).test_client()
    for body in factory.bodies(300):
        content = encoded(body.events)
        headers = {"X-Line-Signature": signature(content, SECRET)}
        assert client.post("/line/webhook", data=content, headers=headers).status_code == 200


def _work(parts: Parts) -> None:
    policy = PolicyOfTheDay(parts.documents, parts.clock)
    processor = make_processor(parts, policy, lambda _ids: None)
    sender = make_sender(parts, policy)
    looking = make_looking(parts, policy, lambda _ids: None)
    while processor.work() + sender.tell() + looking.look():
        pass


def _a_day_later(parts: Parts) -> State:
    later = build(parts.settings, ClockAhead(timedelta(hours=26)))
    make_upkeep(later).run_all()
    state = read_state(later)
    later.database.close()
    parts.database.close()
    return state


def test_what_is_whole_is_not_complained_of(whole: tuple[State, Sent]) -> None:
    state, sent = whole

    assert complaints(state, sent) == []
    assert {row["outcome"] for row in state.inbox} >= {"benign", "incident", "noted", "answered"}
    assert {row["outcome"] for row in state.looks} >= {"identifiers", "not_inspected"}
    assert len(state.incidents) > 5
    assert len(sent.warnings) > 5


def changed(rows: Sequence[Row], which: str, **values: object) -> list[Row]:
    """The first row whose state, outcome or purpose is `which`, with other values."""
    listed = list(rows)
    place = next(n for n, row in enumerate(listed) if which in row.values())
    listed[place] = {**listed[place], **values}
    return listed


def without(rows: Sequence[Row], which: str) -> list[Row]:
    place = next(n for n, row in enumerate(rows) if which in row.values())
    return [row for n, row in enumerate(rows) if n != place]


def without_entry(state: State, kind: str) -> State:
    place = next(n for n, entry in enumerate(state.entries) if entry.kind == kind)
    return replace(state, entries=[e for n, e in enumerate(state.entries) if n != place])


def with_entry_twice(state: State, kind: str) -> State:
    twice = next(entry for entry in state.entries if entry.kind == kind)
    return replace(state, entries=[*state.entries, twice])


def all_cancelled(rows: Sequence[Row]) -> list[Row]:
    return [{**row, "state": "cancelled"} for row in rows]


def of_inbox(change: Callable[[Sequence[Row]], list[Row]]) -> Damage:
    return lambda state, sent: (replace(state, inbox=change(state.inbox)), sent)


def of_outbox(change: Callable[[Sequence[Row]], list[Row]]) -> Damage:
    return lambda state, sent: (replace(state, outbox=change(state.outbox)), sent)


def of_looks(change: Callable[[Sequence[Row]], Sequence[Row]]) -> Damage:
    return lambda state, sent: (replace(state, looks=change(state.looks)), sent)


def of_log(line: Callable[[Sent], str]) -> Damage:
    return lambda state, sent: (state, replace(sent, logs={"web": line(sent)}))


DAMAGES: dict[str, tuple[str, Damage]] = {
    "an event's row is gone": (
        "every accepted event has one row",
        of_inbox(lambda rows: without(rows, "benign")),
    ),
    "an event is there twice": (
        "every accepted event has one row",
        of_inbox(lambda rows: [*rows, rows[0]]),
    ),
    "a row waits for ever": (
        "every row has one outcome",
        of_inbox(lambda rows: changed(rows, "benign", state="waiting", outcome=None)),
    ),
    "a row is parked": (
        "every row has one outcome",
        of_inbox(lambda rows: changed(rows, "benign", state="parked", outcome=None)),
    ),
    "a patient's number was called benign": (
        "every outcome is a right one",
        of_inbox(lambda rows: changed(rows, "incident", outcome="unreadable")),
    ),
    "a body was never accepted": (
        "every event was accepted",
        lambda state, sent: (state, replace(sent, left=1)),
    ),
    "a payload was left": (
        "no payload is left",
        of_inbox(lambda rows: changed(rows, "benign", payload_sealed=b"sealed")),
    ),
    "an outbox row kept its contents": (
        "no payload is left",
        of_outbox(lambda rows: changed(rows, "first_warning", body_sealed=b"sealed")),
    ),
    "a row is still claimed": (
        "nothing claimed is left",
        of_outbox(lambda rows: changed(rows, "first_warning", claim=b"somebody")),
    ),
    "a picture's look is gone": (
        "every picture and file has one look",
        of_looks(lambda rows: rows[1:]),
    ),
    "a look waits for ever": (
        "every look has one end",
        of_looks(lambda rows: changed(rows, "settled", state="waiting", outcome=None)),
    ),
    "a look that saw nothing says no reason": (
        "every look has one end",
        of_looks(lambda rows: changed(rows, "not_inspected", reason=None)),
    ),
    "a wristband was called clean": (
        "every look saw what was there",
        of_looks(lambda rows: changed(rows, "identifiers", outcome="none")),
    ),
    "a look kept its contents": (
        "no payload is left",
        of_looks(lambda rows: changed(rows, "settled", payload_sealed=b"sealed")),
    ),
    "a warning is gone": (
        "every due warning is told or visible",
        of_outbox(lambda rows: without(rows, "first_warning")),
    ),
    "a warning was cancelled for no reason": (
        "every due warning is told or visible",
        of_outbox(all_cancelled),
    ),
    "LINE heard a warning twice": (
        "no incident is warned of twice",
        lambda state, sent: (state, replace(sent, warnings=[*sent.warnings, sent.warnings[0]])),
    ),
    "LINE never heard what counts as told": (
        "what is said to be told reached line",
        lambda state, sent: (state, replace(sent, warnings=sent.warnings[1:])),
    ),
    "an incident is not in the ledger": (
        "incidents are entered once",
        lambda state, sent: (without_entry(state, "incident.opened"), sent),
    ),
    "an incident is in the ledger twice": (
        "incidents are entered once",
        lambda state, sent: (with_entry_twice(state, "incident.opened"), sent),
    ),
    "a flagged message is not in the ledger": (
        "flagged messages are entered once for each text",
        lambda state, sent: (without_entry(state, "incident.message"), sent),
    ),
    "a taking back is not in the ledger": (
        "messages taken back are entered once",
        lambda state, sent: (without_entry(state, "message.taken_back"), sent),
    ),
    "a warning is in the ledger twice": (
        "tellings are entered once",
        lambda state, sent: (with_entry_twice(state, "warning.told"), sent),
    ),
    "a ledger entry was changed": (
        "every entry opens to what was entered",
        lambda state, sent: (
            replace(state, entries=[replace(state.entries[0], is_true=False), *state.entries[1:]]),
            sent,
        ),
    ),
    "a message is in the log": (
        "no log holds what was said",
        of_log(lambda sent: f"INFO said {sent.texts[0]}"),
    ),
    "a patient's number is in the log": (
        "no log holds what was said",
        of_log(lambda sent: "INFO " + next(text for text in sent.texts if "HN" in text)[-40:]),
    ),
    "a traceback is in the log": (
        "no log holds a surprise",
        of_log(lambda _sent: "Traceback (most recent call last):"),
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_complained_of(name: str, whole: tuple[State, Sent]) -> None:
    promise, damage = DAMAGES[name]

    found = complaints(*damage(*whole))

    assert any(complaint.startswith(promise) for complaint in found), found
