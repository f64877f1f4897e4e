"""JSON lines: flat, stable, and as the documents say."""

from __future__ import annotations

import json

from bot.domain.exports import Party
from bot.interchange.forms import Format
from tests.interchange.records import NAMED_NURSE, NURSE, disclosure, record, written


def test_one_record_is_one_flat_line() -> None:
    lines = written(Format.JSONL, record(), disclosure()).decode().splitlines()
    first, second = map(json.loads, lines)
    assert first["@timestamp"] == "2026-07-28T03:42:07.120Z"
    assert first["event.dataset"] == "wongraksa.incident"
    assert second["wongraksa.basis"] == "care"
    assert not any(isinstance(value, dict) for value in first.values())


def test_what_is_not_known_is_left_out() -> None:
    line = json.loads(written(Format.JSONL, record(sender=None, recorded_at=None)))
    assert {"user.id", "event.created", "user.name"} & line.keys() == set()


def test_a_line_break_in_a_name_makes_no_second_line() -> None:
    sender = Party(NURSE.id, 'นก\n{"event.kind":"alert"}\u2028')
    content = written(Format.JSONL, record(sender=sender), with_names=True)
    assert content.count(b"\n") == 1
    assert json.loads(content)["user.name"] == sender.name


def test_names_of_the_sender_stand_there_when_they_were_opened() -> None:
    line = json.loads(written(Format.JSONL, record(sender=NAMED_NURSE), with_names=True))
    assert line["user.name"] == "พยาบาลนก"
