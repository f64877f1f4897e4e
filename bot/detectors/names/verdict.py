"""The rules: which of the proposed names they take for patients', and why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bot.detectors.names import thai, work
from bot.detectors.names.lexicon import clinical_words, lexicon
from bot.detectors.names.patterns import RUN
from bot.detectors.names.proposal import Proposal, Source
from bot.detectors.records import OF_COLLEAGUES
from bot.domain.findings import Strength

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.detectors.names.setting import Setting


class Reason(NamedTuple):
    strength: Strength
    text: str


_OWNER = re.compile(
    r"(?:\d\s?ราย|ของ|ให้|ให้กับ|แก่|คือ|ตาม|โทรหา|(?<!ราย)ชื่อ|เคส|นัด|ส่ง|รับ|เตียง\s?\d{1,2}|ห้อง\s?\d{1,3}|"
    r"รอบ(?:เช้า|บ่าย|เย็น)|\d{1,2}[:.]\d{2}(?:\s?น\.)?|"
    r"คนไข้(?:ชาย|หญิง|ใหม่)?|ผู้ป่วย(?:ชาย|หญิง|ใหม่)?|ผป\.?|คนเจ็บ|เจ้าของไข้|กับ|ฟิล์ม|แฟ้ม|ชาร์ต|ผล|"
    r"สิทธิ|ยา|(?<![A-Za-z])[A-Za-z][A-Za-z-]{1,14}|ฟันคุด|ผ่าตัด|"
    r"ผ่า\S{0,8})\s{0,2}[(\"“:]?\s{0,2}$"
)
_BED_BEFORE = re.compile(
    r"(?:เตียง(?:เสริม|แทรก)?|bed|ห้อง(?:พิเศษ|แยก)?)\s?(?:ที่\s?)?[A-Za-z]?\d{1,3}\s{0,2}[(:,\-]?\s{0,2}$",
    re.IGNORECASE,
)
_LATIN_WORD_AFTER = re.compile(r" ([a-z]{2,20})(?![a-z])")
_PHONE_AFTER = re.compile(r" 0[689][0-9](?:[- ]?[0-9]){7}(?![0-9])")
_AGE_AFTER = re.compile(r"\s?\d{1,2}\s?(?:ปี|ขวบ|เดือน)")
# In a short line all of it is about one thing.
_ONE_BREATH = 160
_SURE_SINGLE = 250
_LIST_MARGIN = -450
_LONG_NICKNAME = 4
_WEAK_CUES = frozenset(
    ("ของ", "กับ", "เหลือ", "คือ", "เยี่ยม", "ท่าน", "แฟน", "เจาะเลือด", "ทำแผล", "ดูแผล", "ฉีดยา")
)
# A nurse draws blood and dresses wounds: that says nothing of who is ill.
_GIVEN_OR_DONE = re.compile(
    r"\s?(?:มา|ไป|จะ|ต้อง|เป็น|ก็|\s){0,3}(?:เจาะ|ฉีด|ใส่|ถอด|ทำแผล|ล้าง|ผ่า|พ่น|วัด|ย้าย|ส่ง|refer|admit|d/?c|icu|er|ward|นัด|เลื่อน"
    r"|ดู|ตาม|โทร|ขึ้น|ลง|อยู่|ลา)"
)
# 'เมื่อคืนสิทธิโชคล้ม': a listed name glued to the time, and care right behind it.
_TIMES = ("เมื่อ", "วันนี้", "ตอนนี้", "เช้านี้", "เย็นนี้", "คืนนี้", "พรุ่งนี้")
_NAMED_BEFORE = re.compile("ชื่อ ?$")


def takes(proposal: Proposal, setting: Setting) -> bool:
    """Whether the rules take this name for a patient's."""
    if proposal.source is Source.STAFF or is_nobody(proposal, setting):
        return False
    return (
        _is_in_bed(proposal, setting)
        or _is_kin_of(proposal, setting)
        or _JUDGES[proposal.source](proposal, setting)
    )


def reason_for(proposal: Proposal, setting: Setting) -> Reason:
    sure = proposal.parts > 1 or proposal.source in _SURE_SOURCES
    return Reason(Strength.CERTAIN if sure else Strength.LIKELY, _in_words(proposal, setting))


