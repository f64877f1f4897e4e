"""What was said in the chats, by people and by the bot."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

BOT = "bot"
NOTICE = "notice"
"""A line in the middle of the chat, such as 'joined the group'; the bot never sees it."""


@dataclass(frozen=True)
class Message:
    message_id: str
    chat_id: str
    sender: str
    """A user id, or `bot`."""
    content: dict[str, Any]
    """The message as the webhook carries it, or as the bot sent it."""
    sent_at_ms: int
    quote_token: str | None = None
    mark_as_read_token: str | None = None
    via: str = "person"
    """person, display (spoken by a button), reply, push, multicast or broadcast."""
    call_id: str | None = None
    """The request of the bot that sent it."""
    edited_at_ms: int | None = None
    unsent_at_ms: int | None = None
    is_delivered: bool = True
    """False where LINE answered 200 and showed nothing: the person is no friend."""
    read_by_bot: bool = False

    @property
    def kind(self) -> str:
        return str(self.content["type"])

    @property
    def is_unsent(self) -> bool:
        return self.unsent_at_ms is not None

    @property
    def is_from_bot(self) -> bool:
        return self.sender == BOT


@dataclass
class MessageLog:
    _by_id: dict[str, Message] = field(default_factory=dict)
    _ids_by_chat: dict[str, list[str]] = field(default_factory=dict)
    _id_by_quote_token: dict[str, str] = field(default_factory=dict)
    _id_by_read_token: dict[str, str] = field(default_factory=dict)

    def keep(self, message: Message) -> None:
        """Append a new message, or put a newer state of a known one in its place."""
        if message.message_id not in self._by_id:
            self._ids_by_chat.setdefault(message.chat_id, []).append(message.message_id)
        self._by_id[message.message_id] = message
        if message.quote_token:
            self._id_by_quote_token[message.quote_token] = message.message_id
        if message.mark_as_read_token:
            self._id_by_read_token[message.mark_as_read_token] = message.message_id

    def find(self, message_id: str) -> Message | None:
        return self._by_id.get(message_id)

    def in_chat(self, chat_id: str) -> Iterator[Message]:
        return (self._by_id[message_id] for message_id in self._ids_by_chat.get(chat_id, []))

    def quoted_by(self, quote_token: str) -> Message | None:
        return self._by_id.get(self._id_by_quote_token.get(quote_token, ""))

    def read_by(self, mark_as_read_token: str) -> Message | None:
        return self._by_id.get(self._id_by_read_token.get(mark_as_read_token, ""))
