"""Days and times as people type them."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

import pytest

from bot.cli.moments import day, day_after, moment


@pytest.mark.parametrize("text", ["2026-07-28", "28/7/2569", "28/07/2026", "2569-07-28"])
def test_a_day_begins_at_midnight_in_bangkok(text: str) -> None:
    assert day(text) == datetime(2026, 7, 27, 17, tzinfo=UTC)
    assert day_after(text) == datetime(2026, 7, 28, 17, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-07-28 14:05", "28/7/2569 14:05", "2026-07-28T14:05"])
def test_a_moment_is_of_bangkoks_clock(text: str) -> None:
    assert moment(text) == datetime(2026, 7, 28, 7, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "31/2/2569", "2026-13-01", "0001-01-01", "28/7/69", "2026-07-28 1:05"],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        day(text)


@pytest.mark.parametrize("text", ["2026-07-28", "28/7/2569 25:00", "28/7/2569 14:60"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        moment(text)
