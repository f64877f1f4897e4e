"""Reply, push and what stands around them, as a bot meets it."""

from uuid import uuid4

import pytest

from bot.sandbox.people import Friendship
from tests.sandbox.conftest import Stage, text

INVALID_TOKEN = {"message": "Invalid reply token"}


def mention(user_id: str) -> dict[str, object]:
    mentionee = {"type": "user", "userId": user_id}
    return {
        "type": "textV2",
        "text": "{who} ช่วยยกเลิกการส่งนะคะ",
        "substitution": {"who": {"type": "mention", "mentionee": mentionee}},
    }


def test_a_reply_shows_in_the_chat_and_costs_nothing(stage: Stage) -> None:
    answer = stage.reply(text("หนึ่ง"), text("สอง"))
    assert answer.status_code == 200
    sent = [message["id"] for message in answer.json["sentMessages"]]
    shown = stage.platform.bot_messages(stage.ward)
    assert [message.message_id for message in shown] == sent
    assert [message.content["text"] for message in shown] == ["หนึ่ง", "สอง"]
    assert stage.ask("GET", "/v2/bot/message/quota/consumption").json == {"totalUsage": 0}


def test_a_reply_token_works_once(stage: Stage) -> None:
    token = stage.reply_token()
    assert stage.reply(text(), token=token).status_code == 200
    again = stage.reply(text(), token=token)
    assert (again.status_code, again.json) == (400, INVALID_TOKEN)
    assert len(stage.platform.bot_messages(stage.ward)) == 1


def test_a_reply_token_dies_after_a_minute(stage: Stage) -> None:
    token = stage.reply_token()
    stage.clock.advance(seconds=60.001)
    assert stage.reply(text(), token=token).json == INVALID_TOKEN


def test_a_reply_token_lives_for_a_minute(stage: Stage) -> None:
    token = stage.reply_token()
    stage.clock.advance(seconds=60)
    assert stage.reply(text(), token=token).status_code == 200


def test_an_invented_reply_token_is_refused(stage: Stage) -> None:
    assert stage.reply(text(), token="0" * 32).json == INVALID_TOKEN


def test_a_token_whose_webhook_has_not_left_is_refused(stage: Stage) -> None:
    message = stage.platform.say(stage.ward, stage.nurse, "สวัสดี")
    token = stage.platform.event_of(message).reply_token
    assert stage.reply(text(), token=token).json == INVALID_TOKEN


def test_a_redelivery_gives_the_token_a_new_minute(stage: Stage) -> None:
    token = stage.reply_token()
    event = list(stage.platform.world.events.values())[-1]
    stage.clock.advance(minutes=15)
    stage.platform.repeat(event)
    assert stage.last_event()["deliveryContext"] == {"isRedelivery": True}
    assert stage.reply(text(), token=token).status_code == 200


def test_a_redelivery_after_twenty_minutes_gives_nothing(stage: Stage) -> None:
    token = stage.reply_token()
    event = list(stage.platform.world.events.values())[-1]
    stage.clock.advance(minutes=20.1)
    stage.platform.repeat(event)
    stage.events()
    assert stage.reply(text(), token=token).json == INVALID_TOKEN


def test_a_broken_message_leaves_the_token_alive(stage: Stage) -> None:
    token = stage.reply_token()
    assert stage.reply(text(""), token=token).status_code == 400
    assert stage.reply(text(), token=token).status_code == 200


def test_a_reply_takes_no_retry_key(stage: Stage) -> None:
    assert stage.reply(text(), X_Line_Retry_Key=str(uuid4())).status_code == 400


def test_a_reply_to_a_group_that_the_bot_left_fails(stage: Stage) -> None:
    token = stage.reply_token()
    stage.platform.remove_bot(stage.ward)
    assert stage.reply(text(), token=token).json == {"message": "Failed to send messages"}


