"""The columns of a table for people: Thai and English headings, and what stands under them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from unicodedata import category

from bot.domain.exports import ExportedRecord, Party
from bot.domain.times import from_milliseconds, thai_date_time, to_milliseconds

Cell: TypeAlias = str | int | datetime | None

# What a spreadsheet takes for the beginning of a formula, in both widths.
_STARTS_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
# Controls and halves of characters; and those, formats and spaces, which a program may pass over.
_UNPRINTABLE = ("Cc", "Cs")
_INVISIBLE = (*_UNPRINTABLE, "Cf", "Zs", "Zl", "Zp")
# More than a cell of a spreadsheet can hold would be refused whole.
_LONGEST = 30_000


@dataclass(frozen=True, slots=True)
class Column:
    """A heading in two languages, a width in characters, and the value of a record."""

    thai: str
    english: str
    width: int
    value: Callable[[ExportedRecord], Cell]
    is_name: bool = False

    @property
    def heading(self) -> str:
        return f"{self.thai} / {self.english}"


def harmless(text: str) -> str:
    """A spreadsheet runs what begins like a formula: a display name may be made to."""
    if text.isprintable() and text[:1].isalnum():  # almost always, and quickly seen
        return text[:_LONGEST]
    visible = text.lstrip("".join(c for c in text if category(c) in _INVISIBLE))
    shown = "".join("\ufffd" if category(c) in _UNPRINTABLE and c != "\n" else c for c in text)
    return f"'{shown}"[:_LONGEST] if visible.startswith(_STARTS_FORMULA) else shown[:_LONGEST]


def utc(at: datetime) -> str:
    """2026-11-21T03:42:07.120Z: the same in every export, and sorted as text."""
    at = from_milliseconds(to_milliseconds(at))
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def _utc_or_nothing(at: datetime | None) -> str | None:
    return None if at is None else utc(at)


def _thai_or_nothing(at: datetime | None) -> str | None:
    return None if at is None else thai_date_time(at)


def _id(party: Party | None) -> str | None:
    return None if party is None else str(party.id)


def _name(party: Party | None) -> str | None:
    return None if party is None else party.name


def _named(record: ExportedRecord) -> int | None:
    return None if record.recipients is None else len(record.recipients.people)


def _counted(record: ExportedRecord) -> int | None:
    return None if record.recipients is None else record.recipients.member_count


def _names(record: ExportedRecord) -> str | None:
    if record.recipients is None:
        return None
    return "; ".join(one.name or str(one.id) for one in record.recipients.without(record.sender))


_COLUMNS = (
    Column("ชนิดบันทึก", "Record", 12, lambda r: r.kind.value),
    Column("ที่มา", "Realm", 11, lambda r: r.realm.value),
    Column("เลขที่เหตุ", "Case", 14, lambda r: r.case_number),
    Column("เกิดเมื่อ (เวลาไทย)", "Occurred, Bangkok", 19, lambda r: r.occurred_at),
    Column("เกิดเมื่อ (พ.ศ.)", "Occurred, B.E.", 24, lambda r: thai_date_time(r.occurred_at)),
    Column("เกิดเมื่อ (UTC)", "Occurred, UTC", 25, lambda r: utc(r.occurred_at)),
    Column("ลงบันทึกเมื่อ (UTC)", "Recorded, UTC", 25, lambda r: _utc_or_nothing(r.recorded_at)),
    Column("ชนิดข้อมูล", "Kinds of data", 28, lambda r: ", ".join(r.labels)),
    Column("จำนวนข้อความ", "Messages", 11, lambda r: r.messages),
    Column("ยังค้างอยู่", "Still standing", 12, lambda r: r.standing),
    Column("สิ้นสุดเมื่อ (พ.ศ.)", "Ended, B.E.", 24, lambda r: _thai_or_nothing(r.ended_at)),
    Column("สิ้นสุดเมื่อ (UTC)", "Ended, UTC", 25, lambda r: _utc_or_nothing(r.ended_at)),
    Column("เห็นได้กี่นาที", "Minutes visible", 13, lambda r: r.minutes_visible),
    Column("แจ้งว่ายกเลิกแล้ว (UTC)", "Claimed, UTC", 25, lambda r: _utc_or_nothing(r.claimed_at)),
    Column("แจ้งว่าตรวจผิด (UTC)", "Disputed, UTC", 25, lambda r: _utc_or_nothing(r.disputed_at)),
    Column("รหัสผู้ส่ง", "Sender id", 37, lambda r: _id(r.sender)),
    Column("ชื่อผู้ส่ง", "Sender name", 24, lambda r: _name(r.sender), is_name=True),
    Column("รหัสกลุ่ม", "Group id", 37, lambda r: _id(r.group)),
    Column("ชื่อกลุ่ม", "Group name", 28, lambda r: _name(r.group), is_name=True),
    Column("ชนิดกลุ่ม (ปัจจุบัน)", "Kind of group now", 18, lambda r: r.group_kind),
    Column("สมาชิกที่รู้ว่าเป็นใคร", "Members known", 14, _named),
    Column("สมาชิกทั้งหมด", "Members in all", 14, _counted),
    Column("ชื่อผู้ที่อยู่ในกลุ่ม", "Recipient names", 40, _names, is_name=True),
    Column("ช่องทาง", "Channel", 12, lambda r: r.channel),
    Column("เหตุที่ส่งได้", "Basis", 12, lambda r: r.basis),
    Column("รุ่นของตารางตัดสินใจ", "Policy version", 14, lambda r: r.policy_version),
    Column("รหัสบันทึก", "Record id", 37, lambda r: str(r.id)),
)


def columns(*, with_names: bool) -> tuple[Column, ...]:
    return tuple(column for column in _COLUMNS if with_names or not column.is_name)
