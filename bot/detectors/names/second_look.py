"""A second look at what no rule took for a name: many small signs that add up.

The rules of `verdict.py` ask for one clear sign. Here every sign has a weight, learnt from the
labelled messages of this repository (`bench/detect/train_second_look.py`); none of them is a word
of those messages: all are kinds of words, places and shapes. What is named as staff stays theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from bot.detectors.names import role, thai
from bot.detectors.names.evidence import CLINICAL
from bot.detectors.names.lexicon import lexicon, second_look_weights
from bot.detectors.names.likeness import whole_margin
from bot.detectors.names.patterns import RUN, listed
from bot.detectors.names.proposal import Proposal, Source, Taken
from bot.detectors.names.proposals import is_in_a_place, may_begin_with_name, with_next_line
from bot.detectors.names.words import CueWord

if TYPE_CHECKING:
    from bot.detectors.names.setting import Setting

# Ready to read a name nearly anywhere: the weights decide, not the margin alone.
_READY = 1500
# Inside a run of letters a cue may be no word at all: there is no อา in โรงอาหาร.
_READY_INSIDE = 700
_SOURCES = frozenset((Source.KIN, Source.PATIENT, Source.NAMED, Source.POLITE, Source.MONK))
_CLEAR_KIN = frozenset(
    listed("ยาย ลุง ป้า ปู่ ย่า น้า เฮีย เจ๊ อาม่า อากง พ่อเฒ่า แม่เฒ่า พ่อใหญ่ แม่ใหญ่ อุ๊ย แม่อุ๊ย พ่ออุ๊ย")
)
_GAP = re.compile(r"[ \t]{0,2}[:=(\"“]?[ \t]{0,2}")
_SHORTEST, _LONGEST = 2, 22
_CLEARLY = 150
_REACH = 24
_PART_OF_ROLE = 3
_IN_FULL = 100
# What stands before a name, blanks and an opening sign aside.
_BEHIND_WORDS = tuple(
    (f"behind {kind}", tuple(listed(words)))
    for kind, words in (
        (
            "a nation",
            """พม่า เมียนมา ลาว เขมร กัมพูชา จีน เวียดนาม กะเหรี่ยง ปกาเกอะญอ ม้ง ลาหู่ มูเซอ อาข่า ลีซู
            ลีซอ เย้า เมี่ยน มอญ ไทใหญ่ ไทยใหญ่ ปะหล่อง ดาราอั้ง ว้า คะฉิ่น ลัวะ มลายู โรฮิงญา ฝรั่ง
            ต่างด้าว ต่างชาติ""",
        ),
        (
            "a verb of care",
            """ของ ให้ กับ ตาม โทรหา นัด ส่ง รับ เยี่ยม เจาะ ผ่าตัด ผ่า ดู ฝาก เลื่อน ย้าย เชิญ เจอ คือ ผล
            ยา แฟ้ม ชาร์ต""",
        ),
        ("a sex or kind", "ชาย หญิง คลอด ครรภ์ ใหม่ เด็ก แฝด แฝดพี่ แฝดน้อง ทารก"),
        (
            "staff",
            """หมอ พี่ พยาบาล เวร ทีม หัวหน้า อาจารย์ แพทย์ เจ้าหน้าที่ จนท จนท. อ. นพ. พญ. ครู ร้าน บริษัท
            ช่าง เซลส์ วิทยากร""",
        ),
        (
            "a place",
            """บ้าน ร้าน ซอย ถนน ตลาด วัด โรงเรียน รพ. รพ รพ.สต. รพสต อ. ต. จ. ตำบล อำเภอ จังหวัด หมู่บ้าน
            หน้า หลัง ข้าง""",
        ),
    )
)
_BEHIND_SIGNS = {
    **dict.fromkeys(":=>→–-", "behind a colon"),
    **dict.fromkeys(",/", "behind a comma"),
    **dict.fromkeys("(\"'“‘", "in brackets"),
}
_BED = re.compile(
    r"(?:เตียง(?:เสริม|แทรก)?|bed|ห้อง(?:พิเศษ|แยก)?|icu|lr|(?<![a-z])b)\s?(?:ที่\s?)?[a-z]?\d{1,3}[\s(:,\-]*$"
)
_AHEAD = (
    (
        "before an age",
        re.compile(
            r"[\s,(/]{0,3}(?:อายุ\s?)?\d{1,3}\s?(?:ปี|ขวบ|เดือน|y(?![a-z])|yo|y/o|[mf](?![a-z]))"
        ),
    ),
    ("before a bare number", re.compile(r"[\s,(]{1,3}\d{1,3}(?=\s|$|[,/)])")),
    (
        "before a bed",
        re.compile(r"[\s,(/-]{0,3}(?:เตียง|bed|ห้อง|icu|nicu|picu|ccu|ward|er(?![a-z])|ตึก)"),
    ),
    ("before an hn", re.compile(r"[\s,(/:-]{0,3}(?:hn|h\.n|an(?![a-z])|เลข|บัตร|cid)")),
    ("before a phone", re.compile(r"[\s,(/:-]{0,3}(?:โทร|เบอร์|tel|0[0-9][0-9 -]{7})")),
    ("before latin", re.compile(r"[\s,(:/-]{1,3}[a-z]{2}")),
    ("before an end", re.compile(r"[\s.!?]*(?:$|\n)")),
    ("before a sign", re.compile(r"\s?[,:(/=→–-]")),
    ("before a particle", re.compile(r"\s?(?:ค่ะ|คะ|ครับ|คับ|จ้า|นะ)")),
)
_COMMON, _RARE = 900, 1150
_COUNTED = re.compile(r"\d\s?(?:ราย|คน(?!ไข้)|เคส|cases?|pts)(?![ก-ฮa-z])")
_FAMILY_BEHIND = re.compile(r" [ก-ฮเ-ไ][ก-๎]{3,24}(?![ก-๎])")
_JOINED = re.compile(r"\s{0,2}(?:,|/|และ|กับ|&|\+)\s{0,2}")


class Candidate(NamedTuple):
    """A name that may stand here, and the word before it, if one led to it."""

    name: thai.Name
    cue: CueWord | None

    @property
    def begins(self) -> int:
        return self.name.start if self.cue is None else self.cue.start


class Look:
    """One text, with the names that the rules found in it."""

    def __init__(self, setting: Setting, names: list[tuple[int, int]]) -> None:
        self.setting = setting
        self.ends = frozenset(end for _, end in names)
        self.lines = {setting.line(start)[0] for start, _ in names}


def propose(setting: Setting, names: list[tuple[int, int]], taken: Taken) -> Iterator[Proposal]:
    """The likeliest first: of two that overlap it is the one that counts."""
    look = Look(setting, names)
    free = (candidate for candidate in candidates(setting, taken))
    weighed = [
        (weigh(candidate, look) + _of_surroundings(candidate, setting), candidate)
        for candidate in free
    ]
    for weight, candidate in sorted(weighed, key=_rank):
        if weight < 0:
            continue
        cue = candidate.cue
        said = setting.text[cue.start : cue.end].strip() if cue is not None else ""
        proposal = Proposal.of(candidate.name, Source.WEIGHED, said, candidate.begins)
        if taken.add(proposal):
            yield proposal


def _rank(pair: tuple[int, Candidate]) -> tuple[int, int]:
    """The likeliest first; a name in full before one of its parts."""
    weight, candidate = pair
    in_full = _IN_FULL if candidate.name.parts > 1 else 0
    return -weight - in_full, candidate.name.start


def _of_surroundings(candidate: Candidate, setting: Setting) -> int:
    """What the letters around say counts in part, and only where a name was expected.

    Behind a kinship word a plain word may be a name ('ยายหมวก'); a bed makes none of other words.
    """
    name, cue = candidate.name, candidate.cue
    if cue is None or cue.source is not Source.KIN or name.parts > 1:
        return 0
    return role.weigh(setting, name.start, name.end) // _PART_OF_ROLE


def weigh(candidate: Candidate, look: Look) -> int:
    """Above zero is a patient's name, in hundredths of a nat."""
    weights = second_look_weights()
    return weights[""] + sum(weights.get(sign, 0) for sign in signs(candidate, look))


