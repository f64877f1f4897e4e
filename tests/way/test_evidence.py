"""Evidence along the whole way: sealed with the incident, dead with the unsend, off by default."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.domain.evidence import Role, Signature
from bot.storage.tables import evidence, incidents
from tests.way.conftest import Cast, cast_of
from tests.way.product import HN_TEXT, Product, running_product


@pytest.fixture
def keeping(database_url: str) -> Iterator[tuple[Product, Cast]]:
    with running_product(database_url, evidence=True) as running:
        yield running, cast_of(running)


def test_nothing_is_sealed_by_default(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    assert product.count(evidence) == 0


def test_what_was_flagged_outside_is_sealed_and_what_is_inside_is_not(
    keeping: tuple[Product, Cast],
) -> None:
    product, cast = keeping
    product.say(cast.ward, cast.nurse, "สวัสดีค่ะ")
    product.approve(cast.ward)
    product.say(cast.ward, cast.nurse, HN_TEXT)
    product.say(cast.club, cast.nurse, "เย็นนี้วิ่งไหม")
    assert product.count(evidence) == 0
    product.say(cast.club, cast.nurse, HN_TEXT)

    desk = product.parts.evidence_desk
    (case,) = {one.case_number for one in product.rows(incidents)}
    code = desk.request(case, Signature("ก", Role.QUALITY, "a"), "x").code
    desk.approve(code, Signature("ข", Role.DPO, "b"))
    assert [one.text for one in desk.open(code, "ก", "a")] == [HN_TEXT]


def test_an_unsend_and_a_clean_edit_end_it(keeping: tuple[Product, Cast]) -> None:
    product, cast = keeping
    first = product.say(cast.club, cast.nurse, HN_TEXT)
    second = product.say(cast.club, cast.friend, HN_TEXT)
    assert product.count(evidence) == 2
    product.platform.unsend(first)
    product.settle()
    assert product.count(evidence) == 1
    product.platform.edit(second, "คนไข้เตียง 5 ฝากตามผล lab")
    product.settle()
    assert product.count(evidence) == 0
