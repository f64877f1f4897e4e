"""What people do, and the events that the bot gets of it."""

import base64
import hashlib
import hmac
import json
import re

import pytest

from bot.sandbox.delivery import WebhookAnswer, signature_of
from bot.sandbox.mentions import LineEmoji
from bot.sandbox.people import Friendship
from bot.sandbox.speech import Attachment
from bot.sandbox.world import Channel, NotPossibleError
from tests.sandbox.conftest import Stage
from tests.sandbox.harness import SECRET
from tests.sandbox.test_official import sample

FAILED = WebhookAnswer(500, "Internal Server Error")


def test_a_body_is_signed_over_its_exact_bytes(stage: Stage) -> None:
    stage.platform.say(stage.ward, stage.nurse, "สวัสดีค่ะ")
    stage.events()
    body, headers = stage.webhooks.bodies[0], stage.webhooks.headers[0]
    wanted = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest())
    assert headers["x-line-signature"] == wanted.decode()
    assert "สวัสดีค่ะ".encode() in body
    assert b'", "' not in body


def test_the_signature_is_that_of_lines_test_vector() -> None:
    body = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
    signature = signature_of("8c570fa6dd201bb328f1c1eac23a96d8", body)
    assert signature == "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="


def test_a_text_has_the_form_of_the_sample(stage: Stage) -> None:
    stage.platform.say(stage.ward, stage.nurse, "สวัสดีค่ะ")
    made, wanted = stage.last_event(), sample("01_group_text.json")["events"][0]
    assert list(made) == list(wanted)
    assert list(made["message"]) == list(wanted["message"])
    for name in ("quoteToken", "markAsReadToken", "id"):
        assert len(made["message"][name]) == len(wanted["message"][name])
    assert len(made["replyToken"]) == len(wanted["replyToken"])
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{26}", made["webhookEventId"])


def test_mentions_are_placed_in_utf16_units(stage: Stage) -> None:
    stage.platform.say(
        stage.ward,
        stage.nurse,
        "😀 @นพ. บี @วงรักษา @All ดูด้วย",
        mentioning=[stage.doctor, "bot", "all"],
    )
    mentionees = stage.last_event()["message"]["mention"]["mentionees"]
    bot = stage.platform.world.channel.bot_user_id
    assert mentionees == [
        {"index": 3, "length": 7, "userId": stage.doctor.user_id, "type": "user", "isSelf": False},
        {"index": 11, "length": 8, "userId": bot, "type": "user", "isSelf": True},
        {"index": 20, "length": 4, "type": "all"},
    ]


def test_a_person_without_consent_has_no_id(stage: Stage) -> None:
    shy = stage.platform.add_person("คุณซี", shares_id=False)
    stage.platform.join(stage.ward, shy)
    stage.platform.say(stage.ward, shy, "ค่ะ")
    assert "userId" not in stage.last_event()["source"]
    stage.platform.say(stage.ward, stage.nurse, "@คุณซี ค่ะ", mentioning=[shy])
    assert "userId" not in stage.last_event()["message"]["mention"]["mentionees"][0]


def test_an_emoji_is_named_beside_the_text(stage: Stage) -> None:
    stage.platform.say(stage.ward, stage.nurse, "ขอบคุณ (love)", emojis=[LineEmoji("(love)")])
    assert stage.last_event()["message"]["emojis"][0]["index"] == 7


def test_a_quote_names_the_message_only(stage: Stage) -> None:
    first = stage.platform.say(stage.ward, stage.nurse, "ข้อแรก")
    stage.platform.say(stage.ward, stage.doctor, "ตอบ", quoting=first)
    assert stage.last_event()["message"]["quotedMessageId"] == first.message_id


def test_an_edit_keeps_the_id_and_has_a_new_quote_token(stage: Stage) -> None:
    first = stage.platform.say(stage.ward, stage.nurse, "ผิด")
    stage.platform.edit(first, "ถูก")
    event = stage.last_event()
    assert event["type"] == "messageEdited"
    assert list(event["message"]) == ["type", "id", "quoteToken", "text"]
    assert event["message"]["id"] == first.message_id
    assert event["message"]["quoteToken"] != first.quote_token


def test_an_edit_in_a_chat_of_two_is_not_told(stage: Stage) -> None:
    first = stage.platform.say(stage.nurse.user_id, stage.nurse, "ผิด")
    stage.platform.edit(first, "ถูก")
    assert [event["type"] for event in stage.events()] == ["message"]


def test_an_unsend_is_told_without_a_reply_token(stage: Stage) -> None:
    first = stage.platform.say(stage.ward, stage.nurse, "ผิดกลุ่ม")
    stage.platform.unsend(first)
    event = stage.last_event()
    assert event["unsend"] == {"messageId": first.message_id}
    assert "replyToken" not in event
    assert "text" not in stage.platform.messages(stage.ward)[0].content


