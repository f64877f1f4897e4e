"""Proposes names: by the word before them, by their place, by the field they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from bot.detectors.names import east, latin, latin_shapes, records, thai
from bot.detectors.names.lexicon import Beginning, lexicon
from bot.detectors.names.likeness import is_listed, is_plain_word, may_end, whole_margin
from bot.detectors.names.patterns import RUN, listed
from bot.detectors.names.proposal import Proposal, Source, Taken
from bot.detectors.names.words import CueWord, cue_at
from bot.detectors.waking import bit_of

if TYPE_CHECKING:
    from bot.detectors.names.setting import Setting

# How ready one is to read a name after each kind of word, in hundredths of a nat.
_PRIORS = {
    Source.TITLE: 900,
    Source.MONK: 450,
    Source.POLITE: 500,
    Source.KIN: 300,
    Source.NAMED: 700,
    Source.PATIENT: 0,
    Source.STAFF: 400,
}
_AFTER_LABEL = re.compile(r"[ \t]{0,3}[:=>\-]?[ \t]{0,3}[\"'“”‘’(<]?[ \t]{0,2}\n?[ \t]{0,3}")
_AFTER_TITLE = re.compile(r"[ \t]{0,3}\n?")
_AFTER_WORD = re.compile(r"[ \t]{0,2}[(:]?[ \t]{0,2}")
_GAPS = {
    Source.NAMED: _AFTER_LABEL,
    Source.TITLE: _AFTER_TITLE,
    Source.MONK: _AFTER_TITLE,
    Source.PATIENT: re.compile(r"[ \t]{0,2}[(:]?[ \t]{0,2}"),
    Source.STAFF: re.compile(r"[ \t]{0,2}:?[ \t]{0,2}"),
}
_INITIAL = re.compile(r"(?:[เแโไใ]?[ก-ฮ]\.[ ]?){1,2}(?=[ก-ฮเ-ไ][ก-๎]{3})(?!นามสกุล)")
_LIST_PRIOR = 750
_RARE_FAMILY, _CLEAR_FAMILY = 300, 600
_PAIR_PRIOR = 400
_ROW_PRIOR = 300
_ROW_READY = 850
_RARE_WORD = 1000
_BEFORE_HN = re.compile(
    r"(?<![ก-๎])[ก-ฮเ-ไ][ก-๎]{1,15} {1,2}[ก-ฮเ-ไ][ก-๎]{2,25}(?=\s{0,2}[/(,]?\s?(?:HN|hn|Hn))"
)
_HN = bit_of(("hn",))
_LETTERS_APART = 1000
# So many runs of so few letters at least stand in letters set apart.
_FEWEST_APART, _SHORT_RUN = 5, 4
_SET_APART = re.compile(r"(?<![ก-๎.])(?:[ก-๎]{1,4}[ .\-_*•·]{1,2}){5,60}[ก-๎]{1,4}(?![ก-๎])")
# ม.ยุ.รี แก้ว.ส.ว่าง, อ-นุ-ชา สุข-เกิด: syllables set apart.
_SYLLABLES = r"[ก-ฮเ-ไ][ก-๎]{0,4}(?:[.\-_*•·][ก-ฮเ-ไ][ก-๎]{0,5}){1,7}(?![ก-๎.\-])"
_IN_SYLLABLES = re.compile(rf"(?<![ก-๎.\-])(?P<given>{_SYLLABLES})(?:[ ]{{1,2}}{_SYLLABLES})?")
_TWO_WORDS = re.compile(r"[ก-ฮเ-ไ][ก-๎]{1,15} {1,2}[ก-ฮเ-ไ][ก-๎]{3,25}(?=\s|[/,(\d\"A-Z]|$)")
_FAMILY_AFTER = re.compile(
    r"[ก-ฮเ-ไ][ก-๎]{1,13} (?:แซ่|มะ|เจ๊?ะ|หะยี|บิน|จะ|[ก-๎]{2,20}(?:กุล|ว[งค]ศ์|ว[งค]ษ์|วงค์|"
    r"พง[ศษ]์|ศรี|สุข|ทอง|แก้ว|"
    r"ชัย|ไชย|รัตน์|ศักดิ์|สิทธิ์|เจริญ|ไพร|ศิลป์|พันธุ?์|ธรรม|งาม|คำ|บุญ|โชติ|เดช|นนท์|นันท์|วัฒน์|กิจ|ลาภ|"
    r"โชค|มณี|จันทร์|แสง|นาค|สิงห์|เพชร|กลาง|เรือง|หอม|พล|นิล|สวัสดิ์|บัว|ภักดี|อินทร์|สกุล|วิเศษ|เสริฐ|ดี|"
    r"ใจ|มา|พร)(?![ก-๎]))"
)
_ROW = frozenset((": ", ", "))
_QUOTES = frozenset("\"“'‘(")
_SON_OF = re.compile(
    r"(?<![ก-๎])(?:แบ|นาย|นาง|น\.ส\.|นางสาว|ก๊ะ|กะ|โต๊ะ|เจ๊ะ)?"
    r"(?P<name>[ก-ฮเ-ไ][ก-๎]{2,15} (?:บิน(?:ตี|ติ|ติ์)?|บินต์) [ก-ฮเ-ไ][ก-๎]{2,20})(?![ก-๎])"
)
_DESCENT = bit_of((" บิน ", " บินต", "บินต์ "))
_CHANGES = bit_of(("เปลี่ยนชื่อ", "แก้ชื่อ"))
_CHANGE = re.compile(
    r"(?:เปลี่ยน|แก้)ชื่อ(?!ยา|ห้อง|ไฟล์|กลุ่ม|โรค|คลินิก|ตึก|วอร์ด|เพจ|ไลน์)"
    r"[^\n\d]{0,24}?จาก ?(?P<old>[ก-ฮเ-ไ][ก-๎]{1,14}?) ?(?:เป็น|มาเป็น) ?"
    r"(?P<new>[ก-ฮเ-ไ][ก-๎]{1,20})(?![ก-๎])"
)
_PAIR_BEFORE_AGE = re.compile(
    r"(?:^|[:\-•–,)] ?|[0-9][.)]? )(?P<given>[ก-ฮเ-ไ][ก-๎]{1,15}) {1,2}(?!ชาย|หญิง|ผู้|เพศ|เด็ก|คน)"
    r"(?P<family>[ก-ฮเ-ไ][ก-๎]{2,25}) ?(?:อายุ ?)?[0-9]{1,3} ?(?:ปี|ขวบ)(?!ก่อน|ที่|แล้ว|งบ)",
    re.MULTILINE,
)
_YEARS = bit_of(("ปี", "ขวบ"))
_LEAST_BEFORE_AGE = -550
_AGE_AFTER = re.compile(
    r"\s?\d{1,2}\s?(?:ปี|ขวบ|เดือน)|\s?เตียง\s?\d|\s?\d{1,2}(?=\s|$)|\s(?:p|n)?icu", re.IGNORECASE
)
_THAI = re.compile("[ก-ฮเ-ไ]")
_SHORTEST = 2


def propose(setting: Setting) -> list[Proposal]:
    """All names that may be meant, in order, without overlaps; staff are among them."""
    taken = Taken(len(setting.text))
    proposals = [
        proposal
        for find in (
            records.propose,
            _by_list,
            latin_shapes.propose,
            east.propose,
            _by_word,
            latin.propose,
            _by_letters,
            _by_syllables,
            _by_age,
            _by_descent,
            _by_change,
            _by_file,
            _by_place,
        )
        for proposal in find(setting, taken)
        if taken.add(proposal)
    ]
    return sorted(proposals)


def _by_list(setting: Setting, _taken: Taken) -> Iterator[Proposal]:
    """Two words at the start of a line of a list, no title before them."""
    text = setting.text
    places = setting.list_places
    if setting.heard & _HN:
        places = places | {pair.start() for pair in _BEFORE_HN.finditer(text)}
    for start in sorted(places):
        if _TWO_WORDS.match(text, start) and cue_at(setting.lowered, start) is None:
            name = thai.read(text, start, _LIST_PRIOR)
            if name is not None and name.parts > 1:
                yield Proposal.of(name, Source.LISTED)


def _by_word(setting: Setting, _taken: Taken) -> Iterator[Proposal]:
    position = 0
    for cue in setting.cue_words:
        if cue.start < position:
            continue
        proposal = _after(setting, cue)
        position = cue.end if proposal is None else proposal.end
        if proposal is not None:
            yield proposal


def _after(setting: Setting, cue: CueWord) -> Proposal | None:
    gap = _GAPS.get(cue.source, _AFTER_WORD).match(setting.text, cue.end)
    start = gap.end() if gap is not None else cue.end
    if (cue.source in _LABELS or start > cue.end) and _better_cue(setting, start):
        return None
    if not "ก" <= setting.text[start : start + 1] <= "๎":
        return None
    if cue.source in _FAMILIAR and _is_led_on(setting, start):
        return None
    name = _with_initial(setting.text, cue, start) or _read(setting, cue, start)
    if name is None or (cue.source in _FAMILIAR and _is_no_kin(setting.text, cue, name)):
        return None
    said = setting.text[cue.start : cue.end].strip()
    return Proposal.of(name, cue.source, said, cue.start)


def _is_led_on(setting: Setting, start: int) -> bool:
    """'ยายชื่อ…', 'ยายน้องกันต์': the word next to the name leads to it."""
    if setting.text.startswith("ชื่อ", start):
        return True
    child = _OF_A_CHILD.match(setting.text, start)
    return child is not None and not thai.goes_on(child["name"])


def _read(setting: Setting, cue: CueWord, start: int) -> thai.Name | None:
    text = setting.text
    if not thai.stands_behind_words(text, cue.start):
        return None
    prior, leaning = _prior(setting, cue), _LEANINGS.get(cue.source, thai.Leaning.NONE)
    if start == cue.end:
        name = thai.read(text, start, prior, cue.start, leaning=leaning)
    else:
        set_off = _SET_OFF if cue.source is Source.KIN else 0
        if cue.source is Source.PATIENT and ":" in text[cue.end : start]:
            prior = _PRIORS[Source.NAMED]
        name = thai.read(text, start, prior - set_off, leaning=leaning)
    if cue.source is Source.NAMED and (name is None or _is_a_rag(name)):
        name = (
            thai.read_nickname(text, start)
            or thai.read_called(text, start, is_named=True)
            or thai.read_to_the_blank(text, start)
            or name
        )
    if name is None and _CALLED.fullmatch(text, cue.start, cue.end):
        name = thai.read_called(text, start, is_named=False)
    if cue.source is Source.TITLE and (name is None or name.parts == 1):
        name = _formal_pair(text, cue, start) or name
    if cue.source is Source.PATIENT and (name is None or name.parts == 1):
        name = _listed_pair(text, start) or name
    if name is not None and name.parts == 1 and "\n" in text[cue.end : start]:
        return with_next_line(text, name)
    return name


def _is_a_rag(name: thai.Name) -> bool:
    """Too short, and on no list: the first letters of something else."""
    return name.parts == 1 and not name.is_listed and name.end - name.start <= _RAG


def _formal_pair(text: str, cue: CueWord, start: int) -> thai.Name | None:
    """'นายพร้อม ชูใจ': behind a clear title a family name says that the word before it is one."""
    pair = _FORMAL_PAIR.match(text, start)
    if pair is None or thai.starts_inside(text, cue.start) or pair[1] in _NO_GIVEN:
        return None
    margin = whole_margin(pair[2])
    is_counted = _COUNTED.search(text, max(0, cue.start - 3), cue.start) is not None
    if thai.goes_on(pair[2]) or margin <= (_CLEAR_FAMILY if is_counted else 0):
        return None
    return thai.Name(start, pair.end(), 2, margin, is_listed=False, is_plain=False)


def _listed_pair(text: str, start: int) -> thai.Name | None:
    """'ผู้ป่วยชาย นิพนธ์ ทองคำ': both are words as well, and both are in the lists of names."""
    pair = _FORMAL_PAIR.match(text, start)
    if pair is None or not is_listed(pair[1]) or pair[2] not in lexicon().family:
        return None
    margin = whole_margin(pair[2])
    return thai.Name(start, pair.end(), 2, margin, is_listed=True, is_plain=False)


def with_next_line(text: str, name: thai.Name) -> thai.Name:
    """Given name and family name sent one after the other, each alone on its line."""
    line = _LINE_OF_ONE_WORD.match(text, name.end)
    if line is None or thai.goes_on(line[1]) or whole_margin(line[1]) < 0:
        return name
    return name._replace(end=line.end(), parts=2)


def _is_no_kin(text: str, cue: CueWord, name: thai.Name) -> bool:
    """The word for kin is part of a name, of a place, or of other words."""
    before = text[max(0, cue.start - _PLACE_REACH) : cue.start]
    if _SHOP.search(before) and "ชื่อ" not in before:
        return True
    if cue.source is not Source.KIN:
        return name.start > cue.end and thai.starts_inside(text, cue.start)
    if _is_family(text, cue, name):
        return True
    if _PARENT.match(text, cue.start) and name.is_plain and thai.starts_inside(text, name.end):
        return _THAI.match(text, name.end) is not None and not _BED_NEXT.match(text, name.end)
    if thai.starts_inside(text, cue.start):
        return not (_is_likely(name) or _OF_SOMEBODY.search(before))
    return begins_listed(text, cue.start, name.start - cue.start + 2)


def _is_family(text: str, cue: CueWord, name: thai.Name) -> bool:
    """'จรูญ หนูแก้ว': behind a given name of the lists it is a family name that begins like kin."""
    given = _WORD_BEFORE.search(text, max(0, cue.start - _LONGEST_GIVEN), cue.start)
    if given is None or name.start > cue.end:
        return False
    is_given = is_listed(given[1]) and not is_plain_word(given[1])
    return is_given and whole_margin(text[cue.start : name.end]) > 0


_WORD_BEFORE = re.compile(rf"(?<![ก-๎])({RUN.pattern}) \Z")
_FAMILIAR = frozenset((Source.KIN, Source.MONK))
_PLACE_REACH = 16
_SET_OFF = 100
_LINE_OF_ONE_WORD = re.compile(r"\n([ก-๎]{4,25})(?=\n|$)")
_LEANINGS = {
    Source.KIN: thai.Leaning.KIN,
    Source.TITLE: thai.Leaning.FORMAL,
    Source.NAMED: thai.Leaning.FORMAL,
}
# 'แม่อุ้มข้ามด่าน': mother does something; she is not called so.
_PARENT = re.compile("แม่|พ่อ")
_BED_NEXT = re.compile("เตียง|ห้อง|อายุ")
# 'ลุงจ่อย ': a kinship word and one short word between blanks is mostly what somebody is called.
_SHORT_WORD = re.compile(r"[ก-ฮเ-ไ][ก-๎]{1,6}(?![ก-๎])")
_ALONE_PRIORS = dict.fromkeys(listed("ยาย ลุง ป้า ปู่ ย่า น้า"), 650)
_KIN_ALONE = 420
_SPOKEN_OF = 400
_THEN_LATIN = re.compile(r" (?=[A-Za-z]{2})")
_OF_SOMEBODY = re.compile(
    "(?:หลาน|ลูก|(?:ลูก|หลาน)(?:สาว|ชาย)|ลูกเขย|ลูกสะใภ้|เมีย|ผัว|ญาติ|ของ|ให้|บ้าน|เยี่ยม|ตาม|นัด|ส่ง|เคส|คนไข้|ครอบครัว)$"
)
_OF_A_CHILD = re.compile(r"น้อง(?P<name>[ก-ฮเ-ไ][ก-๎]{1,20})")
_LABELS = frozenset((Source.NAMED, Source.PATIENT))
_ELDER = re.compile(
    r"(?:พ่อ|แม่)(?:เฒ่า|ใหญ่|ตู้|อุ๊ย)|อุ๊ย|อา(?:กง|ม่า|แปะ|ซิ้ม|เจ็ก|โก|แบ|เยาะ)|เฮีย|เจ๊|คุณ\s?(?:ยาย|"
    r"ตา|ปู่|ย่า|ลุง|ป้า)"
)
_ELDER_PRIOR = 650
_CLEAR_TITLE_PRIOR = 1500
_NAMED_BEFORE = re.compile("ชื่อ ?$")
# 'ตำรวจ 2 นายเฝ้า': what is counted is no title, unless a likely name follows.
_COUNTED = re.compile(r"\d ?$")
_TITLE_INSIDE = re.compile("นาย|นาง|น\\.ส\\.|ด\\.[ชญ]\\.|ชื่อ")
_LONGEST_GIVEN = 14
_LIKELY = 100
_FORMAL = frozenset((Source.TITLE, Source.NAMED))
_INITIAL_PRIOR = 300
_FORMAL_PAIR = re.compile(r"([ก-ฮเ-ไ][ก-๎]{1,11}) ([ก-ฮเ-ไ][ก-๎]{2,24})(?![ก-๎])")
_NO_GIVEN = frozenset(listed("จ้าง แพทย์ ตำรวจ อำเภอ ท่า หน้า ทุน ใหญ่ เวร คน นี้ นั้น แล้ว มา ไป"))
_RAG = 3
# 'ซองเขียน นันทิยา …': the word before the name says that one follows.
_SAYS = ("เขียน", "ชื่อ", "ว่า", "คือ", "บอก", "ของ", "เรียก")
_YEARS_BEHIND = re.compile(r" \d{1,2} ?(?:ปี|ขวบ|เดือน)(?!ก่อน|ที่|แล้ว)")
_IN_A_FILE = re.compile(r"(?<![ก-๎])([ก-ฮเ-ไ][ก-๎]{1,15})_([ก-ฮเ-ไ][ก-๎]{2,25})(?=[_.])")
# Behind these a name of the lists is one, even where it is a word as well.
_CALLED = re.compile("ยาย|ลุง|ป้า|ปู่|ย่า|น้า|เฮีย|เจ๊|น้อง|อุ๊ย|(?:พ่อ|แม่)(?:เฒ่า|ใหญ่|อุ๊ย)")
_SHOP = re.compile(
    "(?<![ก-๙.])[อตบ]\\. ?$|อาคาร[ก-๙]*$|(?:ถนน|โรงเรียน|สะพาน)[ก-๎]{0,8}$|ร้าน|ส้มตำ|ก๋วยเตี๋ยว"
    "|ข้าวแกง|ตลาด|เพจ|เฟส|ซอย|สวน$|วัด$|โรงเรียน$|รร\\.$|ถนน$|สะพาน$|คลินิก$|รพ\\.$"
)


def _prior(setting: Setting, cue: CueWord) -> int:
    """How ready one is to read a name here."""
    text = setting.text
    if cue.source is Source.TITLE:
        if _COUNTED.search(text, max(0, cue.start - 3), cue.start):
            return 0
        if not thai.starts_inside(text, cue.start):
            return _CLEAR_TITLE_PRIOR
    if cue.source is Source.KIN:
        if _NAMED_BEFORE.search(text, max(0, cue.start - 5), cue.start):
            named = _SHORT_WORD.match(text, cue.end)
            is_clear = named is not None and _is_spoken_of(setting, named)
            return _PRIORS[Source.NAMED] + (_SPOKEN_OF if is_clear else 0)
        if _ELDER.match(text, cue.start):
            return _ELDER_PRIOR
        before = text[max(0, cue.start - _PLACE_REACH) : cue.start]
        is_apart = not thai.starts_inside(text, cue.start) or _OF_SOMEBODY.search(before)
        word = _SHORT_WORD.match(text, cue.end) if is_apart else None
        if word is not None:
            prior = _ALONE_PRIORS.get(text[cue.start : cue.end], _KIN_ALONE)
            return prior + _SPOKEN_OF if _is_spoken_of(setting, word) else prior
    return _PRIORS[cue.source]


def _is_spoken_of(setting: Setting, word: re.Match[str]) -> bool:
    """Care, a bed or an abbreviation follows, and the word begins no talk of its own."""
    if thai.goes_on(word[0]):
        return False
    return (
        setting.care_follows(word.end()) or _THEN_LATIN.match(setting.text, word.end()) is not None
    )


def _better_cue(setting: Setting, start: int) -> bool:
    """'คนไข้ใหม่นาย…': the title nearer to the name reads it better."""
    cue = cue_at(setting.lowered, start)
    if cue is not None:
        is_kin = cue.source is Source.KIN
        return not is_kin or not begins_listed(setting.text, start, cue.end - start + 2)
    run = RUN.match(setting.text, start)
    return run is not None and _TITLE_INSIDE.search(run[0]) is not None


def _is_likely(name: thai.Name) -> bool:
    return (name.is_listed and not name.is_plain) or name.margin > _LIKELY


def begins_listed(text: str, start: int, shortest: int) -> bool:
    """Whether a listed name of at least so many letters begins here, and ends like a word."""
    run = RUN.match(text, start)
    if run is None:
        return False
    known = lexicon()
    for end in range(min(len(run[0]), _LONGEST_GIVEN), shortest - 1, -1):
        piece = run[0][:end]
        if piece in known.given or piece in known.borders or piece in known.nicknames:
            return may_end(run[0], end)
    return False


def _with_initial(text: str, cue: CueWord, start: int) -> thai.Name | None:
    """น.ส. ก. ศรีสุข: the given name as an initial."""
    if cue.source not in _FORMAL:
        return None
    initial = _INITIAL.match(text, start)
    if initial is None:
        return None
    family = thai.read(text, initial.end(), _INITIAL_PRIOR)
    if family is None or (family.is_plain and not family.is_listed):
        return None
    return family._replace(start=start, parts=2)


def _by_letters(setting: Setting, _taken: Taken) -> Iterator[Proposal]:
    """ก-น-ก-ว-ร-ร-ณ: nobody sets letters apart who has nothing to hide."""
    text = setting.text
    short = sum(run.end() - run.start() <= _SHORT_RUN for run in setting.runs)
    if short < _FEWEST_APART:
        return
    for spaced in _SET_APART.finditer(text):
        name = thai.read(text, spaced.start(), 0)
        if name is not None and (name.parts > 1 or _is_listed_apart(spaced[0])):
            apart = name._replace(margin=_LETTERS_APART, is_listed=True)
            yield Proposal.of(apart, Source.PAIR)


def _by_syllables(setting: Setting, _taken: Taken) -> Iterator[Proposal]:
    """ม.ยุ.รี แก้ว.ส.ว่าง: a given name of the lists, its syllables set apart."""
    for apart in _IN_SYLLABLES.finditer(setting.text):
        if _is_listed_apart(apart["given"]):
            yield Proposal.by_shape(*apart.span(), _LETTERS_APART)


def _is_listed_apart(spaced: str) -> bool:
    letters = "".join(re.findall("[ก-๎]+", spaced))
    return is_listed(letters) and not is_plain_word(letters)


def _by_file(setting: Setting, _taken: Taken) -> Iterator[Proposal]:
    """'ประวัติ_วรเชษฐ์_มณีโชติ.pdf': a given name of the lists, and a word behind it."""
    for file in _IN_A_FILE.finditer(setting.text) if "_" in setting.text else ():
        if is_listed(file[1]) and not is_plain_word(file[1]):
            yield Proposal.by_shape(*file.span(), _LETTERS_APART)


def _by_descent(setting: Setting, _taken: Taken) -> Iterator[Proposal]:
    """'ฮาซัน บิน อาลี', 'ซารีนา บินติ มะแซ': the son or the daughter of somebody."""
    for match in _SON_OF.finditer(setting.text) if setting.heard & _DESCENT else ():
        name = thai.Name(*match.span("name"), 3, _CLEAR_FAMILY, is_listed=True, is_plain=False)
        yield Proposal.of(name, Source.PAIR)


def _by_change(setting: Setting, _taken: Taken) -> Iterator[Proposal]:
    """'เปลี่ยนชื่อมาใหม่ จากสมพรเป็นณิชชา': what somebody was called, and is now."""
    if not setting.heard & _CHANGES:
        return
    for change in _CHANGE.finditer(setting.text):
        for which in ("old", "new"):
            place = change.span(which)
            if not thai.goes_on(change[which]) and cue_at(setting.lowered, place[0]) is None:
                name = thai.Name(*place, 1, _LETTERS_APART, is_listed=False, is_plain=False)
                yield Proposal.of(name, Source.NAMED, "ชื่อ", name.start)


def _by_age(setting: Setting, _taken: Taken) -> Iterator[Proposal]:
    """'S: บุญมา จันทร์ดี 71 ปี': two words between a sign and an age, neither of them talk."""
    if not setting.heard & _YEARS:
        return
    for pair in _PAIR_BEFORE_AGE.finditer(setting.text):
        given, family = pair["given"], pair["family"]
        is_family = len(given) > _RAG and family in lexicon().family
        is_word = is_plain_word(family) and not is_family
        is_talk = any(map(thai.goes_on, (given, family))) or is_word
        if is_talk or cue_at(setting.lowered, pair.start("given")) is not None:
            continue
        if is_family or min(whole_margin(given), whole_margin(family)) > _LEAST_BEFORE_AGE:
            name = thai.Name(*pair.span("given"), 2, 0, is_listed=False, is_plain=False)
            yield Proposal.of(name._replace(end=pair.end("family")), Source.PAIR)


def _by_place(setting: Setting, taken: Taken) -> Iterator[Proposal]:
    for run in setting.runs:
        place = None if taken.holds(run.start()) else _place_of(setting, run)
        if place is None or is_in_a_place(setting.text, run.start()):
            continue
        name = thai.read(setting.text, run.start(), place.prior)
        if name is not None:
            by_parts = Source.PAIR if name.parts > 1 else Source.ALONE
            yield Proposal.of(name, Source.LISTED if place.is_list else by_parts)


class _Place(NamedTuple):
    """How ready one is to read a name where no word leads to one."""

    prior: int
    is_list: bool


def _place_of(setting: Setting, run: re.Match[str]) -> _Place | None:
    text, start, end = setting.text, run.start(), run.end()
    if end - start < _SHORTEST:
        return None
    is_list = start in setting.list_places or (start > 0 and text[start - 1] in _QUOTES)
    is_two = text.startswith(" ", end)
    is_row = (
        is_two
        and not is_list
        and text[start - 2 : start] in _ROW
        and _TWO_WORDS.match(text, start) is not None
    )
    is_pair = is_two and _may_be_pair(
        setting, run, _ROW_READY if is_row or is_list else _PAIR_PRIOR
    )
    if is_row or is_list:
        return _Place(_ROW_READY if is_pair else _ROW_PRIOR, is_list)
    if is_pair:
        return _Place(_PAIR_PRIOR, is_list)
    is_like_name = (
        may_begin_with_name(run[0])
        or (is_two and _FAMILY_AFTER.match(text, start) is not None)
        or (is_two and text.startswith(" ณ ", end))
        or (_YEARS_BEHIND.match(text, end) is not None and whole_margin(run[0]) > 0)
        or _is_nickname(text, run)
    )
    return _Place(0, is_list) if is_like_name else None


def is_in_a_place(text: str, start: int) -> bool:
    """Shops, roads and schools have names like people."""
    return _SHOP.search(text, max(0, start - _PLACE_REACH), start) is not None


def _is_nickname(text: str, run: re.Match[str]) -> bool:
    """A nickname counts only before an age, or before the given name that it is short for."""
    known = lexicon()
    if run[0].removesuffix("เตียง") not in known.nicknames:
        return False
    if _AGE_AFTER.match(text, run.end()):
        return True
    following = RUN.match(text, run.end() + 1)
    return following is not None and any(
        following[0][:end] in known.given and following[0][:end] not in known.words
        for end in range(4, min(14, len(following[0])) + 1)
    )


def _may_be_pair(setting: Setting, run: re.Match[str], prior: int) -> bool:
    """Two words of a rare kind side by side, where a patient is spoken of."""
    pair = _TWO_WORDS.match(setting.text, run.start())
    if pair is None or not setting.has_patient:
        return False
    given, _, family = pair[0].partition(" ")
    known, family = lexicon(), family.strip()
    if thai.goes_on(family) or given.endswith(_SAYS):
        return False
    of_family = whole_margin(family)
    if known.words.get(given, _RARE_WORD) < _RARE_WORD:
        # 'สมบูรณ์', 'อารมณ์': words and names; a clear family name behind them decides.
        return given in known.given and (family in known.family or of_family > _CLEAR_FAMILY)
    return whole_margin(given) > -prior and of_family > _RARE_FAMILY


@lru_cache(maxsize=4096)
def may_begin_with_name(run: str) -> bool:
    """A name of the lists stands first, longer than any common word, or nothing that is a word."""
    find = lexicon().beginnings.get
    has_word = False
    for end in range(min(len(run), _LONGEST_GIVEN), _SHORTEST - 1, -1):
        beginning = find(run[:end])
        if beginning is Beginning.LISTED or beginning is Beginning.COMMON_WORD:
            return beginning is Beginning.LISTED
        has_word = has_word or beginning is not None
    return not has_word
