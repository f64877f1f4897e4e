"""Whatever a text is made of, what was matched leads back to the characters somebody wrote."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.detectors.normalise import normalise
from bot.domain.text import Edit, NormalisedText, Step


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("๖๕๐", "650"),
        ("６５０", "650"),
        ("𝟔𝟓𝟎", "650"),
        ("⑥⑤⓪", "650"),
        ("6️⃣5️⃣0️⃣", "650"),
        ("НN", "HN"),
        ("H\u200bN", "HN"),
        ("0➖8", "0-8"),
        ("เเดง", "แดง"),
        ("นํ้า", "น้ำ"),
        ("ที่่", "ที่"),
        ("ทีี่", "ที่"),
        ("ศูนย์แปดหนึ่งสอง", "0812"),
        ("zero eight one two", "0 8 1 2"),
        ("หนึ่งสอง", "หนึ่งสอง"),
        ("ศูนย์ 043-224-118", "ศูนย์ 043-224-118"),
        ("ศูนย์ แปดหนึ่ง 1234", "0 81 1234"),
    ],
)
def test_what_is_written_in_many_ways_is_read_in_one(written: str, read: str) -> None:
    assert normalise(written).text == read


@pytest.mark.parametrize(
    ("written", "read", "back"),
    [
        ("HN 65\u200b00", "6500", "65\u200b00"),
        ("\u200bHN", "HN", "HN"),
        ("hn 6️⃣5️⃣ ok", "65", "6️⃣5️⃣"),
        ("โทร ศูนย์แปดหนึ่งสอง ค่ะ", "0812", "ศูนย์แปดหนึ่งสอง"),
        ("นํ้า 650", "650", "650"),
    ],
)
def test_the_way_back_takes_all_of_what_was_written(written: str, read: str, back: str) -> None:
    normalised = normalise(written)
    start = normalised.text.index(read)
    first, last = normalised.original_span(start, start + len(read))
    assert written[first:last] == back


def test_a_place_in_the_original_is_found_in_what_is_read() -> None:
    text = NormalisedText("HN650", (Step((Edit(1, 2, 0),)),))  # 'H?N650'
    assert [text.place_of(i) for i in (0, 2, 6)] == [0, 1, 5]


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_every_span_of_what_is_read_lies_within_what_was_written(text: str) -> None:
    normalised = normalise(text)
    for i in range(len(normalised.text)):
        start, end = normalised.original_span(i, i + 1)
        assert 0 <= start < end <= len(text)
