"""Decides which of the proposed names are patients', and says why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bot.detectors.names import role, thai
from bot.detectors.names.lexicon import clinical_words, lexicon
from bot.detectors.names.proposal import Proposal, Source
from bot.detectors.records import OF_COLLEAGUES
from bot.domain.findings import Strength

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.detectors.names.setting import Setting


class Reason(NamedTuple):
    strength: Strength
    text: str


# 'วิทยากรชื่อ', 'ช่างชื่อ', 'ยาชื่อ': what is named so is no patient.
_NAMED_OTHERWISE = re.compile(
    r"(?:แม่บ้าน|ยาม|รปภ\.?|วิทยากร|เซลส์?|ช่าง\S{0,6}|หมอ\S{0,24}|แพทย์\S{0,14}|"
    r"พยาบาล\S{0,14}|อาจารย์|พี่(?!สาว|"
    r"ชาย)\S{0,8}|เจ้าหน้าที่\S{0,10}|จนท\S{0,8}|บริษัท|(?<!เจ้าของ)ร้าน|ตัวแทน|ผู้แทน|พนักงาน|"
    r"น้องใหม่|เด็กใหม่|vendor|supplier|ทูต\S{0,6}|กงสุล|โค้ช|ล่าม\S{0,8}|ผู้จัดการ|เลขา\S{0,6}|ยา|โปรแกรม|เพจ|กลุ่ม|โครงการ|staff|resident|extern|intern|เภสัช\S{0,6}|"
    r"อสม\S{0,4}|คนขับ\S{0,6}|ผอ\S{0,6}|นศพ\S{0,6}|หัวหน้า\S{0,8}|อบรม\S{0,8}|ผู้รับแจ้ง|ผู้บันทึก|"
    r"เวร\S{0,10})[ \t]?[A-Za-z ]{0,14}(?:คือ|คนใหม่)?$"
)
_ACCOUNT = re.compile(r"ชื่อบัญชี$")
_CHILD = re.compile(r"ด\.?\s?[ชญ]|เด็ก|คุณหนู|น้อง")
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
_BED_AFTER = re.compile(
    r"[\s,(:/-]{0,3}(?:เตียง|bed\s?\d|hn\b|ห้อง\s?\d|ห้องพิเศษ|ห้องแยก|อายุ\s?\d|"
    r"\d{1,3}\s?(?:ปี|ขวบ|yo|y/o|y\b|[mf]\b)|an\s?\d|[pn]?icu|(?<=\s)(?:คนไข้|ผู้ป่วย|ผป))",
    re.IGNORECASE,
)
_LATIN_WORD_AFTER = re.compile(r" ([a-z]{2,20})(?![a-z])")
_PHONE_AFTER = re.compile(r" 0[689][0-9](?:[- ]?[0-9]){7}(?![0-9])")
_AGE_AFTER = re.compile(r"\s?\d{1,2}\s?(?:ปี|ขวบ|เดือน)")
_WINDOW = 40
# In a short line all of it is about one thing.
_ONE_BREATH = 160
_SURE_SINGLE = 250
_LIST_MARGIN = -450
_LONG_NICKNAME = 4
_WEAK_CUES = frozenset(
    ("ของ", "กับ", "เหลือ", "คือ", "เยี่ยม", "ท่าน", "แฟน", "เจาะเลือด", "ทำแผล", "ดูแผล", "ฉีดยา")
)
# 'เมื่อคืนสิทธิโชคล้ม': a listed name glued to the time, and care right behind it.
# A nurse draws blood and dresses wounds: that says nothing of who is ill.
_GIVEN_OR_DONE = re.compile(
    r"\s?(?:มา|ไป|จะ|ต้อง|เป็น|ก็|\s){0,3}(?:เจาะ|ฉีด|ใส่|ถอด|ทำแผล|ล้าง|ผ่า|พ่น|วัด|ย้าย|ส่ง|refer|admit|d/?c|icu|er|ward|นัด|เลื่อน"
    r"|ดู|ตาม|โทร|ขึ้น|ลง|อยู่|ลา)"
)
# 'int ที่เข้าเคสคือ …': who is named so works here.
_STAFF_WHO_IS = re.compile(
    r"(?:หมอ|แพทย์|พยาบาล|เวร(?!ชัณ)|เภสัช|ล่าม|คนขับ|จนท|เจ้าหน้าที่|หัวหน้า|วิสัญญี|พี่(?!สาว|ชาย)"
    r"|(?<![A-Za-z])(?:scrub|staff|int|ext|intern|extern|resident|nurse|dr))"
    r"\S{0,14}(?: \S{1,14}){0,2}$",
    re.IGNORECASE,
)
_TIMES = ("เมื่อ", "วันนี้", "ตอนนี้", "เช้านี้", "เย็นนี้", "คืนนี้", "พรุ่งนี้")
_NAMED_BEFORE = re.compile("ชื่อ ?$")


_TO_THE_NAME = re.compile(r"(?:ชื่อ(?:ว่า|คือ|เล่น)?|คือ)[\s:(\"“]*$")
_STAFF_HEAD = re.compile(
    r"\s*(?:ทีม\S{0,16}|ล่าม\S{0,8}|(?:เจ้าหน้าที่|จนท|อาสา|กู้ภัย|พนักงาน|รปภ|แม่บ้าน|นักศึกษา|น้องใหม่)"
    r"\S{0,14}(?: \S{1,8}){0,3}|(?:ยินดี)?ต้อนรับ\S{0,30}|เวร(?!ชัณ)\S{0,20}|ผู้เข้าเวร|on\s?call\S{0,8}"
    r"|staff|scrub|วิสัญญี|"
    r"แพทย์\S{0,12}|พยาบาล\S{0,12})\s?[:：]",
    re.IGNORECASE,
)


_ROW_OF_STAFF = re.compile(
    r"\s*(?:ทีม|(?<!ส่ง)เวร|รปภ|แม่บ้าน|พขร|พนักงาน|กู้ชีพ|กู้ภัย|อาสา|ผู้ช่วย|อยู่เวร|ขึ้นเวร|คนอยู่เวร|scrub"
    r"|on call)",
    re.IGNORECASE,
)


def _before(proposal: Proposal, setting: Setting) -> str:
    first, _ = setting.line(proposal.cue_start)
    return setting.text[max(first, proposal.cue_start - _WINDOW) : proposal.cue_start]


def _is_named_otherwise(before: str) -> bool:
    """'วิทยากรชื่อ', 'ช่างชื่อ': only behind such a word does what stands further left count."""
    named = _TO_THE_NAME.search(before)
    return named is not None and _NAMED_OTHERWISE.search(before, 0, named.start()) is not None


# 'เจ้าหน้าที่เวรเปลวันนี้ สมชาย วิชัย': a few words on, it is still they who are named.
_STAFF_NEAR = re.compile(
    r"(?:เวรเปล|เจ้าหน้าที่|จนท\.?|(?<!ใช้)(?<!ผ่าน)ล่าม)\S{0,14}(?: \S{1,12}){0,4} $"
)


def _is_of_work(proposal: Proposal, setting: Setting) -> bool:
    """What stands before says that the one who is named works, sells, teaches or repairs."""
    before = _before(proposal, setting)
    if _STAFF_LINE.search(before) or _STAFF_NEAR.search(before) or _is_named_otherwise(before):
        return True
    first, _ = setting.line(proposal.cue_start)
    return _STAFF_HEAD.match(setting.text, first) is not None


def judge(proposal: Proposal, setting: Setting) -> Reason | None:
    """Why this name is a patient's, or nothing."""
    if _is_nobody(proposal, setting):
        return None
    by_rule = (
        _is_in_bed(proposal, setting)
        or _is_kin_of(proposal, setting)
        or _JUDGES[proposal.source](proposal, setting)
    )
    if not _is_believed(proposal, setting, by_rule=by_rule):
        return None
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


