"""A few dozen of the hostile files of `make bench-hostile`, which runs five hundred."""

from __future__ import annotations

from contextlib import closing

import pytest

from bench.hostile.bombs import BOMBS
from bench.hostile.files import HostileFile, hostile_files
from bench.hostile.run import run
from bot.seeing.isolated import IsolatedLooker
from bot.seeing.limits import Limits
from tests.seeing import samples
from tests.seeing.blind import DIES, EATS, HANGS
from tests.seeing.test_isolated import bad_picture

SEED = 7
# Takes a second or more to make; the whole bench has them all.
SLOW = {"flat_zip", "nested_zip", "xlsx_of_many_texts", "png_of_a_text_that_grows"}


def test_no_hostile_file_reaches_the_worker_and_all_are_on_record() -> None:
    files = [file for file in hostile_files(60, SEED) if file.name.partition(".")[0] not in SLOW]
    files = [*files[:36], *_as_bad_as_it_gets(), *files[36:40]]
    with closing(IsolatedLooker(Limits(seconds=3), eyes="tests.seeing.blind:Eyes")) as looker:
        result = run(looker, files, samples.xlsx())
    assert result.raised == []
    assert result.on_record == len(files)
    assert result.parent_growth_mb < 20
    assert result.sees_afterwards


def _as_bad_as_it_gets() -> list[HostileFile]:
    """Eyes that hang, abort and eat memory, as a library with a hole in it would."""
    return [
        HostileFile("hangs", "a.png", lambda: bad_picture(HANGS)),
        HostileFile("dies", "b.png", lambda: bad_picture(DIES)),
        HostileFile("eats", "c.png", lambda: bad_picture(EATS)),
    ]


def test_the_same_seed_gives_the_same_files() -> None:
    one, other = hostile_files(80, SEED), hostile_files(80, SEED)
    assert [file.what for file in one] == [file.what for file in other]
    damaged = [(a, b) for a, b in zip(one, other, strict=True) if ", " in a.what]
    stable = [(a, b) for a, b in damaged if "dcm" not in a.what]
    assert all(a.make() == b.make() for a, b in stable[:10])


@pytest.mark.parametrize("what", ["xml_of_laughs", "pdf_whose_pages_hold_themselves"])
def test_a_bomb_is_as_small_as_bombs_are(what: str) -> None:
    assert len(BOMBS[what]()) < 10_000
