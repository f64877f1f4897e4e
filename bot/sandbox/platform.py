"""The platform as people use it: they talk, edit, take back, come and go.

`Platform` is what tests and the page hold in their hands. Every method is one
thing that a person does in LINE's app; the events that the bot gets follow.
People and chats may be given as such or by their ids.
"""

import functools
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Concatenate, ParamSpec, TypeVar

from bot.sandbox import events, speech
from bot.sandbox.chats import Chat, ChatKind
from bot.sandbox.clock import Clock, SystemClock
from bot.sandbox.delivery import Address, Courier, Delivery, Habits, HttpTransport, Transport
from bot.sandbox.events import Envelope, WebhookEvent
from bot.sandbox.faults import InjectedFault
from bot.sandbox.mentions import LineEmoji, Mention, mentions_in
from bot.sandbox.messages import BOT, NOTICE, Message
from bot.sandbox.people import Friendship, Person
from bot.sandbox.speech import Attachment, Speaker
from bot.sandbox.world import Channel, NotPossibleError, Switches, World

POSTING_ACTIONS = frozenset({"postback", "datetimepicker", "richmenuswitch"})

P = ParamSpec("P")
R = TypeVar("R")


def locked(act: Callable[Concatenate["Platform", P], R]) -> Callable[Concatenate["Platform", P], R]:
    @functools.wraps(act)
    def under_lock(platform: "Platform", /, *args: P.args, **kwargs: P.kwargs) -> R:
        with platform.world.lock:
            return act(platform, *args, **kwargs)

    return under_lock


