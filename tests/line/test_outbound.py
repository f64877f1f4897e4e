from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linebot.v3.messaging.models.reply_message_request import ReplyMessageRequest

from bot.domain.actions import Saying, Utterance
from bot.domain.buttons import Button, decode, encode
from bot.domain.findings import Label
from bot.domain.groups import Language
from bot.line.outbound import render
from policies import SHIPPED_WORDING
from policies.lengths import clusters, utf16_length
from policies.wording import parse_catalogue
from tests.sandbox.official import OfficialDescription

CATALOGUE = parse_catalogue(SHIPPED_WORDING.read_text(encoding="utf-8"), SHIPPED_WORDING.name)
SENDER = "U4af4980629aaaaaaaaaaaaaaaaaaaaaa"
TOKEN = "dGhpcyBpcyBhIHRva2Vu-_"
PARAMETERS = {
    "time": "10:42",
    "kinds": "HN,PERSON",
    "minutes": "20",
    "seconds": "95",
    "contact": "งานไอที โทร 1234",
    "link": "https://line.me/R/ti/p/@wongraksa",
    "rewrite": "คนไข้ HN xxxx เตียง 5",
    "copies": "https://hospital.example/copies/abc https://hospital.example/copies/def",
    "thing": "picture",
    "about": "medical",
}
PRIVATE = {
    Saying.REWRITE,
    Saying.WELCOME,
    Saying.SELF_CHECK_FOUND,
    Saying.SELF_CHECK_CLEAN,
    Saying.SAFE_COPY,
    Saying.COPY_NOT_MADE,
    Saying.PICTURE_WANTED,
}
# Said to all members alike, in a bubble, where LINE has no mentions.
TO_EVERYBODY = {Saying.ACKNOWLEDGE}

Json = dict[str, object]

EVERY_UTTERANCE = [
    Utterance(
        saying, language, PARAMETERS, mention, token, offers_rewrite=offers, offers_copy=not offers
    )
    for saying, language, mention, token, offers in product(
        Saying, Language, (SENDER, None), (TOKEN, None), (True, False)
    )
]


def warning(saying: Saying = Saying.WARNING, **parameters: str) -> Utterance:
    given_parameters = {"time": "10:42", "kinds": "HN,PERSON", **parameters}
    return Utterance(saying, Language.THAI, given_parameters, SENDER, TOKEN, offers_rewrite=True)


def rendered(utterance: Utterance) -> list[Json]:
    return render(utterance, CATALOGUE)


