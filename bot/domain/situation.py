"""The facts around a message that a decision depends on, beside what was found in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.groups import GroupKind, SenderKind

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Situation:
    at: datetime
    group_kind: GroupKind = GroupKind.UNKNOWN
    is_approved: bool = False
    sender: SenderKind = SenderKind.UNLINKED
    is_simulated: bool = False
    is_active: bool = True
    is_burst: bool = False
    has_emergency_pass: bool = False
