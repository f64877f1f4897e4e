"""Thai citizen numbers: 13 digits, the last a mod-11 check digit (Department of Provincial
Administration). Foreigners' and stateless persons' numbers have the same form."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.detectors import excuses
from bot.detectors.digits import Part, groups_of, parts
from bot.detectors.words import Cue, Words
from bot.domain.findings import Finding, Label, Strength

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.detectors.scene import Scene

_DIGITS = 13
# The first digit says the kind of person; 9 is not issued to people.
_KINDS_OF_PEOPLE = frozenset("012345678")
_CARD_GROUPS = (1, 4, 5, 2, 1)
# So begin the tax numbers of hospitals and offices.
_OF_THE_STATE = "099"

_FEWEST_TRUE_DIGITS = 8
_FEWEST_WHEN_NAMED = 4
_NAMES = Words(
    r"""เลข(?:ที่)?(?:ประจำตัว|บัตร)\s?(?:ประชาชน|ปชช|ปปช|13\s?หลัก|ต่างด้าว|ชมพู|แรงงาน|บุคคล)|บัตร\s?ประชาชน
      |เลข\s?(?:ที่)?\s?(?:บัตร(?!กำนัล|จอด|คิว|สมาชิก|พนักงาน|เติม|แลก|ของขวัญ)|13\s?หลัก|ประจำตัว(?!ผู้ป่วย|คนไข้|ผป|ผู้เสีย)|ปชช|ประชาชน)|13\s?หลัก
      |หมายเลข(?:ประจำตัว|บัตร)(?!ผู้ป่วย|คนไข้|ผป|ผู้เสีย)|บัตร\s?(?:ปชช|ปปช|ชมพู|ต่างด้าว|คนไข้|ทอง|แรงงาน)
        |บัตร(?=\s?\d)
      |ปชช\.?|ปปช\.?|ซีไอดี""",
    r"cid|nid|pid|national\s?id|citizen\s?id|thai\s?id|id\s?card|idcard|id\s?no|id\s?number"
    r"|bat\s?prachachon",
)
_NAME_REACH = 60
_NEAR = 80
_OTHER_DIGITS = re.compile(r"[0-9]{4}")
_NOT_VALID = re.compile(r"เลขสุ่ม|สุ่มมา|ไม่ใช่เลขบัตร|ไม่ใช่บัตร|เลขมั่ว", re.IGNORECASE)


# 'เลขบัตรป้าหน้าห้อง 2 34 701 …': the number of a place just before it is no part of it.
_A_PLACE_BEFORE = re.compile(
    r"(?:ห้อง(?:ตรวจ|แยก|พิเศษ)?|เตียง|ช่อง|คิว|โต๊ะ|ตึก|ชั้น|คนที่|รายที่|เครื่อง|ล็อ[กค]|โซน|ยูนิต|แถว|ลำดับ|bed|room|ward|no\.?)"
    r" ?[0-9]{1,3}(?: {1,2}|\n)\Z",
    re.IGNORECASE,
)
_PLACE_REACH = 16
_POLICY = re.compile(r"กรมธรรม์|policy|พ\.ร\.บ\.", re.IGNORECASE)
_OF_A_POLICY = re.compile(rf"(?:{_POLICY.pattern})[^0-9\n]{{0,24}}\Z", re.IGNORECASE)
_POLICY_REACH = 36
# 'พร้อมเพย์ 0967713452 500 บาท': a phone and a sum, thirteen digits together.
_PHONE_AND_MORE = re.compile(r"0[689][0-9]{8}(?![0-9])")


def is_citizen_number(value: str) -> bool:
    digits = [int(character) for character in value if character.isdigit()]
    if len(digits) != _DIGITS or len(set(digits)) == 1:
        return False
    weighted = sum(
        digit * weight for digit, weight in zip(digits, range(_DIGITS, 1, -1), strict=False)
    )
    return (11 - weighted % 11) % 10 == digits[-1]


@dataclass(frozen=True, slots=True)
class NationalIdDetector:
    """Thirteen digits prove themselves, or are named as what they are."""

    label: Label = Label.NATIONAL_ID
    digits_least: int = 4
    must_find: tuple[tuple[str, str], ...] = (
        ("เลขบัตร 1-2810-46451-27-4", "1-2810-46451-27-4"),
        ("1281046451274", "1281046451274"),
        ("บัตร ๑๒๘๑๐๔๖๔๕๑๒๗๔ ค่ะ", "๑๒๘๑๐๔๖๔๕๑๒๗๔"),
        ("(1)(2810)(46451)(27)(4)", "1)(2810)(46451)(27)(4"),
        ("บัตร ปชช\n1281\n046451\n274", "1281\n046451\n274"),
        ("CID 1281046451275 คีย์ไม่ผ่าน", "1281046451275"),
    )
    must_leave: tuple[str, ...] = (
        "1281046451275",
        "1-1037-xxxxx-xx-x",
        "0000000000000",
        "12810464512744",
        "ISBN 1281046451274",
        "เลขผู้เสียภาษี 0995548001231 บจก.",
        "tracking 1281046451274",
        "ของคนไข้ส่งแล้ว เลขแทร็ค 1281046451274",
        "ค่ารถ 0967713452 500 บาท",
    )

    def find(self, scene: Scene) -> Iterator[Finding]:
        runs = [run for run in scene.cues.long_runs if run.end() - run.start() >= _DIGITS]
        names = _NAMES.find(scene.cues.lower, scene.cues.heard) if runs else ()
        for run in runs:
            yield from self._in_run(scene, run, names)

    def _in_run(
        self, scene: Scene, run: re.Match[str], names: tuple[Cue, ...]
    ) -> Iterator[Finding]:
        taken = 0
        for part in parts(groups_of(run), _DIGITS):
            reason = "" if part.start < taken else _why(scene, part, names)
            if reason:
                taken = part.end
                yield Finding(part.start, part.end, self.label, Strength.CERTAIN, reason)


def _why(scene: Scene, part: Part, names: tuple[Cue, ...]) -> str:
    is_valid = is_citizen_number(part.digits)
    is_named = _is_named(scene.text, part, names)
    if not (is_valid or is_named) or not (
        _stands_apart(part) or (is_named and _leads(scene, part))
    ):
        return ""
    if _is_made_up(scene, part, is_named=is_named):
        return ""
    if not is_named and (_is_code(scene.text, part) or _is_excused(scene.text, part)):
        return ""
    if not is_named and _is_another(scene.text, part):
        return ""
    if is_valid:
        is_plain = part.digits[0] in _KINDS_OF_PEOPLE and _is_neat(part, scene)
        return "13 digits with a valid check digit" if is_plain or is_named else ""
    is_slip = not _NOT_VALID.search(scene.text, max(0, part.start - _NEAR), part.end + _NEAR)
    return "citizen-number label + 13 digits (a slip of the pen)" if is_slip else ""


def _is_another(text: str, part: Part) -> bool:
    """A phone and a sum; or a policy's number, in its own groups right behind the word for it."""
    if _PHONE_AND_MORE.match(text, part.start):
        return True
    is_plain = len(part.lengths) == 1 or part.lengths == _CARD_GROUPS
    before = text[max(0, part.start - _POLICY_REACH) : part.start]
    return not is_plain and _OF_A_POLICY.search(before) is not None


