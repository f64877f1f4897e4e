"""Who is who: profiles, groups, rooms, members and followers."""

import re
from collections.abc import Sequence
from typing import Any

from bot.sandbox.api.exchange import Answer, Ask
from bot.sandbox.chats import Chat, ChatKind
from bot.sandbox.messages import BOT
from bot.sandbox.people import Person
from bot.sandbox.refusals import NOT_AVAILABLE, NOT_FOUND, Refusal, invalid_parameter
from bot.sandbox.speech import notice
from bot.sandbox.world import LINK_TOKEN_LIFE_MS, World

MEMBERS_A_PAGE = 100
FOLLOWERS_A_PAGE = 1000
PAGE_TOKEN = re.compile(r"page-(\d+)")


def profile(world: World, ask: Ask) -> Answer:
    person = world.people.get(_id(ask, "userId", "U"))
    if person is None or not person.shows_profile():
        raise Refusal(404, NOT_FOUND)
    return Answer(json={**_names(person), "language": person.language})


def followers(world: World, ask: Ask) -> Answer:
    _only_verified(world)
    friends = [person.user_id for person in world.people.values() if person.is_friend]
    return Answer(json=_page(friends, ask, "userIds", FOLLOWERS_A_PAGE))


def link_token(world: World, ask: Ask) -> Answer:
    user_id = _id(ask, "userId", "U")
    if user_id not in world.people:
        raise Refusal(404, NOT_FOUND)
    token = world.ids.link_token()
    world.link_tokens[token] = (user_id, world.now_ms() + LINK_TOKEN_LIFE_MS)
    return Answer(json={"linkToken": token})


def group_summary(world: World, ask: Ask) -> Answer:
    chat = _chat(world, ask)
    return Answer(json={"groupId": chat.chat_id, "groupName": chat.name})


def member_count(world: World, ask: Ask) -> Answer:
    return Answer(json={"count": len(_chat(world, ask).members)})


def member_profile(world: World, ask: Ask) -> Answer:
    chat, user_id = _chat(world, ask), _id(ask, "userId", "U")
    if user_id not in chat.members:
        raise Refusal(404, NOT_FOUND)
    return Answer(json=_names(world.people[user_id]))


def member_ids(world: World, ask: Ask) -> Answer:
    _only_verified(world)
    listed = [member for member in _chat(world, ask).members if world.people[member].shares_id]
    return Answer(json=_page(listed, ask, "memberIds", MEMBERS_A_PAGE))


def leave(world: World, ask: Ask) -> Answer:
    chat = _chat(world, ask)
    world.emit("leave", {}, chat, replies=False)
    notice(world, chat, "left", [BOT], None)
    world.keep_chat(chat.without_bot())
    return Answer()


def _chat(world: World, ask: Ask) -> Chat:
    kind = ChatKind.GROUP if "groupId" in ask.parts else ChatKind.ROOM
    chat_id = _id(ask, "groupId", "C") if kind is ChatKind.GROUP else _id(ask, "roomId", "R")
    if not world.bot_is_in(chat_id, kind):
        raise Refusal(404, NOT_FOUND)
    return world.chats[chat_id]


def _id(ask: Ask, name: str, letter: str) -> str:
    value = ask.parts[name]
    if not re.fullmatch(rf"{letter}[0-9a-f]{{32}}", value):
        raise invalid_parameter(name)
    return value


def _names(person: Person) -> dict[str, Any]:
    return {"displayName": person.name, "userId": person.user_id}


def _only_verified(world: World) -> None:
    if not world.switches.is_verified:
        raise Refusal(403, NOT_AVAILABLE)


def _page(ids: Sequence[str], ask: Ask, name: str, most: int) -> dict[str, Any]:
    start, size = _start(ask), _size(ask, most)
    page: dict[str, Any] = {name: list(ids[start : start + size])}
    if start + size < len(ids):
        page["next"] = f"page-{start + size}"
    return page


def _start(ask: Ask) -> int:
    token = ask.query.get("start")
    if token is None:
        return 0
    found = PAGE_TOKEN.fullmatch(token)
    if found is None:
        raise Refusal(400, "Invalid start param")
    return int(found[1])


def _size(ask: Ask, most: int) -> int:
    limit = ask.query.get("limit")
    if limit is None:
        return min(most, 300)
    if not limit.isdecimal() or not 1 <= int(limit) <= most:
        raise invalid_parameter("limit")
    return int(limit)
