"""Names in Latin script: passports, foreign patients, and Thai names as chats romanise them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from bot.detectors.names.lexicon import clinical_words, latin_lexicon
from bot.detectors.names.patterns import listed
from bot.detectors.names.proposal import Proposal, Source, Taken

if TYPE_CHECKING:
    from bot.detectors.names.setting import Setting

_LETTER = r"A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"
_WORD = rf"[{_LETTER}]+(?:['’`-][{_LETTER}]+)*"
WORD = re.compile(_WORD)
# Words before a name in Latin script, as they are read when lower-cased.
_TITLES = frozenset(
    listed(
        "mr mrs ms miss mister master mstr mdm madam mme herr frau sra nai nangsao thao sir lady"
    )
)
# 'Khun' is said of everybody, so the message must say more.
_POLITE = frozenset(listed("khun k"))
# Burmese titles are short words elsewhere: a name of the lists must follow, in capitals.
_SHORT_TITLES = frozenset(listed("ma u ko daw sayadaw"))
LEADS_TO_NAMES = _TITLES | _POLITE
_NAMING = frozenset(listed("name pt pts patient case chue cheu chu surname"))
_CHILD = ("b/", "s/", "d/")
# A capital must follow: 'her son Alexei', 'the baby boy "Leo"'.
_RELATIVES = frozenset(
    listed(
        "son daughter wife husband mother father mom mum dad brother sister boy girl baby kid niece"
        " nephew aunt uncle grandma grandpa grandson granddaughter Grandma Grandpa Aunt Auntie"
        " Nong Lung Loong Yai Mother Father Daughter Son Wife Husband"
    )
)
_FILLERS = frozenset(listed("name is named called of len boy girl"))
_STAFF = frozenset(listed("dr prof nurse rn staff resident intern extern ext pharm md by"))
_NAMING_THAI = tuple(
    listed(
        "น้อง ญาติติดต่อ ของ ชื่อ สกุล ชื่อเล่น ชื่อว่า ชื่อคือ คนไข้ ผู้ป่วย ผป ผป. เคส"
        " นาย นางสาว นาง น.ส. ด.ช. ด.ญ. คุณ"
        " ชื่อลูก ชื่อแม่ ชื่อพ่อ ลูกสาว ลูกชาย เมีย ญาติ สามี ภรรยา มารดา บิดา ในระบบ"
    )
)
_BEHIND = 16
_MASKS = frozenset("*…")
_ROOM = re.compile(
    r"(?:(?<![a-z])(?:room|rm\.?|bed)|ห้อง|เตียง)\s?[0-9]{1,4} \Z|(?:^|\n)[-•*]? ?[0-9]{3,4} \Z",
    re.IGNORECASE,
)
_BEFORE_NAME = " \t:=(-"
_STAFF_THAI = tuple(listed("หมอ นพ. พญ. อ. อาจารย์ พี่ ภก. ภญ. ทพ. หัวหน้า คุณหมอ แพทย์"))
_AFTER_NAMING = re.compile(r"[ \t]{0,2}[.,:=\-(\"“'‘]{0,2}[ \t]{0,2}\n?")
_AFTER_TITLE = re.compile(r"\.[ ]{0,2}|[ ]{1,2}")
_ROMANISED = frozenset(listed("khonkhai khonkhaw pa lung yai ta nong loong mae por"))
_LOWER_WORD = re.compile(r" ([a-z]{3,14})(?![A-Za-z])")
_TWO_MORE = re.compile(r" ([A-Z][a-z]+) ([A-Z][a-z]+)")
_LONGEST_WORD = 24
_PARTICLES = frozenset(
    listed(
        "van der den de la los las von bin binti b bt al el da dos del di le ten ter st ibn abu na"
        " s/o d/o"
    )
)
# 'Gerald "Gerry" Lindqvist': what one is called stands in quotes between the names.
_GAP = re.compile(r" [\"“][A-Z][a-z]{1,15}[\"”] (?=[A-Z])|[ \t]{1,2}|,[ ]?|_|\.[ ]?(?=[A-Z])|-")
_NATION = re.compile(
    r"พม่า|ลาว|เขมร|กัมพูชา|จีน|เวียดนาม|ญี่ปุ่น|เกาหลี|ไต้หวัน|ฮ่องกง|ฝรั่ง|เยอรมัน|อังกฤษ|อเมริกา|รัสเซีย|"
    r"(?<![a-z])(?:dutch|german|french|british|american|russian|chinese|japanese|korean|indian|swedish|danish|norwegian"
    r"|finnish|italian|spanish|israeli|australian|canadian|burmese|khmer|polish|swiss|austrian|belgian)(?![a-z])|"
    r"สวีเดน|อินเดีย|แขก|ต่างชาติ|ต่างด้าว|นักท่องเที่ยว|ทัวร์|passport|พาส|age\b|dob|\d{1,3}\s?(?:y|"
    r"m|f|ปี|ขวบ)|(?<![a-z])[mf]\s?\d{2}",
    re.IGNORECASE,
)
# 'Milne F/61', 'B12': a letter before a number is none of a name.
_GLUED_NUMBER = re.compile("[0-9]|(?<=[^A-Za-z][A-Za-z])/[0-9]")
_ENDING = re.compile(r"(?:ing|ed|es|s|er|ly|d)$")
_SURE = 1500
_LIKELY = 500
_LETTER_LIMIT = 245
_MOST_PARTS = 8
_FEWEST_WORDS = 2
_ABBREVIATION = 2
_SHORT_CAPITALS = 3
_LONGEST_SYLLABLE = 5


class _Run(NamedTuple):
    start: int
    end: int
    words: tuple[str, ...]


def propose(setting: Setting, taken: Taken) -> Iterator[Proposal]:
    text = setting.text
    for word in WORD.finditer(text):
        if taken.holds(word.start()) or word.end() - word.start() > _LONGEST_WORD:
            continue
        proposal = (
            _behind_word(text, word)
            or _in_a_room(text, word)
            or _behind_thai(text, word)
            or _bare(text, word)
            or _in_full(text, word)
        )
        if proposal is not None and text[proposal.end : proposal.end + 1] not in _MASKS:
            yield proposal


def _behind_word(text: str, word: re.Match[str]) -> Proposal | None:
    """Mr. …, pt …, Name: …, Dr. …"""
    said = word[0].lower()
    if said in _TITLES or said in _STAFF:
        gap = _AFTER_TITLE.match(text, word.end())
        source = Source.STAFF if said in _STAFF else Source.TITLE
        is_titled = True
    elif said in _SHORT_TITLES and word[0][0].isupper():
        gap, source, is_titled = _AFTER_TITLE.match(text, word.end()), Source.TITLE, False
    elif said in _POLITE:
        gap, source, is_titled = _AFTER_TITLE.match(text, word.end()), Source.POLITE, True
    elif said in _NAMING or _is_child_of(text, word):
        gap, source, is_titled = _AFTER_NAMING.match(text, word.end()), Source.NAMED, False
    elif word[0] in _RELATIVES:
        return _behind_relative(text, word)
    elif word[0] in _ROMANISED:
        return _behind_romanised(text, word)
    else:
        return None
    if gap is None or (said == "k" and "." not in gap[0]):
        return None
    start = _past_fillers(text, gap.end())
    run = _names_from(text, start, is_titled=is_titled, is_led=True)
    if run is None and source is Source.NAMED:
        run = _written_out(text, start, _ONE)
    if run is None or (said in _SHORT_TITLES and not _is_capital_name(run.words[0])):
        return None
    return _proposal(run, source, word[0], _SURE, word.start())


def _is_child_of(text: str, word: re.Match[str]) -> bool:
    """'B/O Hser Paw Mu': the boy, the son or the daughter of."""
    start = word.start()
    return word[0] in "Oo" and text[max(0, start - 2) : start].lower() in _CHILD


def _behind_relative(text: str, word: re.Match[str]) -> Proposal | None:
    gap = _AFTER_NAMING.match(text, word.end())
    start = _past_fillers(text, gap.end() if gap is not None else word.end())
    run = _names_from(text, start, is_led=True) or _written_out(text, start, _SHORT)
    if run is None or not run.words[0][0].isupper() or is_english(run.words[0].lower()):
        return None
    return _proposal(run, Source.PATIENT, word[0], _SURE, word.start())


def _behind_romanised(text: str, word: re.Match[str]) -> Proposal | None:
    """'khonkhai somchai', 'pa noi': Thai typed in Latin letters has no capitals."""
    name = _LOWER_WORD.match(text, word.end())
    if name is None or not is_name(name[1]) or is_english(name[1]):
        return None
    run = _Run(*name.span(1), (name[1],))
    return _proposal(run, Source.PATIENT, word[0], _SURE, word.start())


def _past_fillers(text: str, start: int) -> int:
    word = WORD.match(text, start)
    while word is not None and word[0].lower() in _FILLERS:
        gap = _AFTER_NAMING.match(text, word.end())
        start = gap.end() if gap is not None else word.end()
        word = WORD.match(text, start)
    return start


def _behind_thai(text: str, word: re.Match[str]) -> Proposal | None:
    start = word.start()
    before = text[max(0, start - _BEHIND) : start].rstrip(_BEFORE_NAME)
    if not before or (before[-1].isascii() and before[-1] != "."):
        return None
    is_staff = before.endswith(_STAFF_THAI)
    if not is_staff and not before.endswith(_NAMING_THAI):
        return None
    run = _names_from(text, word.start(), is_led=True) or _written_out(text, word.start(), _ONE)
    if run is None or not _may_stand_behind(before, run):
        return None
    if before.endswith("น้อง"):
        return _proposal(run, Source.KIN, "น้อง", _SURE, word.start())
    return _proposal(run, Source.STAFF if is_staff else Source.NAMED, "ชื่อ", _SURE, word.start())


def _may_stand_behind(before: str, run: _Run) -> bool:
    """No title by itself; 'คนไข้ walk in' and 'ผลของ Pfizer' lead to no name."""
    first = run.words[0]
    if first.lower() in _TITLES and len(run.words) == 1:
        return False
    may_be_a_word = first.islower() and not before.endswith("ชื่อ")
    return is_name(first) or not (may_be_a_word or before.endswith("ของ"))


def _in_a_room(text: str, word: re.Match[str]) -> Proposal | None:
    """'Room 922 Gunnhild', '- 1509 Mireille': who stands behind a room lies in it."""
    start = word.start()
    if _ROOM.search(text, max(0, start - _BEHIND), start) is None:
        return None
    run = _written_out(text, start, _ONE)
    return None if run is None else _proposal(run, Source.NAMED, "ห้อง", _SURE, start)


def _bare(text: str, word: re.Match[str]) -> Proposal | None:
    """Two or more capitalised words, none of English or of the ward, most of them known names."""
    if not word[0][0].isupper():
        return None
    run = _names_from(text, word.start())
    if run is None or not _is_sure_of(run, text):
        return None
    return _proposal(run, Source.PAIR, "", _LIKELY, word.start())


def _in_full(text: str, word: re.Match[str]) -> Proposal | None:
    """Two or three capitalised words that are neither English nor of the ward: 'Ewa Brzezinska'."""
    run = _written_out(text, word.start(), _FULL)
    if run is None or names_a_thing(text, run.start, run.end):
        return None
    return _proposal(run, Source.PAIR, "", _LIKELY, word.start())


def _written_out(text: str, start: int, shape: re.Pattern[str]) -> _Run | None:
    full = shape.match(text, start)
    if full is None:
        return None
    words = tuple(WORD.findall(full[0]))
    if not all(word.islower() or may_be_written_out(word) for word in words):
        return None
    return _Run(start, full.end(), words)


@lru_cache(maxsize=4096)
def may_be_written_out(word: str) -> bool:
    low, known = _without_accents(word).lower(), latin_lexicon()
    if len(word) == 1 or (low in known.names and not is_nobody(low)):
        return True
    has_vowel = any(vowel in low for vowel in "aeiouy")
    return has_vowel and not is_known_word(low) and not _OF_MEDICINE.search(low)


# Beyond Latin-1 capitals and small letters take turns ('Ř' and 'ř'), so a range holds both.
_BOTH = "Ā-ɏḀ-ỿ"
_UPPER, _LOWER = f"A-ZÀ-ÖØ-Þ{_BOTH}", f"a-zß-öø-ÿ{_BOTH}"
# The shape of a full name: 'Ji-woo Han', 'McIntyre, Sean', 'NOVAKOVA Eva', 'Eva N.'.
_NAME_WORD = (
    rf"(?:[{_UPPER}](?:['’][A-Z])?(?:c[A-Z])?[{_LOWER}]{{1,20}}"
    rf"(?:-[{_LETTER}]{{2,15}}|(?<=[{_LOWER}]{{2}})))"
)
_CAPITALS = rf"[{_UPPER}]{{4,20}}(?:-[{_UPPER}]{{2,15}})?"
# 'Ines de la Cruz', 'Jan van der Berg': what leads to the family name is written small.
_OF_A_FAMILY = (
    rf"(?:(?:d[eou]s?|del|della|van|von|ten|ter)(?: (?:la|las|los|der|den|het))? (?=[{_UPPER}]))?"
)
_FULL = re.compile(
    rf"(?:{_NAME_WORD}|{_CAPITALS}),? {_OF_A_FAMILY}(?:{_NAME_WORD}|{_CAPITALS}|[A-Z]\.)"
    rf"(?: {_OF_A_FAMILY}(?:{_NAME_WORD}|{_CAPITALS}|[A-Z]\.)){{0,2}}(?![{_LETTER}0-9])"
)
_ONE = re.compile(
    rf"(?:{_NAME_WORD}|{_CAPITALS})(?:,? (?:{_NAME_WORD}|{_CAPITALS})){{0,3}}(?![{_LETTER}0-9])"
)
_SHORT = re.compile(rf"[{_UPPER}][{_LOWER}]{{2,20}}(?![{_LETTER}0-9])")
# Greek and Latin endings of diseases, operations and drugs.
_OF_MEDICINE = re.compile(
    r"(?:itis|osis|oses|emia|aemia|uria|oma|omas|ectomy|otomy|ostomy|pathy|graphy|gram|scopy|plasty|plegia|paresis"
    r"|algia|rrhea|rrhage|megaly|penia|trophy|sclerosis|genic|ology|logist|iatric|icillin|mycin|floxacin|azole"
    r"|pril|sartan|statin|olol|dipine|vir|zepam|prazole|tidine|formin|gliptin|thiazide|parin|caine|cycline|sone"
    r"|lone|xone|mab|nib|cef\w+|cid|ide|ine|ate|ium|tion|sion|ment|ness|ing|ism|ical|ous|ive|able|ary|ular)$"
)
# 'เครื่อง Drager Evita', 'บริษัท Meditop Plus', 'ยา Forxiga Trajenta', 'lot …': things have names too.
_BEHIND_THINGS = 24
_OF_THINGS = re.compile(
    r"(?:เครื่อง|บริษัท|ยี่ห้อ|รุ่น|เซลส์?|น้ำยา|ยา|บ\.|ร้าน|โรงแรม|โปรแกรม|แอป|เว็บ|เพจ|หนัง|เพลง|วง|ทีม|คอนเสิร์ต|ซีรีส์"
    r"|สั่ง|ราคา|โปร|model|brand|lot|by|from|dr\.?|prof\.?)\s{0,2}$",
    re.IGNORECASE,
)
_IS_A_THING = re.compile(
    r" ?(?:\d+ ?(?:mg|mcg|ml|g|tab|cap|amp|vial|u)\b|(?:hospital|clinic|resort|hotel|villa|condo|"
    r"tower|mall|plaza|airport|university|school|pharma|medical|lab|co|ltd|inc|bank|group|score|sign|test|tube|scale|criteria|"
    r"class|grade|syndrome|disease|protocol|catheter|pump|monitor|ventilator)(?![a-z]))",
    re.IGNORECASE,
)


def names_a_thing(text: str, start: int, end: int) -> bool:
    """'Steven Johnson syndrome', 'เครื่อง Drager Evita'."""
    is_behind = _OF_THINGS.search(text, max(0, start - _BEHIND_THINGS), start) is not None
    return is_behind or _IS_A_THING.match(text, end) is not None


def _is_sure_of(run: _Run, text: str) -> bool:
    full = [word for word in run.words if len(word) > 1]
    if len(run.words) == len(full) + 1 and len(run.words[-1]) == 1 and is_name(run.words[0]):
        return True
    if len(full) < _FEWEST_WORDS:
        return False
    hits = sum(map(is_name, full))
    if hits * 2 >= len(full):
        return True
    return (hits > 0 or all(map(_is_spelt_like_name, full))) and _near_nation(text, run)


def _parts_known(word: str, known: frozenset[str]) -> bool:
    return any(part in known for part in re.split(r"['’`-]", word.lower()))


def _near_nation(text: str, run: _Run) -> bool:
    return _NATION.search(text, max(0, run.start - 30), run.end + 24) is not None


def _names_from(
    text: str, start: int, *, is_titled: bool = False, is_led: bool = False
) -> _Run | None:
    """The words from here on that may belong to one name; more may, where a word led to it."""
    words: list[str] = []
    end, position = start, start
    while len(words) < _MOST_PARTS:
        word = WORD.match(text, position)
        if word is None or not (
            _may_belong(word[0], words, is_titled=is_titled)
            or ((is_led or _are_names(words)) and _may_be_led_to(word[0]))
            or (not words and _begins_two_names(text, word))
        ):
            break
        if text.startswith(":", word.end()):
            break  # 'Nat:', 'DOB:': the next field
        words.append(word[0])
        end = word.end()
        if _GLUED_NUMBER.match(text, end):
            words.pop()
            end = position
            break
        gap = _GAP.match(text, end)
        if gap is None:
            break
        position = gap.end()
    while words and words[-1].lower() in _PARTICLES and len(words[-1]) <= _SHORT_CAPITALS:
        end = text.rindex(words.pop(), start, end)
    if not words:
        return None
    if len(words) > 1 and len(words[-1]) == 1 and text[end : end + 1] == ".":
        end += 1
    length = end - start if len(words[-1]) == 1 else len(text[start:end].rstrip(" ,_.-"))
    run = _Run(start, start + length, tuple(words))
    return run if length > 1 else None


def _may_belong(word: str, before: list[str], *, is_titled: bool) -> bool:
    """Whether a word may stand in a name, behind these others of it."""
    low, known = _without_accents(word).lower(), latin_lexicon()
    if before and low in _PARTICLES:
        return True
    if len(word) == 1:
        return word.isupper()
    if is_nobody(low) or low in clinical_words():
        return low in known.names and word.istitle() and bool(before)
    if before and before[0][0].isupper() and not word[0].isupper():
        return False
    is_led = is_titled or (before and before[-1].lower() in _PARTICLES)
    if low in known.names or (is_led and word[0].isupper() and len(word) > _ABBREVIATION):
        return True
    return not is_english(low) and not _is_abbreviation(word, before) and _is_spelt_like_name(word)


def _are_names(words: list[str]) -> bool:
    """'Zaw Min …': behind two names of the lists a third word belongs to them."""
    return len(words) >= _FEWEST_WORDS and all(map(is_name, words))


def _are_syllables(words: list[str]) -> bool:
    """'Saw Eh …', 'Tan Boon …': the first is a name of the lists, and all are short."""
    return bool(words) and is_name(words[0]) and all(map(_is_a_syllable, words))


def _is_a_syllable(word: str) -> bool:
    """As the Karen, the Shan and the Chinese write their names in pieces: 'Doh', 'Keat', 'Mo'."""
    is_short = _ABBREVIATION <= len(word) <= _LONGEST_SYLLABLE
    return is_short and word.istitle() and (is_name(word) or may_be_written_out(word))


def _may_be_led_to(word: str) -> bool:
    """Any capitalised word that is none of English or of the ward: 'pt Zhuravlyova'."""
    return word[0].isupper() and len(word) > _SHORT_CAPITALS and may_be_written_out(word)


def _begins_two_names(text: str, word: re.Match[str]) -> bool:
    """'Le Van Duc': short names that are words elsewhere, two names of the lists behind them."""
    if not (word[0].istitle() and is_name(word[0])):
        return False
    following = _TWO_MORE.match(text, word.end())
    return following is not None and is_name(following[1]) and is_name(following[2])


def _is_abbreviation(word: str, before: list[str]) -> bool:
    """Short capitals, unless the name before it stands in capitals too."""
    in_capitals = bool(before) and before[0].isupper() and len(before[0]) > _SHORT_CAPITALS
    return word.isupper() and len(word) <= _SHORT_CAPITALS and not in_capitals


def is_nobody(low: str) -> bool:
    """One of those that begin with a capital and are nobody, whoever else is called so."""
    return low in latin_lexicon().not_names


def is_known_word(low: str) -> bool:
    """English, of care, or nobody."""
    return is_nobody(low) or low in clinical_words() or is_english(low)


@lru_cache(maxsize=4096)
def is_english(low: str) -> bool:
    """A word of the lists, with or without an ending: 'lives', 'wanted', 'booking'."""
    english = latin_lexicon().english
    if low in english:
        return True
    ending = _ENDING.search(low)
    stem = low[: ending.start()] if ending is not None else ""
    return len(stem) > _ABBREVIATION and (stem in english or stem + "e" in english)


def _is_capital_name(word: str) -> bool:
    return word[0].isupper() and is_name(word)


def is_name(word: str) -> bool:
    return _parts_known(_without_accents(word), latin_lexicon().names)


def _without_accents(word: str) -> str:
    """Nguyễn as nguyen: lists hold no accents."""
    if word.isascii():
        return word
    letters = unicodedata.normalize("NFD", word.replace("Đ", "D").replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@lru_cache(maxsize=4096)
def _is_spelt_like_name(word: str) -> bool:
    low = word.lower()
    if low in latin_lexicon().names:
        return True
    if not any(vowel in low for vowel in "aeiouyàáâäãåèéêëìíîïòóôöõøùúûü"):
        return False
    if is_english(low):
        return False
    if "-" in low or "'" in low:
        return all(_is_spelt_like_name(part) for part in re.split("['’`-]", word) if len(part) > 1)
    return _letters_cost(low) < _LETTER_LIMIT * (len(low) + 1) or not word.isascii()


def _letters_cost(word: str) -> int:
    letters = latin_lexicon().letters
    padded = "^^^" + word + "$"
    total = 0
    for at in range(3, len(padded)):
        gram, dearer = padded[at - 3 : at + 1], 0
        while gram and gram not in letters:
            gram, dearer = gram[1:], dearer + 40
        total += letters.get(gram, 900) + dearer
    return total


def _proposal(run: _Run, source: Source, cue: str, margin: int, cue_start: int) -> Proposal:
    known = any(is_name(word) for word in run.words)
    is_owner = run.words[-1].endswith(("'s", "’s"))
    return Proposal(
        run.start,
        run.end - 2 if is_owner else run.end,
        source,
        cue,
        margin,
        len(run.words),
        known,
        is_plain=False,
        cue_start=cue_start,
    )