def inside(value: object) -> Iterator[Json]:
    """Every JSON object in a message, from the outside in."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from inside(part)
    elif isinstance(value, list):
        for part in value:
            yield from inside(part)


def texts(messages: list[Json]) -> list[str]:
    return [cast("str", part["text"]) for part in inside(messages) if "text" in part]


def actions(messages: list[Json], kind: str = "postback") -> list[Json]:
    return [part for part in inside(messages) if part.get("type") == kind]


def buttons(messages: list[Json]) -> list[Button]:
    decoded = [decode(cast("str", action["data"])) for action in actions(messages)]
    return [button for button, _token in filter(None, decoded)]


def assert_within_limits(messages: list[Json]) -> None:
    assert 1 <= len(messages) <= 5
    assert all(text.strip() for text in texts(messages))
    for message in messages:
        assert message["type"] in {"text", "textV2", "flex", "image"}
        if message["type"] == "image":
            assert len(cast("str", message["originalContentUrl"])) <= 2_000
        elif message["type"] == "flex":
            assert 0 < utf16_length(cast("str", message["altText"])) <= 1_500
            assert len(json.dumps(message["contents"])) <= 30_000
        else:
            assert utf16_length(cast("str", message["text"])) <= 5_000
    for action in (*actions(messages), *actions(messages, "uri")):
        assert len(clusters(cast("str", action["label"]))) <= 20
        assert len(cast("str", action.get("data", ""))) <= 300
        assert len(cast("str", action.get("uri", ""))) <= 1_000


@pytest.mark.parametrize("utterance", EVERY_UTTERANCE)
def test_every_utterance_stays_within_the_limits_of_line(utterance: Utterance) -> None:
    assert_within_limits(rendered(utterance))


@pytest.fixture(scope="module")
def official() -> OfficialDescription:
    return OfficialDescription.load()


@pytest.mark.parametrize("utterance", EVERY_UTTERANCE)
def test_the_official_description_accepts_every_utterance(
    official: OfficialDescription, utterance: Utterance
) -> None:
    messages = rendered(utterance)

    reply = {"replyToken": "reply", "messages": messages}
    push = {"to": SENDER, "messages": messages}
    assert official.check_request("POST", "/v2/bot/message/reply", reply) == []
    assert official.check_request("POST", "/v2/bot/message/push", push) == []


@pytest.mark.parametrize("utterance", EVERY_UTTERANCE)
def test_the_sdk_sends_exactly_what_was_rendered(utterance: Utterance) -> None:
    request = {"replyToken": "reply", "messages": rendered(utterance)}

    read = ReplyMessageRequest.from_dict(request)

    assert read is not None
    sent = read.to_dict()
    assert sent == {**request, "notificationDisabled": False}


@given(
    st.builds(
        Utterance,
        st.sampled_from(Saying),
        st.sampled_from(Language),
        st.dictionaries(st.sampled_from([*PARAMETERS, "date", "who", "text"]), st.text()),
        st.sampled_from([SENDER, None]),
        st.sampled_from([TOKEN, None]),
        st.booleans(),
    )
)
def test_whatever_the_parameters_something_sendable_comes_out(utterance: Utterance) -> None:
    assert_within_limits(rendered(utterance))


@pytest.mark.parametrize("saying", Saying)
@pytest.mark.parametrize("filler", ["น้ำ", "{", "}", "👩‍⚕️", "กขค "])
def test_endless_parameters_are_cut_to_what_line_takes(saying: Saying, filler: str) -> None:
    endless = dict.fromkeys(PARAMETERS, filler * 12_000)
    endless["kinds"] = ",".join([*Label, "FACE"])

    for mention in (SENDER, None):
        messages = rendered(
            Utterance(saying, Language.THAI, endless, mention, TOKEN, offers_rewrite=True)
        )

        assert_within_limits(messages)


@pytest.mark.parametrize("utterance", EVERY_UTTERANCE)
def test_a_mention_is_made_exactly_where_it_is_wanted_and_allowed(utterance: Utterance) -> None:
    messages = rendered(utterance)

    mentions = [part for part in inside(messages) if part.get("type") == "mention"]

    wanted = utterance.mention is not None and utterance.saying not in PRIVATE | TO_EVERYBODY
    expected = [{"type": "mention", "mentionee": {"type": "user", "userId": SENDER}}]
    assert mentions == (expected if wanted else [])
    assert (messages[0]["type"] == "textV2") is wanted


@pytest.mark.parametrize("utterance", EVERY_UTTERANCE)
def test_nothing_quotes_and_only_answers_carry_the_masked_text(utterance: Utterance) -> None:
    messages = rendered(utterance)

    assert not any("quoteToken" in part for part in inside(messages))
    carries = PARAMETERS["rewrite"] in json.dumps(messages, ensure_ascii=False)
    assert carries is (utterance.saying in {Saying.REWRITE, Saying.SELF_CHECK_FOUND})


def test_the_warning_mentions_the_sender_and_names_kinds_and_time_in_one_call() -> None:
    spoken, bubble = rendered(warning())

    assert spoken["text"] == (
        "{who} ข้อความที่ส่งเมื่อเวลา 10:42 น. น่าจะมีเลข HN และชื่อผู้ป่วย ติดมาด้วยค่ะ รบกวนช่วยยกเลิกการส่งหน่อยนะคะ"
    )
    assert "10:42" in cast("str", bubble["altText"])
    assert "น่าจะมีเลข HN และชื่อผู้ป่วย" in texts([bubble])


def test_the_warning_says_how_to_unsend_and_until_when() -> None:
    steps = [said for said in texts(rendered(warning())) if said[0].isdigit()]

    assert [step[:3] for step in steps] == ["1. ", "2. ", "3. "]
    assert "ขอข้อความฉบับปกปิด" in steps[0]
    assert "‘ยกเลิกการส่ง’" in steps[1]
    assert "ไม่ใช่ ‘ลบ’" in steps[1]
    assert "11:42" in steps[2]


def test_without_a_name_the_warning_speaks_to_the_sender_without_one() -> None:
    spoken, _bubble = rendered(replace(warning(), mention=None))

    assert spoken["type"] == "text"
    assert cast("str", spoken["text"]).startswith("รบกวนผู้ที่ส่งข้อความเมื่อเวลา 10:42 น.")


def test_the_buttons_stand_in_their_order_and_carry_the_incident() -> None:
    messages = rendered(warning())

    assert buttons(messages) == [
        Button.REWRITE,
        Button.CLAIMED,
        Button.WRONG,
        Button.EMERGENCY,
        Button.GUIDE,
    ]
    assert [action["label"] for action in actions(messages)] == [
        "ขอข้อความฉบับปกปิด",
        "ยกเลิกการส่งแล้ว",
        "แจ้งว่าตรวจผิด",
        "ฉุกเฉิน",
        "ดูแนวปฏิบัติ",
    ]
    assert actions(messages)[0]["data"] == encode(Button.REWRITE, TOKEN)


def test_what_is_not_offered_is_neither_a_button_nor_a_step() -> None:
    messages = rendered(replace(warning(), offers_rewrite=False))

    assert buttons(messages) == [Button.CLAIMED, Button.WRONG, Button.EMERGENCY, Button.GUIDE]
    assert not any("ปกปิด" in said for said in texts(messages))


def test_pressing_a_button_says_nothing_in_the_group() -> None:
    assert not any("displayText" in action for action in actions(rendered(warning())))


def test_after_the_hour_nobody_is_asked_to_unsend() -> None:
    messages = rendered(warning(Saying.WARNING_AFTER_WINDOW, contact="งานไอที"))

    assert buttons(messages) == [Button.REWRITE, Button.WRONG, Button.GUIDE]
    assert any("‘ลบ’" in said for said in texts(messages))
    assert any("งานไอที" in said for said in texts(messages))
    assert any("บันทึกไว้แล้ว" in said for said in texts(messages))


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        ("5", "ผ่านมา 5 นาที ยังยกเลิกการส่งได้อีกประมาณ 55 นาที"),
        ("20", "มา 20 นาทีแล้ว เหลือเวลายกเลิกการส่งอีกประมาณ 40 นาที"),
        ("45", "เหลืออีกประมาณ 15 นาที"),
        ("60", "ครบ 1 ชั่วโมงแล้ว"),
        ("", "รบกวนช่วยยกเลิกการส่งหน่อยนะคะ"),
    ],
)
def test_a_reminder_speaks_by_the_minutes_that_are_left(minutes: str, said: str) -> None:
    messages = rendered(warning(Saying.REMINDER, minutes=minutes))

    assert said in cast("str", messages[0]["text"])


def test_a_reminder_carries_the_two_buttons_that_help_now() -> None:
    assert buttons(rendered(warning(Saying.REMINDER, minutes="5"))) == [
        Button.REWRITE,
        Button.CLAIMED,
    ]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        ("45", "ใน 45 วินาที"),
        ("60", "ใน 1 นาที"),
        ("95", "ใน 1 นาที 35 วินาที"),
        ("3700", "ใน 1 ชั่วโมง 1 นาที"),
        ("soon", "เก็บกลับเรียบร้อยแล้ว"),
    ],
)
def test_thanks_name_the_time_it_took_as_people_say_it(seconds: str, said: str) -> None:
    (message,) = rendered(Utterance(Saying.CLOSED, Language.THAI, {"seconds": seconds}))

    assert cast("str", message["text"]).endswith(said)


def test_a_date_is_said_where_the_message_is_of_another_day() -> None:
    messages = rendered(warning(date="20 พ.ย. 2569"))

    assert "ส่งเมื่อวันที่ 20 พ.ย. 2569 เวลา 10:42 น." in texts(messages)


def test_the_masked_text_stands_alone_so_that_it_can_be_copied() -> None:
    messages = rendered(Utterance(Saying.REWRITE, Language.THAI, {"rewrite": "HN {xxxx}"}))

    assert messages[1:] == [{"type": "text", "text": "HN {xxxx}"}]


def test_a_long_masked_text_is_split_and_complete() -> None:
    long = "น้ำใจ " * 3_000 + "จบ"

    messages = rendered(Utterance(Saying.REWRITE, Language.THAI, {"rewrite": long}))

    assert "".join(texts(messages[1:])) == long
    assert not any(said[0] in "้ำ" for said in texts(messages))


def test_a_masked_text_beyond_five_messages_ends_with_an_ellipsis() -> None:
    messages = rendered(Utterance(Saying.REWRITE, Language.THAI, {"rewrite": "ก" * 30_000}))

    assert len(messages) == 5
    assert texts(messages)[-1].endswith("…")


def test_a_masked_text_that_is_gone_is_said_to_be_gone() -> None:
    gone = rendered(Utterance(Saying.REWRITE_GONE, Language.THAI))

    assert rendered(Utterance(Saying.REWRITE, Language.THAI, {"rewrite": " "})) == gone


def test_the_way_to_the_private_chat_is_a_button_where_there_is_a_link() -> None:
    messages = rendered(Utterance(Saying.REWRITE_PRIVATELY, Language.THAI, PARAMETERS))

    assert [action["uri"] for action in actions(messages, "uri")] == [PARAMETERS["link"]]


@pytest.mark.parametrize("link", ["", "javascript:alert(1)", "http://plain", "https://a b"])
def test_without_a_good_link_the_way_is_told_in_words(link: str) -> None:
    (message,) = rendered(Utterance(Saying.REWRITE_PRIVATELY, Language.THAI, {"link": link}))

    assert "แตะรูปวงรักษา" in cast("str", message["text"])


def test_braces_in_a_text_with_a_mention_are_doubled() -> None:
    (message,) = rendered(
        Utterance(Saying.WINDOW_OVER, Language.THAI, {"contact": "{IT}"}, mention=SENDER)
    )

    assert "{{IT}}" in cast("str", message["text"])
    assert list(cast("Json", message["substitution"])) == ["who"]


def test_without_a_contact_the_administrator_is_named() -> None:
    (message,) = rendered(Utterance(Saying.INTRODUCTION, Language.THAI))

    assert "ผู้ดูแลระบบของโรงพยาบาล" in cast("str", message["text"])


@pytest.mark.parametrize(
    "data",
    [
        "",
        "w1:rewrite:",
        "w1::abc",
        "w2:rewrite:abc",
        "w1:shout:abc",
        "w1:rewrite:a b",
        "rewrite",
        "w1:rewrite:" + "a" * 129,
    ],
)
def test_a_postback_that_is_not_ours_is_no_button(data: str) -> None:
    assert decode(data) is None


@pytest.mark.parametrize("button", Button)
def test_a_button_comes_back_as_it_went_out(button: Button) -> None:
    assert decode(f" {encode(button, TOKEN)}\n") == (button, TOKEN)


def luminance(colour: str) -> float:
    """Relative luminance as the Web Content Accessibility Guidelines define it."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_every_text_of_a_bubble_can_be_read_in_a_bright_ward() -> None:
    bubble = cast("Json", rendered(warning())[1]["contents"])
    header = cast("Json", bubble["header"])
    ground = cast("str", header["backgroundColor"])
    # LINE draws labels white on primary buttons and near black on secondary ones.
    label = {"primary": "#FFFFFF", "secondary": "#111111"}

    for part in inside(header["contents"]):
        assert contrast(cast("str", part["color"]), ground) >= 4.5
    for part in (*inside(bubble["body"]), *inside(bubble["footer"])):
        if "color" in part:
            on = label.get(cast("str", part.get("style", "")), "#FFFFFF")
            assert contrast(cast("str", part["color"]), on) >= 4.5
