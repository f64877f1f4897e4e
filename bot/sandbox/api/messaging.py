"""Reply, push, multicast, broadcast and the validation of messages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.sandbox.api.exchange import Answer, Ask
from bot.sandbox.chats import Chat
from bot.sandbox.messages import BOT, Message
from bot.sandbox.objects import requests
from bot.sandbox.objects.messages import QUOTABLE
from bot.sandbox.refusals import (
    FAILED_TO_SEND,
    Detail,
    Refusal,
    broken_body,
)
from bot.sandbox.retry_keys import Accepted
from bot.sandbox.tokens import ReplyToken
from bot.sandbox.world import World

Json = dict[str, Any]


@dataclass(frozen=True)
class Posting:
    """Messages on their way into one chat."""

    chat: Chat
    messages: Sequence[Json]
    via: str
    call_id: str
    at_ms: int
    is_delivered: bool = True


def reply(world: World, ask: Ask) -> Answer:
    if ask.retry_key is not None:
        raise Refusal(400, "The retry key is not supported by this endpoint")
    body = ask.demand(requests.REPLY)
    token = world.reply_tokens.check(body["replyToken"], world.now_ms())
    chat = _chat_of_token(world, token)
    _check_for_chat(world, chat, body["messages"])
    world.reply_tokens.spend(token)
    at_ms = _time_of_reply(world, token)
    sent = _post(world, Posting(chat, body["messages"], "reply", ask.request_id, at_ms))
    return Answer(json={"sentMessages": sent})


def push(world: World, ask: Ask) -> Answer:
    body = ask.demand(requests.PUSH)
    world.retry_keys.check(ask.retry_key, world.now_ms())
    chat = _chat_to_push(world, body["to"])
    _check_for_chat(world, chat, body["messages"])
    is_delivered = _is_reachable(world, chat)
    people = _people_in(chat) if is_delivered else 0
    world.quota.check(people, world.now_ms())
    world.quota.count(people, world.now_ms())
    posting = Posting(chat, body["messages"], "push", ask.request_id, world.now_ms(), is_delivered)
    answer = {"sentMessages": _post(world, posting)}
    world.retry_keys.accept(ask.retry_key, Accepted(ask.request_id, world.now_ms(), answer))
    return Answer(json=answer)


def multicast(world: World, ask: Ask) -> Answer:
    body = ask.demand(requests.MULTICAST)
    world.retry_keys.check(ask.retry_key, world.now_ms())
    _refuse_chats_of_many(body["to"])
    _check_without_chat(body["messages"])
    return _send_to_each(world, ask, body["to"], body["messages"], "multicast")


def broadcast(world: World, ask: Ask) -> Answer:
    body = ask.demand(requests.BROADCAST)
    world.retry_keys.check(ask.retry_key, world.now_ms())
    _check_without_chat(body["messages"])
    friends = [person.user_id for person in world.people.values() if person.is_friend]
    return _send_to_each(world, ask, friends, body["messages"], "broadcast")


def validate(_world: World, ask: Ask) -> Answer:
    ask.demand(requests.VALIDATE)
    return Answer()


def loading(world: World, ask: Ask) -> Answer:
    body = ask.demand(requests.LOADING)
    if body["chatId"] not in world.people:
        raise broken_body([Detail("The value is not a valid user ID", "chatId")])
    return Answer(202)


def mark_as_read(world: World, ask: Ask) -> Answer:
    token = ask.demand(requests.MARK_AS_READ)["markAsReadToken"]
    last = world.log.read_by(token)
    if last is None:
        raise broken_body([Detail("The token is invalid", "markAsReadToken")])
    for message in list(world.log.in_chat(last.chat_id)):
        if not message.read_by_bot and int(message.message_id) <= int(last.message_id):
            world.keep_message(replace(message, read_by_bot=True))
    return Answer()


def _chat_of_token(world: World, token: ReplyToken) -> Chat:
    chat = world.chats[token.chat_id]
    if chat.is_shared and not chat.has_bot:
        raise Refusal(400, FAILED_TO_SEND)
    return chat


def _time_of_reply(world: World, token: ReplyToken) -> int:
    """As long after the event as the reply came after the webhook: events may be backdated."""
    waited_ms = world.now_ms() - (token.first_delivered_at_ms or world.now_ms())
    return token.happened_at_ms + waited_ms


def _chat_to_push(world: World, to: str) -> Chat:
    chat = world.chats.get(to)
    if chat is None or (chat.is_shared and not chat.has_bot):
        raise Refusal(400, FAILED_TO_SEND)
    return chat


def _is_reachable(world: World, chat: Chat) -> bool:
    return chat.is_shared or world.people[chat.chat_id].can_be_reached(world.now_ms())


def _people_in(chat: Chat) -> int:
    return len(chat.members) if chat.is_shared else 1


def _refuse_chats_of_many(to: Sequence[str]) -> None:
    wrong = [place for place, target in enumerate(to) if not target.startswith("U")]
    if wrong:
        raise broken_body([Detail("The value is not a valid user ID", f"to[{n}]") for n in wrong])


def _send_to_each(
    world: World, ask: Ask, to: Sequence[str], messages: Sequence[Json], via: str
) -> Answer:
    now_ms = world.now_ms()
    people = [world.people[user_id] for user_id in dict.fromkeys(to) if user_id in world.people]
    reached = [person for person in people if person.can_be_reached(now_ms)]
    world.quota.check(len(reached), now_ms)
    world.quota.count(len(reached), now_ms)
    for person in people:
        chat = world.chats[person.user_id]
        _post(world, Posting(chat, messages, via, ask.request_id, now_ms, person in reached))
    world.retry_keys.accept(ask.retry_key, Accepted(ask.request_id, now_ms, {}))
    return Answer()


# What a message says about the chat it goes to


def _check_for_chat(world: World, chat: Chat, messages: Sequence[Json]) -> None:
    details = [
        *_wrong_quotes(world, chat, messages),
        *(
            detail
            for place, message in enumerate(messages)
            for detail in _wrong_mentions(chat, place, message)
        ),
    ]
    if details:
        raise broken_body(details)


def _check_without_chat(messages: Sequence[Json]) -> None:
    details = [
        Detail("Mentions are available in replies and pushes to groups only", f"messages[{place}]")
        for place, message in enumerate(messages)
        if any(True for _ in _mentionees(message))
    ]
    details += [
        Detail("Quotes are available in replies and pushes only", f"messages[{place}].quoteToken")
        for place, message in enumerate(messages)
        if "quoteToken" in message
    ]
    if details:
        raise broken_body(details)


def _wrong_quotes(world: World, chat: Chat, messages: Sequence[Json]) -> list[Detail]:
    wrong = []
    for place, message in enumerate(messages):
        if "quoteToken" in message:
            quoted = world.log.quoted_by(message["quoteToken"])
            if quoted is None or quoted.chat_id != chat.chat_id:
                wrong.append(Detail("The quote token is invalid", f"messages[{place}].quoteToken"))
    return wrong


def _mentionees(message: Json) -> list[tuple[str, Json]]:
    return [
        (key, item["mentionee"])
        for key, item in message.get("substitution", {}).items()
        if item["type"] == "mention"
    ]


def _wrong_mentions(chat: Chat, place: int, message: Json) -> list[Detail]:
    return [
        Detail(
            "The mentionee is not a member of the chat",
            f"messages[{place}].substitution.{key}.mentionee",
        )
        for key, mentionee in _mentionees(message)
        if not chat.is_shared
        or (mentionee["type"] == "user" and mentionee["userId"] not in chat.members)
    ]


# Putting messages into chats


def _post(world: World, posting: Posting) -> list[Json]:
    return [_post_one(world, posting, content) for content in posting.messages]


def _post_one(world: World, posting: Posting, content: Json) -> Json:
    quote_token = world.ids.quote_token() if content["type"] in QUOTABLE else None
    message = world.keep_message(
        Message(
            message_id=world.ids.message(world.now_ms()),
            chat_id=posting.chat.chat_id,
            sender=BOT,
            content=content,
            sent_at_ms=posting.at_ms,
            quote_token=quote_token,
            via=posting.via,
            call_id=posting.call_id,
            is_delivered=posting.is_delivered,
        )
    )
    sent = {"id": message.message_id}
    return sent | ({"quoteToken": quote_token} if quote_token else {})