# How surely the letters around a name must speak against a rule, in hundredths of a nat: less is
# enough where colleagues are called in the same way, more where care or kin stands beside it.
_OVERRULED, _OVERRULED_BESIDE_CARE, _TAKEN = -300, -200, 300
_OVERRULED_BY_SOURCE = {Source.KIN: -160, Source.POLITE: -50, Source.WEIGHED: 0}
_OVERRULED_OF_THE_YOUNG, _TAKEN_BEHIND_A_WORD = -50, 200


def _is_believed(proposal: Proposal, setting: Setting, *, by_rule: bool) -> bool:
    """A rule decides, unless all that stands around the name speaks clearly against it."""
    if proposal.source is Source.FIELD:
        return by_rule
    weight = role.weigh(setting, proposal.start, proposal.end)
    if by_rule:
        return weight > _overruled_below(proposal, setting)
    is_sure_name = proposal.source is Source.PATIENT and proposal.is_listed
    if weight < (_TAKEN_BEHIND_A_WORD if is_sure_name else _TAKEN):
        return False
    is_name = proposal.margin > 0 or proposal.is_listed
    is_at_work = setting.role_follows(proposal.end) or _is_of_work(proposal, setting)
    return is_name and not is_at_work


def _begins_a_message(proposal: Proposal, setting: Setting) -> bool:
    """In a thread a name may be all of a message: what surrounds it is little."""
    return proposal.cue_start - 1 in setting.scene.seams


