"""Where a name may stand: what the rules proposed, and what they passed over.

Many of these are plain words. What speaks for each is weighed afterwards (`belief.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from bot.detectors.names import thai
from bot.detectors.names.amid_words import name_amid_words
from bot.detectors.names.evidence import begins_with_care
from bot.detectors.names.lexicon import lexicon, name_finder
from bot.detectors.names.likeness import (
    begins_a_letter,
    is_listed,
    is_plain_word,
    listed_margin,
    may_end,
    words_cost,
)
from bot.detectors.names.patterns import RUN
from bot.detectors.names.proposal import Proposal, Source
from bot.detectors.names.proposals import (
    begins_listed,
    is_in_a_place,
    may_begin_with_name,
    with_next_line,
)
from bot.detectors.names.surroundings import AMID, Place, place_in
from bot.detectors.names.verdict import takes
from bot.detectors.names.words import CueWord, cue_at
from bot.detectors.names.work import is_named_otherwise

if TYPE_CHECKING:
    from bot.detectors.names.setting import Setting

# Ready to read a name nearly anywhere: the weights decide, not the margin alone.
_READY = 1500
# Inside a run of letters a cue may be no word at all: there is no อา in โรงอาหาร.
_READY_INSIDE = 700
_SOURCES = frozenset((Source.KIN, Source.PATIENT, Source.NAMED, Source.POLITE, Source.MONK))
_TITLES = frozenset((Source.POLITE, Source.TITLE))
_NO_CUE = frozenset((Source.STAFF, Source.FIELD))
_GAP = re.compile(r"[ \t]{0,2}[:=(\"“]?[ \t]{0,2}")
_FAMILY_BEHIND = re.compile(r" [ก-ฮเ-ไ][ก-๎]{3,24}(?![ก-๎])")
_PARTICLE = re.compile(r"(?:นะ)?(?:ค่ะ|คะ|ครับ|คับ)(?=[ก-ฮเ-ไ])")
_SHORTEST, _LONGEST = 2, 22
_SHORTEST_KIN = 3
_CLEARLY = 150
# What a word costs in hundredths of a nat: cheaper ones are common, dearer ones rare.
COMMON, RARE = 900, 1150
# A listed name amid other letters must be nearly as likely as words, and none of the common words.
_LEAST_MARGIN_INSIDE = -300
# What stands before it in the same letters must be words: there is no วงเดือน in ดวงเดือน.
_DEAREST_WORDS = 360


class Candidate(NamedTuple):
    """A name that may stand here, the word before it if one led to it, and who proposed it."""

    name: thai.Name
    cue: CueWord | None
    how: str
    """'rule' where the rules take it, 'left' where they do not; where they saw none 'read' at the
    beginning of some letters or behind a cue, 'inside' amid letters, 'amid' for any other words."""
    proposal: Proposal
    place: Place | None
    """In words of the row; of one amid words no more than its first word is asked about."""

    @property
    def kind(self) -> str:
        return _kind(self.how, self.cue)

    @property
    def begins(self) -> int:
        return self.name.start if self.cue is None else self.cue.start


def _kind(how: str, cue: CueWord | None) -> str:
    if how in {"rule", AMID}:
        return how
    return "cue" if cue is not None else how


def candidates(setting: Setting, proposals: Iterable[Proposal]) -> list[Candidate]:
    """One for each beginning; what the rules proposed comes before what is read without them."""
    found: dict[int, Candidate] = {}
    for proposal in proposals:
        if setting.text[proposal.start : proposal.end].strip():  # a cell may hold but quotes
            found[proposal.start] = _proposed(proposal, setting)
    for candidate in (*_read(setting), *_inside(setting)):
        found.setdefault(candidate.name.start, candidate)
    return [found[start] for start in sorted(found)]


def _proposed(proposal: Proposal, setting: Setting) -> Candidate:
    name = thai.Name(
        proposal.start,
        proposal.end,
        proposal.parts,
        proposal.margin,
        is_listed=proposal.is_listed,
        is_plain=proposal.is_plain,
    )
    cue = None
    if proposal.cue_start < proposal.start and proposal.source not in _NO_CUE:
        cue = CueWord(proposal.cue_start, proposal.start, proposal.source)
    how = "rule" if takes(proposal, setting) else "left"
    place = place_in(setting.row, name.start, name.end, _kind(how, cue))
    return Candidate(name, cue, how, proposal, place)


def _unproposed(name: thai.Name, cue: CueWord | None, how: str, setting: Setting) -> Candidate:
    proposal = _weighed(name, cue, setting.text)
    place = place_in(setting.row, name.start, name.end, _kind(how, cue))
    return Candidate(name, cue, how, proposal, place)


def _weighed(name: thai.Name, cue: CueWord | None, text: str) -> Proposal:
    said = text[cue.start : cue.end].strip() if cue is not None else ""
    begins = name.start if cue is None else cue.start
    return Proposal.of(name, Source.WEIGHED, said, begins)


def _read(setting: Setting) -> Iterator[Candidate]:
    """Behind each cue word, and at the beginning of each run of letters."""
    text = setting.text
    for cue in setting.cue_words:
        start = past_gap(text, cue.end)
        if (
            cue.source in _SOURCES
            and not _is_end_of_a_word(text, cue, start)
            and not _is_led_on(setting, start)
            and _may_begin(text, start)
            and thai.stands_behind_words(text, cue.start)
        ):
            yield from _named_at(setting, start, cue)
    for run in setting.runs:
        start = _past_particle(run)
        if _may_stand_alone(setting, run, start) and _may_begin(text, start):
            yield from _named_at(setting, start, None)


def past_gap(text: str, at: int) -> int:
    gap = _GAP.match(text, at)
    return gap.end() if gap is not None else at


def _is_end_of_a_word(text: str, cue: CueWord, start: int) -> bool:
    """'สทิงพระ น้ำเดิน': no monk."""
    is_set_off = cue.source is Source.MONK and start > cue.end
    return is_set_off and thai.starts_inside(text, cue.start)


def _is_led_on(setting: Setting, start: int) -> bool:
    """'ชื่อคุณธีรเดช', 'แม่น้องข้าวปั้น', 'ชื่อเปาะจิสะอิ': the word next to the name reads it better."""
    lowered = setting.lowered
    cue = cue_at(lowered, start)
    if cue is None or cue.source in _TITLES or lowered[start : cue.end] == "น้อง":
        return cue is not None
    length = cue.end - start
    if cue.source is not Source.KIN or length < _SHORTEST_KIN:
        return False
    return not begins_listed(lowered, start, length + 2)


def _may_begin(text: str, start: int) -> bool:
    return "ก" <= text[start : start + 1] <= "ไ" and not text.startswith("ชื่อ", start)


def _past_particle(run: re.Match[str]) -> int:
    """'ขอเตียง icu 1 ค่ะอภิวิชญ์ …': what ends a sentence may be glued to the next."""
    particle = _PARTICLE.match(run[0])
    return run.start() + (particle.end() if particle is not None else 0)


def _may_stand_alone(setting: Setting, run: re.Match[str], start: int) -> bool:
    """No sentence, and none of the commonest words; it begins like a name, or a line, or a pair."""
    if not _SHORTEST <= run.end() - start <= _LONGEST:
        return False
    known, word = lexicon(), setting.text[start : run.end()]
    if known.words.get(word, COMMON) < COMMON and word not in known.nicknames:
        return False
    return (
        may_begin_with_name(word)
        or start in setting.list_places
        or _FAMILY_BEHIND.match(setting.text, run.end()) is not None
    )


def _named_at(setting: Setting, start: int, cue: CueWord | None) -> Iterator[Candidate]:
    text = setting.text
    glued_to = cue.start if cue is not None and cue.end == start else None
    is_inside = cue is not None and thai.starts_inside(text, cue.start)
    name = thai.read(text, start, _READY_INSIDE if is_inside else _READY, glued_to)
    if name is None or _is_talk(text, name):
        return
    if cue is None and (RUN.match(text, name.end) or begins_with_care(text, start)):
        return  # 'ขวัญใจคนไข้', 'ใจสั่น'
    if not is_in_a_place(text, start if cue is None else cue.start):
        is_alone = name.parts == 1 and name.is_listed
        yield _unproposed(with_next_line(text, name) if is_alone else name, cue, "read", setting)


def _is_talk(text: str, name: thai.Name) -> bool:
    """It begins as talk does ('มา', 'นัด'), and nothing says that it is 'มาลัย' or 'นัดดา'."""
    is_clear = name.is_listed or name.margin > _CLEARLY or name.parts > 1
    return not is_clear and thai.goes_on(text[name.start : name.end])


def _inside(setting: Setting) -> Iterator[Candidate]:
    """Names of the lists amid other letters: 'บ่ายนี้แววดาวไข้ขึ้น'. The longest at each place."""
    text = setting.text
    longest: dict[int, int] = {}
    for last, length in name_finder(RARE).iter(text):
        start = last + 1 - length
        longest[start] = max(length, longest.get(start, 0))
    for start, length in longest.items():
        run = setting.run_at(start)
        name = _listed_inside(run, start - run.start(), length)
        if name is not None:
            yield _unproposed(thai.with_family(text, name), None, "inside", setting)


def _listed_inside(run: re.Match[str], at: int, length: int) -> thai.Name | None:
    letters = run[0]
    length = thai.to_the_end_of_a_given_name(letters[at:], length)
    end = at + length
    if end > len(letters):
        return None  # a very long run is read in pieces
    if not begins_a_letter(letters, at) or not may_end(letters, end):
        return None
    margin = listed_margin(letters, at, end)
    if margin < _LEAST_MARGIN_INSIDE or words_cost(letters[:at]) > _DEAREST_WORDS * at:
        return None
    word, begins = letters[at:end], run.start() + at
    is_in_lists = is_listed(word)
    return thai.Name(begins, begins + length, 1, margin, is_in_lists, is_plain_word(word))


def amid_words(setting: Setting, places: Iterable[Place]) -> Iterator[Candidate]:
    """The names that may begin where none of the above does; no shop's, no road's, no drug's."""
    text = setting.text
    cues = {past_gap(text, cue.end): cue for cue in setting.cue_words if cue.source in _SOURCES}
    for place in places:
        name = name_amid_words(setting, place)
        cue = cues.get(name.start)
        begins = name.start if cue is None else cue.start
        if not (is_in_a_place(text, begins) or is_named_otherwise(setting.before(name.start))):
            yield Candidate(name, cue, AMID, _weighed(name, cue, text), place)
