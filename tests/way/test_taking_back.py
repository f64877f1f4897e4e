"""The only remedy LINE knows is that the sender takes the message back. Then all of it is gone."""

from __future__ import annotations

from bot.storage.tables import (
    disclosures,
    identifier_tokens,
    inbox,
    incident_messages,
    incidents,
)
from tests.way.conftest import Cast
from tests.way.product import HN_TEXT, Product


def test_an_unsend_closes_the_loop_with_its_seconds_at_the_next_free_reply(
    product: Product, cast: Cast
) -> None:
    message = product.say(cast.club, cast.nurse, HN_TEXT)
    product.advance(seconds=42)
    product.platform.unsend(message)
    product.settle()
    product.say(cast.club, cast.doctor, "โอเคครับ")

    (incident,) = product.rows(incidents)
    assert incident.closed_at is not None
    assert "42" in product.line.texts(cast.club)[-1]
    assert product.entries()[-2:] == ["message.taken_back", "incident.closed"]


def test_after_an_unsend_nothing_of_what_was_said_is_kept(product: Product, cast: Cast) -> None:
    message = product.say(cast.club, cast.nurse, HN_TEXT)
    product.platform.unsend(message)
    product.settle()

    (row,) = product.rows(incident_messages)
    assert (row.excerpt_sealed, row.rewrite_sealed, row.standing) == (None, None, "unsent")
    text_row = next(row for row in product.rows(inbox) if row.kind == "text")
    assert text_row.payload_sealed is None


def test_reminders_stop_once_the_message_is_taken_back(product: Product, cast: Cast) -> None:
    message = product.say(cast.club, cast.nurse, HN_TEXT)
    product.platform.unsend(message)
    product.settle()
    product.advance(minutes=21)
    said_before = len(product.line.calls("/v2/bot/message/*"))
    product.upkeep.run_all()
    product.say(cast.club, cast.doctor, "เย็นนี้วิ่งไหม")

    assert len(product.line.calls("/v2/bot/message/*")) == said_before
    waiting = [said for said, state in product.told() if state == "waiting"]
    assert waiting == []


def test_an_unsend_that_overtakes_its_message_means_that_the_text_is_never_read(
    product: Product, cast: Cast
) -> None:
    product.platform.set_habits(holds=True)
    message = product.platform.say(cast.club, cast.nurse, HN_TEXT)
    product.platform.unsend(message)
    product.platform.release("reversed")
    product.settle()

    assert sorted(product.outcomes()) == ["noted", "taken_back_unread"]
    assert product.count(incidents) == 0


def test_an_unsend_before_judging_means_that_the_text_is_never_read(
    product: Product, cast: Cast
) -> None:
    message = product.platform.say(cast.club, cast.nurse, HN_TEXT)
    product.platform.unsend(message)
    product.deliver()
    unsend = next(row.id for row in product.rows(inbox) if row.kind == "unsend")
    product.processor.work([unsend])
    product.settle()

    assert sorted(product.outcomes()) == ["noted", "taken_back_unread"]


def test_a_redelivered_message_does_not_come_back_to_life(product: Product, cast: Cast) -> None:
    message = product.say(cast.club, cast.nurse, HN_TEXT)
    product.platform.unsend(message)
    product.settle()
    product.platform.repeat(product.platform.event_of(message), redelivery=True)
    product.settle()

    assert product.count(inbox) == 2
    assert product.count(incidents) == 1


def test_an_edit_that_removes_the_identifier_counts_as_taken_back(
    product: Product, cast: Cast
) -> None:
    message = product.say(cast.club, cast.nurse, HN_TEXT)
    product.advance(seconds=30)
    product.platform.edit(message, "คนไข้เตียง 5 ฝากตามผล lab")
    product.settle()

    (row,) = product.rows(incident_messages)
    assert (row.standing, row.excerpt_sealed) == ("edited_clean", None)
    assert "30" in product.line.texts(cast.club)[-1]


def test_an_edit_that_brings_an_identifier_is_found(product: Product, cast: Cast) -> None:
    message = product.say(cast.club, cast.nurse, "คนไข้เตียง 5 ฝากตามผล lab")
    product.platform.edit(message, HN_TEXT)
    product.settle()

    assert product.outcomes() == ["benign", "incident"]
    assert product.told()[0] == ("warning", "told")


def test_an_edit_that_still_identifies_changes_the_record_and_warns_no_second_time(
    product: Product, cast: Cast
) -> None:
    message = product.say(cast.club, cast.nurse, HN_TEXT)
    product.advance(seconds=200)
    product.platform.edit(message, "HN 650012345 กับ 1-2810-46451-27-4")
    product.settle()

    (row,) = product.rows(incident_messages)
    assert row.labels == "HN,NATIONAL_ID"
    assert product.count(identifier_tokens) == 2
    assert [said for said, _ in product.told()].count("warning") == 1


def test_an_edit_that_overtakes_its_message_wins(product: Product, cast: Cast) -> None:
    product.platform.set_habits(holds=True)
    message = product.platform.say(cast.club, cast.nurse, HN_TEXT)
    product.advance(seconds=5)
    product.platform.edit(message, "คนไข้เตียง 5")
    product.platform.release("reversed")
    product.settle()

    assert sorted(product.outcomes()) == ["benign", "superseded"]


def test_edited_clean_and_edited_back_is_a_new_incident_with_its_own_warning(
    product: Product, cast: Cast
) -> None:
    message = product.say(cast.club, cast.nurse, HN_TEXT)
    product.advance(seconds=10)
    product.platform.edit(message, "คนไข้เตียง 5")
    product.settle()
    product.advance(seconds=10)
    product.platform.edit(message, HN_TEXT)
    product.settle()

    assert product.count(incidents) == 2
    assert [said for said, _ in product.told()].count("warning") == 2


def test_an_incident_of_two_messages_closes_when_the_second_is_gone_too(
    product: Product, cast: Cast
) -> None:
    first = product.say(cast.club, cast.nurse, HN_TEXT)
    second = product.say(cast.club, cast.nurse, "และ HN 650012346")
    product.platform.unsend(first)
    product.settle()
    open_after_one = product.rows(incidents)[0].closed_at
    product.platform.unsend(second)
    product.settle()

    assert open_after_one is None
    assert product.rows(incidents)[0].closed_at is not None


def test_a_disclosure_that_is_unsent_is_marked_as_taken_back(product: Product, cast: Cast) -> None:
    product.say(cast.ward, cast.nurse, "สวัสดีค่ะ")
    product.approve(cast.ward)
    message = product.say(cast.ward, cast.nurse, HN_TEXT)
    product.platform.unsend(message)
    product.settle()

    (row,) = product.rows(disclosures)
    assert row.taken_back_at is not None
    assert product.entries()[-1] == "disclosure.taken_back"
