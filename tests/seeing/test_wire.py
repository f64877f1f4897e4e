"""Answers of the process that looks are read as if a stranger had written them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.findings import Label
from bot.domain.incidents import PatientNumber
from bot.domain.sights import Region, Sight, SightKind
from bot.seeing import wire
from bot.seeing.wire import BadAnswerError, Unpacker, packed

SIGHT = Sight(
    SightKind.IDENTIFIER,
    "HN label + 9 digits",
    Label.HN,
    "██████345",
    Region(((0, 0), (1, 0), (1, 0.5), (0, 0.5))),
    "page 2",
)


def messages(written: bytes, body_most: int = 100) -> list[tuple[dict[str, Any], bytes]]:
    return list(Unpacker(body_most).feed(written))


def test_a_sight_comes_out_as_it_went_in() -> None:
    [(head, _)] = messages(packed(wire.written_sight(SIGHT)))
    assert wire.read_sight(head) == SIGHT


def test_a_region_that_reaches_over_the_edge_is_cut_there() -> None:
    region = Region(((-0.01, 0.2), (1.2, 0.2), (1.2, 1.01), (-0.01, 1.01)))
    head = wire.written_sight(Sight(SightKind.FACE, "a face", region=region))
    assert wire.read_sight(messages(packed(head))[0][0]).region == Region(
        ((0.0, 0.2), (1.0, 0.2), (1.0, 1.0), (0.0, 1.0))
    )


def test_a_number_comes_out_as_it_went_in() -> None:
    number = PatientNumber(Label.HN, "650012345")
    [(head, _)] = messages(packed(wire.written_number(number)))
    assert wire.read_number(head) == number


def test_messages_come_whole_however_they_are_cut() -> None:
    written = packed({"a": 1}, b"body") + packed({"b": 2})
    unpacker = Unpacker(100)
    whole = [m for i in range(len(written)) for m in unpacker.feed(written[i : i + 1])]
    assert whole == [({"a": 1}, b"body"), ({"b": 2}, b"")]


@pytest.mark.parametrize(
    "written",
    [
        b"\xff\xff\xff\xff\x00\x00\x00\x00",
        packed({}, bytes(101)),
        b"\x00\x00\x00\x02\x00\x00\x00\x00[]",
        b"\x00\x00\x00\x03\x00\x00\x00\x00{x}",
        b"\x00\x00\xc3\x50\x00\x00\x00\x00" + b"[" * 50_000,
    ],
)
def test_a_message_that_nobody_honest_sends_is_refused(written: bytes) -> None:
    with pytest.raises(BadAnswerError):
        messages(written)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "spell"},
        {"label": "NAME"},
        {"label": ["HN"]},
        {"reason": 7},
        {"masked": "x" * 301},
        {"place": None},
        {"corners": [[0, 0], [2, 0]]},
        {"corners": [[0, float("nan")]]},
        {"corners": [[0, 0]] * 17},
        {"corners": "0,0"},
    ],
)
def test_a_sight_of_another_shape_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadAnswerError):
        wire.read_sight({**wire.written_sight(SIGHT), **wrong})


@pytest.mark.parametrize("value", ["", "1" * 101, "65 0012345", 650012345, "<script>"])
def test_a_number_of_another_shape_is_refused(value: object) -> None:
    with pytest.raises(BadAnswerError):
        wire.read_number({"label": "HN", "value": value})


def test_what_turns_the_direction_of_writing_does_not_come_through() -> None:
    head = wire.written_sight(Sight(SightKind.FACE, "face\u202e\x1b[2J", place="page\n1"))
    assert (wire.read_sight(head).reason, wire.read_sight(head).place) == ("face[2J", "page1")
