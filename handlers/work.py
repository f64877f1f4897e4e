"""What a handler works with: one unit of work, the time, and the policy of the day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.actions import ReplyToken
from bot.domain.events import InboundEvent, Outcome

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from bot.ports import TextReader, UnitOfWork
    from policies.rules import DecisionTable


@dataclass(frozen=True, slots=True)
class Work:
    """Everything a handler may use, and nothing else."""

    uow: UnitOfWork
    now: datetime
    row_id: UUID
    token_received_at: datetime
    table: DecisionTable
    reader: TextReader
    contact: str = ""
    makes_copies: bool = False

    def reply_token(self, event: InboundEvent) -> ReplyToken | None:
        """None in standby: another channel holds the chat and we must not speak."""
        if event.reply_token is None or not event.is_active:
            return None
        return ReplyToken(event.reply_token, self.token_received_at, self.row_id)


@dataclass(frozen=True, slots=True)
class Means:
    """What a worker brings to each piece of work: the same from its start to its end."""

    reader: TextReader
    contact: str = ""
    makes_copies: bool = False


Handler = Callable[[InboundEvent, Work], Outcome]
SYSTEM = "system"
