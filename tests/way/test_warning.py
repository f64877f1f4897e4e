"""A signed webhook goes in; the right request to LINE, the record and the ledger come out."""

from __future__ import annotations

from bot.storage.tables import disclosures, identifier_tokens, incident_messages, incidents
from tests.way.conftest import Cast
from tests.way.product import HN_TEXT, Product


def test_an_hn_in_a_group_that_nobody_approved_earns_its_sender_one_warning(
    product: Product, cast: Cast
) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)

    (call,) = product.line.calls("/v2/bot/message/reply")
    assert call.status == 200
    text, bubble = product.line.texts(cast.club)
    assert "650012345" not in text + bubble
    assert product.outcomes() == ["incident"]
    assert product.told()[0] == ("warning", "told")
    assert product.entries() == ["incident.opened", "incident.message", "warning.told"]


def test_ordinary_talk_is_forgotten_and_nothing_is_said(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.nurse, "พรุ่งนี้วิ่งกี่โมงคะ")

    assert product.line.calls("/v2/bot/message/*") == []
    assert product.outcomes() == ["benign"]
    assert product.entries() == []


def test_in_an_approved_group_it_is_a_disclosure_and_the_bot_stays_silent(
    product: Product, cast: Cast
) -> None:
    product.say(cast.ward, cast.nurse, "สวัสดีค่ะ")
    product.approve(cast.ward)
    product.say(cast.ward, cast.nurse, HN_TEXT)

    assert product.line.calls("/v2/bot/message/*") == []
    assert product.outcomes() == ["benign", "disclosure"]
    (row,) = product.rows(disclosures)
    assert (row.labels, row.basis, row.channel) == ("HN", "care", "group")
    assert product.count(identifier_tokens) == 1
    assert product.entries() == ["group.approved", "disclosure.recorded"]


def test_a_group_past_its_review_date_is_not_approved_any_more(
    product: Product, cast: Cast
) -> None:
    product.say(cast.ward, cast.nurse, "สวัสดีค่ะ")
    product.approve(cast.ward)
    product.advance(hours=91 * 24)
    product.say(cast.ward, cast.nurse, HN_TEXT)

    assert product.outcomes()[-1] == "incident"


def test_a_burst_of_one_sender_is_one_incident_with_one_warning(
    product: Product, cast: Cast
) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    product.advance(seconds=40)
    product.say(cast.club, cast.nurse, "อีกรายค่ะ HN 650012346")
    product.advance(seconds=120)
    product.say(cast.club, cast.nurse, "และ HN 650012347")

    assert product.count(incidents) == 1
    assert product.count(incident_messages) == 3
    assert [said for said, _ in product.told()].count("warning") == 1


def test_two_senders_are_two_incidents(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    product.say(cast.club, cast.doctor, HN_TEXT)

    assert product.count(incidents) == 2


def test_identity_split_over_two_messages_is_found_at_the_second(
    product: Product, cast: Cast
) -> None:
    product.say(cast.club, cast.nurse, "ขอผล K หน่อย hn")
    product.advance(seconds=120)
    product.say(cast.club, cast.nurse, "650012345")

    assert product.outcomes() == ["benign", "incident"]


def test_after_two_minutes_the_pieces_no_longer_belong_together(
    product: Product, cast: Cast
) -> None:
    product.say(cast.club, cast.nurse, "ขอผล K หน่อย hn")
    product.advance(seconds=121)
    product.say(cast.club, cast.nurse, "650012345")

    assert product.outcomes() == ["benign", "benign"]


def test_what_another_sender_adds_does_not_count(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.nurse, "ขอผล K หน่อย hn")
    product.say(cast.club, cast.doctor, "650012345")

    assert product.outcomes() == ["benign", "benign"]


def test_a_piece_that_arrives_late_is_judged_with_what_came_after_it(
    product: Product, cast: Cast
) -> None:
    product.platform.set_habits(holds=True)
    product.platform.say(cast.club, cast.nurse, "ขอผล K หน่อย hn")
    product.advance(seconds=20)
    product.platform.say(cast.club, cast.nurse, "650012345")
    product.platform.release("reversed")
    product.settle()

    assert sorted(product.outcomes()) == ["benign", "incident"]
    assert product.told()[0] == ("warning", "told")


def test_a_sender_without_an_id_is_warned_without_a_mention(product: Product, cast: Cast) -> None:
    shy = product.platform.add_person("ไม่เผยตัว", shares_id=False)
    product.platform.join(cast.club, shy)
    product.say(cast.club, shy, HN_TEXT)

    assert product.outcomes()[-1] == "incident"
    text = product.line.bot_messages(cast.club)[0].content
    assert "substitution" not in text


def test_in_simulation_it_is_recorded_and_nothing_is_said(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.nurse, "สวัสดีค่ะ")
    product.simulate(cast.club)
    product.say(cast.club, cast.nurse, HN_TEXT)

    assert product.line.calls("/v2/bot/message/*") == []
    (row,) = product.rows(incidents)
    assert row.is_simulated
    assert product.told() == []


def test_in_standby_it_is_recorded_and_nothing_is_said(product: Product, cast: Cast) -> None:
    product.platform.set_standby(cast.club, standby=True)
    product.say(cast.club, cast.nurse, HN_TEXT)

    assert product.outcomes() == ["incident"]
    assert product.line.calls("/v2/bot/message/*") == []


def test_a_mention_is_never_patient_data(product: Product, cast: Cast) -> None:
    odd = product.platform.add_person("HN 650012345")
    product.platform.join(cast.club, odd)
    product.settle()
    product.say(cast.club, cast.nurse, "@HN 650012345 ฝากด้วยค่ะ", mentioning=[odd])

    assert product.outcomes()[-1] == "benign"
