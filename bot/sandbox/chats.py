"""Chats: groups, old multi-person rooms, and one-to-one chats with the bot."""

from dataclasses import dataclass, replace
from enum import StrEnum


class ChatKind(StrEnum):
    USER = "user"
    GROUP = "group"
    ROOM = "room"


@dataclass(frozen=True)
class Chat:
    chat_id: str
    kind: ChatKind
    name: str
    members: tuple[str, ...] = ()
    has_bot: bool = True
    is_standby: bool = False
    """Another (module) channel holds the chat; the bot may only listen."""
    is_announced: bool = True
    """An old multi-person chat tells the bot of its invitation only with the first event."""

    @property
    def is_shared(self) -> bool:
        return self.kind is not ChatKind.USER

    def with_members(self, *people: str) -> "Chat":
        new = tuple(person for person in people if person not in self.members)
        return replace(self, members=self.members + new)

    def without_members(self, *people: str) -> "Chat":
        return replace(self, members=tuple(m for m in self.members if m not in people))

    def with_bot(self) -> "Chat":
        return replace(self, has_bot=True)

    def without_bot(self) -> "Chat":
        return replace(self, has_bot=False)