class Platform:
    """LINE, with one official account on it."""

    def __init__(
        self,
        channel: Channel,
        webhook_url: str = "",
        *,
        clock: Clock | None = None,
        transport: Transport | None = None,
        seed: int | None = None,
    ) -> None:
        clock = clock or SystemClock()
        rng = random.Random(seed)  # noqa: S311 - makes invented ids; a seed must repeat a run
        address = Address(webhook_url, channel.secret, channel.bot_user_id)
        courier = Courier(address, clock, rng, transport or HttpTransport())
        self.world = World(channel, clock, rng, courier)

    # Setting the stage

    @locked
    def add_person(
        self,
        name: str,
        *,
        user_id: str | None = None,
        friendship: Friendship = Friendship.NEVER,
        shares_id: bool = True,
        old_android: bool = False,
        language: str = "th",
    ) -> Person:
        """A person appears, without an event; the one-to-one chat with the bot is there too."""
        person = Person(
            user_id or self.world.ids.user(), name, language, friendship, shares_id, old_android
        )
        self.world.keep_chat(Chat(person.user_id, ChatKind.USER, name, (person.user_id,)))
        return self.world.keep_person(person)

    @locked
    def add_group(
        self,
        name: str,
        members: Iterable[Person | str] = (),
        *,
        has_bot: bool = True,
        group_id: str | None = None,
    ) -> Chat:
        """A group appears, without an event; use `invite_bot` for the `join` event."""
        ids = tuple(_person_id(member) for member in members)
        group_id = group_id or self.world.ids.group()
        return self.world.keep_chat(Chat(group_id, ChatKind.GROUP, name, ids, has_bot))

    @locked
    def add_room(self, members: Iterable[Person | str] = (), *, has_bot: bool = True) -> Chat:
        """An old multi-person chat."""
        ids = tuple(_person_id(member) for member in members)
        return self.world.keep_chat(Chat(self.world.ids.room(), ChatKind.ROOM, "", ids, has_bot))

    # Talking

    @locked
    def say(  # noqa: PLR0913 - what a text can carry
        self,
        chat: Chat | str,
        person: Person | str,
        text: str,
        *,
        mentioning: Iterable[Person | str] = (),
        mentions: Sequence[Mention] = (),
        emojis: Sequence[LineEmoji] = (),
        quoting: Message | str | None = None,
        at_ms: int | None = None,
    ) -> Message:
        """Send a text. Name people in `mentioning` (`bot` and `all` too) whose @name is in it."""
        speaker = self._speaker(chat, person, at_ms)
        found = (*mentions, *self._mentions(text, mentioning))
        content = speech.text_content(self.world, text, found, emojis)
        if quoting is not None:
            content["quotedMessageId"] = _message_id(quoting)
        return speaker.speak(content)

    @locked
    def send_sticker(
        self,
        chat: Chat | str,
        person: Person | str,
        *,
        text: str | None = None,
        keywords: Sequence[str] = ("hello",),
        at_ms: int | None = None,
    ) -> Message:
        content: dict[str, Any] = {
            "type": "sticker",
            "stickerId": "52002738",
            "packageId": "11537",
            "stickerResourceType": "STATIC" if text is None else "MESSAGE",
            "keywords": list(keywords),
        }
        if text is not None:
            content["text"] = text
        return self._speaker(chat, person, at_ms).speak(content)

    @locked
    def send_location(  # noqa: PLR0913 - a place has as many properties
        self,
        chat: Chat | str,
        person: Person | str,
        latitude: float,
        longitude: float,
        *,
        title: str | None = None,
        address: str | None = None,
        at_ms: int | None = None,
    ) -> Message:
        content: dict[str, Any] = {"type": "location"}
        content |= {k: v for k, v in (("title", title), ("address", address)) if v is not None}
        content |= {"latitude": latitude, "longitude": longitude}
        return self._speaker(chat, person, at_ms).speak(content)

    @locked
    def send(
        self,
        chat: Chat | str,
        person: Person | str,
        attachment: Attachment,
        *,
        at_ms: int | None = None,
    ) -> Message:
        """Send a picture, video, recording or file."""
        speaker = self._speaker(chat, person, at_ms)
        return speaker.tell(speaker.attach(attachment))

    def send_image(
        self, chat: Chat | str, person: Person | str, data: bytes, *, media_type: str = "image/jpeg"
    ) -> Message:
        return self.send(chat, person, Attachment("image", data, media_type))

    def send_file(self, chat: Chat | str, person: Person | str, name: str, data: bytes) -> Message:
        return self.send(chat, person, Attachment("file", data, name=name))

    @locked
    def send_image_set(
        self,
        chat: Chat | str,
        person: Person | str,
        images: Sequence[Attachment],
        *,
        at_ms: int | None = None,
    ) -> list[Message]:
        """Send several pictures at once; their events leave in no particular order."""
        speaker, set_id = self._speaker(chat, person, at_ms), self.world.ids.image_set()
        messages = []
        for index, image in enumerate(images, start=1):
            place: dict[str, Any] = {"id": set_id}
            if not speaker.person.old_android:
                place |= {"index": index, "total": len(images)}
            messages.append(speaker.attach(image, place))
        for message in self.world.rng.sample(messages, len(messages)):
            speaker.tell(message)
        return messages

    # Taking back

    @locked
    def edit(
        self,
        message: Message | str,
        text: str,
        *,
        mentioning: Iterable[Person | str] = (),
        mentions: Sequence[Mention] = (),
        at_ms: int | None = None,
    ) -> Message:
        """Change one's own text; LINE tells bots of edits in groups only."""
        old = self.world.message(_message_id(message))
        if old.kind != "text" or old.is_unsent or old.is_from_bot:
            raise NotPossibleError("only a standing text of a person can be edited")
        found = (*mentions, *self._mentions(text, mentioning))
        quote_token = self.world.ids.quote_token()
        content = {"id": old.message_id, "quoteToken": quote_token}
        content = {"type": "text", **content, **speech.text_content(self.world, text, found)}
        edited_at_ms = self.world.now_ms() if at_ms is None else at_ms
        new = replace(old, content=content, quote_token=quote_token, edited_at_ms=edited_at_ms)
        self.world.keep_message(new)
        chat, person = self.world.chat(old.chat_id), self.world.person(old.sender)
        if chat.kind is ChatKind.GROUP:
            told = {"message": content}
            self.world.emit("messageEdited", told, chat, person=person, at_ms=edited_at_ms)
        return new

    @locked
    def unsend(self, message: Message | str, *, at_ms: int | None = None) -> Message:
        old = self.world.message(_message_id(message))
        if old.is_unsent or old.is_from_bot:
            raise NotPossibleError("only a standing message of a person can be taken back")
        unsent_at_ms = self.world.now_ms() if at_ms is None else at_ms
        emptied = {"type": old.kind, "id": old.message_id}
        new = self.world.keep_message(replace(old, content=emptied, unsent_at_ms=unsent_at_ms))
        self.world.contents.erase(old.message_id)
        self.world.emit(
            "unsend",
            {"unsend": {"messageId": old.message_id}},
            self.world.chat(old.chat_id),
            person=self.world.person(old.sender),
            at_ms=unsent_at_ms,
            replies=False,
        )
        return new

    # Coming and going

    @locked
    def join(
        self, chat: Chat | str, *people: Person | str, at_ms: int | None = None
    ) -> WebhookEvent | None:
        where, who = self._shared_chat(chat), [self._person(person) for person in people]
        where = self.world.keep_chat(where.with_members(*(person.user_id for person in who)))
        speech.notice(self.world, where, "joined", [person.user_id for person in who], at_ms)
        return self.world.emit("memberJoined", {"joined": events.members(who)}, where, at_ms=at_ms)

    @locked
    def leave(
        self, chat: Chat | str, *people: Person | str, at_ms: int | None = None
    ) -> WebhookEvent | None:
        where, who = self._shared_chat(chat), [self._person(person) for person in people]
        where = self.world.keep_chat(where.without_members(*(person.user_id for person in who)))
        speech.notice(self.world, where, "left", [person.user_id for person in who], at_ms)
        return self.world.emit(
            "memberLeft", {"left": events.members(who)}, where, at_ms=at_ms, replies=False
        )

    @locked
    def invite_bot(self, chat: Chat | str, *, at_ms: int | None = None) -> WebhookEvent | None:
        where = self._shared_chat(chat)
        if not self.world.switches.joins_groups:
            raise NotPossibleError("the account does not allow to be invited into groups")
        if where.has_bot:
            raise NotPossibleError("the bot is in the group already")
        speech.notice(self.world, where, "joined", [BOT], at_ms)
        if where.kind is ChatKind.ROOM:
            self.world.keep_chat(replace(where.with_bot(), is_announced=False))
            return None
        return self.world.emit("join", {}, self.world.keep_chat(where.with_bot()), at_ms=at_ms)

    @locked
    def remove_bot(self, chat: Chat | str, *, at_ms: int | None = None) -> WebhookEvent | None:
        where = self._shared_chat(chat)
        event = self.world.emit("leave", {}, where, at_ms=at_ms, replies=False)
        speech.notice(self.world, where, "left", [BOT], at_ms)
        self.world.keep_chat(where.without_bot())
        return event

    @locked
    def follow(self, person: Person | str, *, at_ms: int | None = None) -> WebhookEvent | None:
        """Add the account as a friend, or unblock it."""
        who = self._person(person)
        was_blocked = who.friendship is Friendship.BLOCKED
        self.world.keep_person(who.having(Friendship.FRIEND))
        own = {"follow": {"isUnblocked": was_blocked}}
        return self.world.emit("follow", own, self._own_chat(who), person=who, at_ms=at_ms)

    @locked
    def unfollow(self, person: Person | str, *, at_ms: int | None = None) -> WebhookEvent | None:
        """Block the account."""
        who = self._person(person)
        self.world.keep_person(who.having(Friendship.BLOCKED))
        return self.world.emit(
            "unfollow", {}, self._own_chat(who), person=who, at_ms=at_ms, replies=False
        )

    # Buttons

    @locked
    def press(
        self,
        chat: Chat | str,
        person: Person | str,
        action: Mapping[str, Any],
        *,
        params: Mapping[str, str] | None = None,
        at_ms: int | None = None,
    ) -> WebhookEvent | Message | None:
        """Tap a button with this action object, as sent by the bot."""
        if action["type"] == "message":
            return self.say(chat, person, str(action["text"]), at_ms=at_ms)
        if action["type"] not in POSTING_ACTIONS:
            return None
        if "text" in action:
            self.say(chat, person, str(action["text"]), at_ms=at_ms)
        elif "displayText" in action:
            self._display(self._speaker(chat, person, at_ms), str(action["displayText"]))
        return self.postback(chat, person, str(action["data"]), params=params, at_ms=at_ms)

    def _display(self, speaker: Speaker, words: str) -> None:
        """A button speaks for the one who tapped it, and no event tells of it."""
        shown = speaker.note({"type": "text", "text": words})
        self.world.keep_message(replace(shown, via="display"))

    @locked
    def postback(
        self,
        chat: Chat | str,
        person: Person | str,
        data: str,
        *,
        params: Mapping[str, str] | None = None,
        at_ms: int | None = None,
    ) -> WebhookEvent | None:
        speaker = self._speaker(chat, person)
        own: dict[str, Any] = {"data": data}
        if params:
            own["params"] = dict(params)
        return self.world.emit(
            "postback", {"postback": own}, speaker.chat, person=speaker.person, at_ms=at_ms
        )

    @locked
    def link_account(
        self, person: Person | str, link_token: str, nonce: str
    ) -> WebhookEvent | None:
        """Open the account-link page of LINE with the token that the bot was given."""
        who = self._person(person)
        user_id, until_ms = self.world.link_tokens.pop(link_token, ("", 0))
        if user_id == who.user_id and self.world.now_ms() <= until_ms:
            own = {"link": {"result": "ok", "nonce": nonce}}
            return self.world.emit("accountLink", own, self._own_chat(who), person=who)
        return self._failed_link(who, nonce)

    def _failed_link(self, who: Person, nonce: str) -> WebhookEvent:
        """Without source and reply token, as documented."""
        now_ms = self.world.now_ms()
        envelope = Envelope(self.world.ids.event(now_ms), now_ms, None, None)
        own = {"link": {"result": "failed", "nonce": nonce}}
        return self.world.send_event(who.user_id, envelope, envelope.around("accountLink", own))

    # Switches

    def set_switches(self, **changes: bool) -> Switches:
        """Turn on or off: is_verified, joins_groups, chat_is_on, limits_rates."""
        with self.world.lock:
            self.world.switches = replace(self.world.switches, **changes)
        self.world.journal.note("switch")
        return self.world.switches

    def set_habits(self, **changes: bool | int) -> Habits:
        """How webhooks travel: redelivers, extra_copies, delay_ms, holds, uses_webhook."""
        with self.world.lock:
            courier = self.world.courier
            courier.habits = replace(courier.habits, **changes)  # type: ignore[arg-type]
        self.world.journal.note("switch")
        return courier.habits

    @locked
    def set_standby(self, chat: Chat | str, *, standby: bool) -> Chat:
        return self.world.keep_chat(replace(self._chat(chat), is_standby=standby))

    @locked
    def set_quota(self, limit: int | None) -> None:
        self.world.quota.limit = limit
        self.world.journal.note("switch")

    @locked
    def inject(self, fault: InjectedFault) -> None:
        self.world.faults.inject(fault)
        self.world.journal.note("switch")

    @locked
    def clear_faults(self) -> None:
        self.world.faults.clear()
        self.world.journal.note("switch")

    # Webhooks

    @locked
    def release(self, order: str = "sent", *, per_body: int = 1) -> None:
        """Send the events that `set_habits(holds=True)` kept back."""
        self.world.courier.release(order, per_body)

    @locked
    def repeat(self, event: WebhookEvent | str, *, redelivery: bool = True) -> None:
        """Deliver an event once more: as a redelivery, or as an unmarked duplicate."""
        event_id = event if isinstance(event, str) else event.event_id
        self.world.courier.repeat(self.world.events[event_id], redelivery=redelivery)

    @locked
    def send_raw_event(self, chat: Chat | str, body: Mapping[str, Any]) -> WebhookEvent:
        """An event of a kind that nobody has seen yet; common properties are added."""
        where = self._chat(chat)
        now_ms = self.world.now_ms()
        envelope = Envelope(
            self.world.ids.event(now_ms),
            now_ms,
            events.source_of(where, None),
            self.world.ids.reply_token(),
        )
        made = envelope.around(str(body["type"]), body)
        return self.world.send_event(where.chat_id, envelope, made)

    def deliver_due(self) -> list[Delivery]:
        """Deliver everything that is due, in this thread. A server does it by itself."""
        delivered = []
        while (parcel := self.world.take_due()) is not None:
            delivered.append(self.world.carry(parcel))
        return delivered

    # Looking

    def person(self, user_id: str) -> Person:
        return self.world.person(user_id)

    def chat(self, chat_id: str) -> Chat:
        return self.world.chat(chat_id)

    @locked
    def messages(self, chat: Chat | str) -> list[Message]:
        """What was said, without the notices of who came and went."""
        return [m for m in self.world.log.in_chat(_chat_id(chat)) if m.kind != NOTICE]

    @locked
    def bot_messages(self, chat: Chat | str) -> list[Message]:
        """What people in the chat saw the bot say."""
        return [m for m in self.messages(chat) if m.is_from_bot and m.is_delivered]

    @locked
    def event_of(self, message: Message | str) -> WebhookEvent:
        """The newest event about a message."""
        wanted = _message_id(message)
        for event in reversed(list(self.world.events.values())):
            if event.message_id == wanted:
                return event
        raise NotPossibleError("no event tells of this message")

    # Inside

    def _chat(self, chat: Chat | str) -> Chat:
        return self.world.chat(_chat_id(chat))

    def _person(self, person: Person | str) -> Person:
        return self.world.person(_person_id(person))

    def _own_chat(self, person: Person) -> Chat:
        return self.world.chat(person.user_id)

    def _shared_chat(self, chat: Chat | str) -> Chat:
        where = self._chat(chat)
        if not where.is_shared:
            raise NotPossibleError("this is a one-to-one chat")
        return where

    def _speaker(self, chat: Chat | str, person: Person | str, at_ms: int | None = None) -> Speaker:
        where, who = self._chat(chat), self._person(person)
        if who.user_id not in where.members:
            raise NotPossibleError("only a member can speak in a chat")
        if not where.is_shared and who.friendship is Friendship.BLOCKED:
            raise NotPossibleError("a person who blocked the account cannot write to it")
        return Speaker(self.world, where, who, at_ms)

    def _mentions(self, text: str, people: Iterable[Person | str]) -> tuple[Mention, ...]:
        targets = [_person_id(named) for named in people]
        labels = {f"@{speech.label_of(self.world, target)}": target for target in targets}
        return mentions_in(text, labels)


def _person_id(person: Person | str) -> str:
    return person if isinstance(person, str) else person.user_id


def _chat_id(chat: Chat | str) -> str:
    return chat if isinstance(chat, str) else chat.chat_id


def _message_id(message: Message | str) -> str:
    return message if isinstance(message, str) else message.message_id
