"""The buttons under a warning: they count only from the warned sender or the group's owner."""

from __future__ import annotations

from typing import cast as typed

import pytest

from bot.domain.buttons import Button, encode
from bot.storage.tables import incidents
from tests.way.conftest import Cast
from tests.way.product import HN_TEXT, Product

# As they stand under a warning.
BUTTONS = (Button.REWRITE, Button.CLAIMED, Button.WRONG, Button.GUIDE)


def _press(product: Product, cast: Cast, button: Button, by: str = "nurse") -> None:
    (incident,) = product.rows(incidents)
    person = getattr(cast, by)
    product.platform.postback(cast.club, person, encode(button, incident.token))
    product.settle()


def _last_text(product: Product, cast: Cast) -> str:
    return product.line.texts(cast.club)[-1]


def test_the_buttons_of_a_warning_are_in_the_promised_order(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)

    bubble = str(product.line.calls("/v2/bot/message/reply")[0].json)
    places = [bubble.index(f"w1:{button.value}:") for button in BUTTONS]
    assert places == sorted(places)


def test_who_never_added_the_bot_is_led_to_the_private_chat_by_a_free_reply(
    product: Product, cast: Cast
) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    _press(product, cast, Button.REWRITE)

    assert product.line.calls("/v2/bot/message/push") == []
    link = str(product.line.calls("/v2/bot/message/reply")[-1].json)
    assert "https://line.me/R/oaMessage/" in link


def test_asking_in_the_private_chat_gives_the_masked_text_by_a_free_reply(
    product: Product, cast: Cast
) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    own_chat = product.platform.chat(cast.nurse.user_id)
    product.say(own_chat, cast.nurse, "ขอข้อความฉบับปกปิด")

    given = "\n".join(product.line.texts(own_chat))
    assert "คนไข้เตียง 5" in given
    assert "650012345" not in given


def test_a_friend_gets_the_masked_text_pushed_privately(product: Product, cast: Cast) -> None:
    product.platform.unfollow(cast.friend)
    product.platform.follow(cast.friend)
    product.settle()
    product.say(cast.club, cast.friend, HN_TEXT)
    _press(product, cast, Button.REWRITE, by="friend")

    (push,) = product.line.calls("/v2/bot/message/push")
    body = typed("dict[str, object]", push.json)
    assert body["to"] == cast.friend.user_id
    assert "650012345" not in str(body)


def test_following_the_bot_brings_the_masked_text_that_waits(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    product.platform.follow(cast.nurse)
    product.settle()

    own_chat = product.platform.chat(cast.nurse.user_id)
    assert "คนไข้เตียง 5" in "\n".join(product.line.texts(own_chat))


def test_after_an_hour_the_masked_text_is_gone(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    product.advance(minutes=61)
    product.upkeep.run_all()
    _press(product, cast, Button.REWRITE)

    assert product.told()[-1] == ("rewrite_gone", "told")


def test_i_have_unsent_it_is_a_claim_until_line_proves_it(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    _press(product, cast, Button.CLAIMED)

    (incident,) = product.rows(incidents)
    assert incident.claimed_at is not None
    assert incident.closed_at is None
    assert "incident.answered" in product.entries()


def test_this_was_wrong_is_recorded_and_ends_the_reminders(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    _press(product, cast, Button.WRONG)
    product.advance(minutes=6)
    product.say(cast.club, cast.doctor, "เย็นนี้วิ่งไหม")

    assert product.rows(incidents)[0].disputed_at is not None
    assert ("reminder", "told") not in product.told()


def test_the_guideline_names_its_source(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    _press(product, cast, Button.GUIDE)

    assert "SOP-IT-001" in _last_text(product, cast)


@pytest.mark.parametrize("button", list(Button))
def test_a_button_pressed_by_somebody_else_does_nothing(
    product: Product, cast: Cast, button: Button
) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    _press(product, cast, button, by="doctor")

    assert len(product.line.calls("/v2/bot/message/*")) == 1
    assert product.outcomes()[-1] == "ignored"


def test_the_owner_of_the_group_may_press_for_the_sender(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.nurse, "สวัสดีค่ะ")
    product.approve(cast.club, owner=cast.doctor.user_id)
    product.advance(hours=24 * 91)
    product.say(cast.club, cast.nurse, HN_TEXT)
    _press(product, cast, Button.WRONG, by="doctor")

    assert product.rows(incidents)[0].disputed_at is not None


def test_a_postback_of_somebody_elses_making_is_left_alone(product: Product, cast: Cast) -> None:
    for data in ("action=ack&case=1042", "w1:rewrite:nobody", "w9:x:y", "", "ก" * 300):
        product.platform.postback(cast.club, cast.nurse, data)
    product.settle()

    assert set(product.outcomes()) == {"ignored"}
