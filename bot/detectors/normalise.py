r"""Makes text matchable, and remembers the way back to every character.

`\b` finds no edge between a Thai letter and a digit, people type ๑๒๓ and １２３, and
invisible characters travel along with copied text. All of that is settled here, once.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from bot.detectors.waking import EVERYTHING, bit_of, listen
from bot.domain.text import Edit, NormalisedText, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# --- One character for one: nothing moves ---------------------------------------------------

# Blocks with digits and letters in other dress: Arabic and Indic digits, Thai, Lao, Burmese and
# Khmer digits, superscripts, circled, full-width, mathematical, segmented.
_DRESSED = (
    range(0x0660, 0x0DF0),
    range(0x0E50, 0x0E5A),
    range(0x0ED0, 0x0EDA),
    range(0x0F20, 0x0F2A),
    range(0x1040, 0x104A),
    range(0x1090, 0x109A),
    range(0x17E0, 0x17EA),
    range(0x2070, 0x208A),
    range(0x2460, 0x2500),
    range(0x2776, 0x2794),
    range(0xFF01, 0xFF5F),
    range(0x1D400, 0x1D800),
    range(0x1F100, 0x1F190),
    range(0x1FBF0, 0x1FBFA),
)
# Cyrillic and Greek letters that look like Latin ones, in a text that is neither.
_LOOK_ALIKES = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХаеорсухіјѕԁһΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
        "ABESIJKMHOPCTYXaeopcyxijsdhABEZHIKMNOPTYXo",
        strict=True,
    )
)
_DASHES = dict.fromkeys("‐‑‒–—―−﹘﹣－➖ー─━", "-")
_SPACES = dict.fromkeys(
    "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
)


def _plain(character: str) -> str | None:
    """The ASCII letter, digit or sign behind a dressed one."""
    value = unicodedata.digit(character, None)
    if value is not None:
        return str(value)
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 and plain.isascii() else None


def _same_length() -> dict[int, str]:
    table = {ord(old): new for old, new in {**_LOOK_ALIKES, **_DASHES, **_SPACES}.items()}
    for block in _DRESSED:
        for code in block:
            plain = _plain(chr(code))
            if plain is not None:
                table[code] = plain
    return table


_TABLE = _same_length()
# Everything but ASCII and plain Thai: most texts have none of it, or only pictures.
_UNUSUAL = re.compile("[^\t\n\r -~\u0e01-\u0e3a\u0e3f-\u0e4c]")

Change: TypeAlias = tuple[int, int, str]

# --- Several for one: positions move --------------------------------------------------------

_UPPER_MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e007f"
)
# 'มูฮัมหมัด·ดอเลาะ': a dot in the middle stands for a blank between Thai words.
_MIDDLE_DOT = re.compile("(?<=[ก-๎])[·•・‧](?=[ก-๎])")
# A digit in a key cap is one sign: its cap belongs to it.
_KEY_CAP = re.compile("([0-9])(?:\ufe0f?\u20e3|\ufe0f)")
_UNSEEN = re.compile(f"[{_INVISIBLE}]+")
# A vowel behind a tone or behind another vowel, or two tones: only slips have them.
_VOWELS, _TONES = "ัิีึืฺุู็", "่้๊๋์"
_SLIPS = bit_of(
    (
        *("เเ", "ํ"),
        *map("".join, product(_VOWELS + _TONES, _VOWELS)),
        *map("".join, product(_TONES, _TONES)),
    )
)
_THAI_SLIP = re.compile(
    f"เเ|ํ([่-๋]?)า|([{_UPPER_MARKS}])\\2+|([่-๋])([ัิ-ฺ])",
)
_SPOKEN = {
    "ศูนย์": "0", "สูญ": "0", "ศูน": "0", "หนึ่ง": "1", "นึง": "1", "สอง": "2", "สาม": "3", "สี่": "4",
    "ห้า": "5", "หก": "6", "เจ็ด": "7", "เจด": "7", "แปด": "8", "เก้า": "9", "เก้": "9",
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_WORD = "|".join(_SPOKEN)
# 'หกเจ็ดขีดสองหนึ่ง…': the strokes between the digits are said as well.
_STROKES = {"ขีด": "-", "ทับ": "/"}
_STROKE = rf" ?(?:{'|'.join(_STROKES)}) ?"
# 'เก้าสองตัว': nine, twice.
_TIMES = {"สองตัว": 2, "สามตัว": 3, "สี่ตัว": 4}
_AGAIN = "(?:" + "|".join(_TIMES) + ")"
_SPOKEN_NUMBER = re.compile(
    rf"(?:(?:{_WORD}|[0-9]){_AGAIN}?(?:[ \-.,]{{0,2}}|{_STROKE})){{3,}}(?:{_WORD}|[0-9]){_AGAIN}?"
    # Three are, where a message is nothing else: the beginning of a number said in pieces.
    rf"|\A\s*(?:(?:{_WORD})[ \-.,]{{0,2}}){{3}}\s*\Z",
    re.IGNORECASE,
)
# 'ศูนย์ 043-224-118': the same word as nought, and a centre before its number.
_CENTRE = re.compile("ศูนย์ ")
_SPOKEN_DIGIT = re.compile(
    rf"(?P<digit>{_WORD})(?P<times>{_AGAIN})|{_WORD}|{'|'.join(_STROKES)}", re.IGNORECASE
)
_READ_AS = {**_SPOKEN, **_STROKES}
# A number of four digits without any of these is too rare to look for in every message.
_SPOKEN_CUES = bit_of(("ศูน", "สูญ", "หนึ่ง", "นึง", "สอง", "สาม", "zero", "one", "two"))
# What is to be listened for before a text can be taken as it is.
ODDITIES = _SLIPS | _SPOKEN_CUES


def normalise(text: str, heard: int = EVERYTHING) -> NormalisedText:
    """`heard` is what `listen` says of the text in lower case, where somebody listened already."""
    steps: list[Step] = []
    if _UNUSUAL.search(text):
        text = text.translate(_TABLE)
        text = _apply(_without_key_caps(text), text, steps)
        text = _apply(_without_unseen(text), text, steps)
        text = _MIDDLE_DOT.sub(" ", text)
        heard = listen(text.lower())
    if heard & _SLIPS:
        text = _apply(_with_thai_repaired(text), text, steps)
    if heard & _SPOKEN_CUES:
        text = _apply(_with_digits_spoken(text), text, steps)
    return NormalisedText(text, tuple(steps))


def _apply(changes: Iterable[Change], text: str, steps: list[Step]) -> str:
    edits: list[Edit] = []
    pieces: list[str] = []
    position = 0
    for start, end, piece in changes:
        pieces += (text[position:start], piece)
        edits.append(Edit(start, end, len(piece)))
        position = end
    if not edits:
        return text
    steps.append(Step(tuple(edits)))
    return "".join((*pieces, text[position:]))


def _without_key_caps(text: str) -> Iterator[Change]:
    for match in _KEY_CAP.finditer(text):
        yield match.start(), match.end(), match[1]


def _without_unseen(text: str) -> Iterator[Change]:
    for match in _UNSEEN.finditer(text):
        yield match.start(), match.end(), ""


def _with_thai_repaired(text: str) -> Iterator[Change]:
    """One แ of two เ, ำ of its two halves, no mark twice, the vowel before the tone."""
    for match in _THAI_SLIP.finditer(text):
        tone, doubled, early_tone, late_vowel = match.groups()
        piece = "แ"
        if tone is not None:
            piece = tone + "ำ"
        elif doubled is not None:
            piece = doubled
        elif early_tone is not None:
            piece = late_vowel + early_tone
        yield match.start(), match.end(), piece


def _with_digits_spoken(text: str) -> Iterator[Change]:
    """ศูนย์แปดหนึ่ง …: four or more in a row are a number read aloud, fewer are words."""
    for run in _SPOKEN_NUMBER.finditer(text):
        words = list(_SPOKEN_DIGIT.finditer(text, *run.span()))
        if len(words) == 1 and _CENTRE.match(text, run.start()):
            continue
        for word in words:
            said, times = word["digit"] or word[0], _TIMES.get(word["times"] or "", 1)
            yield word.start(), word.end(), _READ_AS[said.lower()] * times
