"""Which worker does what: only one that looks holds a looker, and only for its own hints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.worker import service
from bot.worker.actors import LOOK, TELL, WORK
from bot.worker.policy import PolicyOfTheDay
from bot.worker.service import Duty
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


def test_a_worker_cannot_both_only_look_and_never_look(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["worker", "--looks", "--no-looks"])
    assert "not allowed with" in capsys.readouterr().err
