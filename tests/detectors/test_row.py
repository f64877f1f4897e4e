from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.detectors.names.row import LINE_END, UNKNOWN, row_of


def test_words_of_all_kinds_stand_in_a_row() -> None:
    row = row_of("ส่งคนไข้ ct 2 ราย\nhn 650012345!")
    assert row.words == ["ส่ง", "คนไข้", "ct", "<1>", "ราย", LINE_END, "hn", "<5>", "!"]
    assert [at for at, blank in enumerate(row.blanks) if blank] == [0, 2, 3, 4, 7]


def test_signs_are_no_marks() -> None:
    row = row_of("120/80 ? #5")
    assert row.words == ["<3>", "/", "<2>", "?", "#", "<1>"]


def test_letters_of_no_word_are_one_word_and_alike() -> None:
    row = row_of("ให้ฌฆฑไปห้อง")
    assert row.words == ["ให้", UNKNOWN, "ไป", "ห้อง"]
    assert (row.starts[1], row.ends[1], row.spelt[1]) == (3, 6, "ฌฆฑ")


def test_the_words_that_reach_into_a_place_are_told() -> None:
    row = row_of("ตาม นุ่น กลับมา")
    assert row.within(4, 8) == (1, 2)
    assert row.within(6, 11) == (1, 3)


@settings(deadline=None)  # the first text loads the words
@given(st.text(max_size=200) | st.text("กนัี้่เแ ไขa1/\n", max_size=200))
def test_a_row_holds_every_letter_once_and_in_order(text: str) -> None:
    row = row_of(text)
    places = list(zip(row.starts, row.ends, strict=True))
    assert all(start < end for start, end in places)
    assert all(end <= start for (_, end), (start, _) in pairwise(places))
    held = "".join(text[start:end] for start, end in places)
    assert held == text.replace(" ", "").replace("\t", "").replace("\r", "")
    assert len(row.words) == len(row.blanks) == len(places)
