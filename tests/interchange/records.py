"""Invented records, and what surrounds them in a file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import UUID

from bot.domain.exports import (
    About,
    ExportedRecord,
    Party,
    Period,
    Realm,
    Recipients,
    RecordKind,
    token_of,
)
from bot.interchange.forms import WRITERS, Format

AT = datetime(2026, 7, 28, 3, 42, 7, 120_000, tzinfo=UTC)
NURSE, DOCTOR, CLUB = Party(UUID(int=1)), Party(UUID(int=2)), Party(UUID(int=3))
NAMED_NURSE = Party(NURSE.id, "พยาบาลนก")


def record(**changes: object) -> ExportedRecord:
    values: dict[str, object] = {
        "kind": RecordKind.INCIDENT,
        "id": UUID("0198538a-0000-7000-8000-00000000002a"),
        "realm": Realm.LIVE,
        "case_number": "2569-000042",
        "occurred_at": AT,
        "last_message_at": AT,
        "recorded_at": AT + timedelta(seconds=2),
        "ended_at": AT + timedelta(minutes=4, seconds=30),
        "group": CLUB,
        "group_kind": "social",
        "sender": NURSE,
        "recipients": Recipients(UUID(int=4), (NURSE, DOCTOR), 34),
        "labels": ("HN", "PHONE"),
        "tokens": (token_of("HN", b"d" * 32),),
        "messages": 2,
        "standing": 0,
        "policy_version": 1,
        **changes,
    }
    return ExportedRecord(**values)  # type: ignore[arg-type]


def disclosure(**changes: object) -> ExportedRecord:
    kind = {"kind": RecordKind.DISCLOSURE, "case_number": None, "messages": 1, "ended_at": None}
    return record(**{**kind, "standing": 1, "channel": "group", "basis": "care", **changes})


def about(*, with_names: bool = False) -> About:
    period = Period(AT - timedelta(days=1), AT + timedelta(days=1))
    return About("bot.hospital.example", "รพ.ตัวอย่าง", period, AT, with_names)


def written(form: Format, *records: ExportedRecord, with_names: bool = False) -> bytes:
    file = BytesIO()
    WRITERS[form](iter(records), about(with_names=with_names), file)
    return file.getvalue()
