"""How what people say becomes messages in the log and events for the bot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.sandbox.chats import Chat
from bot.sandbox.contents import Content
from bot.sandbox.mentions import EVERYBODY, MOST_MENTIONS, LineEmoji, Mention, emojis_in
from bot.sandbox.messages import BOT, NOTICE, Message
from bot.sandbox.people import Person
from bot.sandbox.world import World

QUOTABLE_KINDS = frozenset({"text", "image", "video", "sticker"})

Json = dict[str, Any]


@dataclass(frozen=True)
class Attachment:
    """A picture, recording or file on its way into a chat."""

    kind: str
    data: bytes = field(repr=False)
    media_type: str = "application/octet-stream"
    name: str = ""
    duration_ms: int | None = None
    ready_after_ms: int = 0
    """A large video or recording answers 202 until then."""
    external_url: str | None = None
    """Sent from a LIFF app: the bytes are elsewhere and not with LINE."""


@dataclass(frozen=True)
class Speaker:
    """Somebody in a chat, at a moment that may lie in the past."""

    world: World
    chat: Chat
    person: Person
    at_ms: int | None = None

    def speak(self, content: Json) -> Message:
        return self.tell(self.note(content))

    def tell(self, message: Message) -> Message:
        own = {"message": message.content}
        self.world.emit("message", own, self.chat, person=self.person, at_ms=message.sent_at_ms)
        return message

    def note(self, content: Json) -> Message:
        """Put a message into the chat without telling the bot."""
        sent_at_ms = self.world.now_ms() if self.at_ms is None else self.at_ms
        head = self._head(str(content["type"]))
        if not self.chat.is_shared:
            self._remember_writing(sent_at_ms)
        return self.world.keep_message(
            Message(
                message_id=head["id"],
                chat_id=self.chat.chat_id,
                sender=self.person.user_id,
                content={**head, **content},
                sent_at_ms=sent_at_ms,
                quote_token=head.get("quoteToken"),
                mark_as_read_token=head["markAsReadToken"],
                read_by_bot=not self.world.switches.chat_is_on,
            )
        )

    def attach(self, attachment: Attachment, image_set: Mapping[str, Any] | None = None) -> Message:
        content = attachment_content(attachment)
        if image_set is not None:
            content["imageSet"] = dict(image_set)
        message = self.note(content)
        self.world.contents.put(
            message.message_id,
            Content(
                kind=attachment.kind,
                media_type=attachment.media_type,
                data=attachment.data,
                ready_at_ms=self.world.now_ms() + attachment.ready_after_ms,
                is_external=attachment.external_url is not None,
            ),
        )
        return message

    def _head(self, kind: str) -> dict[str, str]:
        ids = self.world.ids
        head = {"type": kind, "id": ids.message(self.world.now_ms())}
        if kind in QUOTABLE_KINDS:
            head["quoteToken"] = ids.quote_token()
        return {**head, "markAsReadToken": ids.mark_as_read_token()}

    def _remember_writing(self, sent_at_ms: int) -> None:
        person = self.world.person(self.person.user_id)
        self.world.keep_person(replace(person, wrote_at_ms=sent_at_ms))


def notice(world: World, chat: Chat, what: str, who: Sequence[str], at_ms: int | None) -> None:
    """A line in the middle of the chat: `joined` or `left`."""
    world.keep_message(
        Message(
            message_id=world.ids.message(world.now_ms()),
            chat_id=chat.chat_id,
            sender=NOTICE,
            content={"type": NOTICE, "what": what, "who": list(who)},
            sent_at_ms=world.now_ms() if at_ms is None else at_ms,
            via=NOTICE,
        )
    )


def text_content(
    world: World, text: str, mentions: Sequence[Mention], emojis: Sequence[LineEmoji] = ()
) -> Json:
    content: Json = {"type": "text", "text": text}
    if found := emojis_in(text, emojis):
        content["emojis"] = found
    if mentions:
        mentionees = [mentionee(world, mention) for mention in mentions[:MOST_MENTIONS]]
        content["mention"] = {"mentionees": mentionees}
    return content


def mentionee(world: World, mention: Mention) -> Json:
    place: Json = {"index": mention.index, "length": mention.length}
    if mention.target == EVERYBODY:
        return {**place, "type": "all"}
    is_self = mention.target == BOT
    if is_self:
        place["userId"] = world.channel.bot_user_id
    elif world.person(mention.target).shares_id:
        place["userId"] = mention.target
    return {**place, "type": "user", "isSelf": is_self}


def label_of(world: World, target: str) -> str:
    """What stands behind the @ when this target is mentioned."""
    if target == BOT:
        return world.channel.name
    return "All" if target == EVERYBODY else world.person(target).name


def attachment_content(attachment: Attachment) -> Json:
    if attachment.kind == "file":
        return {"type": "file", "fileName": attachment.name, "fileSize": len(attachment.data)}
    content: Json = {"type": attachment.kind}
    if attachment.duration_ms is not None:
        content["duration"] = attachment.duration_ms
    content["contentProvider"] = content_provider(attachment)
    return content


def content_provider(attachment: Attachment) -> dict[str, str]:
    if attachment.external_url is None:
        return {"type": "line"}
    urls = {"originalContentUrl": attachment.external_url}
    if attachment.kind != "audio":
        urls["previewImageUrl"] = attachment.external_url
    return {"type": "external", **urls}
