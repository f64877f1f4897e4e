"""All that is known of one incident, put together for whoever reviews it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.domain.audience import Audience
    from bot.domain.cases import Case
    from bot.domain.exports import Period
    from bot.domain.exposure import Delays, Exposure
    from bot.domain.findings import Label
    from bot.domain.groups import Group
    from bot.domain.incidents import FlaggedMessage, Incident, Link


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which incidents are to be listed; None means any."""

    period: Period
    states: frozenset[str] | None = None
    only_emergencies: bool = False
    most: int = 50


@dataclass(frozen=True, slots=True)
class IncidentAccount:
    """`patients`: how many different numbers of one kind, so at least so many patients."""

    incident: Incident
    case: Case
    group: Group
    messages: tuple[FlaggedMessage, ...]
    audience: Audience
    exposure: Exposure
    delays: Delays
    patients: int
    links: tuple[Link, ...] = field(default=())

    @property
    def labels(self) -> tuple[Label, ...]:
        return tuple(sorted({label for message in self.messages for label in message.labels}))

    @property
    def is_linked(self) -> bool:
        return any(link.group_id != self.group.id for link in self.links)
