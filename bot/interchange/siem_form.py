"""JSON lines for a SIEM: one record a line, flat, with names in the manner of the Elastic Common
Schema. docs/traceability.md lists the names: a promise; some may be added, none changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import BinaryIO

from bot.domain.exports import About, ExportedRecord, RecordKind
from bot.interchange.cells import utc

_ACTIONS = {
    RecordKind.INCIDENT: "patient-data-outside-approved-group",
    RecordKind.DISCLOSURE: "patient-data-inside-approved-group",
}


def write_jsonl(records: Iterable[ExportedRecord], about: About, file: BinaryIO) -> None:
    for record in records:
        line = json.dumps(siem_line(record, about), ensure_ascii=False, separators=(",", ":"))
        file.write(line.encode("utf-8", "replace") + b"\n")


def siem_line(record: ExportedRecord, about: About) -> Mapping[str, object]:
    """What is not known is left out: a SIEM tells 'absent' from 'empty'."""
    fields = {
        "@timestamp": utc(record.occurred_at),
        "event.id": str(record.id),
        "event.kind": "event",
        "event.dataset": f"wongraksa.{record.kind.value}",
        "event.action": _ACTIONS[record.kind],
        "event.created": utc(record.recorded_at) if record.recorded_at else None,
        "event.end": utc(record.ended_at) if record.ended_at else None,
        "observer.vendor": "WongRaksa",
        "observer.type": "chat-guard",
        "observer.name": about.deployment,
        "organization.name": about.hospital or None,
        "wongraksa.case": record.case_number,
        "wongraksa.realm": record.realm.value,
        "wongraksa.labels": list(record.labels),
        "wongraksa.patient_tokens": [f"{t.label}:{t.value}" for t in record.tokens],
        "wongraksa.messages": record.messages,
        "wongraksa.standing": record.standing,
        "wongraksa.minutes_visible": record.minutes_visible,
        "wongraksa.policy_version": record.policy_version,
        "wongraksa.channel": record.channel or None,
        "wongraksa.basis": record.basis or None,
        "wongraksa.claimed": utc(record.claimed_at) if record.claimed_at else None,
        "wongraksa.disputed": utc(record.disputed_at) if record.disputed_at else None,
        **_around(record),
    }
    return {name: value for name, value in fields.items() if value is not None}


def _around(record: ExportedRecord) -> dict[str, object]:
    sender, group, recipients = record.sender, record.group, record.recipients
    return {
        "user.id": str(sender.id) if sender else None,
        "user.name": sender.name or None if sender else None,
        "group.id": str(group.id) if group else None,
        "group.name": group.name or None if group else None,
        "wongraksa.group_kind": record.group_kind or None,
        "wongraksa.roster": str(recipients.roster_id) if recipients else None,
        "wongraksa.members_known": len(recipients.people) if recipients else None,
        "wongraksa.members": recipients.member_count if recipients else None,
    }