def test_a_push_counts_once_for_every_member(stage: Stage) -> None:
    assert stage.push(stage.ward.chat_id, text(), text()).status_code == 200
    assert stage.ask("GET", "/v2/bot/message/quota/consumption").json == {"totalUsage": 2}


def test_a_push_beyond_the_quota_sends_nothing(stage: Stage) -> None:
    stage.platform.set_quota(3)
    assert stage.ask("GET", "/v2/bot/message/quota").json == {"type": "limited", "value": 3}
    assert stage.push(stage.ward.chat_id, text()).status_code == 200
    refused = stage.push(stage.ward.chat_id, text())
    assert (refused.status_code, refused.json) == (
        429,
        {"message": "You have reached your monthly limit."},
    )
    assert len(stage.platform.bot_messages(stage.ward)) == 1


def test_the_quota_is_new_every_month(stage: Stage) -> None:
    stage.push(stage.ward.chat_id, text())
    stage.clock.advance(hours=24 * 31)
    assert stage.ask("GET", "/v2/bot/message/quota/consumption").json == {"totalUsage": 0}


def test_a_push_to_a_friend_arrives(stage: Stage) -> None:
    assert stage.push(stage.nurse.user_id, text()).status_code == 200
    assert len(stage.platform.bot_messages(stage.nurse.user_id)) == 1


def test_a_push_to_somebody_who_is_no_friend_is_swallowed(stage: Stage) -> None:
    assert stage.push(stage.doctor.user_id, text()).status_code == 200
    assert stage.platform.bot_messages(stage.doctor.user_id) == []
    assert stage.ask("GET", "/v2/bot/message/quota/consumption").json == {"totalUsage": 0}


def test_a_push_reaches_who_wrote_within_a_week(stage: Stage) -> None:
    stage.platform.say(stage.doctor.user_id, stage.doctor, "สวัสดีครับ")
    stage.push(stage.doctor.user_id, text())
    stage.clock.advance(hours=24 * 7 + 1)
    stage.push(stage.doctor.user_id, text())
    assert len(stage.platform.bot_messages(stage.doctor.user_id)) == 1


def test_a_push_to_who_blocked_is_swallowed(stage: Stage) -> None:
    stage.platform.unfollow(stage.nurse)
    assert stage.push(stage.nurse.user_id, text()).status_code == 200
    assert stage.platform.bot_messages(stage.nurse.user_id) == []


@pytest.mark.parametrize("to", ["U" + "0" * 32, "C" + "0" * 32, "nobody"])
def test_a_push_to_nobody_known_fails(stage: Stage, to: str) -> None:
    failed = stage.push(to, text())
    assert (failed.status_code, failed.json) == (400, {"message": "Failed to send messages"})


def test_a_retry_key_is_accepted_once(stage: Stage) -> None:
    key = str(uuid4())
    first = stage.push(stage.ward.chat_id, text(), X_Line_Retry_Key=key)
    again = stage.push(stage.ward.chat_id, text(), X_Line_Retry_Key=key)
    assert again.status_code == 409
    assert again.json["message"] == "The retry key is already accepted"
    assert again.json["sentMessages"] == first.json["sentMessages"]
    assert again.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert len(stage.platform.bot_messages(stage.ward)) == 1


def test_a_retry_key_is_forgotten_after_a_day(stage: Stage) -> None:
    key = str(uuid4())
    stage.push(stage.ward.chat_id, text(), X_Line_Retry_Key=key)
    stage.clock.advance(hours=24)
    assert stage.push(stage.ward.chat_id, text(), X_Line_Retry_Key=key).status_code == 200


def test_a_refused_push_may_use_its_retry_key_again(stage: Stage) -> None:
    key = str(uuid4())
    stage.push(stage.ward.chat_id, text(""), X_Line_Retry_Key=key)
    assert stage.push(stage.ward.chat_id, text(), X_Line_Retry_Key=key).status_code == 200


