"""What a stranger broke once, and may not break again."""

from __future__ import annotations

import time
from dataclasses import replace
from threading import Thread

from bot.domain.buttons import Button, encode
from bot.domain.findings import Assessment
from bot.ports import TextContext
from bot.storage.tables import disclosures, incident_messages, incidents
from tests.way.conftest import Cast
from tests.way.product import HN_TEXT, Product


def test_what_an_edit_replaced_is_not_judged_again_when_an_earlier_piece_arrives_late(
    product: Product, cast: Cast
) -> None:
    early = product.hands.now_ms()
    product.advance(seconds=20)
    number = product.say(cast.club, cast.nurse, "650012345")
    product.advance(seconds=5)
    product.platform.edit(number, "ขอโทษ ผิดกลุ่ม")
    product.settle()
    product.say(cast.club, cast.nurse, "คนไข้ HN", at_ms=early)

    assert product.count(incidents) == 0


def test_a_message_that_is_hours_late_does_not_join_todays_burst(
    product: Product, cast: Cast
) -> None:
    early = product.hands.now_ms()
    product.advance(hours=5)
    product.say(cast.club, cast.nurse, HN_TEXT)
    product.say(cast.club, cast.nurse, "HN 650012999", at_ms=early)

    assert product.count(incidents) == 2
    assert [said for said, _ in product.told()].count("warning") == 2
    assert [said for said, _ in product.told()].count("warning") == 2


def test_who_was_not_warned_in_standby_is_warned_afterwards(product: Product, cast: Cast) -> None:
    product.platform.set_standby(cast.club, standby=True)
    product.say(cast.club, cast.nurse, HN_TEXT)
    product.platform.set_standby(cast.club, standby=False)
    product.advance(seconds=30)
    product.say(cast.club, cast.nurse, "HN 650012999")

    assert ("warning", "told") in product.told()


def test_an_approval_does_not_reach_back_to_what_was_sent_before_it(
    product: Product, cast: Cast
) -> None:
    product.say(cast.ward, cast.nurse, "สวัสดีค่ะ")
    early = product.hands.now_ms()
    product.advance(hours=1)
    product.approve(cast.ward)
    product.say(cast.ward, cast.nurse, HN_TEXT, at_ms=early)

    assert product.outcomes()[-1] == "incident"


def test_an_edit_after_the_approval_ends_the_incident_and_its_reminders(
    product: Product, cast: Cast
) -> None:
    message = product.say(cast.ward, cast.nurse, HN_TEXT)
    product.advance(minutes=3)
    product.approve(cast.ward)
    product.advance(seconds=1)
    product.platform.edit(message, "HN 650012345 ด่วน")
    product.settle()

    assert product.count(disclosures) == 1
    assert product.rows(incidents)[0].closed_at is not None
    assert product.rows(incident_messages)[0].standing == "approved_later"
    assert "waiting" not in [state for _, state in product.told()]


def test_tapping_a_button_many_times_is_answered_once(product: Product, cast: Cast) -> None:
    product.platform.follow(cast.nurse)
    product.settle()
    product.say(cast.club, cast.nurse, HN_TEXT)
    (incident,) = product.rows(incidents)
    for _ in range(6):
        for button in (Button.REWRITE, Button.CLAIMED, Button.GUIDE):
            product.platform.postback(cast.club, cast.nurse, encode(button, incident.token))
        product.settle()

    said = [saying for saying, _ in product.told()]
    assert len(product.line.calls("/v2/bot/message/push")) == 1
    assert said.count("claim_noted") == 1
    assert said.count("guideline") == 1


def test_nobody_is_thanked_who_was_never_warned(product: Product, cast: Cast) -> None:
    message = product.platform.say(cast.club, cast.nurse, HN_TEXT)
    product.deliver()
    product.processor.work()
    product.platform.unsend(message)
    product.deliver()
    product.processor.work()
    product.settle()
    product.say(cast.club, cast.doctor, "โอเคครับ")

    assert product.line.bot_messages(cast.club) == []


def test_while_texts_are_judged_the_webhook_can_still_store(product: Product, cast: Cast) -> None:
    class SlowReader:
        def assess(self, text: str, context: TextContext) -> Assessment:
            time.sleep(1.0)
            return reader.assess(text, context)

    means = product.processor._means
    reader = means.reader
    product.processor._means = replace(means, reader=SlowReader())
    product.platform.say(cast.club, cast.nurse, "สวัสดีค่ะ")
    product.settle()
    product.platform.say(cast.club, cast.nurse, "เย็นนี้วิ่งไหม")
    product.deliver()
    judging = Thread(target=product.processor.work)
    judging.start()
    time.sleep(0.3)
    started = time.monotonic()
    product.platform.say(cast.club, cast.doctor, "ไปครับ")
    product.deliver()

    assert time.monotonic() - started < 0.6
    judging.join()
