"""Days and times as people type them: in Bangkok, with the year of either era."""

from __future__ import annotations

import argparse
import re
from datetime import UTC, datetime, timedelta

from bot.domain.times import BANGKOK, BUDDHIST_ERA

# Years from here on are Buddhist ones.
_FIRST_BUDDHIST_YEAR = 2400
_EPOCH_YEAR = 1970
_MOMENT = re.compile(
    r"(?:(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<d2>\d{1,2})/(?P<m2>\d{1,2})/(?P<y2>\d{4}))"
    r"(?:[T ](?P<hour>\d{1,2}):(?P<minute>\d{2}))?"
)


def day(text: str) -> datetime:
    """The beginning of a day: 2027-05-31, or 31/5/2570 as Thai forms write it."""
    found = _MOMENT.fullmatch(text.strip())
    if found is None or found["hour"]:
        raise argparse.ArgumentTypeError("a date like 2027-05-31 or 31/5/2570")
    return _at(found, text)


def day_after(text: str) -> datetime:
    """For an end that is meant to be included: the beginning of the next day."""
    return day(text) + timedelta(days=1)


def moment(text: str) -> datetime:
    """A time of day, Bangkok's clock: '2027-05-31 14:05' or '31/5/2570 14:05'."""
    found = _MOMENT.fullmatch(text.strip())
    if found is None or not found["hour"]:
        raise argparse.ArgumentTypeError("a time like '2027-05-31 14:05' or '31/5/2570 14:05'")
    return _at(found, text)


def _at(found: re.Match[str], text: str) -> datetime:
    year = int(found["y"] or found["y2"])
    year -= BUDDHIST_ERA if year >= _FIRST_BUDDHIST_YEAR else 0
    if year < _EPOCH_YEAR:
        raise argparse.ArgumentTypeError(f"'{text}' lies before {_EPOCH_YEAR}")
    month, date = int(found["m"] or found["m2"]), int(found["d"] or found["d2"])
    try:
        local = datetime(
            year, month, date, int(found["hour"] or 0), int(found["minute"] or 0), tzinfo=BANGKOK
        )
        return local.astimezone(UTC)
    except ValueError:
        msg = f"'{text}' is no day of the calendar"
        raise argparse.ArgumentTypeError(msg) from None