def _overruled_below(proposal: Proposal, setting: Setting) -> int:
    if proposal.source not in _OVERRULED_BY_SOURCE or _begins_a_message(proposal, setting):
        return _OVERRULED
    if proposal.source is Source.WEIGHED:
        return _OVERRULED if proposal.parts > 1 else 0
    if _is_relation(proposal, setting) or setting.care_follows(proposal.end):
        return _OVERRULED_BESIDE_CARE
    is_young = proposal.source is Source.KIN and proposal.cue in _COLLEAGUES
    return _OVERRULED_OF_THE_YOUNG if is_young else _OVERRULED_BY_SOURCE[proposal.source]


# A shift's report names its shift, too; a nurse is given a row of beds ('เตียง 1-4'), not one.
_IN_BED = re.compile(
    r"(?:เตียง(?:เสริม|แทรก)?|(?<![A-Za-z])bed)\s?(?:ที่\s?)?\d{1,3}\s{1,2}(?:คือ\s?|ชื่อ\s?)?$",
    re.IGNORECASE,
)


def _is_in_bed(proposal: Proposal, setting: Setting) -> bool:
    """'เวรบ่าย เตียง 7 …': whoever lies in one bed is a patient, whatever else is spoken of."""
    is_a_name = proposal.parts > 1 or (proposal.is_listed and not proposal.is_plain)
    if not (is_a_name or proposal.source is Source.WEIGHED) or setting.role_follows(proposal.end):
        return False
    return _IN_BED.search(_before(proposal, setting)) is not None


# 'บัญชีคนไข้ออมสิน 0201…': a bank, and an account there.
_ACCOUNT_AT_BANK = re.compile(r"(?:ออมสิน|กรุงไทย|กรุงศรี|กสิกร|ไทยพาณิชย์|ธนชาต|ทหารไทย) ?[0-9]{3}")


def _is_nobody(proposal: Proposal, setting: Setting) -> bool:
    start, end = proposal.start, proposal.end
    if proposal.source is Source.STAFF or setting.scene.is_mentioned(start, end):
        return True
    if setting.scene.is_taken(start, end) or setting.is_dummy(start, end):
        return True
    if proposal.source not in _SURE_SOURCES and _is_member(proposal, setting):
        return True
    if _ACCOUNT_AT_BANK.match(setting.text, start):
        return True
    return setting.text[start - 1 : start] == "@"


def _is_member(proposal: Proposal, setting: Setting) -> bool:
    name = setting.text[proposal.start : proposal.end]
    return any(name == member or name in member.split() for member in setting.scene.member_names)


def _field(_proposal: Proposal, setting: Setting) -> bool:
    if setting.has_patient:
        return True
    return setting.has_care and OF_COLLEAGUES.search(setting.lowered) is None


def _title(proposal: Proposal, setting: Setting) -> bool:
    if setting.role_follows(proposal.end) and not setting.care_follows(proposal.end):
        return False
    is_of_work = setting.is_roster and not setting.has_patient
    if is_of_work or _is_named_otherwise(_before(proposal, setting)):
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
    return _RELATION.search(_before(proposal, setting)) is not None


