"""Which worker does what: only one that looks holds a looker, and only for its own hints."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from bot.cli.main import main
from bot.errors import LookerNotStartedError
from bot.seeing.isolated import IsolatedLooker
from bot.seeing.limits import Limits
from bot.worker import service
from bot.worker.actors import LOOK, TELL, WORK
from bot.worker.house import House
from bot.worker.policy import PolicyOfTheDay
from bot.worker.service import Duty
from tests.seeing.blind import HANGS
from tests.seeing.test_isolated import bad_picture
from tests.storage.stage import Stage, stage_on


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with stage_on(f"sqlite:///{tmp_path}/wongraksa.db") as ready:
        yield ready


@pytest.mark.parametrize(
    ("duty", "hints", "looks"),
    [
        (Duty.ALL, {WORK, TELL, LOOK}, True),
        (Duty.LOOKS, {LOOK}, True),
        (Duty.NO_LOOKS, {WORK, TELL}, False),
    ],
)
def test_a_worker_has_the_loops_of_its_duty(
    stage: Stage, duty: Duty, hints: set[str], *, looks: bool
) -> None:
    policy = PolicyOfTheDay(stage.parts.documents, stage.clock)

    assert set(service._crews(stage.parts, policy, duty)) == hints
    assert ("looker" in vars(stage.parts)) is looks


def test_stopping_waits_for_no_look_and_leaves_it_to_be_done(stage: Stage) -> None:
    looker = IsolatedLooker(Limits(seconds=60, memory_mb=600), eyes="tests.seeing.blind:Eyes")
    stage.parts.__dict__["looker"] = looker
    looker.make_ready()
    house = House(stage.parts)
    look = Thread(target=lambda: look_until_closed(looker), daemon=True)
    look.start()
    time.sleep(0.5)
    began = time.monotonic()
    house.stop()
    look.join(5)

    assert time.monotonic() - began < 5
    assert not look.is_alive()


def look_until_closed(looker: IsolatedLooker) -> None:
    with suppress(LookerNotStartedError):
        looker.look(bad_picture(HANGS))


def test_a_worker_cannot_both_only_look_and_never_look(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["worker", "--looks", "--no-looks"])
    assert "not allowed with" in capsys.readouterr().err
