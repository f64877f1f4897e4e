"""What the policy decided, with its reasons and its version."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What can follow from a message; the words of the decision table."""

    WARN = "warn"
    OFFER_SAFE_REWRITE = "offer_safe_rewrite"
    ASK = "ask"
    RECORD_INCIDENT = "record_incident"
    RECORD_DISCLOSURE = "record_disclosure"
    NOTIFY = "notify"


class Verdict(StrEnum):
    SILENT = "silent"
    INCIDENT = "incident"
    DISCLOSURE = "disclosure"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Decision:
    verdict: Verdict
    actions: frozenset[Action]
    reasons: tuple[str, ...]
    policy_version: int

    def calls_for(self, action: Action) -> bool:
        return action in self.actions