def _polite(proposal: Proposal, setting: Setting) -> bool:
    if setting.role_follows(proposal.end) or _is_of_work(proposal, setting):
        return False
    if setting.care_follows(proposal.end) or _is_relation(proposal, setting):
        return True
    if (
        proposal.parts > 1
        and setting.has_patient
        and _NAMED_BEFORE.search(_before(proposal, setting))
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


# 'น้องนิว ward ชาย 2 ลาป่วย': a ward follows the name, and yet it is a colleague's.
_ON_LEAVE = re.compile(r"(?: \S{1,12}){0,4} ?(?:ลา(?:ป่วย|คลอด|กิจ|พักร้อน|ออก)|ขึ้นเวร|ลงเวร|แลกเวร)")


# 'น้อง… ถามว่าคนไข้ …', 'พี่… ฝากดูเตียง 2': who speaks of a patient like this is another one.
_SPEAKS_OF_ONE = re.compile(
    r"\s?(?:ถาม|บอก|แจ้ง|รายงาน|โทรมา|ฝาก|ขอ|เห็น|ดู|เจอ)\S{0,8}?(?:ว่า)?\s?"
    r"(?:คนไข้|ผู้ป่วย|ผป\.?|เคส|เตียง\s?\d|(?<![A-Za-z])(?:pt|case)(?![A-Za-z]))",
    re.IGNORECASE,
)
_COLLEAGUES = frozenset(("น้อง", "พี่"))


def _is_colleague(proposal: Proposal, setting: Setting) -> bool:
    if _ON_LEAVE.match(setting.text, proposal.end):
        return True
    speaks = _SPEAKS_OF_ONE.match(setting.text, proposal.end)
    return speaks is not None and proposal.cue in _COLLEAGUES


def _kin(proposal: Proposal, setting: Setting) -> bool:
    if setting.is_roster or setting.role_follows(proposal.end) or _is_of_work(proposal, setting):
        return False
    if _is_colleague(proposal, setting) or _stands_in_a_row_of_staff(proposal, setting):
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
    if _NAMED_OTHERWISE.search(_before(proposal, setting)):
        return False
    if proposal.cue.endswith("บัญชี") and proposal.parts == 1:
        return False
    if setting.role_follows(proposal.end) and not proposal.cue.endswith("บัญชี"):
        return False
    return setting.has_patient or (setting.has_care and not setting.is_about_otherwise)


def _is_said_of_staff(proposal: Proposal, setting: Setting) -> bool:
    is_said = proposal.cue == "คือ"
    return is_said and _STAFF_WHO_IS.search(_before(proposal, setting)) is not None


def _patient(proposal: Proposal, setting: Setting) -> bool:
    if setting.role_follows(proposal.end) or _is_said_of_staff(proposal, setting):
        return False
    is_a_name = proposal.is_listed and not proposal.is_plain
    if proposal.cue.startswith(_TIMES):
        is_done_to = _GIVEN_OR_DONE.match(setting.lowered, proposal.end) is None
        return is_a_name and is_done_to and setting.care_follows(proposal.end)
    if proposal.cue in _WEAK_CUES:
        return is_a_name and (setting.has_patient or setting.care_follows(proposal.end))
    if proposal.is_listed or proposal.parts > 1 or proposal.margin > _SURE_SINGLE:
        return True
    if _BED_AFTER.match(setting.text, proposal.end):
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
            _BED_AFTER.match(text, end) is not None
            or setting.care_follows(end)
            or (proposal.is_listed and _is_before_a_diagnosis(setting, end))
        )
    return proposal.is_listed or (
        proposal.margin > _SURE_SINGLE and setting.care_follows(proposal.end)
    )


def _pair(proposal: Proposal, setting: Setting) -> bool:
    if setting.is_roster or setting.role_follows(proposal.end) or _is_of_work(proposal, setting):
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
    """A given name with nothing before it: only its neighbours can say that it is a "
    "patient's."""
    if not proposal.is_listed:
        return not setting.is_roster and _is_nickname_of_patient(proposal, setting)
    if setting.is_roster or setting.role_follows(proposal.end) or _is_of_work(proposal, setting):
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
    follows = _AGE_AFTER
    if name in lexicon().nicknames and len(name) >= _LONG_NICKNAME:
        follows = _BED_AFTER
    return follows.match(setting.text, proposal.end) is not None


