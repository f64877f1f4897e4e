"""Places where no rule and no cue sees a name, and yet words stand there that may be one.

'แดงตกเตียงเมื่อตีสาม', 'เย็บคิ้วบอล 5 เข็มแล้ว', 'Thongsavanh เลยขอกลับด้วย': words that people are called
by, or rare ones, alone or glued to each other; Latin letters of no language we know. Nearly all of
them are no names; only the words around can say so (`surroundings.py`), and are asked first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.detectors.names import latin, thai
from bot.detectors.names.lexicon import lexicon
from bot.detectors.names.likeness import (
    begins_a_letter,
    is_listed,
    is_plain_word,
    listed_margin,
    may_end,
    whole_margin,
    words_of,
)
from bot.detectors.names.surroundings import AMID, Place, place_in

if TYPE_CHECKING:
    from bot.detectors.names.setting import Setting

# What a word costs: words of every second sentence ('กัน', 'ต่อ', 'ใหม่') are no name, and part only
# of those of the lists; of other names no more than one part is a common word.
_TOO_COMMON, _COMMON = 670, 900
_MOST_WORDS = 3
_SHORTEST, _LONGEST = 2, 20
_LATIN_GAP = re.compile(r"[ ^,_]{1,2}(?=[A-Z])")
_MOST_LATIN_PARTS = 4
_OF_SOMEBODY = ("'s", "’s")
_SHORT_CAPITALS = 4
_SHORTEST_SMALL = 4
_LIKE_A_NAME = 500
_KEPT = 4096
# 'หมู่บ้านมณีแก้ว': what is called after somebody.
_PLACES = ("หมู่บ้าน", "โรงเรียน", "รร.", "ถนน", "ถ.", "ซอย", "ซ.", "คอนโด", "รีสอร์ท", "โรงแรม")
# 'AXA-TH-558-0091': a code.
_CODE_GOES_ON = re.compile(r"[A-Z]*-[A-Z]{0,4}-?[0-9]")


def places_amid_words(setting: Setting) -> Iterator[Place]:
    """Where a name may begin, and where its first word ends: in words of the row."""
    yield from _thai_places(setting)
    yield from _latin_places(setting)


def name_amid_words(setting: Setting, place: Place) -> thai.Name:
    """The name that has its first word at this place."""
    start, end = setting.row.starts[place.first], setting.row.ends[place.behind - 1]
    if _is_thai(setting.row.spelt[place.first]):
        return thai.with_family(setting.text, _thai_name(setting, start, end))
    return _latin_name(setting.text, start)


def is_of_a_place_or_code(text: str, start: int, end: int) -> bool:
    return text.endswith(_PLACES, 0, start) or _CODE_GOES_ON.match(text, end) is not None


def _thai_places(setting: Setting) -> Iterator[Place]:
    for run in setting.runs:
        before, _ = setting.row.within(run.start(), run.end())
        for first, behind in _names_within(run[0]):
            yield Place(before + first, before + behind, AMID)


@lru_cache(maxsize=_KEPT)
def _names_within(run: str) -> list[tuple[int, int]]:
    """In words of the run: one, or two or three that are glued to each other."""
    words = [(start, end, _cost(run[start:end])) for start, end, _ in words_of(run)]
    return [
        (first, behind)
        for first, (start, _, _) in enumerate(words)
        if begins_a_letter(run, start)
        for behind in _ends(run, words[first : first + _MOST_WORDS], first)
    ]


def _ends(run: str, words: list[tuple[int, int, int]], first: int) -> Iterator[int]:
    """Behind which of these words a name may end that begins with the first of them."""
    start, least, common = words[0][0], words[0][2], 0
    for behind, (_, end, cost) in enumerate(words, first + 1):
        is_alone = behind == first + 1
        least, common = min(least, cost), common + (cost < _COMMON)
        is_rare = least >= _TOO_COMMON and common <= (not is_alone)
        may_be_listed = not is_alone or least >= _TOO_COMMON
        if (
            (is_rare or (may_be_listed and _is_called_so(run[start:end])))
            and _SHORTEST <= end - start <= _LONGEST
            and may_end(run, end)
        ):
            yield behind


def _is_thai(word: str) -> bool:
    return "ก" <= word[0] <= "๎"


def _is_called_so(word: str) -> bool:
    return is_listed(word) or word in lexicon().nicknames


def _cost(word: str) -> int:
    return lexicon().words.get(word, _COMMON)


def _thai_name(setting: Setting, start: int, end: int) -> thai.Name:
    word, run = setting.text[start:end], setting.run_at(start)
    if _is_called_so(word):
        margin = listed_margin(run[0], start - run.start(), end - run.start())
    else:
        margin = whole_margin(word)
    return thai.Name(start, end, 1, margin, is_listed(word), is_plain_word(word))


def _latin_places(setting: Setting) -> Iterator[Place]:
    text, last = setting.text, 0
    for word in latin.WORD.finditer(text):
        if word.start() < last or not _may_be_called(word[0]):
            continue
        _, last = _in_full(text, word)
        place = place_in(setting.row, *word.span(), AMID)
        if place is None or setting.row.starts[place.first] != word.start():
            continue  # behind letters that only the row takes for Latin ones
        if not latin.names_a_thing(text, word.start(), last):
            yield place


def _latin_name(text: str, start: int) -> thai.Name:
    word = latin.WORD.match(text, start)
    if word is None:
        msg = "no Latin word begins here"
        raise ValueError(msg)
    parts, last = _in_full(text, word)
    last = last - len("'s") if text.endswith(_OF_SOMEBODY, start, last) else last
    is_known = latin.is_name(word[0])
    return thai.Name(start, last, parts, _LIKE_A_NAME if is_known else 0, is_known, is_plain=False)


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
    """No English word, none of care, no abbreviation; in small letters, written as names are."""
    low = word.lower()
    if len(word) < _SHORTEST or low in latin.LEADS_TO_NAMES or latin.is_nobody(low):
        return False
    if not word[0].isupper():
        return len(word) >= _SHORTEST_SMALL and latin.may_be_written_out(word)
    if word.isupper() and len(word) <= _SHORT_CAPITALS:
        return latin.is_name(word)
    return latin.is_name(word) or not latin.is_known_word(low)
