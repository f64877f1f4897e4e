"""The eyes, with their real models, on pictures that are drawn here."""

from __future__ import annotations

import os
from functools import cache

import numpy as np
import pytest

from bot.detectors.engine import DetectingReader, detectors_for
from bot.domain.findings import Label
from bot.domain.sights import SightKind
from bot.seeing.picture import Eyes, PictureLook
from tests.seeing import drawn

os.environ.setdefault("OMP_THREAD_LIMIT", "1")


@cache
def eyes() -> Eyes:
    return Eyes(DetectingReader(detectors_for(())))


@cache
def wristband() -> PictureLook:
    return eyes().look_at(drawn.paper(drawn.WRISTBAND), "page 3")


def test_a_number_in_a_picture_is_found_with_its_label_mask_and_place() -> None:
    (sight,) = [sight for sight in wristband().sights if sight.label is Label.HN]
    assert (sight.kind, sight.masked, sight.place) == (SightKind.IDENTIFIER, "████345", "page 3")
    assert sight.region is not None
    left, top = sight.region.corners[0]
    right, bottom = sight.region.corners[2]
    # Third line of three, behind its label; all of it in shares of the picture.
    assert 0.08 < left < 0.15
    assert 0.2 < right < 0.32
    assert 0.55 < top < bottom < 0.95


def test_thai_names_are_read() -> None:
    assert "มาลี ศรีสมบูรณ์" in wristband().text
    assert Label.PERSON in {sight.label for sight in wristband().sights}


def test_numbers_are_handed_on_to_be_hashed_and_not_shown() -> None:
    assert "6712345" in {number.value for number in wristband().numbers}
    assert "6712345" not in repr(wristband())


def test_a_menu_holds_nothing() -> None:
    look = eyes().look_at(drawn.paper(drawn.MENU))
    assert "ข้าวมันไก่" in look.text
    assert (look.sights, look.numbers) == ((), ())


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_turned_pictures_are_read_and_places_are_those_of_the_picture_as_it_came(
    quarters: int,
) -> None:
    turned = np.ascontiguousarray(np.rot90(drawn.paper(drawn.WRISTBAND), quarters))
    look = eyes().look_at(turned)
    (sight,) = [sight for sight in look.sights if sight.label is Label.HN]
    (upright,) = [sight for sight in wristband().sights if sight.label is Label.HN]
    assert sight.region is not None
    assert upright.region is not None
    expected = np.array(upright.region.corners)
    for _ in range(quarters):
        expected = np.stack((expected[:, 1], 1 - expected[:, 0]), axis=1)
    assert np.abs(np.array(sight.region.corners) - expected).max() < 0.03
