"""The documents in force: a good new version within seconds, never a broken one."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.domain.ids import new_id
from bot.errors import PolicyError
from bot.storage.published import DocumentKind
from bot.storage.tables import published
from bot.worker.policy import PolicyOfTheDay
from tests.storage.stage import Stage, stage_on

BROKEN = 'version = 1\n\n[[rule]]\nname = "650012345"\n'


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with stage_on(f"sqlite:///{tmp_path}/wongraksa.db") as ready:
        ready.parts.seed_documents()
        yield ready


def policy_of(stage: Stage) -> PolicyOfTheDay:
    return PolicyOfTheDay(stage.parts.documents, stage.clock)


def publish(stage: Stage, version: int, body: str) -> None:
    now = stage.clock.now()
    with stage.parts.database.write() as connection:
        connection.execute(
            published.insert().values(
                id=new_id(),
                kind=DocumentKind.DECISION_TABLE.value,
                version=version,
                state="published",
                body=body,
                created_at=now,
                proposed_by="hospital",
                approved_by="hospital",
                approved_at=now,
                valid_from=now,
            )
        )
    stage.clock.advance(seconds=6)


def shipped_body(stage: Stage) -> str:
    return stage.parts.documents.current(DocumentKind.DECISION_TABLE).body


def test_a_new_version_is_in_force_within_seconds(stage: Stage) -> None:
    policy = policy_of(stage)
    policy.check()
    publish(stage, 2, shipped_body(stage))
    assert policy.table().version == 2
    assert policy.trouble() == []


def test_a_broken_version_leaves_the_last_good_one_in_force_and_is_logged_once(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    policy = policy_of(stage)
    policy.check()
    publish(stage, 2, BROKEN)

    for _ in range(3):
        assert policy.table().version == 1
        stage.clock.advance(seconds=6)

    assert [record.message for record in caplog.records if "broken" in record.message] == [
        "document.broken kind=decision_table at=version 2, line 3"
    ]
    assert "650012345" not in caplog.text
    assert ["version 2, line 3" in trouble for trouble in policy.trouble()] == [True]


def test_a_broken_version_that_is_followed_by_a_good_one_is_no_trouble_any_more(
    stage: Stage,
) -> None:
    policy, good = policy_of(stage), shipped_body(stage)
    policy.check()
    publish(stage, 2, BROKEN)
    policy.table()
    publish(stage, 3, good)

    assert policy.table().version == 3
    assert policy.trouble() == []


def test_at_start_a_broken_version_stops(stage: Stage) -> None:
    with stage.parts.database.write() as connection:
        connection.execute(
            update(published)
            .where(published.c.kind == DocumentKind.DECISION_TABLE.value)
            .values(body=BROKEN)
        )
    with pytest.raises(PolicyError, match="line 3"):
        policy_of(stage).check()
