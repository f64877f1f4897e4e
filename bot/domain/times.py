"""Times: aware UTC with milliseconds inside, Bangkok and the Buddhist era on screens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

# Thailand has had one offset and no summer time since 1920, so a fixed zone is enough
# and no time-zone database has to be installed.
BANGKOK = timezone(timedelta(hours=7), "Asia/Bangkok")
BUDDHIST_ERA = 543
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
THAI_MONTHS = (
    "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.".split()  # noqa: SIM905 - reads as a calendar
)


def from_milliseconds(value: int) -> datetime:
    return datetime.fromtimestamp(value // 1000, UTC) + timedelta(milliseconds=value % 1000)


def to_milliseconds(at: datetime) -> int:
    if at.tzinfo is None:
        msg = "a time without a zone was about to be stored"
        raise ValueError(msg)
    return (at - _EPOCH) // timedelta(milliseconds=1)


def buddhist_year(at: datetime) -> int:
    return at.astimezone(BANGKOK).year + BUDDHIST_ERA


def thai_time(at: datetime) -> str:
    """'10:42' as a clock on the ward shows it."""
    return at.astimezone(BANGKOK).strftime("%H:%M")


def thai_date(at: datetime) -> str:
    """'21 พ.ย. 2569', Buddhist era, Bangkok."""
    local = at.astimezone(BANGKOK)
    return f"{local.day} {THAI_MONTHS[local.month - 1]} {local.year + BUDDHIST_ERA}"


def thai_date_time(at: datetime) -> str:
    return f"{thai_date(at)} {thai_time(at)} น."
