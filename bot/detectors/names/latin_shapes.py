"""Latin names that their shape tells: of an airline, of Arabia, in capitals, in a file's name.

'KHAN/ARJUN RAJ', 'Omar bin Khalid Al Harthy', 'LEE, MEI LING F/54', 'CT_Anong_Sritong.pdf'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.detectors.names.latin import is_english, is_known_word, is_name, is_nobody
from bot.detectors.names.proposal import Proposal, Taken
from bot.detectors.waking import EVERYTHING, bit_of

if TYPE_CHECKING:
    from bot.detectors.names.setting import Setting

_MARGIN = 1500
_CAPITALS = r"[A-Z]{2,20}(?![A-Za-z])"
_AIRLINE = re.compile(
    rf"(?<![A-Za-z/])(?P<name>{_CAPITALS}/{_CAPITALS}(?: (?!M[RS]S?\b){_CAPITALS}){{0,2}})(?!/)"
)
_PASSENGER = re.compile(
    r"(?:pax|passenger|name|pt|patient|ผู้โดยสาร|คนไข้|ผู้ป่วย)[\s:.\-]{0,3}\Z", re.IGNORECASE
)
_TITLED = re.compile(r"(?<![A-Za-z])(?:mrs?|ms|miss)\.? \Z", re.IGNORECASE)
_LONGEST_TITLE = 8
_LONG = 5
_CAPITAL = r"[A-Z][a-z'’]{1,15}(?:-[A-Z]?[a-z]{2,15})?"
_SON_OF = r"(?:(?:bin|bint|binti|binte|ibn|bn|al|Al|Abu|abu|El|el)[ ]|(?:Al|al|El|el)-)"
_ARABIC = re.compile(
    rf"(?<![A-Za-z\-])(?P<name>{_CAPITAL}(?: {_CAPITAL}){{0,2}}(?: {_SON_OF}{_CAPITAL}){{1,3}}"
    rf"(?: {_CAPITAL})?)(?![A-Za-z])"
)
# 'Souksavanh (คนลาว)': one word, and where the person is from.
_OF_A_NATION = re.compile(
    r"(?<![A-Za-z])(?<![A-Za-z] )(?P<name>[A-Z][a-z]{3,15}) ?\((?:คน|ชาว|สัญชาติ|หญิง|ชาย)?\s?"
    r"(?:ลาว|พม่า|เขมร|กัมพูชา|จีน|เวียดนาม|ญี่ปุ่น|เกาหลี|ฝรั่ง|รัสเซีย|อินเดีย|เยอรมัน|อังกฤษ|มาเล)"
)
_NATION_BIT = bit_of(tuple(f"({word}" for word in (
    "ลาว", "พม่า", "คน", "ชาว", "สัญชาติ", "หญิง", "ชาย", "เขมร", "จีน", "ญี่ปุ่น", "ฝรั่ง",
)))  # fmt: skip
_IN_CAPITALS = re.compile(
    rf"(?<![A-Za-z/])(?P<name>{_CAPITALS},? {_CAPITALS}(?: {_CAPITALS}){{0,2}})(?![A-Za-z/])"
)
# What stands beside the names of patients on lists and bands.
_OF_A_PERSON = re.compile(
    r"[\s,;/(\-]{0,3}(?:[mf][\s/]{0,2}\d{1,3}|\d{1,3}\s?(?:y|m\b|f\b|ปี|ขวบ)|hn|dob|passport|pp\b|bed|room|ห้อง|เตียง)|\)",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"[A-Za-z0-9][\w\-]{3,80}\.(?:pdf|jpe?g|png|dcm|docx?|xlsx?|pptx?|mp4|mov|avi|heic|zip|csv|tiff?)(?![a-z])"
)
_IN_A_FILE = re.compile(
    r"(?<![A-Za-z])(?:[A-Z][a-z]{2,20}[_\-](?:[A-Z][a-z]{2,20}|[A-Z](?=[_\-.]))"
    # 'MUELLER_Hans-Peter': the family name in capitals.
    r"|[A-Z]{4,20}_[A-Z][a-z]{2,15}(?:-[A-Z][a-z]{2,15})?)(?![A-Za-z])"
)
_SMALL_IN_A_FILE = re.compile(r"(?<![A-Za-z])([a-z]{3,20})_([a-z]{3,20})(?=[_.\-])")
# Romanised family names are longer than most words of a file's name.
_LONG_FAMILY = 9
# The lines that a passport's reader reads, and a list of names with their passports.
_GIVEN = r"[A-Z]{2,20}(?:<[A-Z]{2,20}){0,2}"
_ON_A_PASSPORT = re.compile(rf"P[<A-Z][A-Z]{{3}}(?P<name>{_GIVEN}<<{_GIVEN})(?= ?<)")
_PASSPORT_BIT = bit_of(("p<",))
_BEFORE_PASSPORT = re.compile(
    rf"(?<![A-Za-z])(?P<name>{_CAPITAL}(?: {_CAPITAL}){{0,2}}) "
    r"(?=[A-Z]{1,2}[0-9]{7,8}(?![0-9A-Za-z]))"
)
_FILES = (
    ".avi",
    ".mov",
    ".csv",
    ".tif",
    ".pdf",
    ".jp",
    ".png",
    ".dcm",
    ".doc",
    ".xls",
    ".ppt",
    ".mp4",
    ".heic",
    ".zip",
)
_FILE_BIT = bit_of(_FILES)
_SON_OF_BIT = bit_of((" bin", " al-", " al ", " el-", " el ", " ibn ", " bn ", " abu "))
_SHAPES = (
    (_ARABIC, _SON_OF_BIT),
    (_ON_A_PASSPORT, _PASSPORT_BIT),
    (_BEFORE_PASSPORT, EVERYTHING),
    (_OF_A_NATION, _NATION_BIT),
)
_TWO_IN_CAPITALS = re.compile("[A-Z]{2}(?:/|,? )[A-Z]{2}")
_WORD = re.compile(r"[A-Za-z]+")


def propose(setting: Setting, _taken: Taken) -> Iterator[Proposal]:
    text = setting.text
    if setting.heard & _FILE_BIT:
        yield from _of_files(text)
    if not setting.has_capitals:
        return
    for shape, bit in _SHAPES:
        for match in shape.finditer(text) if setting.heard & bit else ():
            # Behind a title a name is read as all are.
            begins = match.start()
            is_titled = _TITLED.search(text, max(0, begins - _LONGEST_TITLE), begins)
            if is_titled is None and _may_be_names(match["name"]):
                yield Proposal.by_shape(*match.span("name"), _MARGIN)
    if _TWO_IN_CAPITALS.search(text) is not None:
        yield from _of_airlines(text)
        yield from _of_lists(text)


def _of_lists(text: str) -> Iterator[Proposal]:
    for match in _IN_CAPITALS.finditer(text):
        has_name = any(map(is_name, _words(match["name"])))
        is_beside = (
            _OF_A_PERSON.match(text, match.end()) or text[match.start() - 1 : match.start()] == "("
        )
        if has_name and is_beside and _may_be_names(match["name"]):
            yield Proposal.by_shape(*match.span("name"), _MARGIN)


def _of_files(text: str) -> Iterator[Proposal]:
    for file in _FILE.finditer(text):
        for match in _IN_A_FILE.finditer(text, *file.span()):
            if _may_be_names(match[0]):
                yield Proposal.by_shape(*match.span(), _MARGIN)
        for match in _SMALL_IN_A_FILE.finditer(text, *file.span()):
            if _are_small_names(match[1], match[2]):
                yield Proposal.by_shape(*match.span(), _MARGIN)


def _are_small_names(given: str, family: str) -> bool:
    if is_english(given):
        return False
    return is_name(given) or (len(family) >= _LONG_FAMILY and _may_be_names(f"{given} {family}"))


def _of_airlines(text: str) -> Iterator[Proposal]:
    for match in _AIRLINE.finditer(text):
        words = _words(match["name"])
        is_said = _PASSENGER.search(text, max(0, match.start() - 16), match.start())
        is_clear = is_said or any(map(is_name, words)) or min(map(len, words)) >= _LONG
        if is_clear and _may_be_names(match["name"]):
            yield Proposal.by_shape(*match.span("name"), _MARGIN)


def _words(written: str) -> list[str]:
    return _WORD.findall(written)


def _may_be_names(written: str) -> bool:
    return all(map(_may_be_name, _words(written)))


def _may_be_name(word: str) -> bool:
    low = word.lower()
    if is_name(word):
        return not is_nobody(low)
    return low in _PARTICLES or (not is_known_word(low) and any(vowel in low for vowel in "aeiouy"))


_PARTICLES = frozenset(("bin", "bint", "binti", "binte", "ibn", "bn", "al", "abu", "el"))
