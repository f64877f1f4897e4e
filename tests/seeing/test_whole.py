"""The looker as the product uses it: real eyes, in their own process, on files with pictures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.domain.findings import Label
from bot.domain.sights import LookOutcome
from bot.seeing.isolated import IsolatedLooker
from bot.seeing.limits import Limits
from tests.seeing import samples
from tests.seeing.samples import HN


@pytest.fixture(scope="module")
def looker() -> Iterator[IsolatedLooker]:
    looker = IsolatedLooker(Limits())
    yield looker
    looker.close()


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("photo.jpg", ""),
        ("phone.heic", ""),
        ("sticker.webp", ""),
        ("paint.bmp", ""),
        ("moving.gif", "picture 1"),
        ("fax.tiff", "page 1"),
        ("scan.pdf", "page 1"),
    ],
)
def test_an_hn_in_a_picture_is_read_with_its_region(
    looker: IsolatedLooker, name: str, place: str
) -> None:
    look = looker.look(samples.SAMPLES[name](), name)
    assert look.outcome is LookOutcome.IDENTIFIERS
    (sight,) = look.sights
    assert (sight.label, sight.masked, sight.place) == (Label.HN, "██████345", place)
    assert sight.region is not None
    assert [number.value for number in look.numbers] == [HN]


def test_a_picture_inside_a_document_inside_an_archive_is_read(looker: IsolatedLooker) -> None:
    document = samples.docx(None, {"word/media/image1.png": samples.picture("PNG")})
    look = looker.look(samples.zipped({"referral.docx": document}), "ward.zip")
    places = [sight.place for sight in look.sights if sight.region is not None]
    assert places == ["ward.zip: referral.docx, picture 1 inside"]


def test_the_safe_copy_shows_nothing_any_more(looker: IsolatedLooker) -> None:
    copy = looker.safe_copy(samples.picture("PNG"))
    assert copy is not None
    assert looker.look(copy).outcome is LookOutcome.NONE


def test_there_is_no_safe_copy_of_what_is_no_picture(looker: IsolatedLooker) -> None:
    assert looker.safe_copy(samples.pdf()) is None
    assert looker.safe_copy(b"") is None
