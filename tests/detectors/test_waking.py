from __future__ import annotations

import re

import pytest

from bot.detectors import account, cues, hn, national_id, owner, passport, visit_no
from bot.detectors.names import evidence
from bot.detectors.waking import ListedWords, Sleeper, beginnings, bit_of, first_letters, listen
from bot.detectors.words import Words
from tests.corpus import build


@pytest.mark.parametrize(
    ("pattern", "pieces"),
    [
        ("คนไข้|ผู้ป่วย", {"คนไข้", "ผู้ป่วย"}),
        ("ผป(?![ก-ฮ])|ญาติ", {"ผป", "ญาติ"}),
        (r"เวร(?<!ส่งเวร)\s?เช้า", {"เวร"}),
        ("ยา(?:แก้|ก่อน)ไข้", {"ยาแก้ไข้", "ยาก่อนไข้"}),
        ("เซลส์?", {"เซลส"}),
        ("หมอ+ฟัน", {"หมอ"}),
        ("(?:นพ|พญ){2}", {""}),
        (r"น\.ส\.[0-9]", {"น.ส."}),
        ("HN|hn", {"hn"}),
        ("เบอร์|เบอร์บ้าน", {"เบอร์"}),
        ("[กข]า", {""}),
    ],
)
def test_a_pattern_is_known_by_how_its_matches_begin(pattern: str, pieces: set[str]) -> None:
    if pieces == {""}:
        with pytest.raises(ValueError, match="does not begin with a plain letter"):
            beginnings(re.compile(pattern))
    else:
        assert beginnings(re.compile(pattern)) == pieces


def test_a_bracket_that_is_left_open_is_no_pattern() -> None:
    assert first_letters(re.compile(r"\(a|b(?:c|[)])")) == {"(", "b"}


def test_a_bit_is_heard_where_one_of_its_pieces_stands() -> None:
    bit = bit_of(("กระดาษทดลอง", "กระจกทดลอง"))
    assert listen("ใช้กระจกทดลองแล้ว") & bit
    assert not listen("ใช้กระจกแล้ว") & bit


SLEEPERS = [value for value in vars(evidence).values() if isinstance(value, Sleeper)]
WORDS = [
    *(value for room in (cues, owner) for value in vars(room).values() if isinstance(value, Words)),
    *(hn.DETECTOR.names, visit_no.DETECTOR.names, account._NAMED.names),
    *(national_id._NAMES, passport._NAMES),
]


def test_who_sleeps_would_have_found_nothing() -> None:
    messages, _ = build.build()
    for lower in (message.text.lower() for message in messages):
        heard = listen(lower)
        assert all(sleeper.bit & heard or not sleeper.search(lower) for sleeper in SLEEPERS)
        assert all(words.find(lower, heard) == words.find(lower) for words in WORDS)


def test_listed_words_are_heard_between_places() -> None:
    words = ListedWords(frozenset(("ล้ม", "หกล้ม", "x-ray")))
    text = "ยายหกล้มเมื่อคืน ส่ง x-ray"
    assert words.stand_in(text)
    assert words.stand_in(text, 5, 8)
    assert not words.stand_in(text, 5, 7)
    assert not words.stand_in(text, 8, 20)
    assert not words.stand_in("", 0, 0)
    assert [at for at in range(len(text)) if words.begin_at(text, at)] == [3, 5, 21]
    assert listen(text) & words.bit
    assert not listen("ยายสบายดี") & words.bit