# 'ผู้แจ้ง: พิเชฐ … (บุตร)': behind the name it says whose relative this is.
_KIN_BEHIND = re.compile(
    r" ?[(/] ?(?:เป็น)?(?:บุตร(?:สาว|ชาย)?|ลูก(?:สาว|ชาย|เขย|สะใภ้)?|ภรรยา|ภริยา|สามี|เมีย|ผัว"
    r"|หลาน(?:สาว|ชาย)?|ญาติ|มารดา|บิดา|แม่|พ่อ|พี่สาว|พี่ชาย|น้องสาว|น้องชาย|ผู้ดูแล|ทายาท) ?(?:[)/]|$|\s)"
)


def _is_kin_of(proposal: Proposal, setting: Setting) -> bool:
    is_a_name = proposal.parts > 1 or (proposal.is_listed and not proposal.is_plain)
    return is_a_name and _KIN_BEHIND.match(setting.text, proposal.end) is not None


# A shift's report names its shift, too; a nurse is given a row of beds ('เตียง 1-4'), not one.
_IN_BED = re.compile(
    r"(?:เตียง(?:เสริม|แทรก)?|(?<![A-Za-z])bed)\s?(?:ที่\s?)?\d{1,3}\s{1,2}(?:คือ\s?|ชื่อ\s?)?$",
    re.IGNORECASE,
)


def _is_in_bed(proposal: Proposal, setting: Setting) -> bool:
    """'เวรบ่าย เตียง 7 …': whoever lies in one bed is a patient."""
    is_a_name = proposal.parts > 1 or (proposal.is_listed and not proposal.is_plain)
    if not is_a_name or setting.role_follows(proposal.end):
        return False
    return _IN_BED.search(setting.before(proposal.cue_start)) is not None


# 'บัญชีคนไข้ออมสิน 0201…': a bank, and an account there.
_ACCOUNT_AT_BANK = re.compile(r"(?:ออมสิน|กรุงไทย|กรุงศรี|กสิกร|ไทยพาณิชย์|ธนชาต|ทหารไทย) ?[0-9]{3}")


_LONGEST_QUOTE_MARK = 4
_BEGINS_A_QUOTE = re.compile(r"(?:^|\n)>[ ]{0,2}\Z")
_LONGEST_VILLAGE = 16
_IN_A_VILLAGE = re.compile(r"(?:(?:หมู่|หมู่ที่|ม\.) ?[0-9]{1,2} ?บ้าน|หมู่บ้าน[ก-๎]{0,12})\Z")
_BEGINS_A_VILLAGE = re.compile(r"(?<![ก-๎])บ้าน[ก-๎]{0,6}\Z")
_HOUSE_FOLLOWS = re.compile(r" ?(?:เลขที่|หมู่|ม\.|ต\.|ตำบล) ?[0-9ก-ฮ]")


_CITED = re.compile(r",? et al(?![a-z])|,? ?\(?(?P<year>(?:19|20)[0-9]{2})(?![0-9])")


def is_nobody(proposal: Proposal, setting: Setting) -> bool:
    """Whatever speaks for it: a member, a number, made up, or no name at all."""
    start, end = proposal.start, proposal.end
    if setting.scene.is_mentioned(start, end) or setting.text[start - 1 : start] == "@":
        return True
    if setting.scene.is_taken(start, end) or setting.is_dummy(start, end):
        return True
    if proposal.source not in _SURE_SOURCES and _is_member(proposal, setting):
        return True
    return _is_something_else(proposal, setting)


def _is_something_else(proposal: Proposal, setting: Setting) -> bool:
    """A bank, all that is said, an author, a writer, a village."""
    return (
        _ACCOUNT_AT_BANK.match(setting.text, proposal.start) is not None
        or _is_all_that_is_said(proposal, setting)
        or _is_cited(proposal.end, setting)
        or _is_whom_one_answers(proposal, setting.text)
        or _is_of_a_village(proposal, setting)
    )


def _is_cited(end: int, setting: Setting) -> bool:
    """'paper ของ Andersson 2019', 'Meyer et al': who wrote what doctors read."""
    if not setting.has_capitals:
        return False
    cited = _CITED.match(setting.lowered, end)
    return cited is not None and (not cited["year"] or setting.is_of_papers)