def test_what_is_taken_back_cannot_be_taken_back_again(stage: Stage) -> None:
    first = stage.platform.unsend(stage.platform.say(stage.ward, stage.nurse, "ผิด"))
    with pytest.raises(NotPossibleError):
        stage.platform.unsend(first)
    with pytest.raises(NotPossibleError):
        stage.platform.edit(first, "ใหม่")


def test_every_kind_of_message_has_its_event(stage: Stage) -> None:
    send = stage.platform.send
    send(stage.ward, stage.nurse, Attachment("image", b"x", "image/png"))
    send(stage.ward, stage.nurse, Attachment("video", b"x", "video/mp4", duration_ms=5))
    send(stage.ward, stage.nurse, Attachment("audio", b"x", "audio/x-m4a", duration_ms=5))
    send(stage.ward, stage.nurse, Attachment("file", b"1234", name="ผลตรวจ.pdf"))
    send(stage.ward, stage.nurse, Attachment("image", b"", external_url="https://e.org/a.png"))
    stage.platform.send_sticker(stage.ward, stage.nurse, text="ขอบคุณ")
    stage.platform.send_location(stage.ward, stage.nurse, 13.7, 100.5, title="ตึก 2")
    messages = [event["message"] for event in stage.events()]
    kinds = [message["type"] for message in messages]
    assert kinds == ["image", "video", "audio", "file", "image", "sticker", "location"]
    assert (messages[3]["fileName"], messages[3]["fileSize"]) == ("ผลตรวจ.pdf", 4)


def test_an_image_set_arrives_in_any_order(stage: Stage) -> None:
    images = [Attachment("image", bytes([n]), "image/png") for n in range(9)]
    stage.platform.send_image_set(stage.ward, stage.nurse, images)
    sets = [event["message"]["imageSet"] for event in stage.events()]
    order = [place["index"] for place in sets]
    assert sorted(order) == list(range(1, 10))
    assert order != sorted(order)
    assert {place["total"] for place in sets} == {9}
    assert re.fullmatch(r"[0-9A-F]{64}", sets[0]["id"])


def test_an_old_android_numbers_no_images(stage: Stage) -> None:
    old = stage.platform.add_person("เครื่องเก่า", old_android=True)
    stage.platform.join(stage.ward, old)
    stage.platform.send_image_set(stage.ward, old, [Attachment("image", b"x", "image/png")] * 2)
    assert list(stage.last_event()["message"]["imageSet"]) == ["id"]


def test_coming_and_going_is_told(stage: Stage) -> None:
    stage.platform.join(stage.ward, stage.stranger)
    assert stage.last_event()["joined"]["members"][0]["userId"] == stage.stranger.user_id
    stage.platform.leave(stage.ward, stage.stranger)
    left = stage.last_event()
    assert left["left"]["members"][0]["userId"] == stage.stranger.user_id
    assert "replyToken" not in left


def test_the_bot_is_invited_and_removed(stage: Stage) -> None:
    club = stage.platform.add_group("ชมรมวิ่ง", [stage.nurse], has_bot=False)
    stage.platform.say(club, stage.nurse, "ยังไม่มีบอท")
    stage.platform.invite_bot(club)
    stage.platform.say(club, stage.nurse, "มีแล้ว")
    stage.platform.remove_bot(club)
    stage.platform.say(club, stage.nurse, "ไปแล้ว")
    assert [event["type"] for event in stage.events()] == ["join", "message", "leave"]
    assert "userId" not in stage.events()[0]["source"]


def test_an_account_may_refuse_invitations(stage: Stage) -> None:
    stage.platform.set_switches(joins_groups=False)
    club = stage.platform.add_group("ชมรมวิ่ง", [stage.nurse], has_bot=False)
    with pytest.raises(NotPossibleError):
        stage.platform.invite_bot(club)


def test_an_old_room_tells_of_the_invitation_late(stage: Stage) -> None:
    room = stage.platform.add_room([stage.nurse], has_bot=False)
    stage.platform.invite_bot(room)
    assert stage.events() == []
    stage.platform.say(room, stage.nurse, "สวัสดี")
    assert [event["type"] for event in stage.events()] == ["join", "message"]


def test_a_friend_blocks_and_comes_back(stage: Stage) -> None:
    stage.platform.unfollow(stage.nurse)
    assert "replyToken" not in stage.last_event()
    stage.platform.follow(stage.nurse)
    assert stage.last_event()["follow"] == {"isUnblocked": True}
    assert stage.platform.person(stage.nurse.user_id).friendship is Friendship.FRIEND


