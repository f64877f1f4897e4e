"""Keys change with the day and the month; a unit of work that spans midnight does not stumble."""

from __future__ import annotations

from bot.domain.actions import TellState
from bot.storage.tables import keys, outbox
from tests.way.conftest import Cast
from tests.way.product import HN_TEXT, Product


def test_a_unit_of_work_that_spans_midnight_seals_with_the_keys_it_opened_with(
    product: Product, cast: Cast
) -> None:
    product.say(cast.club, cast.nurse, "สวัสดีค่ะ")
    before = product.count(keys)
    with product.parts.store.unit_of_work() as uow:
        product.advance(hours=24 * 40)
        uow.ledger.append("test", by="test", at=product.parts.clock.now(), subject=None, facts={})

    assert product.count(keys) == before


def test_what_was_sealed_yesterday_is_opened_today(product: Product, cast: Cast) -> None:
    product.platform.say(cast.club, cast.nurse, HN_TEXT)
    product.deliver()
    product.advance(hours=20)
    product.settle()

    (warning,) = [row for row in product.rows(outbox) if row.saying == "warning"]
    assert warning.state == TellState.TOLD
    assert warning.told_by == "push"
