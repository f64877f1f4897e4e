"""A masked picture for the sender alone: asked for with a button, and dead after ten minutes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.domain.buttons import Button, encode
from bot.sandbox.faults import FaultKind, InjectedFault
from bot.sandbox.people import Friendship, Person
from bot.storage.keyring import KeyKind
from bot.storage.tables import incidents, looks, safe_copies
from tests.way.conftest import Cast
from tests.way.looker import COPY, WRISTBAND, ScriptedLooker
from tests.way.product import Product, running_product
from tests.way.test_pictures import Broken, images, with_looker

BAND = b"band"
BASE = "https://guard.hospital.example"
CONTENTS = "/v2/bot/message/*/content"


@pytest.fixture
def looker() -> ScriptedLooker:
    return ScriptedLooker({BAND: WRISTBAND})


@pytest.fixture
def product(database_url: str, looker: ScriptedLooker) -> Iterator[Product]:
    with running_product(database_url, looker, public_base_url=BASE) as running:
        yield running


def befriend(product: Product, cast: Cast) -> None:
    product.platform.follow(cast.friend)
    product.settle()


def send(product: Product, cast: Cast, by: str = "friend") -> str:
    message = product.platform.send_image(cast.club, getattr(cast, by), BAND)
    product.settle()
    return message.message_id


def tap(product: Product, cast: Cast, person: Person) -> None:
    (incident,) = product.rows(incidents)
    product.platform.postback(cast.club, person, encode(Button.COPY, incident.token))
    product.settle()


def pictures_told(product: Product) -> list[str]:
    """The addresses in what was told privately, in order."""
    told = [
        *product.line.calls("/v2/bot/message/push"),
        *product.line.calls("/v2/bot/message/reply"),
    ]
    messages = [message for call in told for message in call.json["messages"]]
    return [one["originalContentUrl"] for one in messages if one["type"] == "image"]


def fetch(product: Product, address: str, method: str = "GET") -> tuple[int, bytes]:
    answer = product.client.open(address.removeprefix(BASE), method=method)
    return answer.status_code, answer.data


def asked_for_one(product: Product, cast: Cast) -> str:
    befriend(product, cast)
    send(product, cast)
    tap(product, cast, cast.friend)
    (address,) = pictures_told(product)
    return address


# --- given ----------------------------------------------------------------------------------


def test_the_sender_gets_the_masked_picture_privately(product: Product, cast: Cast) -> None:
    address = asked_for_one(product, cast)

    (push,) = product.line.calls("/v2/bot/message/push")
    assert push.json["to"] == cast.friend.user_id
    assert address.startswith(f"{BASE}/copies/")
    assert len(address.rsplit("/", 1)[1]) >= 43
    assert fetch(product, address) == (200, COPY)
    assert product.looked()[-1] == ("copy_given", None, None)
    assert product.entries().count("copy.given") == 1


def test_the_picture_is_fetched_again_and_never_kept_in_the_clear(
    product: Product, cast: Cast
) -> None:
    asked_for_one(product, cast)

    assert len(product.line.calls(CONTENTS)) == 2
    (row,) = product.rows(safe_copies)
    assert COPY not in row.picture_sealed


def test_it_is_dead_after_three_fetches(product: Product, cast: Cast) -> None:
    address = asked_for_one(product, cast)

    assert [fetch(product, address)[0] for _ in range(4)] == [200, 200, 200, 404]
    assert product.count(safe_copies) == 0


def test_it_is_dead_after_ten_minutes_and_wiped(product: Product, cast: Cast) -> None:
    address = asked_for_one(product, cast)
    product.advance(minutes=10)
    assert fetch(product, address)[0] == 404
    product.upkeep.run()

    assert product.count(safe_copies) == 0


def test_a_wrong_a_dead_and_a_used_up_address_get_the_same_answer(
    product: Product, cast: Cast
) -> None:
    address = asked_for_one(product, cast)
    for _ in range(3):
        fetch(product, address)

    wrong = [f"{BASE}/copies/nothing", f"{BASE}/copies/{'x' * 500}", address]
    assert {fetch(product, one) for one in wrong} == {(404, b"Not Found")}


def test_asking_for_the_headers_is_no_fetch(product: Product, cast: Cast) -> None:
    address = asked_for_one(product, cast)
    assert [fetch(product, address, "HEAD")[0] for _ in range(5)] == [200] * 5
    answer = product.client.get(address.removeprefix(BASE))

    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.mimetype == "image/jpeg"


def test_a_copy_can_be_fetched_after_a_new_version_of_the_keys(
    product: Product, cast: Cast
) -> None:
    address = asked_for_one(product, cast)
    with product.parts.database.write() as connection:
        product.parts.keys.rotate(connection, KeyKind.LOOKUP)
    product.advance(minutes=2)

    assert fetch(product, address) == (200, COPY)


def test_a_set_gives_its_pictures_in_one_push(product: Product, cast: Cast) -> None:
    befriend(product, cast)
    product.platform.send_image_set(cast.club, cast.friend, images(*[BAND] * 6))
    product.settle()
    tap(product, cast, cast.friend)

    assert len(pictures_told(product)) == 4
    assert len(product.line.calls("/v2/bot/message/push")) == 1


def test_the_copy_outlives_the_unsend_that_it_was_asked_for_before(
    product: Product, cast: Cast
) -> None:
    befriend(product, cast)
    message_id = send(product, cast)
    tap(product, cast, cast.friend)
    product.platform.unsend(message_id)
    product.settle()

    (address,) = pictures_told(product)
    assert fetch(product, address)[0] == 200


# --- who, and how ---------------------------------------------------------------------------


def test_others_get_nothing(product: Product, cast: Cast) -> None:
    send(product, cast)
    tap(product, cast, cast.doctor)

    assert [task for task, *_ in product.looked()] == ["identifiers"]
    assert pictures_told(product) == []


def test_who_never_added_the_bot_is_led_to_the_private_chat_and_gets_it_there_for_free(
    product: Product, cast: Cast
) -> None:
    send(product, cast, by="nurse")
    tap(product, cast, cast.nurse)
    link = str(product.line.calls("/v2/bot/message/reply")[-1].json)
    assert "https://line.me/R/oaMessage/" in link
    product.platform.follow(cast.nurse)
    product.settle()

    (address,) = pictures_told(product)
    assert fetch(product, address) == (200, COPY)
    assert product.line.calls("/v2/bot/message/push") == []


def test_asking_for_it_in_the_private_chat_is_answered_there(product: Product, cast: Cast) -> None:
    befriend(product, cast)
    send(product, cast)
    chat = product.platform.world.chats[cast.friend.user_id]
    product.say(chat, cast.friend, "ขอภาพฉบับปกปิด")

    assert len(pictures_told(product)) == 1
    assert product.line.calls("/v2/bot/message/push") == []


def test_without_a_public_address_the_button_is_not_offered(
    database_url: str, looker: ScriptedLooker
) -> None:
    with running_product(database_url, looker) as product:
        nurse = product.platform.add_person("นก", friendship=Friendship.FRIEND)
        club = product.platform.add_group("ชมรม", [nurse])
        product.platform.send_image(club, nurse, BAND)
        product.settle()

        (call,) = product.line.calls("/v2/bot/message/reply")
        assert "w1:copy:" not in str(call.json)
        assert "w1:claimed:" in str(call.json)


def test_two_taps_are_one_copy(product: Product, cast: Cast) -> None:
    befriend(product, cast)
    send(product, cast)
    (incident,) = product.rows(incidents)
    for _ in range(2):
        product.platform.postback(cast.club, cast.friend, encode(Button.COPY, incident.token))
    product.settle()

    assert len(pictures_told(product)) == 1


# --- when LINE has it no more ---------------------------------------------------------------


def gone(product: Product, cast: Cast) -> None:
    befriend(product, cast)
    message_id = send(product, cast)
    product.platform.world.contents.erase(message_id)
    tap(product, cast, cast.friend)


def test_after_a_410_the_bot_asks_for_the_picture_in_the_private_chat(
    product: Product, cast: Cast
) -> None:
    gone(product, cast)

    chat = product.platform.world.chats[cast.friend.user_id]
    assert "ส่งภาพมาในแชตนี้ภายใน 10 นาที" in product.line.texts(chat)[-1]
    assert product.looked()[-1] == ("picture_wanted", None, None)


def test_a_picture_brought_there_is_answered_with_its_copy_and_never_kept(
    product: Product, cast: Cast
) -> None:
    gone(product, cast)
    product.advance(minutes=9)
    chat = product.platform.world.chats[cast.friend.user_id]
    product.platform.send_image(chat, cast.friend, BAND)
    product.settle()

    (address,) = pictures_told(product)
    assert fetch(product, address) == (200, COPY)
    assert product.count(incidents) == 1
    assert product.rows(looks)[-1].payload_sealed is None


def test_a_picture_that_nobody_asked_for_is_not_looked_at(
    product: Product, cast: Cast, looker: ScriptedLooker
) -> None:
    befriend(product, cast)
    chat = product.platform.world.chats[cast.friend.user_id]
    product.platform.send_image(chat, cast.friend, BAND)
    product.settle()
    gone(product, cast)
    product.advance(minutes=11)
    product.platform.send_image(chat, cast.friend, BAND)
    product.settle()

    assert product.outcomes().count("not_inspected") == 2
    assert len(looker.looked_at) == 1


def test_after_the_unsend_the_button_asks_for_the_picture_at_once(
    product: Product, cast: Cast
) -> None:
    befriend(product, cast)
    message_id = send(product, cast)
    product.platform.unsend(message_id)
    product.settle()
    tap(product, cast, cast.friend)

    chat = product.platform.world.chats[cast.friend.user_id]
    assert "ส่งภาพมาในแชตนี้" in product.line.texts(chat)[-1]
    assert len(product.line.calls(CONTENTS)) == 1


def test_what_cannot_be_made_safe_is_said_kindly(
    product: Product, cast: Cast, looker: ScriptedLooker
) -> None:
    befriend(product, cast)
    send(product, cast)
    looker.copy = None
    tap(product, cast, cast.friend)

    chat = product.platform.world.chats[cast.friend.user_id]
    assert product.line.texts(chat)[-1].startswith("ขออภัยค่ะ")
    assert product.looked()[-1] == ("copy_not_made", "not_possible", None)


def test_without_a_looker_that_can_start_whoever_waits_is_told_after_three_minutes(
    product: Product, cast: Cast
) -> None:
    befriend(product, cast)
    send(product, cast)
    with_looker(product, Broken({BAND: WRISTBAND}))
    tap(product, cast, cast.friend)
    assert product.open_looks() == 1
    product.advance(minutes=4)
    product.settle()

    assert product.looked()[-1][:2] == ("copy_not_made", "not_possible")
    assert ("copy_not_made", "told") in product.told()
    assert pictures_told(product) == []


def test_a_line_that_is_slow_is_asked_again_for_the_copy(product: Product, cast: Cast) -> None:
    befriend(product, cast)
    send(product, cast)
    product.platform.inject(InjectedFault(FaultKind.CLOSE, path=CONTENTS, times=2))
    tap(product, cast, cast.friend)
    for _ in range(3):
        product.advance(seconds=5)
        product.settle()

    assert len(pictures_told(product)) == 1
