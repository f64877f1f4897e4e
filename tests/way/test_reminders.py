"""While a message stands: at 5, 20 and 45 minutes, where a reply is free; then another script."""

from __future__ import annotations

from bot.storage.tables import outbox
from tests.way.conftest import Cast
from tests.way.product import HN_TEXT, Product


def test_a_reminder_rides_on_the_reply_token_of_a_later_silent_event(
    product: Product, cast: Cast
) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    product.advance(minutes=6)
    product.say(cast.club, cast.doctor, "เย็นนี้วิ่งไหม")

    assert product.line.calls("/v2/bot/message/push") == []
    assert len(product.line.calls("/v2/bot/message/reply")) == 2
    assert ("reminder", "told") in product.told()


def test_without_a_later_event_nothing_is_pushed(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    product.advance(minutes=50)
    product.upkeep.run_all()
    product.settle()

    assert len(product.line.calls("/v2/bot/message/*")) == 1


def test_of_several_due_reminders_only_the_newest_is_said_with_the_real_minutes(
    product: Product, cast: Cast
) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    product.advance(minutes=38)
    product.say(cast.club, cast.doctor, "เย็นนี้วิ่งไหม")
    product.say(cast.club, cast.doctor, "ตอบด้วย")

    assert len(product.line.calls("/v2/bot/message/reply")) == 2
    assert "22" in product.line.texts(cast.club)[-2] or "38" in product.line.texts(cast.club)[-2]


def test_after_the_hour_the_words_change_to_what_can_still_be_done(
    product: Product, cast: Cast
) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    product.advance(minutes=70)
    product.upkeep.run_all()
    product.say(cast.club, cast.doctor, "เย็นนี้วิ่งไหม")

    assert ("window_over", "told") in product.told()
    assert "ลบ" in product.line.texts(cast.club)[-1]


def test_a_warning_told_after_the_hour_does_not_promise_an_unsend(
    product: Product, cast: Cast
) -> None:
    product.platform.say(cast.club, cast.nurse, HN_TEXT)
    product.deliver()
    product.advance(minutes=65)
    product.settle()

    (call,) = product.line.calls("/v2/bot/message/push")
    assert call.status == 200
    assert "ยกเลิกการส่งแล้ว" not in str(call.json)


def test_reminders_are_pushed_where_the_hospital_wants_that(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    product.advance(minutes=6)
    product.parts.tell_queue.end_rides(by_push=True)
    product.settle()

    assert len(product.line.calls("/v2/bot/message/push")) == 1


def test_a_ride_that_found_no_token_ends_and_its_body_is_gone(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    product.advance(hours=30)
    product.upkeep.run_all()

    rides = [row for row in product.rows(outbox) if row.saying != "warning"]
    assert {row.state for row in rides} == {"cancelled"}
    assert {row.body_sealed for row in rides} == {None}