def _is_whom_one_answers(proposal: Proposal, text: str) -> bool:
    """'> ก๊ะนะห์: ใครถอด foley': a quoted message begins with who wrote it."""
    if not text.startswith(":", proposal.end):
        return False
    start = proposal.cue_start
    return _BEGINS_A_QUOTE.search(text, max(0, start - _LONGEST_QUOTE_MARK), start) is not None


def _is_of_a_village(proposal: Proposal, setting: Setting) -> bool:
    """'หมู่ 11 บ้านตาเปาว์', 'หมู่บ้านพฤกษ์ชลธี', 'บ้านพุเตย เลขที่ 7': where one lives."""
    text, start = setting.text, proposal.cue_start
    letters = RUN.match(text, start)
    if letters is None:
        return False
    before = text[max(0, start - _LONGEST_VILLAGE) : start]
    if _IN_A_VILLAGE.search(before):
        return True
    is_house = _HOUSE_FOLLOWS.match(text, letters.end()) is not None
    return is_house and _BEGINS_A_VILLAGE.search(before) is not None


def _is_all_that_is_said(proposal: Proposal, setting: Setting) -> bool:
    """A name by itself says of nobody that he is ill."""
    first, last = setting.said
    is_all = proposal.cue_start <= first and proposal.end >= last
    return is_all and not setting.speaks_of_care


def _is_member(proposal: Proposal, setting: Setting) -> bool:
    return setting.text[proposal.start : proposal.end] in setting.member_words


def _field(_proposal: Proposal, setting: Setting) -> bool:
    if setting.has_patient:
        return True
    return setting.has_care and OF_COLLEAGUES.search(setting.lowered) is None


def _title(proposal: Proposal, setting: Setting) -> bool:
    if setting.role_follows(proposal.end) and not setting.care_follows(proposal.end):
        return False
    is_of_work = setting.is_roster and not setting.has_patient
    if is_of_work or work.is_named_otherwise(setting.before(proposal.cue_start)):
        return False
    if setting.has_patient_near(proposal.cue_start, proposal.end):
        return True
    if setting.has_otherwise_near(proposal.cue_start, proposal.end):
        return False
    if setting.has_care_near(proposal.cue_start, proposal.end):
        return True
    return setting.has_patient or not setting.is_about_otherwise


_RELATION = re.compile(
    r"(?:ญาติ|ผู้ดูแล(?:หลัก)?|ผู้ติดต่อ|ผู้ปกครอง|ลูก(?:สาว|ชาย|สะใภ้|เขย)?|หลาน(?:สาว|ชาย)?|สามี|"
    r"ภรรยา|ภริยา|เมีย|ผัว|แฟน|บิดา|มารดา|บุตร(?:สาว|ชาย)?|พ่อ|แม่|ทายาท|เจ้าของไข้|คนไข้|ผู้ป่วย|"
    r"ผป\.?|เคส)\S{0,8}\s{0,2}[:(]?\s{0,2}(?:ชื่อ|คือ)?\s{0,2}$"
)


def _is_relation(proposal: Proposal, setting: Setting) -> bool:
    """'ผู้ดูแลหลัก: ลูกสาว (คุณ…': a relative as such."""
    return _RELATION.search(setting.before(proposal.cue_start)) is not None


def _polite(proposal: Proposal, setting: Setting) -> bool:
    if setting.role_follows(proposal.end) or work.is_of_work(setting, proposal.cue_start):
        return False
    if setting.care_follows(proposal.end) or _is_relation(proposal, setting):
        return True
    if (
        proposal.parts > 1
        and setting.has_patient
        and _NAMED_BEFORE.search(setting.before(proposal.cue_start))
    ):
        return True
    if not setting.has_patient and (setting.is_about_otherwise or setting.is_roster):
        return False
    if setting.has_otherwise_near(
        proposal.cue_start, proposal.end
    ) and not setting.has_patient_near(proposal.cue_start, proposal.end):
        return False
    return _is_spoken_of_in_care(proposal, setting)


def _is_spoken_of_in_care(proposal: Proposal, setting: Setting) -> bool:
    where = proposal.cue_start, proposal.end
    return (
        setting.has_patient_near(*where)
        or setting.has_care_near(*where)
        or _is_in_list_of_patients(proposal, setting)
    )


