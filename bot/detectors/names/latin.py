"""Names in Latin script: passports, foreign patients, and Thai names as chats romanise them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from bot.detectors.names.lexicon import clinical_words, latin_lexicon
from bot.detectors.names.proposal import Proposal, Source

if TYPE_CHECKING:
    from bot.detectors.names.setting import Setting

_LETTER = r"A-Za-zÀ-ÖØ-öø-ɏ"
_WORD = rf"[{_LETTER}]+(?:['’`-][{_LETTER}]+)*"
WORD = re.compile(_WORD)
_TITLE = re.compile(
    rf"""
    (?<![{_LETTER}\d])
    (?: (?P<sure> mr | mrs | ms | miss | mister | master | mstr | mdm | madam | mme | herr | frau | sr | sra | khun | k(?=\.) | nai | nangsao | thao | d\.?[ch]\. ) (?:\.\s{{0,2}}|\s{{1,2}})
      | (?P<short> Ma | U | Ko | Daw | Sayadaw ) \.?\s{{1,2}} (?=[A-Z]) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SURE_CUE = re.compile(
    rf"""
    (?<![{_LETTER}])
    (?: (?:pts?|patients?|case|b/o|baby\s(?:of|boy|girl)|s/o|d/o) [.:]?\s{{0,2}} (?:name\s?[:=]?\s?|is\s|named\s|called\s)?
      | (?:(?:patient|pt|full|first|last|given)[ _.-]?)?name [ \t]{{0,2}} (?:is|[:=\-])? [ \t]{{0,2}}
      | ch[uh]?eu? (?:\s?len)? \s{{1,2}} | (?:surname|family|given)\s?[:=]\s?
    )
    | (?: ชื่อ(?:[\s-]{{0,2}}(?:นาม)?สกุล|เล่น|ว่า|คือ)? | นามสกุล | คนไข้ | ผู้ป่วย | ผป\.? | เคส | นาย | นางสาว | นาง | น\.ส\. | ด\.ช\. | ด\.ญ\. | คุณ | ญาติ | สามี | ภรรยา | มารดา | บิดา ) \s{{0,2}}[:=(]?\s{{0,2}}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_STAFF = re.compile(
    rf"(?<![{_LETTER}])(?:dr|prof|nurse|rn|staff|resident|intern|extern|ext|pharm|by|md)\.?\s{{1,2}}|(?:หมอ|นพ\.|พญ\.|อ\.|อาจารย์|พี่|ภก\.|ภญ\.|ทพ\.|หัวหน้า|คุณหมอ)\s{{0,2}}",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    "van der den de la von bin binti b bt al el da dos del di le ten ter st ibn abu s/o d/o".split()
)
_GAP = re.compile(r"[ \t]{1,2}|,[ ]?|_|\.[ ]?(?=[A-Z])|-")
_NOT_NAMES = frozenset(
    """glasgow coma foley parkinson alzheimer down kawasaki murphy allianz aia axa google zoom facebook line youtube bangkok chiang mai phuket thailand thai myanmar
    burma laos cambodia vietnam china japan korea germany asian european hosxp his pacs excel word powerpoint canva samsung iphone apple android toyota honda isuzu
    health hospital center centre medical clinic ward bed room unit team project program university school college foundation company limited ltd co pcl public
    code blue red yellow green pink black white stat good morning night happy new year merry christmas world day week month sunday monday tuesday wednesday
    acinetobacter baumannii klebsiella pneumoniae pseudomonas aeruginosa burkholderia pseudomallei staphylococcus aureus streptococcus escherichia coli candida albicans
    ringer lactate ringers hartmann child pugh apgar wells curb qsofa sofa apache gram stain widal weil felix coombs rh pap smear swan ganz bakri jackson pratt penrose hickman tenckhoff tesio perm
    cushing graves hashimoto addison crohn sjogren raynaud guillain barre steven stevens johnson lyell bell palsy wolff parkinson white brugada cath lab hepatitis bee wave click jupiter fino scoopy vios city jazz
    pfizer moderna sinovac astra zeneca astrazeneca sinopharm novavax lantus mixtard humalog novomix seretide ventolin berodual spiriva symbicort plavix lipitor crestor norvasc concor xarelto eliquis pradaxa
    line oa wifi internet intranet server domain windows microsoft office teams meet webex kerry flash shopee lazada grab foodpanda starbucks amazon cafe""".split()
)
_NATION = re.compile(
    r"พม่า|ลาว|เขมร|กัมพูชา|จีน|เวียดนาม|ญี่ปุ่น|เกาหลี|ไต้หวัน|ฮ่องกง|ฝรั่ง|เยอรมัน|อังกฤษ|อเมริกา|รัสเซีย|สวีเดน|อินเดีย|แขก|ต่างชาติ|ต่างด้าว|นักท่องเที่ยว|ทัวร์|passport|พาส|age\b|dob|\d{1,3}\s?(?:y|m|f|ปี|ขวบ)|(?<![a-z])[mf]\s?\d{2}",
    re.IGNORECASE,
)
_SURE = 1500
_LIKELY = 500
_LETTER_LIMIT = 245
_MOST_PARTS = 6


class _Run(NamedTuple):
    start: int
    end: int
    words: tuple[str, ...]


def propose(setting: Setting, taken: list[Proposal]) -> Iterator[Proposal]:
    text = setting.text
    if WORD.search(text) is None:
        return
    staff = {match.end() for match in _STAFF.finditer(text)}
    yield from _after(text, _TITLE, staff, Source.TITLE)
    yield from _after(text, _SURE_CUE, staff, Source.NAMED)
    yield from _bare(setting, taken, staff)


def _after(text: str, cues: re.Pattern[str], staff: set[int], source: Source) -> Iterator[Proposal]:
    for cue in cues.finditer(text):
        start = cue.end()
        title = _TITLE.match(text, start)
        if title is not None:
            continue
        run = _names_from(text, start, is_titled=source is Source.TITLE)
        if run is None:
            continue
        if "short" in cue.groupdict() and cue["short"] and not _is_name(run.words[0]):
            continue
        is_staff = cue.start() in staff or start in staff
        yield _proposal(
            run, Source.STAFF if is_staff else source, cue[0].strip(" .:("), _SURE, cue.start()
        )


def _bare(setting: Setting, taken: list[Proposal], staff: set[int]) -> Iterator[Proposal]:
    """Two or more capitalised words, none of English or of the ward, one of them a known name."""
    text = setting.text
    position = 0
    while True:
        word = WORD.search(text, position)
        if word is None:
            return
        position = word.end()
        if not word[0][0].isupper() or any(p.start <= word.start() < p.end for p in taken):
            continue
        run = _names_from(text, word.start())
        if run is None:
            continue
        position = max(position, run.end)
        if word.start() in staff:
            yield _proposal(run, Source.STAFF, "staff", _SURE, word.start())
        elif _is_sure_of(run, text):
            yield _proposal(run, Source.PAIR, "", _LIKELY, word.start())


def _is_sure_of(run: _Run, text: str) -> bool:
    known = latin_lexicon().names
    full = [word for word in run.words if len(word) > 1]
    if len(run.words) == len(full) + 1 and len(run.words[-1]) == 1 and _is_name(run.words[0]):
        return True
    hits = sum(_parts_known(word, known) for word in full)
    if len(full) < 2:
        return False
    return (
        hits * 2 >= len(full)
        or (hits >= 1 or all(map(_is_spelt_like_name, full)))
        and _near_nation(text, run)
    )


def _parts_known(word: str, known: frozenset[str]) -> bool:
    return any(part in known for part in re.split(r"['’`-]", word.lower()))


def _near_nation(text: str, run: _Run) -> bool:
    return _NATION.search(text, max(0, run.start - 30), run.end + 24) is not None


def _names_from(text: str, start: int, *, is_titled: bool = False) -> _Run | None:
    """The words from here on that may belong to one name."""
    words: list[str] = []
    end, position = start, start
    while len(words) < _MOST_PARTS:
        word = WORD.match(text, position)
        if word is None or not _may_belong(word[0], words, is_titled=is_titled):
            break
        words.append(word[0])
        end = word.end()
        if end < len(text) and text[end].isdigit():
            words.pop()
            end = position
            break
        gap = _GAP.match(text, end)
        if gap is None:
            break
        position = gap.end()
    while words and words[-1].lower() in _PARTICLES and len(words[-1]) < 4:
        end = text.rindex(words.pop(), start, end)
    if not words:
        return None
    if len(words) > 1 and len(words[-1]) == 1 and text[end : end + 1] == ".":
        end += 1
    length = end - start if len(words[-1]) == 1 else len(text[start:end].rstrip(" ,_.-"))
    run = _Run(start, start + length, tuple(words))
    return run if length > 1 else None


def _may_belong(word: str, before: list[str], *, is_titled: bool) -> bool:
    low = word.lower()
    if before and low in _PARTICLES:
        return True
    if low in _NOT_NAMES or low in clinical_words():
        return low in latin_lexicon().names and word.istitle() and bool(before)
    if not (word[0].isupper() or not before or not before[0][0].isupper()):
        return False
    if is_titled and word[0].isupper() and len(word) > 2:  # noqa: PLR2004 - two are an abbreviation
        return True
    if len(word) == 1:
        return word.isupper()
    if low in latin_lexicon().names:
        return True
    if low in latin_lexicon().english:
        return False
    if word[0].isupper() and before and before[-1].lower() in _PARTICLES:
        return len(word) > 2  # noqa: PLR2004 - two capitals are an abbreviation
    if (
        word.isupper()
        and len(word) < 4
        and not (before and before[0].isupper() and len(before[0]) > 3)
    ):
        return False
    return _is_spelt_like_name(word)


def _is_name(word: str) -> bool:
    return _parts_known(word, latin_lexicon().names)


@lru_cache(maxsize=4096)
def _is_spelt_like_name(word: str) -> bool:
    low = word.lower()
    if low in latin_lexicon().names:
        return True
    if not any(vowel in low for vowel in "aeiouyàáâäãåèéêëìíîïòóôöõøùúûü"):
        return False
    if low in latin_lexicon().english:
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
    known = any(_is_name(word) for word in run.words)
    return Proposal(
        run.start,
        run.end,
        source,
        cue,
        margin,
        len(run.words),
        known,
        is_plain=False,
        cue_start=cue_start,
    )