def test_a_retry_key_must_be_a_uuid(stage: Stage) -> None:
    assert stage.push(stage.ward.chat_id, text(), X_Line_Retry_Key="42").status_code == 400


def test_a_member_can_be_mentioned(stage: Stage) -> None:
    assert stage.reply(mention(stage.nurse.user_id)).status_code == 200


def test_somebody_outside_cannot_be_mentioned(stage: Stage) -> None:
    refused = stage.reply(mention(stage.stranger.user_id))
    assert refused.status_code == 400
    assert refused.json["details"][0]["property"] == "messages[0].substitution.who.mentionee"


def test_nobody_is_mentioned_in_a_chat_of_two(stage: Stage) -> None:
    assert stage.push(stage.nurse.user_id, mention(stage.nurse.user_id)).status_code == 400


def test_validation_does_not_know_the_chat(stage: Stage) -> None:
    body = {"messages": [mention(stage.stranger.user_id)]}
    assert stage.ask("POST", "/v2/bot/message/validate/reply", body).json == {}


def test_a_quote_is_valid_only_in_its_chat(stage: Stage) -> None:
    here = stage.platform.say(stage.ward, stage.nurse, "ที่นี่")
    there = stage.platform.say(stage.nurse.user_id, stage.nurse, "ที่อื่น")
    assert stage.reply({**text(), "quoteToken": here.quote_token}).status_code == 200
    assert stage.reply({**text(), "quoteToken": there.quote_token}).status_code == 400


def test_a_multicast_reaches_friends_only(stage: Stage) -> None:
    body = {"to": [stage.nurse.user_id, stage.doctor.user_id], "messages": [text()]}
    assert stage.ask("POST", "/v2/bot/message/multicast", body).json == {}
    assert len(stage.platform.bot_messages(stage.nurse.user_id)) == 1
    assert stage.platform.bot_messages(stage.doctor.user_id) == []
    assert stage.ask("GET", "/v2/bot/message/quota/consumption").json == {"totalUsage": 1}


def test_a_multicast_goes_to_no_group(stage: Stage) -> None:
    body = {"to": [stage.ward.chat_id], "messages": [text()]}
    assert stage.ask("POST", "/v2/bot/message/multicast", body).status_code == 400


def test_a_broadcast_reaches_all_friends(stage: Stage) -> None:
    friend = stage.platform.add_person("เภสัชกร", friendship=Friendship.FRIEND)
    stage.ask("POST", "/v2/bot/message/broadcast", {"messages": [text()]})
    assert len(stage.platform.bot_messages(friend.user_id)) == 1


def test_the_loading_animation_is_for_chats_of_two(stage: Stage) -> None:
    path = "/v2/bot/chat/loading/start"
    assert stage.ask("POST", path, {"chatId": stage.nurse.user_id}).status_code == 202
    assert stage.ask("POST", path, {"chatId": stage.ward.chat_id}).status_code == 400
    body = {"chatId": stage.nurse.user_id, "loadingSeconds": 7}
    assert stage.ask("POST", path, body).status_code == 400


def test_messages_are_marked_as_read_up_to_one(stage: Stage) -> None:
    stage.platform.set_switches(chat_is_on=True)
    sent = [stage.platform.say(stage.ward, stage.nurse, word) for word in ("ก", "ข", "ค")]
    token = sent[1].content["markAsReadToken"]
    assert stage.ask("POST", "/v2/bot/chat/markAsRead", {"markAsReadToken": token}).json == {}
    assert [m.read_by_bot for m in stage.platform.messages(stage.ward)] == [True, True, False]


def test_the_rate_of_a_channel_is_limited(stage: Stage) -> None:
    answers = [
        stage.ask("POST", "/v2/bot/message/broadcast", {"messages": [text()]}) for _ in range(61)
    ]
    assert {answer.status_code for answer in answers[:60]} == {200}
    assert answers[60].status_code == 429
    assert answers[60].json == {"message": "The API rate limit has been exceeded. Try again later."}