def candidates(setting: Setting, taken: Taken) -> Iterator[Candidate]:
    """Behind each cue word, and at the beginning of each run of letters, where nobody is yet."""
    text = setting.text
    for cue in setting.cue_words:
        start = _past(text, cue.end) if cue.source in _SOURCES else cue.end
        if (
            cue.source in _SOURCES
            and not _is_end_of_a_word(text, cue, start)
            and _may_begin(text, start, taken)
            and thai.stands_behind_words(text, cue.start)
        ):
            yield from _read(text, start, cue)
    for run in setting.runs:
        if _may_stand_alone(setting, run) and _may_begin(text, run.start(), taken):
            yield from _read(text, run.start(), None)


def _past(text: str, at: int) -> int:
    gap = _GAP.match(text, at)
    return gap.end() if gap is not None else at


def _is_end_of_a_word(text: str, cue: CueWord, start: int) -> bool:
    """'สทิงพระ น้ำเดิน': no monk."""
    is_set_off = cue.source is Source.MONK and start > cue.end
    return is_set_off and thai.starts_inside(text, cue.start)


def _may_begin(text: str, start: int, taken: Taken) -> bool:
    begins_like_one = "ก" <= text[start : start + 1] <= "ไ" and not text.startswith("ชื่อ", start)
    return begins_like_one and not taken.holds(start)


def _may_stand_alone(setting: Setting, run: re.Match[str]) -> bool:
    """No sentence, and none of the commonest words; it begins like a name, or a line, or a pair."""
    if not _SHORTEST <= run.end() - run.start() <= _LONGEST:
        return False
    known, word = lexicon(), run[0]
    if known.words.get(word, _COMMON) < _COMMON and word not in known.nicknames:
        return False
    return (
        may_begin_with_name(word)
        or run.start() in setting.list_places
        or _FAMILY_BEHIND.match(setting.text, run.end()) is not None
    )