def _stands_apart(part: Part) -> bool:
    """A whole run, or a part of one that its separators set off from the rest."""
    if not part.around:
        return True
    if part.lengths == _CARD_GROUPS and part.inside == {" "} and part.around == {" "}:
        return True  # 'บัตรหัว 0 0 1234 …': as on the card, whatever number stands beside it
    if len(part.lengths) == 1:
        return not part.around & {"-", "."}
    is_joined = part.lengths == _CARD_GROUPS or all(sign.strip() for sign in part.inside)
    return is_joined and not part.around & part.inside


def _leads(scene: Scene, part: Part) -> bool:
    """First in its run, or with nothing before it but the number of a bed or a room."""
    before = scene.text[max(0, part.start - _PLACE_REACH) : part.start]
    return part.is_first or _A_PLACE_BEFORE.search(before) is not None


def _is_made_up(scene: Scene, part: Part, *, is_named: bool) -> bool:
    written = scene.text[part.start : part.end]
    fewest = _FEWEST_WHEN_NAMED if is_named else _FEWEST_TRUE_DIGITS
    has_few_digits = sum(map(str.isdigit, written)) < fewest
    is_dummy = excuses.is_dummy_number(part.digits)
    return has_few_digits or is_dummy or excuses.is_teaching(scene, part.start)


def _is_named(text: str, part: Part, names: tuple[Cue, ...]) -> bool:
    """The nearest words before it say that it is a citizen number, and nothing else."""
    i = bisect_left(names, (part.start,)) - 1
    if i < 0 or part.start - names[i].end > _NAME_REACH:
        return False
    between = text[names[i].end : part.start]
    is_of_another = excuses.OTHER_NUMBER.search(between) or _POLICY.search(between)
    return not is_of_another and not _OTHER_DIGITS.search(between)


def _is_excused(text: str, part: Part) -> bool:
    if excuses.says_it_is_something_else(text, part.start, part.end):
        return True
    return part.digits[0] not in _KINDS_OF_PEOPLE or part.digits.startswith(_OF_THE_STATE)


def _is_code(text: str, part: Part) -> bool:
    """Part of a longer code of letters and digits: 'EW1804477290TH'."""
    before, after = text[: part.start][-1:], text[part.end :][:1]
    return (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())


def _is_neat(part: Part, scene: Scene) -> bool:
    """How a number is written without a label: unbroken, as on the card, or all alike."""
    if len(part.lengths) == 1 or part.lengths == _CARD_GROUPS or set(part.lengths) == {1}:
        return True
    if any("\t" in separator or "  " in separator for separator in part.inside):
        return False  # cells of a pasted table
    if any("\n" in separator for separator in part.inside):
        # Over lines only where a thread breaks it: somebody sent it in pieces.
        return part.inside == {"\n"} and any(part.start < seam < part.end for seam in scene.seams)
    return len(part.inside) == 1 or len(part.lengths) <= len(_CARD_GROUPS) + 1


DETECTOR = NationalIdDetector()