def test_a_button_speaks_and_tells(stage: Stage) -> None:
    action = {"type": "postback", "label": "ตกลง", "data": "a=1", "displayText": "รับทราบ"}
    stage.platform.press(stage.ward, stage.nurse, action)
    event = stage.last_event()
    assert event["postback"] == {"data": "a=1"}
    assert event["source"]["userId"] == stage.nurse.user_id
    assert [m.content["text"] for m in stage.platform.messages(stage.ward)] == ["รับทราบ"]
    assert len(stage.events()) == 1


def test_a_picker_sends_its_time(stage: Stage) -> None:
    action = {"type": "datetimepicker", "label": "เวลา", "data": "t", "mode": "time"}
    stage.platform.press(stage.ward, stage.nurse, action, params={"time": "18:30"})
    assert stage.last_event()["postback"] == {"data": "t", "params": {"time": "18:30"}}


def test_a_message_button_is_a_message(stage: Stage) -> None:
    action = {"type": "message", "label": "ดู", "text": "ดูแนวปฏิบัติ"}
    stage.platform.press(stage.ward, stage.nurse, action)
    assert stage.last_event()["message"]["text"] == "ดูแนวปฏิบัติ"


def test_a_chat_on_standby_has_no_reply_tokens(stage: Stage) -> None:
    stage.platform.set_standby(stage.ward, standby=True)
    stage.platform.say(stage.ward, stage.nurse, "สวัสดี")
    event = stage.last_event()
    assert event["mode"] == "standby"
    assert "replyToken" not in event


def test_an_event_may_be_of_a_kind_unknown_today(stage: Stage) -> None:
    stage.platform.send_raw_event(stage.ward, {"type": "pollCreated", "poll": {"options": 2}})
    stage.platform.deliver_due()
    event = stage.webhooks.json()[-1]["events"][0]
    assert (event["type"], event["poll"]) == ("pollCreated", {"options": 2})
    assert event["source"]["groupId"] == stage.ward.chat_id


def test_a_failed_delivery_is_not_repeated_by_default(stage: Stage) -> None:
    stage.webhooks.answers = [FAILED]
    stage.platform.say(stage.ward, stage.nurse, "ก")
    stage.events()
    stage.clock.advance(hours=1)
    assert len(stage.events()) == 1


def test_a_redelivery_is_identical_but_for_its_mark(stage: Stage) -> None:
    stage.platform.set_habits(redelivers=True)
    stage.webhooks.answers = [FAILED, WebhookAnswer(0, "request_timeout")]
    stage.platform.say(stage.ward, stage.nurse, "ก")
    stage.events()
    stage.clock.advance(seconds=5)
    stage.events()
    stage.clock.advance(seconds=30)
    first, second, third = stage.events()
    assert second == third == {**first, "deliveryContext": {"isRedelivery": True}}
    stage.clock.advance(hours=1)
    assert len(stage.events()) == 3


def test_a_copy_may_arrive_without_a_mark(stage: Stage) -> None:
    stage.platform.set_habits(extra_copies=1)
    stage.platform.say(stage.ward, stage.nurse, "ก")
    first, second = stage.events()
    assert first == second


def test_events_may_be_late(stage: Stage) -> None:
    stage.platform.set_habits(delay_ms=30_000)
    stage.platform.say(stage.ward, stage.nurse, "ก")
    assert stage.events() == []
    stage.clock.advance(seconds=30)
    assert len(stage.events()) == 1


def test_held_events_leave_in_another_order_and_together(stage: Stage) -> None:
    stage.platform.set_habits(holds=True)
    for word in ("ก", "ข", "ค"):
        stage.platform.say(stage.ward, stage.nurse, word)
    assert stage.events() == []
    stage.platform.release("reversed", per_body=2)
    assert [event["message"]["text"] for event in stage.events()] == ["ค", "ข", "ก"]
    assert [len(body["events"]) for body in stage.webhooks.json()] == [2, 1]


def test_a_reply_to_a_backdated_event_is_backdated_too(stage: Stage) -> None:
    a_week_ago = stage.clock.now_ms() - 7 * 24 * 3600 * 1000
    stage.platform.say(stage.ward, stage.nurse, "ก", at_ms=a_week_ago)
    token = stage.last_event()["replyToken"]
    stage.clock.advance(seconds=2)
    stage.reply({"type": "text", "text": "ค่ะ"}, token=token)
    assert stage.platform.bot_messages(stage.ward)[0].sent_at_ms == a_week_ago + 2000


def test_only_a_member_speaks(stage: Stage) -> None:
    with pytest.raises(NotPossibleError):
        stage.platform.say(stage.ward, stage.stranger, "ก")


def test_a_real_token_is_refused() -> None:
    with pytest.raises(ValueError, match="sandbox-"):
        Channel("secret", "real-token")


def test_no_secret_shows_in_a_representation(stage: Stage) -> None:
    shown = repr(stage.platform.world.channel) + repr(stage.platform.world.courier.address)
    assert SECRET not in shown
    assert json.dumps(shown)
