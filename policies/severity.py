"""How grave an incident is: proposed by a rule that can be said in one breath, set by a person.

It begins at 1 and rises by one for each that holds: a number that names one patient for sure;
more than one patient; a group where others than those who treat are, or 50 people or more; an hour
or longer in sight; posted in another group as well. Taken back within five minutes, it falls by
one. Five is the most that a rule proposes: harm to a patient is seen by people only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.findings import Label
from bot.domain.groups import GroupKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.exposure import Exposure

_SURE = frozenset({Label.NATIONAL_ID, Label.HN, Label.VISIT_NO, Label.PASSPORT})
_OPEN_TO_OTHERS = frozenset({GroupKind.SOCIAL, GroupKind.TEACHING, GroupKind.HOSPITAL_WIDE})
_MANY_PEOPLE = 50
_LONG = timedelta(hours=1)
_AT_ONCE = timedelta(minutes=5)
_MOST_BY_RULE = 5
_LETTERS = "ABCDEFGHI"


class SeverityScale(StrEnum):
    """What the hospital reports by: A to I as in Thai hospital accreditation, or 1 to 5."""

    LETTERS = "A-I"
    NUMBERS = "1-5"

    @property
    def levels(self) -> tuple[str, ...]:
        if self is SeverityScale.LETTERS:
            return tuple(_LETTERS)
        return tuple(str(number) for number in range(1, _MOST_BY_RULE + 1))

    def shown(self, severity: int) -> str:
        """After the scale was changed, the highest of the new one stands for what lies above it."""
        return self.levels[min(severity, len(self.levels)) - 1]

    def parse(self, text: str) -> int | None:
        wanted = text.strip().upper()
        return self.levels.index(wanted) + 1 if wanted in self.levels else None


@dataclass(frozen=True, slots=True)
class Gravity:
    """What the rule looks at."""

    labels: frozenset[Label]
    patients: int
    group_kind: GroupKind
    exposure: Exposure
    is_linked: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    severity: int
    reasons: tuple[str, ...]


def propose(gravity: Gravity) -> Proposal:
    reasons = tuple(_reasons(gravity))
    raised = sum(1 if reason.startswith("+") else -1 for reason in reasons)
    return Proposal(max(1, min(_MOST_BY_RULE, 1 + raised)), reasons)


def _reasons(gravity: Gravity) -> Iterator[str]:
    exposure = gravity.exposure
    if gravity.labels & _SURE:
        sure = ", ".join(sorted(gravity.labels & _SURE))
        yield f"+1: names one patient for sure ({sure})"
    if gravity.patients > 1:
        yield f"+1: {gravity.patients} patients"
    if gravity.group_kind in _OPEN_TO_OTHERS:
        yield f"+1: a group of kind {gravity.group_kind}"
    elif exposure.people >= _MANY_PEOPLE:
        yield f"+1: {exposure.people} people could read it"
    if exposure.visible >= _LONG:
        yield "+1: an hour or longer in sight"
    if gravity.is_linked:
        yield "+1: the same was posted in another group"
    if exposure.visible <= _AT_ONCE and not exposure.visible_at_least:
        yield "-1: taken back within five minutes"
