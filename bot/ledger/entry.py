"""Ledger entries: a kind, a time, a subject, and a commitment to facts held elsewhere.

The commitment is SHA-256 over a random salt and the canonical bytes of the facts. Whoever
holds salt and facts can show that they are what was entered; whoever deletes them has
forgotten them, and the entry still stands.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.times import to_milliseconds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

SALT_BYTES = 32


class EntryKind(StrEnum):
    """Never reused for another meaning; old ones stay readable for ever."""

    GROUP_JOINED = "group.joined"
    GROUP_LEFT = "group.left"
    GROUP_APPROVED = "group.approved"
    GROUP_SUSPENDED = "group.suspended"
    GROUP_CLASSIFIED = "group.classified"
    GROUP_SIMULATION = "group.simulation"
    GROUP_ACKNOWLEDGEMENT = "group.acknowledgement"
    MEMBER_JOINED = "member.joined"
    MEMBER_LEFT = "member.left"
    MEMBER_SEEN = "member.seen"
    MEMBERS_LISTED = "members.listed"
    INCIDENT_OPENED = "incident.opened"
    INCIDENT_MESSAGE = "incident.message"
    INCIDENT_CLOSED = "incident.closed"
    INCIDENT_ANSWERED = "incident.answered"
    EMERGENCY_TAKEN = "emergency.taken"
    MESSAGE_TAKEN_BACK = "message.taken_back"
    DISCLOSURE_RECORDED = "disclosure.recorded"
    DISCLOSURE_TAKEN_BACK = "disclosure.taken_back"
    ACKNOWLEDGEMENT_ASKED = "acknowledgement.asked"
    ACKNOWLEDGED = "acknowledgement.given"
    WARNING_TOLD = "warning.told"
    WARNING_NOT_TOLD = "warning.not_told"
    REWRITE_GIVEN = "rewrite.given"
    COPY_GIVEN = "copy.given"
    QUESTION_ASKED = "question.asked"
    QUESTION_ANSWERED = "question.answered"
    PUBLISHED = "document.published"
    KEY_ROTATED = "key.rotated"
    KEY_DESTROYED = "key.destroyed"
    LEDGER_KEY_INTRODUCED = "ledger_key.introduced"
    CHECKPOINT_KEPT = "checkpoint.kept"
    LEDGER_EXPORTED = "ledger.exported"
    RECORDS_EXPORTED = "records.exported"
    EXPORT_WRITTEN = "records.export_written"
    BREACH_DECLARED = "breach.declared"
    BREACH_NOTED = "breach.noted"
    BREACH_NOTIFIED = "breach.notified"
    BREACH_CLOSED = "breach.closed"
    BREACH_ALARM_SENT = "breach.alarm_sent"
    DOSSIER_MADE = "breach.dossier_made"
    DOSSIER_WRITTEN = "breach.dossier_written"
    INCIDENT_LINKED = "incident.linked"
    INCIDENT_SHOWN = "incident.shown"
    CASE_UNDER_REVIEW = "case.under_review"
    CASE_CONFIRMED = "case.confirmed"
    CASE_FALSE_ALARM = "case.false_alarm"
    CASE_CLOSED = "case.closed"
    CASE_ASSIGNED = "case.assigned"
    CASE_SEVERITY = "case.severity"
    RECORDS_FOLLOWED = "records.followed"
    RETENTION_BEGUN = "retention.begun"
    RETENTION_DONE = "retention.done"
    HOLD_SET = "hold.set"
    HOLD_RELEASED = "hold.released"
    ERASURES_APPLIED = "erasures.applied"
    SUBJECT_ASKED = "subject.asked"
    SUBJECT_WRITTEN = "subject.written"
    SUBJECT_ERASED = "subject.erased"
    SUBJECT_RESTRICTED = "subject.restricted"
    SUBJECT_LIFTED = "subject.lifted"
    EVIDENCE_REQUESTED = "evidence.requested"
    EVIDENCE_APPROVED = "evidence.approved"
    EVIDENCE_OPENED = "evidence.opened"


# One number for the shape of the facts of all kinds; raised when that shape changes.
ENTRY_VERSION = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger as it is stored, without what its commitment opens to."""

    id: UUID
    kind: str
    version: int
    at: datetime
    subject: UUID | None
    commitment: bytes

    def leaf_bytes(self) -> bytes:
        """Every column, a line each: what the ledger's tree is made of.

        Kinds hold no line break and the others cannot, so no two entries are spelled the same.
        """
        lines = (
            "wongraksa entry 1",
            self.id.hex,
            self.kind,
            str(self.version),
            str(to_milliseconds(self.at)),
            "-" if self.subject is None else self.subject.hex,
            self.commitment.hex(),
        )
        return "\n".join(lines).encode()


def canonical_bytes(facts: Mapping[str, object]) -> bytes:
    """One spelling for equal facts: sorted keys, no spaces, ASCII only."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def commitment(salt: bytes, facts: Mapping[str, object]) -> bytes:
    return hashlib.sha256(salt + canonical_bytes(facts)).digest()