def _is_beside_bed(proposal: Proposal, setting: Setting) -> bool:
    text, before = setting.text, _before(proposal, setting)
    if _BED_AFTER.match(text, proposal.end):
        return True
    if not before.strip() and _BARE_BED.match(text, proposal.end):
        return True
    is_plainly_named = not proposal.is_plain or text[proposal.start - 1] == "("
    return is_plainly_named and _BED_BEFORE.search(before) is not None


def _is_beside_care(proposal: Proposal, setting: Setting) -> bool:
    before = _before(proposal, setting)
    if _LATIN_BEFORE.search(before) and _LATIN_AFTER.match(setting.text, proposal.end):
        return True
    return setting.care_follows(proposal.end) or _OWNER.search(before) is not None


def _is_among_patients(proposal: Proposal, setting: Setting) -> bool:
    """One of several given names in a row, where patients are spoken of."""
    where = proposal.start, proposal.end
    return setting.has_patient_near(*where) and thai.is_among_names(setting.text, *where)


def _stands_in_a_row_of_staff(proposal: Proposal, setting: Setting) -> bool:
    """'ทีมทำแผลวันนี้ กมล/วิไล': who works, unless a bed or care follows the name itself."""
    first, _ = setting.line(proposal.cue_start)
    if _ROW_OF_STAFF.match(setting.text, first) is None:
        return False
    is_ill = _BED_AFTER.match(setting.text, proposal.end) or setting.care_follows(proposal.end)
    return not is_ill


def _weighed(proposal: Proposal, setting: Setting) -> bool:
    """The signs have been weighed already; what excuses other names excuses these."""
    where = proposal.cue_start, proposal.end
    if setting.is_roster or setting.role_follows(proposal.end) or _is_of_work(proposal, setting):
        return False
    if _stands_in_a_row_of_staff(proposal, setting):
        return False
    if proposal.cue.startswith("ชื่อ") and _NAMED_OTHERWISE.search(_before(proposal, setting)):
        return False
    return setting.has_patient_near(*where) or not setting.is_about_otherwise


# 'สมหมาย 14 sat ตก': the bed, with no word for it.
_BARE_BED = re.compile(r" \d{1,2}(?= [A-Za-zก-ฮ])")
_LATIN_BEFORE = re.compile(r"[A-Za-z0-9][,:/+]? $")
_LATIN_AFTER = re.compile(r" [A-Za-z0-9]")
_STAFF_LINE = re.compile(
    r"(?:ผู้แทน\S{0,6}|เซลส์?\S{0,6}|ผู้(?:รับแจ้ง|รายงาน|รับเวร|ส่งเวร|บันทึก|ตรวจ|สั่ง|รับผิดชอบ|ประสาน|เยี่ยม|นิเทศ|ประเมิน|จ่ายยา|เจาะ|ให้ยา|ช่วย)\S{0,10}|"
    r"พยาบาล\S{0,12}|(?<!รับรอง)แพทย์\S{0,12}|เจ้าหน้าที่\S{0,8}|จนท\S{0,8}|เวร\S{0,8}|หัวหน้า\S{0,8}|"
    r"ทีม\S{0,8}|ติดต่อ(?:กลับ)?|สอบถาม|ประสาน|(?<!ห้องยา)(?<!แล็บ)(?<!แลป)แจ้ง(?:ที่)?|staff|ขอบคุณ|(?<!ญาติ)ลงชื่อ|ถาม|(?:สั่ง|ซื้อ|เบิก)(?:กับ|"
    r"จาก|ที่)|ฝาก|(?<!โทร)(?<!ฝาก)ตาม|เรียน|ถึง|from|by|cc)\s{0,2}[:：]?\s{0,2}(?:คุณ)?$",
    re.IGNORECASE,
)


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
    Source.WEIGHED: _weighed,
}
_SURE_SOURCES = frozenset((Source.FIELD, Source.TITLE, Source.MONK, Source.NAMED, Source.PATIENT))
_NO_CUE = frozenset((Source.PAIR, Source.ALONE, Source.WEIGHED))
_SPOKEN = {
    Source.TITLE: "title",
    Source.MONK: "title",
    Source.POLITE: "polite",
    Source.KIN: "kinship word",
    Source.NAMED: "label",
    Source.PATIENT: "word for a patient or relative",
    Source.FIELD: "",
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