def _read(text: str, start: int, cue: CueWord | None) -> Iterator[Candidate]:
    glued_to = cue.start if cue is not None and cue.end == start else None
    is_inside = cue is not None and thai.starts_inside(text, cue.start)
    name = thai.read(text, start, _READY_INSIDE if is_inside else _READY, glued_to)
    if name is None or _is_talk(text, name):
        return
    if cue is None and (RUN.match(text, name.end) or CLINICAL.match(text, start)):
        return  # 'ขวัญใจคนไข้', 'ใจสั่น'
    if not is_in_a_place(text, start if cue is None else cue.start):
        is_alone = name.parts == 1 and name.is_listed
        yield Candidate(with_next_line(text, name) if is_alone else name, cue)


def _is_talk(text: str, name: thai.Name) -> bool:
    """It begins as talk does ('มา', 'นัด'), and nothing says that it is 'มาลัย' or 'นัดดา'."""
    is_clear = name.is_listed or name.margin > _CLEARLY or name.parts > 1
    return not is_clear and thai.goes_on(text[name.start : name.end])


def signs(candidate: Candidate, look: Look) -> Iterator[str]:
    yield from _signs_of_name(candidate, look.setting.text)
    yield from _signs_before(candidate, look)
    yield from _signs_behind(candidate, look.setting)
    yield from _signs_around(candidate, look.setting)


def _signs_of_name(candidate: Candidate, text: str) -> Iterator[str]:
    name, known = candidate.name, lexicon()
    given, *rest = text[name.start : name.end].split()
    yield f"margin {min(4, max(-4, name.margin // 250))}"
    yield f"parts {min(name.parts, 2)}"
    yield f"length {min(len(given), 9) // 2}"
    if name.is_listed:
        yield "given name of the lists"
    if given in known.nicknames:
        yield "nickname of the lists"
    if rest and (rest[-1] in known.family or rest[-1].startswith("แซ่")):
        yield "family name of the lists"
    elif rest and RUN.fullmatch(rest[-1]):
        yield f"family {min(3, max(-3, whole_margin(rest[-1]) // 300))}"
    if thai.goes_on(given):
        yield "begins like talk"
    cost = known.words.get(given)
    if cost is not None:
        yield "common word" if cost < _COMMON else "word" if cost < _RARE else "rare word"
    yield "ends inside" if RUN.match(text, name.end) else "ends"


def _signs_before(candidate: Candidate, look: Look) -> Iterator[str]:
    setting, begins = look.setting, candidate.begins
    text = setting.lowered
    first, _ = setting.line(begins)
    if candidate.cue is not None:
        said = text[candidate.cue.start : candidate.cue.end]
        yield "behind clear kin" if said in _CLEAR_KIN else f"behind {candidate.cue.source}"
        yield "cue inside" if thai.starts_inside(text, begins) else "cue apart"
    if begins == first:
        yield "begins line"
    if begins in setting.list_places:
        yield "in list"
        if look.lines - {first}:
            yield "in list with names"
    before = text[max(first, begins - _REACH) : begins]
    yield from _signs_of_words_before(before)
    joint = _JOINED.search(before[-5:])
    if joint is not None and begins - len(before[-5:]) + joint.start() in look.ends:
        yield "joined to a name"
    if thai.is_among_names(setting.text, begins, candidate.name.end):
        yield "among given names"


def _signs_of_words_before(before: str) -> Iterator[str]:
    bare = before.rstrip()
    last = bare[-1:]
    if last in _BEHIND_SIGNS:
        yield _BEHIND_SIGNS[last]
        bare = bare[:-1].rstrip()
        last = bare[-1:]
    if "a" <= last <= "z":
        yield "behind latin"
    elif last.isdigit():
        yield "behind a bed" if _BED.search(before) else "behind a number"
    for sign, words in _BEHIND_WORDS:
        if bare.endswith(words):
            yield sign


def _signs_behind(candidate: Candidate, setting: Setting) -> Iterator[str]:
    end = candidate.name.end
    for sign, pattern in _AHEAD:
        if pattern.match(setting.lowered, end):
            yield sign
    if setting.care_follows(end):
        yield "before care"
    rest = RUN.match(setting.text, _past(setting.text, end))
    if rest is not None and thai.goes_on(rest[0]):
        yield "before what goes on"


def _signs_around(candidate: Candidate, setting: Setting) -> Iterator[str]:
    where = candidate.begins, candidate.name.end
    if setting.has_patient_near(*where):
        yield "patient near"
    elif setting.has_patient:
        yield "patient"
    if setting.has_care_near(*where):
        yield "care near"
    if setting.is_about_otherwise:
        yield "otherwise"
    if _COUNTED.search(setting.lowered, *setting.line(candidate.begins)):
        yield "people are counted"