def _is_in_list_of_patients(proposal: Proposal, setting: Setting) -> bool:
    """A line of a list need not repeat what its heading says of all."""
    first, _ = setting.line(proposal.cue_start)
    mark = _LIST_LINE.match(setting.text, first)
    return mark is not None and mark.end() == proposal.cue_start and setting.has_patient


def _is_line_of_list(proposal: Proposal, setting: Setting) -> bool:
    first, _ = setting.line(proposal.start)
    mark = _LIST_LINE.match(setting.text, first)
    return mark is not None and mark.end() == proposal.start


_LIST_LINE = re.compile(r"[ \t]*(?:[-•*·–>]+|\(?\d{1,3}(?:[.:]\d{2})?[.):]?)[ \t]*")


def _is_at_work(proposal: Proposal, setting: Setting) -> bool:
    is_named_so = setting.role_follows(proposal.end)
    return setting.is_roster or is_named_so or work.is_of_work(setting, proposal.cue_start)


def _kin(proposal: Proposal, setting: Setting) -> bool:
    if _is_at_work(proposal, setting):
        return False
    if work.is_colleague(proposal, setting) or work.stands_in_a_row_of_staff(
        setting, proposal.cue_start, proposal.end
    ):
        return False
    if setting.care_follows(proposal.end):
        return True
    if setting.has_otherwise_near(proposal.cue_start, proposal.end):
        return False
    if setting.is_line_about_otherwise(proposal.cue_start) and not setting.has_patient_near(
        proposal.cue_start, proposal.end
    ):
        return False
    return _is_spoken_of_in_care(proposal, setting)


def _named(proposal: Proposal, setting: Setting) -> bool:
    if work.NAMED_OTHERWISE.search(setting.before(proposal.cue_start)):
        return False
    if proposal.cue.endswith("บัญชี") and proposal.parts == 1:
        return False
    if setting.role_follows(proposal.end) and not proposal.cue.endswith("บัญชี"):
        return False
    return setting.has_patient or (setting.has_care and not setting.is_about_otherwise)


def _patient(proposal: Proposal, setting: Setting) -> bool:
    if setting.role_follows(proposal.end) or work.is_said_of_staff(proposal, setting):
        return False
    is_a_name = proposal.is_listed and not proposal.is_plain
    if proposal.cue.startswith(_TIMES):
        is_done_to = _GIVEN_OR_DONE.match(setting.lowered, proposal.end) is None
        return is_a_name and is_done_to and setting.care_follows(proposal.end)
    if proposal.cue in _WEAK_CUES:
        return is_a_name and (setting.has_patient or setting.care_follows(proposal.end))
    if proposal.is_listed or proposal.parts > 1 or proposal.margin > _SURE_SINGLE:
        return True
    if setting.bed_follows(proposal.end):
        return True
    return proposal.margin > 0 and setting.care_follows(proposal.end)


def _is_before_a_diagnosis(setting: Setting, end: int) -> bool:
    """'R1 ประสิทธิ์ UGIB': in a list of beds a word of the ward follows the name."""
    word = _LATIN_WORD_AFTER.match(setting.lowered, end)
    return word is not None and word[1] in clinical_words()


def _listed(proposal: Proposal, setting: Setting) -> bool:
    if (
        setting.is_roster
        or setting.role_follows(proposal.end)
        or (not setting.has_patient and not setting.has_care)
    ):
        return False
    if setting.is_about_otherwise and not setting.has_patient:
        return False
    if proposal.parts > 1:
        return proposal.margin > _LIST_MARGIN
    if proposal.is_plain:
        text, end = setting.text, proposal.end
        if _PHONE_AFTER.match(text, end) and setting.has_patient:
            return True
        return (
            setting.bed_follows(end)
            or setting.care_follows(end)
            or (proposal.is_listed and _is_before_a_diagnosis(setting, end))
        )
    return proposal.is_listed or (
        proposal.margin > _SURE_SINGLE and setting.care_follows(proposal.end)
    )


