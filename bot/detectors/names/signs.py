"""The many small signs that a name stands somewhere, and that it is a patient's.

Each is a kind of word, a place, a shape, or what the rules say; none is a word of a message. What
they weigh together is learnt (`belief.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bot.detectors.lazy import lazy
from bot.detectors.names import thai, work
from bot.detectors.names.amid_words import places_amid_words
from bot.detectors.names.candidates import COMMON, RARE, amid_words, past_gap
from bot.detectors.names.lexicon import lexicon
from bot.detectors.names.likeness import is_listed, whole_margin
from bot.detectors.names.patterns import RUN, listed
from bot.detectors.names.proposal import Source
from bot.detectors.names.surroundings import Place, Reading, likely_names
from bot.detectors.names.verdict import is_nobody
from bot.detectors.scene import Places

if TYPE_CHECKING:
    from bot.detectors.names.candidates import Candidate
    from bot.detectors.names.setting import Setting

_CLEAR_KIN = frozenset(
    listed("ยาย ลุง ป้า ปู่ ย่า น้า เฮีย เจ๊ อาม่า อากง พ่อเฒ่า แม่เฒ่า พ่อใหญ่ แม่ใหญ่ อุ๊ย แม่อุ๊ย พ่ออุ๊ย")
)
_REACH = 24
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
        re.compile(
            r"[\s,(/-]{0,3}(?:(?:ตึก|วอร์ด|ward)\s?\S{0,10}\s?)?(?:เตียง|bed)\s?(?:ที่\s?)?[0-9]"
        ),
    ),
    (
        "before a place of care",
        re.compile(r"[\s,(/-]{0,3}(?:เตียง|bed|ห้อง|icu|nicu|picu|ccu|ward|er(?![a-z])|ตึก)"),
    ),
    ("before an hn", re.compile(r"[\s,(/:-]{0,3}(?:hn|h\.n|an(?![a-z])|เลข|บัตร|cid)")),
    ("before a birth", re.compile(r"[\s,(/:-]{0,3}(?:วัน)?(?:เกิด\s?(?:วันที่\s?)?[0-9]|dob)")),
    ("before a phone", re.compile(r"[\s,(/:-]{0,3}(?:โทร|เบอร์|tel|0[0-9][0-9 -]{7})")),
    ("before latin", re.compile(r"[\s,(:/-]{1,3}[a-z]{2}")),
    ("before an end", re.compile(r"[\s.!?]*(?:$|\n)")),
    ("before a sign", re.compile(r"\s?[,:(/=→–-]")),
    ("before a particle", re.compile(r"\s?(?:ค่ะ|คะ|ครับ|คับ|จ้า|นะ)")),
)
_COUNTED = re.compile(r"\d\s?(?:ราย|คน(?!ไข้)|เคส|cases?|pts)(?![ก-ฮa-z])")
_JOINED = re.compile(r"\s{0,2}(?:,|/|และ|กับ|&|\+)\s{0,2}\Z")
_FARTHEST_JOINT = 8


class Look:
    """One text, with what the rules found in it."""

    def __init__(self, setting: Setting, candidates: Sequence[Candidate]) -> None:
        taken = [candidate for candidate in candidates if candidate.how == "rule"]
        self.setting = setting
        self.ends = frozenset(candidate.name.end for candidate in taken)
        self.lines = {setting.line(candidate.name.start)[0] for candidate in taken}
        fields = [one for one in candidates if one.proposal.source is Source.FIELD]
        self.fields = [one.proposal for one in fields]
        self.patients_fields = [one.proposal for one in fields if one.how == "rule"]
        self.staff = Places(
            one.proposal for one in candidates if one.proposal.source is Source.STAFF
        )
        self.known = [one for one in candidates if _is_open_to_doubt(one, setting)]
        self._begun = {candidate.name.start for candidate in candidates}

    @lazy
    def places_amid(self) -> list[Place]:
        """Where words stand that may be a name, and nothing else saw one."""
        starts = self.setting.row.starts
        places = places_amid_words(self.setting)
        return [place for place in places if starts[place.first] not in self._begun]

    @lazy
    def reading(self) -> Reading:
        """What the words around say, of each place that is open to doubt."""
        known = (candidate.place for candidate in self.known)
        places = [place for place in known if place is not None]
        return Reading(self.setting.row, [*places, *self._asked_amid])

    @property
    def _asked_amid(self) -> list[Place]:
        """Without care hardly one is believed, and all talk would be read for it."""
        return self.places_amid if self.setting.speaks_of_care else []

    @lazy
    def doubtful(self) -> list[Candidate]:
        """All that are weighed: amid words only what is likely to be a name."""
        likely = likely_names((place, self.reading.said(place)) for place in self._asked_amid)
        amid = amid_words(self.setting, likely)
        return [*self.known, *(one for one in amid if _is_open_to_doubt(one, self.setting))]


def _is_open_to_doubt(candidate: Candidate, setting: Setting) -> bool:
    """A field says whose it is; and some are nobody's, whatever speaks for them."""
    is_field = candidate.proposal.source is Source.FIELD
    return not is_field and not is_nobody(candidate.proposal, setting)


