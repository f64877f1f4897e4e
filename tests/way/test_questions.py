"""Where a look alone cannot tell, the sender is asked: seldom, and one tap answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from bot.domain.buttons import Button, encode
from bot.domain.groups import GroupKind
from bot.sandbox.chats import Chat
from bot.sandbox.faults import FaultKind, InjectedFault
from bot.sandbox.people import Person
from bot.storage.published import DocumentKind
from bot.storage.tables import incident_messages, incidents, looks, published, questions
from policies import SHIPPED_TABLE
from tests.way.conftest import Cast
from tests.way.looker import FACE, WRISTBAND, XRAY, ScriptedLooker
from tests.way.product import Product, running_product
from tests.way.test_pictures import classify, images

SELFIE, SCAN, BAND = b"selfie", b"scan", b"band"


@pytest.fixture
def product(database_url: str) -> Iterator[Product]:
    looker = ScriptedLooker({SELFIE: FACE, SCAN: XRAY, BAND: WRISTBAND})
    with running_product(database_url, looker) as running:
        yield running


def send(product: Product, cast: Cast, data: bytes = SCAN, by: str = "nurse") -> str:
    message = product.platform.send_image(cast.club, getattr(cast, by), data)
    product.settle()
    return message.message_id


def tap(product: Product, chat: Chat, person: Person, button: Button) -> None:
    question = product.rows(questions)[-1]
    product.platform.postback(chat, person, encode(button, question.token))
    product.settle()


def answers(product: Product) -> list[str | None]:
    return [row.answer for row in product.rows(questions)]


# --- asking ---------------------------------------------------------------------------------


def test_a_medical_picture_is_asked_about_with_two_buttons(product: Product, cast: Cast) -> None:
    send(product, cast)

    assert product.looked() == [("medical", None, "question")]
    text, _alt = product.line.texts(cast.club)
    assert "ดูคล้ายภาพทางการแพทย์" in text
    (call,) = product.line.calls("/v2/bot/message/reply")
    bubble = str(call.json)
    assert "ไม่มีผู้ป่วยในภาพ" in bubble
    assert "มี จะยกเลิกการส่ง" in bubble
    assert product.entries() == ["question.asked"]
    assert product.count(incidents) == 0


def test_a_face_is_asked_about_once_an_hour_for_each_sender(product: Product, cast: Cast) -> None:
    for _ in range(4):
        send(product, cast, SELFIE)
        product.advance(minutes=15)
    send(product, cast, SELFIE)

    assert [reason for _, reason, _ in product.looked()] == [
        None,
        "asked_enough",
        "asked_enough",
        "asked_enough",
        None,
    ]
    assert product.count(questions) == 2


def test_faces_in_one_group_are_asked_about_three_times_a_day(product: Product, cast: Cast) -> None:
    for by in ("nurse", "doctor", "friend", "nurse"):
        send(product, cast, SELFIE, by)
        product.advance(minutes=61)
    assert product.count(questions) == 3
    product.advance(hours=22)
    send(product, cast, SELFIE, "doctor")

    assert product.count(questions) == 4


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        (GroupKind.UNIT, 1),
        (GroupKind.HOSPITAL_WIDE, 1),
        (GroupKind.UNKNOWN, 1),
        (GroupKind.SOCIAL, 0),
        (GroupKind.TEACHING, 0),
        (GroupKind.CARE_TEAM, 0),
        (GroupKind.REFERRAL_NETWORK, 0),
    ],
)
def test_a_face_alone_is_asked_about_in_some_kinds_of_group_only(
    product: Product, cast: Cast, kind: GroupKind, asked: int
) -> None:
    product.say(cast.club, cast.nurse, "สวัสดีค่ะ")
    classify(product.parts, cast.club.chat_id, kind)
    send(product, cast, SELFIE)

    assert product.count(questions) == asked


def test_pictures_of_one_burst_are_one_question(product: Product, cast: Cast) -> None:
    send(product, cast)
    product.advance(seconds=60)
    send(product, cast)

    assert product.count(questions) == 1
    assert [led_to for _, _, led_to in product.looked()] == ["question", "question"]
    assert len({row.question_id for row in product.rows(looks)}) == 1


def test_a_sender_without_an_id_cannot_be_asked(product: Product, cast: Cast) -> None:
    shy = product.platform.add_person("ไม่เผยตัว", shares_id=False)
    product.platform.join(cast.club, shy)
    product.platform.send_image(cast.club, shy, SCAN)
    product.settle()

    assert product.looked() == [("medical", "no_sender", "nothing")]
    assert product.line.bot_messages(cast.club) == []


def test_a_question_that_comes_too_late_for_its_reply_rides_and_is_never_pushed(
    product: Product, cast: Cast
) -> None:
    product.platform.inject(
        InjectedFault(FaultKind.CLOSE, path="/v2/bot/message/*/content", times=5)
    )
    product.platform.send_image(cast.club, cast.nurse, SCAN)
    for _ in range(7):
        product.settle()
        product.advance(seconds=40)
    assert product.line.bot_messages(cast.club) == []
    product.say(cast.club, cast.doctor, "พรุ่งนี้วิ่งกี่โมง")

    assert "ดูคล้ายภาพทางการแพทย์" in product.line.texts(cast.club)[0]
    assert product.line.calls("/v2/bot/message/push") == []


def test_a_set_whose_other_picture_earns_a_warning_is_not_asked_about(
    product: Product, cast: Cast
) -> None:
    product.platform.send_image_set(cast.club, cast.nurse, images(SCAN, BAND))
    product.settle()
    product.advance(minutes=1)
    product.settle()

    assert answers(product) == ["overtaken"]
    assert [said for said, state in product.told() if state == "told"] == ["warning"]


# --- answers --------------------------------------------------------------------------------


def test_no_patient_closes_the_question_and_forgets_the_picture(
    product: Product, cast: Cast
) -> None:
    send(product, cast)
    tap(product, cast.club, cast.nurse, Button.NO_PATIENT)

    assert answers(product) == ["no_patient"]
    assert "จดไว้แล้วว่าไม่มีผู้ป่วยในภาพ" in product.line.texts(cast.club)[-1]
    assert all(row.payload_sealed is None for row in product.rows(looks))
    assert product.entries() == ["question.asked", "question.answered"]
    assert product.count(incidents) == 0


def test_yes_makes_it_an_incident_with_reminders_until_it_is_unsent(
    product: Product, cast: Cast
) -> None:
    message_id = send(product, cast)
    tap(product, cast.club, cast.nurse, Button.PATIENT)

    assert answers(product) == ["patient"]
    assert product.count(incidents) == product.count(incident_messages) == 1
    assert "ขอบคุณที่บอกค่ะ รบกวนยกเลิกการส่งภาพ" in product.line.texts(cast.club)[-2]
    product.advance(minutes=6)
    product.say(cast.club, cast.doctor, "ครับ")
    assert ("reminder", "told") in product.told()
    product.platform.unsend(message_id)
    product.settle()

    (row,) = product.rows(incidents)
    assert row.closed_at is not None
    assert ("reminder", "waiting") not in product.told()


def test_yes_counts_for_every_picture_that_was_asked_about(product: Product, cast: Cast) -> None:
    product.platform.send_image_set(cast.club, cast.nurse, images(SCAN, SCAN, SCAN))
    product.settle()
    product.advance(seconds=20)
    product.settle()
    tap(product, cast.club, cast.nurse, Button.PATIENT)

    assert product.count(incidents) == 1
    assert product.count(incident_messages) == 3


@pytest.mark.parametrize("button", [Button.NO_PATIENT, Button.PATIENT])
def test_what_others_tap_does_not_count(product: Product, cast: Cast, button: Button) -> None:
    send(product, cast)
    tap(product, cast.club, cast.doctor, button)
    tap(product, cast.ward, cast.nurse, button)

    assert answers(product) == [None]
    assert product.count(incidents) == 0


def test_the_owner_of_the_group_may_answer_for_the_sender(product: Product, cast: Cast) -> None:
    send(product, cast)
    with product.parts.store.unit_of_work() as uow:
        group = uow.registry.locate(cast.club.chat_id, None).group
        assert group is not None
    product.approve(cast.club, GroupKind.SOCIAL, owner=cast.doctor.user_id)
    tap(product, cast.club, cast.doctor, Button.NO_PATIENT)

    assert answers(product) == ["no_patient"]


def test_a_second_tap_changes_nothing(product: Product, cast: Cast) -> None:
    send(product, cast)
    tap(product, cast.club, cast.nurse, Button.NO_PATIENT)
    tap(product, cast.club, cast.nurse, Button.PATIENT)

    assert answers(product) == ["no_patient"]
    assert product.count(incidents) == 0


def test_without_an_answer_within_the_hour_it_ends_as_unanswered(
    product: Product, cast: Cast
) -> None:
    send(product, cast)
    product.advance(minutes=61)
    product.upkeep.run_all()
    product.settle()
    tap(product, cast.club, cast.nurse, Button.PATIENT)

    assert answers(product) == ["unanswered"]
    asked = [kind for kind in product.entries() if kind.startswith("question.")]
    assert asked == ["question.asked", "question.answered"]
    assert "เลย 1 ชั่วโมงแล้ว" in product.line.texts(cast.club)[-1]
    assert all(row.payload_sealed is None for row in product.rows(looks))


def test_an_unsend_ends_the_question(product: Product, cast: Cast) -> None:
    message_id = send(product, cast)
    product.platform.unsend(message_id)
    product.settle()
    tap(product, cast.club, cast.nurse, Button.PATIENT)

    assert answers(product) == ["taken_back"]
    assert product.count(incidents) == 0


def test_of_a_set_the_question_lives_until_the_last_picture_is_unsent(
    product: Product, cast: Cast
) -> None:
    first, second = product.platform.send_image_set(cast.club, cast.nurse, images(SCAN, SCAN))
    product.settle()
    product.platform.unsend(first)
    product.settle()
    assert answers(product) == [None]
    product.platform.unsend(second)
    product.settle()

    assert answers(product) == ["taken_back"]


# --- the table decides ----------------------------------------------------------------------


def publish(product: Product, body: str) -> None:
    """As if the hospital had published a table of its own."""
    with product.parts.database.write() as connection:
        connection.execute(
            update(published)
            .where(published.c.kind == DocumentKind.DECISION_TABLE.value)
            .values(body=body, proposed_by="somebody")
        )


def shipped_with(**actions: str) -> str:
    text = SHIPPED_TABLE.read_text(encoding="utf-8")
    start = text.index('name = "medical-picture-outside-an-approved-group"')
    end = text.index("actions = ", start)
    return text[:end] + f"actions = {actions['medical']}\n" + text[text.index("\n", end) :]


def test_a_table_may_say_never_to_ask(product: Product, cast: Cast) -> None:
    publish(product, shipped_with(medical="[]"))
    send(product, cast)

    assert product.looked() == [("medical", None, "nothing")]
    assert product.line.bot_messages(cast.club) == []


def test_a_table_may_say_to_warn(product: Product, cast: Cast) -> None:
    publish(product, shipped_with(medical='["record_incident", "warn", "offer_safe_rewrite"]'))
    send(product, cast)

    assert product.looked() == [("medical", None, "incident")]
    assert "น่าจะมีข้อมูลผู้ป่วย" in product.line.texts(cast.club)[0]


def test_a_table_from_before_pictures_is_still_acted_on(product: Product, cast: Cast) -> None:
    text = SHIPPED_TABLE.read_text(encoding="utf-8")
    rules = text.split("[[rule]]")
    old = "[[rule]]".join(rule for rule in rules if "medical-" not in rule and "face-" not in rule)
    publish(product, old)
    send(product, cast)
    product.advance(minutes=5)
    send(product, cast, BAND)

    assert product.looked() == [("medical", None, "nothing"), ("identifiers", None, "incident")]


def test_an_answered_question_is_kept_as_long_as_records_are_and_then_goes(
    product: Product, cast: Cast
) -> None:
    send(product, cast)
    tap(product, cast.club, cast.nurse, Button.NO_PATIENT)
    product.advance(hours=729 * 24)
    product.upkeep.run_all()
    assert product.count(questions) == 1
    product.advance(hours=2 * 24)
    product.upkeep.run_all()

    assert product.count(questions) == 0