def _pair(proposal: Proposal, setting: Setting) -> bool:
    if _is_at_work(proposal, setting):
        return False
    if setting.has_otherwise_near(proposal.start, proposal.end) and not setting.has_patient_near(
        proposal.start, proposal.end
    ):
        return False
    if not proposal.is_listed and proposal.margin < _LIST_MARGIN:
        return False
    if setting.has_patient or _is_line_of_list(proposal, setting):
        return True
    if setting.has_care_near(proposal.start, proposal.end):
        return True
    first, last = setting.line(proposal.start)
    return setting.has_care and last - first < _ONE_BREATH


def _alone(proposal: Proposal, setting: Setting) -> bool:
    """A given name with nothing before it: only its neighbours can say whose it is."""
    if not proposal.is_listed:
        return not setting.is_roster and _is_nickname_of_patient(proposal, setting)
    if _is_at_work(proposal, setting):
        return False
    if _is_beside_bed(proposal, setting):
        return True
    if proposal.is_plain or (setting.is_about_otherwise and not setting.has_patient):
        return False
    if setting.has_patient and _is_before_a_diagnosis(setting, proposal.end):
        return True
    return _is_beside_care(proposal, setting) or _is_among_patients(proposal, setting)


def _is_nickname_of_patient(proposal: Proposal, setting: Setting) -> bool:
    name = setting.text[proposal.start : proposal.end]
    if name in lexicon().nicknames and len(name) >= _LONG_NICKNAME:
        return setting.bed_follows(proposal.end)
    return _AGE_AFTER.match(setting.text, proposal.end) is not None


def _is_beside_bed(proposal: Proposal, setting: Setting) -> bool:
    text, before = setting.text, setting.before(proposal.cue_start)
    if setting.bed_follows(proposal.end):
        return True
    if not before.strip() and _BARE_BED.match(text, proposal.end):
        return True
    is_plainly_named = not proposal.is_plain or text[proposal.start - 1 : proposal.start] == "("
    return is_plainly_named and _BED_BEFORE.search(before) is not None


def _is_beside_care(proposal: Proposal, setting: Setting) -> bool:
    before = setting.before(proposal.cue_start)
    if _LATIN_BEFORE.search(before) and _LATIN_AFTER.match(setting.text, proposal.end):
        return True
    return setting.care_follows(proposal.end) or _OWNER.search(before) is not None


def _is_among_patients(proposal: Proposal, setting: Setting) -> bool:
    """One of several given names in a row, where patients are spoken of."""
    where = proposal.start, proposal.end
    return setting.has_patient_near(*where) and thai.is_among_names(setting.text, *where)


# 'สมหมาย 14 sat ตก': the bed, with no word for it.
_BARE_BED = re.compile(r" \d{1,2}(?= [A-Za-zก-ฮ])")
_LATIN_BEFORE = re.compile(r"[A-Za-z0-9][,:/+]? $")
_LATIN_AFTER = re.compile(r" [A-Za-z0-9]")
_JUDGES: dict[Source, Callable[[Proposal, Setting], bool]] = {
    Source.FIELD: _field,
    Source.TITLE: _title,
    Source.MONK: _title,
    Source.POLITE: _polite,
    Source.KIN: _kin,
    Source.NAMED: _named,
    Source.PATIENT: _patient,
    Source.LISTED: _listed,
    Source.PAIR: _pair,
    Source.ALONE: _alone,
}
_SURE_SOURCES = frozenset((Source.FIELD, Source.TITLE, Source.MONK, Source.NAMED, Source.PATIENT))
_NO_CUE = frozenset((Source.PAIR, Source.ALONE, Source.WEIGHED, Source.STAFF))
_SPOKEN = {
    Source.TITLE: "title",
    Source.MONK: "title",
    Source.POLITE: "polite",
    Source.KIN: "kinship word",
    Source.NAMED: "label",
    Source.PATIENT: "word for a patient or relative",
    Source.FIELD: "",
    Source.STAFF: "words about a patient",
    Source.LISTED: "place in a list",
    Source.PAIR: "given name",
    Source.ALONE: "given name",
    Source.WEIGHED: "several signs of a name",
}


def _in_words(proposal: Proposal, setting: Setting) -> str:
    said = f"{_SPOKEN[proposal.source]} {proposal.cue}".strip()
    name = "given and family name" if proposal.parts > 1 else "name"
    what = said if proposal.source in _NO_CUE else f"{said} + {name}"
    return f"{what}, with {setting.evidence_named}"
