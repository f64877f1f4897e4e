"""What the lists know of a word, as the network is told it."""

from __future__ import annotations

import pytest

from bot.detectors.names.row import row_of
from bot.detectors.names.surroundings import MARKS, Place, marks_of
from bot.detectors.names.word_classes import CLASSES, classes_of

GIVEN, NICKNAME, FAMILY, BORDERS, LATIN, COMMON, RARER, RARE, NO_WORD, CARE, ENGLISH = range(11)
KIN, STAFF, TITLE, PATIENT, NAMED = range(11, 16)


@pytest.mark.parametrize(
    ("word", "classes"),
    [
        ("ยาย", {RARER, KIN}),
        ("พี่", {RARER, STAFF}),
        ("คนไข้", {RARER, PATIENT}),
        ("กระดูก", {RARER, CARE}),
        ("somchai", {LATIN, NO_WORD}),
        ("ขาวผ่องศรี", {NO_WORD}),
        ("", {NO_WORD}),
    ],
)
def test_each_class_of_a_word_is_told(word: str, classes: set[int]) -> None:
    found = {at for at, is_so in enumerate(classes_of(word)) if is_so}
    assert classes <= found
    assert not (found & {KIN, STAFF, TITLE, PATIENT, NAMED}) - classes


def test_every_word_has_as_many_classes() -> None:
    assert {len(classes_of(word)) for word in ("", "ก", "ยาย", "bp", "<1>", "🙂")} == {CLASSES}


def test_part_of_a_cue_is_no_cue() -> None:
    assert not classes_of("ยายแล้ว")[KIN]


def test_a_row_is_marked_by_blanks_places_and_classes() -> None:
    row = row_of("ยาย บุญมี ไข้สูง")
    marks = marks_of(row, [Place(1, 2, "rule")])
    assert marks.shape == (len(row.words), MARKS)
    assert marks[:, 0].any()
    assert marks[1, 1] == 1
    assert bytes(marks[0, -CLASSES:].astype("u1")) == classes_of("ยาย")


def test_a_row_without_words_has_no_marks() -> None:
    assert marks_of(row_of(""), []).shape == (0, MARKS)
