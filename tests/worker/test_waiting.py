"""Newcomers speak while people join and LINE tells its list: nobody waits in a circle."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, cast

import pytest

from bot.domain.events import ChatKind, Content, EventKind, InboundEvent, Source
from bot.domain.groups import Group
from bot.domain.ids import new_id
from bot.storage.tables import members
from bot.storage.unit_of_work import SqlUnitOfWork
from bot.worker.asking import Asker
from handlers import members as member_events
from handlers.places import find_here
from handlers.work import Work
from tests.storage.fixtures import clean_postgres_url, kept_postgres_url
from tests.storage.stage import Stage, stage_on

__all__ = ["clean_postgres_url", "kept_postgres_url"]

CROWD = ("U1", "U2", "U3", "U4")
NOTHING: Any = None


@pytest.fixture
def stage(clean_postgres_url: str) -> Iterator[Stage]:
    with stage_on(clean_postgres_url) as ready:
        yield ready


@pytest.fixture
def slow_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time before and after each lock, for the others to come in between."""
    quick = SqlUnitOfWork.lock

    def lock(unit: SqlUnitOfWork, *keys: str) -> None:
        time.sleep(0.05)
        quick(unit, *keys)
        time.sleep(0.05)

    monkeypatch.setattr(SqlUnitOfWork, "lock", lock)


def event(stage: Stage, kind: EventKind, chat: str, **more: Any) -> InboundEvent:  # noqa: ANN401 - any field
    user, content = more.get("user"), more.get("content", Content())
    source = Source(ChatKind.GROUP, chat, user)
    return InboundEvent("E", kind, stage.clock.now(), source, content=content)


def in_its_own_work(stage: Stage, handle: Callable[[Work], object]) -> None:
    with stage.parts.store.unit_of_work() as uow:
        now = stage.clock.now()
        handle(Work(uow, now, new_id(), now, NOTHING, NOTHING))


def speaks(stage: Stage, chat: str, user: str) -> None:
    said = event(stage, EventKind.TEXT, chat, user=user)
    in_its_own_work(stage, lambda work: find_here(said, work))


def all_join(stage: Stage, chat: str) -> None:
    joined = event(stage, EventKind.MEMBER_JOINED, chat, content=Content(member_ids=CROWD[::-1]))
    in_its_own_work(stage, lambda work: member_events.handle(joined, work))


def is_listed(stage: Stage, chat: str) -> None:
    parts = stage.parts
    asker = Asker(parts.errand_queue, parts.store, cast("Any", None), stage.clock)
    asker._note_members(chat, iter(CROWD[1:] + CROWD[:1]))


@pytest.mark.usefixtures("slow_locks")
@pytest.mark.parametrize("chat", ["C1", "C2", "C3"])
def test_newcomers_member_events_and_lists_do_not_wait_for_each_other_in_a_circle(
    stage: Stage, chat: str
) -> None:
    with stage.parts.store.unit_of_work() as uow:
        uow.registry.add_group(Group(new_id(), chat))
    deeds: list[Callable[[], None]] = [
        *(lambda user=user: speaks(stage, chat, user) for user in CROWD),
        lambda: all_join(stage, chat),
        lambda: is_listed(stage, chat),
    ]
    together = Barrier(len(deeds))

    def run(deed: Callable[[], None]) -> None:
        together.wait(5)
        deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        list(pool.map(run, deeds))
    assert len(stage.rows(members)) == len(CROWD)