def signs(candidate: Candidate, look: Look) -> Iterator[str]:
    yield from _signs_of_name(candidate, look.setting.text)
    if _is_made_of_words(candidate, look.setting):
        yield "made of words"
        yield f"made of words, {candidate.how}"
    yield from _signs_before(candidate, look)
    yield from _signs_behind(candidate, look.setting)
    yield from _signs_around(candidate, look.setting)
    yield from _signs_of_rules(candidate, look.setting)
    yield from _signs_of_work(candidate, look)


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
        yield "common word" if cost < COMMON else "word" if cost < RARE else "rare word"
    yield "ends inside" if RUN.match(text, name.end) else "ends"


def _is_made_of_words(candidate: Candidate, setting: Setting) -> bool:
    """'ชื่อไม่ยอมบอก', 'ของสีฟ้า': ordinary words that nobody is called by."""
    start, end = candidate.name.start, candidate.name.end
    given, known = setting.text[start:end].split()[0], lexicon()
    if is_listed(given) or given in known.nicknames:
        return False
    first, behind = setting.row.within(start, start + len(given))
    words = setting.row.words[first:behind]
    return all(known.words.get(word, RARE) < RARE for word in words)


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
        if len(look.lines) > (first in look.lines):
            yield "in list with names"
    before = text[max(first, begins - _REACH) : begins]
    yield from _signs_of_words_before(before)
    joint = _JOINED.search(text, max(0, begins - _FARTHEST_JOINT), begins)
    if joint is not None and joint.start() in look.ends:
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
    rest = RUN.match(setting.text, past_gap(setting.text, end))
    if rest is not None and thai.goes_on(rest[0]):
        yield "before what goes on"


def _signs_around(candidate: Candidate, setting: Setting) -> Iterator[str]:
    if not setting.speaks_of_care:
        yield "no care"
        yield f"no care, {candidate.how}"
    if setting.has_patient:
        yield "patient"
    if setting.patient_numbers:
        yield "a patient's number"
    if setting.is_about_otherwise:
        yield "otherwise"
    if _COUNTED.search(setting.lowered, *setting.near(candidate.begins, candidate.name.end)):
        yield "people are counted"


def _signs_of_rules(candidate: Candidate, setting: Setting) -> Iterator[str]:
    how, source = candidate.how, candidate.proposal.source
    evidence = _evidence_near(candidate, setting)
    yield how
    yield evidence
    if source is not Source.WEIGHED:
        yield f"{how} {source}"
        yield f"{how} {source}, {evidence}"
    if how == "rule":
        yield f"rule, {'in full' if candidate.name.parts > 1 else 'one name'}, {evidence}"


def _evidence_near(candidate: Candidate, setting: Setting) -> str:
    first, last = setting.line(candidate.begins)
    if setting.has_number_within(first, last):
        return "a patient's number in the line"
    where = candidate.begins, candidate.name.end
    if setting.has_patient_near(*where):
        return "patient near"
    return "care near" if setting.has_care_near(*where) else "nothing near"


def _signs_of_work(candidate: Candidate, look: Look) -> Iterator[str]:
    setting, begins, end = look.setting, candidate.begins, candidate.name.end
    if setting.is_roster:
        yield "roster"
    if setting.role_follows(end):
        yield "before a role"
    if work.is_of_work(setting, begins):
        yield "behind work"
    if work.stands_in_a_row_of_staff(setting, begins, end):
        yield "in a row of staff"
    if setting.has_otherwise_near(begins, end):
        yield "otherwise near"
    if look.staff.overlap(begins, end):
        yield "named as staff"
