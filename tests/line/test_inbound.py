"""Raw JSON becomes typed events, and no JSON whatever stops an event from becoming one."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.events import (
    ChatKind,
    EventKind,
    ImageSet,
    InboundEvent,
    Mention,
    Source,
)
from bot.errors import UnreadableBodyError
from bot.line.inbound import MOST_EVENTS, read_event, split_body
from tests.line.samples import FILES, sample

NOW = datetime(2026, 7, 29, 2, 0, tzinfo=UTC)
BOT = "U3c5261c4130db056c3c132b3a4336d65"
WARD_5 = "Cf09cfd6318655232febbe35e5891b110"
WARD_6 = "Cf591805d01e013d4ce0a7383899f8a85"
PHARMACY = "C5154497e126a50d0ee0a3b7fd38d4f80"
NURSE = "Uff5b40864bd42b1db398d93315b1bfde"
BOY = "U8e289c455a165e0ad50784e489fcda4c"
FRIEND = "U4352321977f35aa55ad49e7b43b58163"


def read(body: bytes) -> list[InboundEvent]:
    return [read_event(raw, NOW) for raw in split_body(body)]


def one(number: int) -> InboundEvent:
    (event,) = read(sample(number))
    return event


def event_of(**fields: object) -> InboundEvent:
    return read_event(json.dumps(fields).encode(), NOW)


def message_of(**fields: object) -> InboundEvent:
    return event_of(type="message", message={"type": "text", "id": "1", **fields})


# --- the samples ----------------------------------------------------------------------------

KINDS = [
    *[EventKind.TEXT] * 8,
    *[EventKind.IMAGE] * 6,
    EventKind.VIDEO,
    EventKind.AUDIO,
    EventKind.FILE,
    EventKind.STICKER,
    EventKind.STICKER,
    EventKind.LOCATION,
    EventKind.UNSEND,
    EventKind.EDITED,
    EventKind.JOIN,
    EventKind.LEAVE,
    EventKind.MEMBER_JOINED,
    EventKind.MEMBER_LEFT,
    EventKind.POSTBACK,
    EventKind.POSTBACK,
    EventKind.FOLLOW,
    EventKind.UNFOLLOW,
    EventKind.TEXT,
    EventKind.ACCOUNT_LINK,
    EventKind.ACCOUNT_LINK,
    *[EventKind.TEXT] * 4,
]


def test_there_are_forty_samples() -> None:
    assert len(FILES) == 40


@pytest.mark.parametrize(("number", "kind"), list(enumerate(KINDS, start=1)))
def test_each_sample_is_of_its_kind_with_ids_of_its_own(number: int, kind: EventKind) -> None:
    event = one(number)
    (raw,) = json.loads(sample(number))["events"]

    assert event.kind is kind
    assert event.event_id == raw["webhookEventId"]
    assert event.occurred_at.timestamp() * 1000 == pytest.approx(raw["timestamp"], abs=0.01)
    assert event.is_active is (number != 37)
    assert event.reply_token == raw.get("replyToken")
    assert event.message_id == raw.get("message", raw.get("unsend", {})).get(
        "id", raw.get("unsend", {}).get("messageId")
    )
    assert event.is_redelivery is (number == 36)


def test_a_plain_text_has_its_group_sender_words_and_time() -> None:
    event = one(1)

    assert event.source == Source(ChatKind.GROUP, WARD_5, NURSE)
    assert event.content.text == "เวรดึกวันนี้ใครรับเคสใหม่คะ เตียง 5 กับ 7 ว่างแล้ว"
    assert event.message_id == "620000601212251558"
    assert event.occurred_at == datetime(2026, 7, 28, 1, 0, 0, 73_000, tzinfo=UTC)
    assert event.content.mentions == ()


def test_a_mention_of_the_bot_says_that_it_is_us() -> None:
    assert one(2).content.mentions == (Mention(0, 8, BOT, is_us=True),)


def test_everybody_and_one_person_may_be_mentioned_together() -> None:
    event = one(3)

    assert event.content.mentions == (Mention(0, 4), Mention(5, 15, BOY))
    assert [event.content.text[m.start : m.end] for m in event.content.mentions] == [
        "@All",
        "@บอย เภสัช",
    ]


def test_a_mention_of_somebody_without_consent_has_its_place_but_no_id() -> None:
    assert one(4).content.mentions == (Mention(0, 6),)


def test_line_emojis_stay_in_the_text_as_their_words() -> None:
    assert "(hello)(heart)" in one(5).content.text


def test_a_quote_carries_its_own_words_only() -> None:
    assert one(6).content.text == "หนูรับเองค่ะ"


def test_five_thousand_characters_arrive_whole() -> None:
    assert len(one(7).content.text) == 5000


def test_line_breaks_and_thai_digits_arrive_as_they_were_written() -> None:
    assert one(8).content.text.splitlines()[1] == "HN ๖๕๐๐๑๒๓๔๕"


def test_a_single_image_belongs_to_no_set() -> None:
    assert one(9).content.image_set is None


@pytest.mark.parametrize("number", [10, 11, 12])
def test_images_sent_at_once_name_their_set(number: int) -> None:
    set_id = "09EC5BED6C011662B3458A43A05C426B9B0581E4BB88E83B34BDB223D4E4D143"
    assert one(number).content.image_set == ImageSet(set_id, 3)


def test_an_old_android_names_the_set_without_its_size() -> None:
    found = one(13).content.image_set
    assert found is not None
    assert found.total is None


def test_an_image_that_is_not_with_line_is_marked() -> None:
    assert one(14).content.is_external
    assert not one(9).content.is_external


def test_a_file_carries_its_name() -> None:
    assert one(17).content.file_name == "รายการยา_หอผู้ป่วย5_กค69.pdf"
    assert one(17).content.text == ""


def test_a_sticker_has_text_only_where_somebody_typed_some() -> None:
    assert one(18).content.text == ""
    assert one(19).content.text == "รับทราบ\nขอบคุณค่ะ"


def test_title_and_address_of_a_place_are_its_text() -> None:
    assert one(20).content.text.splitlines() == [
        "จุดรับผู้ป่วย",
        "ถนนตัวอย่าง ตำบลตัวอย่าง อำเภอตัวอย่าง 10000",
    ]


def test_an_unsend_names_the_message_that_is_gone_and_cannot_be_answered() -> None:
    event = one(21)
    assert event.message_id == one(1).message_id
    assert event.reply_token is None


def test_an_edit_has_the_message_id_of_what_it_replaces() -> None:
    assert one(22).message_id == one(8).message_id
    assert one(22).occurred_at > one(8).occurred_at
    assert "HN" not in one(22).content.text


@pytest.mark.parametrize("number", [23, 24])
def test_coming_and_going_of_the_bot_has_a_group_and_nobody(number: int) -> None:
    source = one(number).source
    assert source.kind is ChatKind.GROUP
    assert source.user_id is None


def test_members_who_come_and_go_are_named() -> None:
    joined = ("U12363cf04ef59a3cade23f528ba5cfcf", "Ud6b9b68d0aeb209b7fb60993f3d3fea1")
    assert one(25).content.member_ids == joined
    assert one(26).content.member_ids == joined[1:]


def test_a_pressed_button_brings_its_data() -> None:
    assert one(27).content.postback == "action=ack&case=1042"
    assert one(28).content.postback == "action=mute_until"


@pytest.mark.parametrize("number", [28, 29, 30, 31, 32])
def test_one_to_one_the_person_is_the_chat(number: int) -> None:
    source = one(number).source
    assert source.kind is ChatKind.USER
    assert source.chat_id == source.user_id
    assert not source.is_shared


def test_an_event_without_a_source_happened_nowhere() -> None:
    assert one(33).source == Source(ChatKind.NONE)


def test_an_old_room_is_shared_too() -> None:
    assert one(34).source == Source(ChatKind.ROOM, "R4eff990f9d825405c0d75b30c9aa7215", BOY)
    assert one(34).source.is_shared


def test_a_sender_may_have_no_id() -> None:
    assert one(35).source == Source(ChatKind.GROUP, WARD_5, None)


def test_a_redelivery_differs_from_its_first_delivery_by_its_mark_alone() -> None:
    first, again = one(1), one(36)
    assert again.is_redelivery
    assert not first.is_redelivery
    assert (first.event_id, first.content, first.reply_token) == (
        again.event_id,
        again.content,
        again.reply_token,
    )


def test_in_standby_we_are_not_active_and_have_no_token() -> None:
    (event,) = read(sample(37))
    assert event.kind is EventKind.TEXT
    assert not event.is_active
    assert event.reply_token is None


def test_several_events_of_one_body_keep_their_order() -> None:
    events = read(sample(38))
    assert [event.kind for event in events] == [
        EventKind.TEXT,
        EventKind.FOLLOW,
        EventKind.TEXT,
        EventKind.UNSEND,
        EventKind.IMAGE,
    ]
    assert [event.source.chat_id for event in events] == [WARD_5, BOY, WARD_5, PHARMACY, WARD_6]
    assert events[2].occurred_at < events[0].occurred_at


def test_a_body_without_events_is_a_body() -> None:
    assert split_body(sample(39)) == []


def test_unknown_kinds_are_known_as_such_and_stop_no_neighbour() -> None:
    unknown, unknown_message, text = read(sample(40))

    assert unknown.kind is EventKind.UNKNOWN
    assert unknown.source.chat_id == WARD_5
    assert unknown_message.kind is EventKind.UNKNOWN_MESSAGE
    assert unknown_message.message_id == "620001002213284283"
    assert text.kind is EventKind.TEXT


# --- mentions: LINE counts UTF-16 units, we count characters -----------------------------------


def mentions_of(text: str, *places: tuple[object, object]) -> list[str]:
    mentionees = [{"index": index, "length": length} for index, length in places]
    content = message_of(text=text, mention={"mentionees": mentionees}).content
    return [text[mention.start : mention.end] for mention in content.mentions]


def test_an_emoji_before_a_mention_is_two_units_of_lines_and_one_character_of_ours() -> None:
    assert mentions_of("🏥🚑 @นก มาด่วน", (5, 3)) == ["@นก"]


def test_an_emoji_inside_a_mention_belongs_to_it() -> None:
    assert mentions_of("ฝาก @นก🐦 ด้วย", (4, 5)) == ["@นก🐦"]


def test_a_family_emoji_of_many_characters_is_counted_whole() -> None:
    family = "👨\u200d👩\u200d👧"  # five characters, eight units
    assert mentions_of(f"{family}@นก", (8, 3)) == ["@นก"]


def test_a_mention_beyond_the_end_ends_with_the_text() -> None:
    assert mentions_of("@นก", (0, 500), (500, 3)) == ["@นก", ""]


@pytest.mark.parametrize(
    "place", [(-1, 3), (0, 0), (0, -5), ("0", 3), (0, None), (0.0, 3), (None, None), ([], {})]
)
def test_a_mention_with_an_impossible_place_is_none(place: tuple[object, object]) -> None:
    assert mentions_of("@นก", place) == []


def test_one_broken_mention_does_not_hide_the_others() -> None:
    assert mentions_of("@นก @ฟ้า", ("x", 3), (4, 4)) == ["@ฟ้า"]


@given(st.text(max_size=30), st.integers(-5, 10**20), st.integers(-5, 10**20))
def test_wherever_a_mention_is_said_to_be_it_lies_within_the_text(
    text: str, index: int, length: int
) -> None:
    for mention in message_of(
        text=text, mention={"mentionees": [{"index": index, "length": length}]}
    ).content.mentions:
        assert 0 <= mention.start <= mention.end <= len(text)


# --- leniency ---------------------------------------------------------------------------------

NUMBERS = st.integers() | st.floats() | st.just(10**400)
SCALARS = st.none() | st.booleans() | NUMBERS | st.text(max_size=20)
ANY_JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
# The names that the reader looks for, with anything at all behind them.
EVENT_NAMES = (
    "type mode timestamp source webhookEventId deliveryContext replyToken message unsend joined "
    "left postback id text fileName title address mention mentionees imageSet total "
    "contentProvider members userId groupId roomId messageId data isRedelivery index length isSelf"
)
EVENT_WORDS = (
    "message messageEdited unsend memberJoined memberLeft postback group room user text image "
    "location sticker file standby active external join leave delivery"
)
NAMES = st.sampled_from(EVENT_NAMES.split())
WORDS = st.sampled_from(EVENT_WORDS.split())
EVENT_LIKE = st.recursive(
    SCALARS | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=25,
)


def read_anything(event: object) -> InboundEvent:
    (raw,) = split_body(json.dumps({"events": [event]}).encode())
    return read_event(raw, NOW)


@settings(max_examples=300)
@given(ANY_JSON | EVENT_LIKE | st.dictionaries(NAMES, EVENT_LIKE, min_size=1))
def test_whatever_the_json_it_becomes_an_event(event: object) -> None:
    found = read_anything(event)

    assert isinstance(found, InboundEvent)
    assert 1 <= len(found.event_id) <= 64
    assert found.event_id.isascii()
    assert found.occurred_at.tzinfo is not None
    assert found.occurred_at <= NOW + timedelta(days=1)
    for line_id in (found.source.chat_id, found.source.user_id, found.message_id):
        assert line_id is None or (line_id.isascii() and len(line_id) <= 64)


@pytest.mark.parametrize("event", [None, True, 0, 1.5, "text", [], [{}], "\ud83d"])
def test_what_is_no_object_is_unreadable_and_silent(event: object) -> None:
    found = read_anything(event)
    assert found.kind is EventKind.UNREADABLE
    assert not found.is_active


def test_without_an_id_of_lines_equal_bytes_have_equal_ids() -> None:
    assert read_anything({"type": "join"}).event_id == read_anything({"type": "join"}).event_id
    assert read_anything({"type": "join"}).event_id != read_anything({"type": "leave"}).event_id


@pytest.mark.parametrize(
    "bad", ["", "ก", "a b", "a" * 65, "a\x00b", "\ud800", "'; --", 7, None, []]
)
def test_an_event_id_that_is_none_is_replaced(bad: object) -> None:
    assert event_of(type="join", webhookEventId=bad).event_id.startswith("sha256-")


@pytest.mark.parametrize(
    "timestamp",
    [
        True,
        None,
        "1785200400073",
        [],
        {},
        -1,
        0,
        1,
        10**30,
        10**400,
        -(10**400),
        float("nan"),
        float("inf"),
        float("-inf"),
        253_402_300_799_999,
        253_402_300_800_000,
    ],
)
def test_an_absurd_time_becomes_the_time_of_receipt(timestamp: object) -> None:
    assert event_of(type="join", timestamp=timestamp).occurred_at == NOW


def test_a_time_with_a_fraction_is_a_time() -> None:
    at = event_of(type="join", timestamp=1785200400073.9).occurred_at
    assert at == datetime(2026, 7, 28, 1, 0, 0, 73_000, tzinfo=UTC)


def test_a_clock_that_is_hours_ahead_is_believed_and_one_that_is_days_ahead_is_not() -> None:
    hours_ahead = int((NOW + timedelta(hours=20)).timestamp() * 1000)
    assert event_of(type="join", timestamp=hours_ahead).occurred_at == NOW + timedelta(hours=20)
    days_ahead = int((NOW + timedelta(days=2)).timestamp() * 1000)
    assert event_of(type="join", timestamp=days_ahead).occurred_at == NOW


@pytest.mark.parametrize(
    "source",
    [
        None,
        [],
        "group",
        {},
        {"type": "group"},
        {"type": "group", "groupId": None},
        {"type": "group", "groupId": 7},
        {"type": "group", "groupId": "C/../etc"},
        {"type": "group", "groupId": "C" * 65},
        {"type": "group", "groupId": "C\x00"},
        {"type": "group", "groupId": "ก"},
        {"type": "channel", "channelId": "C1"},
        {"type": ["group"], "groupId": "C1"},
    ],
)
def test_a_source_that_names_no_chat_is_no_chat(source: object) -> None:
    event = event_of(type="message", source=source, message={"type": "text", "text": "x"})
    assert event.source == Source(ChatKind.NONE)
    assert event.kind is EventKind.TEXT


@pytest.mark.parametrize("user_id", [None, 5, "", "U 1", "U\u200b1", "U" * 65, ["U1"]])
def test_a_strange_user_id_is_none(user_id: object) -> None:
    event = event_of(type="join", source={"type": "group", "groupId": "C1", "userId": user_id})
    assert event.source == Source(ChatKind.GROUP, "C1", None)


@pytest.mark.parametrize("token", [None, 3, "", "0" * 32, "f" * 32, "โทเค็น", "a\ud800"])
def test_a_token_that_answers_nothing_is_none(token: object) -> None:
    assert event_of(type="join", replyToken=token).reply_token is None


@pytest.mark.parametrize("message", [None, 1, [], "text", {}, {"type": None}, {"type": []}])
def test_a_message_that_is_none_is_unreadable(message: object) -> None:
    assert event_of(type="message", message=message).kind is EventKind.UNREADABLE


@pytest.mark.parametrize("kind", [None, 1, [], {}, True])
def test_a_kind_that_is_no_word_is_unreadable(kind: object) -> None:
    assert event_of(type=kind).kind is EventKind.UNREADABLE


@pytest.mark.parametrize("text", ["\x00", "HN\x00650012345", "\ud83d", "\udc00\ud800", "ก" * 5000])
def test_strange_characters_stay_in_the_text(text: str) -> None:
    found = read_anything({"type": "message", "message": {"type": "text", "text": text}})
    assert found.content.text == text


def test_a_lone_half_of_a_pair_may_come_as_raw_bytes() -> None:
    body = b'{"events":[{"type":"message","message":{"type":"text","text":"\xed\xa0\xbd"}}]}'
    (event,) = read(body)
    assert event.content.text == "\ud83d"


def test_wrong_types_inside_a_message_leave_the_rest_of_it() -> None:
    event = event_of(
        type="message",
        webhookEventId="01KYK3RP0J32PS37GT2DQRB6K2",
        deliveryContext="yes",
        mode=1,
        message={
            "type": "image",
            "id": 620,
            "text": ["x"],
            "mention": [],
            "imageSet": {"id": "set", "total": "3"},
            "contentProvider": "external",
            "fileName": None,
        },
    )
    assert event.kind is EventKind.IMAGE
    assert event.is_active
    assert not event.is_redelivery
    assert event.message_id is None
    assert event.content.image_set == ImageSet("set", None)


@pytest.mark.parametrize("joined", [None, [], {"members": None}, {"members": [1, None, {}]}])
def test_members_without_ids_are_nobody(joined: object) -> None:
    assert event_of(type="memberJoined", joined=joined).content.member_ids == ()


def test_a_long_postback_is_cut_to_what_line_allows() -> None:
    event = event_of(type="postback", postback={"data": "x" * 5000})
    assert len(event.content.postback) == 300


# --- bodies -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"1",
        b'"events"',
        b"{}",
        b'{"events":null}',
        b'{"events":{}}',
        b'{"events":"x"}',
        b"\xff\xfe",
        b"\x80abc",
        b'{"events":[1,]}',
        b"1" * 5000,
        b'{"events":[' + b"1" * 5000 + b"]}",
        b"[" * 100_000,
        b'{"events":[' + b"[" * 100_000 + b"]" * 100_000 + b"]}",
        json.dumps({"events": [1] * (MOST_EVENTS + 1)}).encode(),
    ],
)
def test_what_is_no_body_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableBodyError):
        split_body(body)


def deeply(depth: int, do: Callable[[], InboundEvent]) -> InboundEvent:
    return do() if depth == 0 else deeply(depth - 1, do)


def test_at_every_depth_a_body_is_read_or_refused_and_what_was_read_is_read_again() -> None:
    for depth in range(700, 1010):
        nested = b"[" * depth + b"]" * depth
        try:
            (raw,) = split_body(b'{"events":[{"type":"join","deep":' + nested + b"}]}")
        except UnreadableBodyError:
            continue
        read_event(raw, NOW)
        # A worker may be deeper in its calls than the webhook was.
        deeply(80, lambda raw=raw: read_event(raw, NOW))  # type: ignore[misc]


@given(st.binary(max_size=200))
def test_random_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        events = read(body)
    except UnreadableBodyError:
        return
    assert all(isinstance(event, InboundEvent) for event in events)
