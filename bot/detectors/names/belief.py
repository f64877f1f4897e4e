"""Weighs all that speaks for a name of a patient: the rules, small signs, and the words around.

The rules of `verdict.py` ask for one clear sign, and an unread message always finds one that none
of them knows. Here what they say is one sign among others, each with a weight, learnt from
labelled lines and messages of this project (`bench/detect/train_belief.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.detectors.names import thai
from bot.detectors.names.amid_words import is_of_a_place_or_code
from bot.detectors.names.proposal import Proposal, Taken
from bot.detectors.names.signs import Look, signs
from bot.detectors.names.surroundings import AMID, HUNDREDTHS, Said

if TYPE_CHECKING:
    from bot.detectors.names.candidates import Candidate
    from bot.detectors.names.setting import Setting

WEIGHTS = Path(__file__).parent / "data" / "belief.txt"
_ASIDE = "#"
# A name in full before one of its parts.
_IN_FULL = 100
# So clear, in hundredths of a nat, that more of it says no more; and where it begins to be clear.
MOST, CLEAR = 600, 100
_NO_NAME = -1000
_NOTHING = Said(0, 0)
# Set by hand, as no texts with seams are learnt from: where a message of a thread begins with a
# name, or is one, what words around would say of it stands in other messages, too.
_A_MESSAGE = 150
# Whoever is named twice in a message is mostly the same person.
_AGAIN = 350
_SHORTEST_AGAIN = 3
# Banks and accounts that are called like people: 'โอนเข้าออมทรัพย์'.
_OF_BANKS = frozenset(("ออมทรัพย์", "ออมสิน", "กรุงไทย", "กสิกร"))
_OF_CHILDREN = frozenset(("ด.ช.", "ด.ญ.", "ดช.", "ดญ.", "ดช", "ดญ", "เด็กชาย", "เด็กหญิง"))
_SURELY = 100


def believed(look: Look) -> Iterator[Proposal]:
    """The likeliest first: of two that overlap it is the one that counts."""
    taken = Taken(len(look.setting.text))
    for field in look.fields:
        taken.add(field)
    weighed = sorted(((weigh(one, look), one) for one in look.doubtful), key=_rank)
    known = set()
    for weight, candidate in weighed:
        if weight > 0 and taken.add(candidate.proposal):
            known.add(_written(candidate, look))
            yield candidate.proposal
    for weight, candidate in weighed:  # 'bed 9 Brian', and 'is Brian still npo' before it
        name = _written(candidate, look)
        is_again = name in known and len(name) >= _SHORTEST_AGAIN and weight + _AGAIN > 0
        if is_again and taken.add(candidate.proposal):
            yield candidate.proposal


def _written(candidate: Candidate, look: Look) -> str:
    return look.setting.text[candidate.name.start : candidate.name.end]


def _rank(pair: tuple[int, Candidate]) -> tuple[int, int]:
    weight, candidate = pair
    in_full = _IN_FULL if candidate.name.parts > 1 else 0
    return -weight - in_full, candidate.name.start


def weigh(candidate: Candidate, look: Look) -> int:
    """Above zero is a patient's name, in hundredths of a nat."""
    weight = _all_said(candidate, look)
    is_sure = candidate.how == "rule" and _is_a_childs(candidate)
    return max(weight, _SURELY) if is_sure else weight


def _all_said(candidate: Candidate, look: Look) -> int:
    weights, kind = belief_weights(), candidate.kind
    if _is_no_person(candidate, look):
        return _NO_NAME
    weight = weights[""] + sum(weights.get(sign, 0) for sign in signs(candidate, look))
    least = _A_MESSAGE if _is_a_message(candidate, look.setting) else _NO_NAME
    if weight + max(least, most_around(kind)) <= 0:
        return weight  # nothing around it could make up for that
    terms = around(_said_around(candidate, look), kind)
    heard = sum(weights.get(term, 0) * value for term, value in terms) // HUNDREDTHS
    return weight + max(least, heard)


def _is_a_childs(candidate: Candidate) -> bool:
    """'ด.ช.' and a name in full: nobody at work is called so."""
    return candidate.name.parts > 1 and candidate.proposal.cue in _OF_CHILDREN


def _is_no_person(candidate: Candidate, look: Look) -> bool:
    """One letter over and over, as in no text; a date; a bank, a place, a code that none led to."""
    text, name = look.setting.text, candidate.name
    if len(set(text[name.start : name.end])) == 1 or thai.is_in_a_date(text, name):
        return True
    if candidate.cue is None and text[name.start : name.end] in _OF_BANKS:
        return True
    return candidate.kind == AMID and is_of_a_place_or_code(text, name.start, name.end)


def _said_around(candidate: Candidate, look: Look) -> Said:
    return look.reading.said(candidate.place) if candidate.place is not None else _NOTHING


def _is_a_message(candidate: Candidate, setting: Setting) -> bool:
    """In a thread a name may begin a message, or be all of it: 'คนไข้ชื่อ' was said before."""
    seams = setting.scene.seams
    if not seams or (candidate.begins and candidate.begins - 1 not in seams):
        return False
    end = candidate.name.end
    return candidate.how == "rule" or end in seams or end == len(setting.text)


def around(said: Said, kind: str) -> Iterator[tuple[str, int]]:
    """What the words around say, in terms that each have a weight."""
    named, whose = (min(MOST, max(-MOST, value)) for value in said)
    yield "named", named
    yield f"named {kind}", named
    yield "named unlikely", min(0, named + CLEAR)
    yield "whose", whose
    yield f"whose {kind}", whose
    yield "whose clear", max(0, whose - CLEAR)
    yield "whose others", min(0, whose + CLEAR)


@cache
def most_around(kind: str) -> int:
    """The most that the words around could add: the terms bend at few places only."""
    weights, bends = belief_weights(), (-MOST, -CLEAR, CLEAR, MOST)
    sums = (
        sum(weights.get(term, 0) * value for term, value in around(Said(named, whose), kind))
        for named in bends
        for whose in bends
    )
    return max(sums) // HUNDREDTHS


@cache
def belief_weights() -> dict[str, int]:
    """What each sign weighs, in hundredths of a nat; the empty sign is always there."""
    lines = WEIGHTS.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if not line.startswith(_ASIDE))
    return {sign: int(weight) for weight, sign in pairs}
