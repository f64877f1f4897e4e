"""Cost grows with the length of a text and with nothing else."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.detectors.engine import ALL_DETECTORS, DetectingReader
from bot.domain.findings import Label
from bot.ports import TextContext

READER = DetectingReader()
SMALL, LARGE = 600, 12_000
# Linear is 1; a pattern that backtracks over all it has read would be at 20. What lies between is
# for the noise of a busy machine.
TOLERATED = 6
# Below this nobody notices, and the clock is too coarse to tell.
UNNOTICED_SECONDS = 0.15

PIECES = st.sampled_from(
    (
        *("HN ", "hn", "AN ", "1", "12-", "0812345678 ", "1281046451274", "เลขบัตร ", "/", ".", " "),
        *(
            "\n",
            "คนไข้",
            "หมอ",
            "บ้าน",
            "ซอย",
            "ม.1",
            "ถ.",
            "ทะเบียน กก 1",
            "เกิด ",
            "@a",
            "a@b.c",
            "เฟส ",
        ),
        *("ทับ", "สิบ", "หมู่สอง", "วันเกิด ", "P<A", "a_650001.pdf ", "S68-4410", "88/1, ", "หลังวัด"),
        *(
            "นายสมชาย ",
            "น้องเล็ก",
            "แดง ",
            "บอล,",
            "- นุ่น\n",
            "Somchit ",
            "ยายจันทร์เตียง 3 ",
            "   ",
            "ฌฆ",
        ),
        *("บริจาค ", "ฝากหมอ "),
        *("passport ", "ตัวอย่าง", "(", "ก", "่", "\u200b", "O", "x", "|", ",", "ศูนย์", "พ.ค.", "25"),
    )
)


def seconds(text: str) -> float:
    start = process_time()
    READER.assess(text, TextContext())
    return process_time() - start


def repeated(piece: str, size: int) -> str:
    return (piece * (size // len(piece) + 1))[:size]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, min_size=1, max_size=4).map("".join))
def test_no_repeated_piece_makes_a_pattern_explode(piece: str) -> None:
    # The better of two: the first may have had to load what knows names, or to wait its turn.
    for_large = min(seconds(repeated(piece, LARGE)) for _ in range(2))
    if for_large > UNNOTICED_SECONDS:
        for_small = min(seconds(repeated(piece, SMALL)) for _ in range(3))
        assert for_large / LARGE < TOLERATED * for_small / SMALL


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ud800",
        "\ud83d\ude00",
        "่" * 1000,
        "\u202e" * 1000,
        "👨‍👩‍👧‍👦" * 300,
        "ש" * 1000,
        "\x00" * 100,
        "ก" * 1_000_000,
    ],
)
def test_any_string_at_all_gives_an_answer(text: str) -> None:
    assert READER.assess(text, TextContext((text[:50],))).findings == ()


def test_every_label_of_the_ruler_has_a_detector() -> None:
    assert {detector.label for detector in ALL_DETECTORS} == set(Label)
