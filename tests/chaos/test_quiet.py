"""Looking at a batch together is a short cut: it must lead exactly where the long way leads."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bench.chaos.run import register
from bench.chaos.state import rows
from bench.load.bodies import encoded, signature
from bench.load.factory import Factory
from bench.load.world import make_world
from bot.bootstrap import build
from bot.storage.migrate import migrate
from bot.storage.tables import inbox, ledger_entries, outbox
from bot.web.app import create_app
from bot.worker import processing
from bot.worker.house import make_processor
from bot.worker.policy import PolicyOfTheDay
from tests.chaos.always_fine import settings_at
from tests.sandbox.harness import SECRET

EVENTS = 200
START_MS = 1_790_000_000_000


def ends_of(database: Path, seed: int) -> tuple[dict[str, str], Counter[str], Counter[str]]:
    """Each event's outcome, and what was entered and put into the outbox."""
    parts = build(settings_at(database))
    migrate(parts.database)
    parts.seed_documents()
    world = make_world(6, 2, seed)
    register(parts, world)
    client = create_app(parts, lambda _ids: None).test_client()
    bodies = Factory(world, seed, START_MS, 50.0).bodies(EVENTS)
    # One by one, since events that are received together have no order among them.
    for event in (event for body in bodies for event in body.events):
        content = encoded([event])
        headers = {"X-Line-Signature": signature(content, SECRET)}
        assert client.post("/line/webhook", data=content, headers=headers).status_code == 200
    policy = PolicyOfTheDay(parts.documents, parts.clock)
    processor = make_processor(parts, policy, lambda _ids: None)
    while processor.work():
        pass
    outcomes = {row["event_id"]: row["outcome"] for row in rows(parts, inbox)}
    entered = Counter(row["kind"] for row in rows(parts, ledger_entries))
    told = Counter(row["saying"] for row in rows(parts, outbox))
    parts.database.close()
    return outcomes, entered, told


@pytest.mark.parametrize("seed", [3, 4])
def test_settling_together_ends_as_settling_one_by_one(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = ends_of(tmp_path / "together.db", seed)
    monkeypatch.setattr(processing, "_WORTH_LOOKING_TOGETHER", 1_000)
    singly = ends_of(tmp_path / "singly.db", seed)

    assert together == singly
    assert Counter(together[0].values())["benign"] > EVENTS / 4


def test_most_talk_is_settled_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one_by_one: list[object] = []
    work_one = processing.Processor._work_one

    def counted(self: processing.Processor, claimed: object) -> None:
        one_by_one.append(claimed)
        work_one(self, claimed)  # type: ignore[arg-type]

    monkeypatch.setattr(processing.Processor, "_work_one", counted)
    ends_of(tmp_path / "counted.db", seed=5)

    assert 0 < len(one_by_one) < EVENTS * 0.7
