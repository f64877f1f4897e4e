"""Places where no rule and no cue sees a name, and yet words stand there that may be one.

'แดงตกเตียงเมื่อตีสาม', 'เย็บคิ้วบอล 5 เข็มแล้ว', 'Thongsavanh เลยขอกลับด้วย': a word that people are
called by, letters that make no word, Latin letters of no language we know. Nearly all of them are
no patients' names; only the words around them can say so (`surroundings.py`), and are asked first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.detectors.names import latin, thai
from bot.detectors.names.lexicon import name_finder
from bot.detectors.names.likeness import (
    begins_a_letter,
    is_listed,
    is_plain_word,
    listed_margin,
    may_end,
    whole_margin,
)
from bot.detectors.names.row import UNKNOWN

if TYPE_CHECKING:
    from bot.detectors.names.setting import Setting

# Names that are words of every second sentence: 'กัน', 'ต่อ', 'ใหม่'.
_TOO_COMMON = 670
_SHORTEST, _LONGEST_UNKNOWN = 2, 14
_LATIN_GAP = re.compile(r"[ ^,_]{1,2}(?=[A-Z])")
_MOST_LATIN_PARTS = 4
_OF_SOMEBODY = ("'s", "’s")
_SHORT_CAPITALS = 4
_LIKE_A_NAME = 500
# 'หมู่บ้านมณีแก้ว': what is called after somebody.
_PLACES = ("หมู่บ้าน", "โรงเรียน", "รร.", "ถนน", "ถ.", "ซอย", "ซ.", "คอนโด", "รีสอร์ท", "โรงแรม")
# 'AXA-TH-558-0091': a code.
_CODE_GOES_ON = re.compile(r"[A-Z]*-[A-Z]{0,4}-?[0-9]")


def names_amid_words(setting: Setting) -> Iterator[thai.Name]:
    yield from _thai_names(setting)
    if setting.has_capitals:
        yield from _latin_names(setting)


def is_of_a_place_or_code(text: str, start: int, end: int) -> bool:
    return text.endswith(_PLACES, 0, start) or _CODE_GOES_ON.match(text, end) is not None


def _thai_names(setting: Setting) -> Iterator[thai.Name]:
    text, row = setting.text, setting.row
    ends = set(row.ends)
    longest: dict[int, int] = {}
    for last, length in name_finder(_TOO_COMMON).iter(text):
        start = last + 1 - length
        if last + 1 in ends and last < setting.run_at(start).end():
            longest[start] = max(length, longest.get(start, 0))
    for start, end, word in zip(row.starts, row.ends, row.words, strict=True):
        if start in longest:
            yield thai.with_family(text, _listed(setting, start, start + longest[start]))
        elif word == UNKNOWN and _may_be_a_name(text, start, end):
            yield thai.with_family(text, _of_no_word(text, start, end))


def _listed(setting: Setting, start: int, end: int) -> thai.Name:
    run = setting.run_at(start)
    begins = run.start()
    end = start + thai.to_the_end_of_a_given_name(run[0][start - begins :], end - start)
    word = setting.text[start:end]
    margin = listed_margin(run[0], start - begins, end - begins)
    return thai.Name(start, end, 1, margin, is_listed(word), is_plain_word(word))


def _may_be_a_name(text: str, start: int, end: int) -> bool:
    is_long_enough = _SHORTEST <= end - start <= _LONGEST_UNKNOWN
    return is_long_enough and begins_a_letter(text, start) and may_end(text, end)


def _of_no_word(text: str, start: int, end: int) -> thai.Name:
    word = text[start:end]
    return thai.Name(start, end, 1, whole_margin(word), is_listed(word), is_plain=False)


def _latin_names(setting: Setting) -> Iterator[thai.Name]:
    text, last = setting.text, 0
    for word in latin.WORD.finditer(text):
        if word.start() < last or not _may_be_called(word[0]):
            continue
        parts, last = _in_full(text, word)
        if latin.names_a_thing(text, word.start(), last):
            continue
        last = last - len("'s") if text.endswith(_OF_SOMEBODY, word.start(), last) else last
        is_known = latin.is_name(word[0])
        margin = _LIKE_A_NAME if is_known else 0
        yield thai.Name(word.start(), last, parts, margin, is_known, is_plain=False)


def _in_full(text: str, word: re.Match[str]) -> tuple[int, int]:
    """How many parts the name has that begins with this word, and where it ends."""
    parts, end = 1, word.end()
    while parts < _MOST_LATIN_PARTS:
        gap = _LATIN_GAP.match(text, end)
        following = latin.WORD.match(text, gap.end()) if gap is not None else None
        if following is None or not _may_be_called(following[0]):
            break
        parts, end = parts + 1, following.end()
    return parts, end


def _may_be_called(word: str) -> bool:
    """Begins with a capital, and is no English word, none of care, no abbreviation."""
    low = word.lower()
    if not word[0].isupper() or len(word) < _SHORTEST or low in latin.LEADS_TO_NAMES:
        return False
    if word.isupper() and len(word) <= _SHORT_CAPITALS:
        return latin.is_name(word)
    return latin.is_name(word) or not latin.is_known_word(low)
