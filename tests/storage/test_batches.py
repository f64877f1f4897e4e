"""Upkeep changes many rows and waits for nobody who holds one of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.bootstrap import Parts
from bot.domain.events import Outcome
from bot.storage import batches
from bot.storage.inbox import SETTLED_KEPT, WIPE_AFTER
from bot.storage.queue import LEASE
from bot.storage.tables import inbox
from tests.storage.stage import Stage


def stored(stage: Stage, number: int) -> None:
    stage.store(*(stage.text(user=f"U{n}") for n in range(number)))


def settle_all(stage: Stage) -> None:
    for claimed in stage.claim():
        with stage.parts.store.unit_of_work() as uow:
            uow.settle(claimed, Outcome.BENIGN)


def test_more_rows_than_a_batch_holds_are_all_wiped_and_purged(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    stored(stage, 5)
    settle_all(stage)
    stage.clock.advance(seconds=WIPE_AFTER.total_seconds() + 1)
    assert stage.parts.inbox_upkeep.wipe() == 5
    assert [row.payload_sealed for row in stage.rows(inbox)] == [None] * 5
    assert stage.parts.inbox_upkeep.wipe() == 0

    stage.clock.at += SETTLED_KEPT
    assert stage.parts.inbox_upkeep.purge() == 5
    assert stage.rows(inbox) == []


@pytest.mark.parametrize(
    ("prepare", "later", "chore"),
    [
        (settle_all, WIPE_AFTER, lambda parts: parts.inbox_upkeep.wipe()),
        (settle_all, SETTLED_KEPT, lambda parts: parts.inbox_upkeep.purge()),
        (Stage.claim, LEASE, lambda parts: parts.queue.free_expired()),
    ],
    ids=["wipe", "purge", "free_expired"],
)
def test_upkeep_leaves_a_row_that_somebody_holds_for_the_next_time(
    on_postgresql: Stage,
    prepare: Callable[[Stage], object],
    later: timedelta,
    chore: Callable[[Parts], int],
) -> None:
    stage = on_postgresql
    stored(stage, 3)
    prepare(stage)
    stage.clock.at += later + timedelta(seconds=1)
    with ThreadPoolExecutor(1) as pool:
        with stage.parts.database.write() as holder:
            holder.execute(select(inbox.c.id).limit(1).with_for_update())
            assert pool.submit(chore, stage.parts).result(3) == 2
        assert chore(stage.parts) == 1
