"""Bank accounts, PromptPay, social-security, insurance-policy and card numbers of patients and
relatives."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.detectors import excuses
from bot.detectors.digits import Part, groups_of, parts
from bot.detectors.labelled import LabelledNumber, Shape
from bot.detectors.numbers import Value
from bot.detectors.owner import Owner, is_patients, owner_of
from bot.detectors.scene import Places
from bot.detectors.words import Words, has_any
from bot.domain.findings import Finding, Label, Strength

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.detectors.scene import Scene

_BANK_GROUPS = (3, 1, 5, 1)
_CARD_WORDS = re.compile(
    r"เครดิต|เดบิต|(?<![a-z])(?:card|visa|mastercard|cvv|edc|atm)(?![a-z])|รูดบัตร|การ์ด|วีซ่า|มาสเตอร์|เอทีเอ็ม"
    r"|บัตร(?!จอด|นัด|คิว|ประชา|ปชช|พนักงาน|ผ่าน|แข็ง|ผู้ป่วย|คนไข้|รพ|โรงพยาบาล|ทอง|ประกัน)"
)
_CARD_REACH = 48
_CARD_GROUPS, _CARD_UNBROKEN = (4, 4, 4, 4), (16,)
# Country, check number, and up to thirty letters and digits, often in fours (ISO 13616).
_IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])"
)
_BANK_DIGITS, _CARD_DIGITS = 10, 16
# Behind the name of a bank any groups will do, if together they have as many digits as accounts.
_ACCOUNT_DIGITS = (10, 12, 16, 17, 18, 19, 20)
# Letters that an insurer puts around its numbers: 'BUPA-IN 77-120-9934/A'. Banks do not.
_LETTERS_BEFORE = re.compile(
    r"(?<![A-Za-z])(?!SCB|KBANK|KTB|BBL|BAY|TTB|GSB|BAAC|GHB|UOB|CIMB|DBS|RHB|KBZ)"
    r"(?:(?:[A-Z]{2,6}[-/])(?:[A-Z]{1,4}[ -]|[A-Z]{0,3})"
    r"|(?!ID|NO|IS|OF|PP|AC)[A-Z]{1,2}(?:-[A-Z]{1,3})?[ -])\Z"
)
_LETTER_BEHIND = re.compile(r"[/-][A-Z]{1,2}(?![A-Za-z0-9])|/[ก-ฮ](?![ก-๙])")
_LETTERS_REACH = 12
# 'Policy T 220 448 7193': then it need not be as long as accounts are.
_LED = re.compile(
    r"(?<![A-Za-z])(?!SCB|KTB|BBL|BAY|TTB|GSB|GHB|UOB|KKP|DBS|RHB|KBZ|AIA|AXA|ID|NO|IS|OF|PP|AC)"
    r"[A-Z]{1,3}[ -]?\Z"
)
# A sum behind it is none of it: '020-147-885-326 2,400 บ.'.
_UNIT_REACH = 5
_SUM = re.compile(r" [0-9]{1,3}(?:,[0-9]{3})+(?![0-9])| [0-9]{2,6}(?= ?(?:บาท|บ\.|฿|\.-))")
_LED_REACH, _POLICY_DIGITS = 5, range(8, 17)
_PAID = re.compile(
    r"พร้อม ?เพ|(?<![a-z])pp(?![a-z])|prompt|wallet|วอลเล|ทรู|true|โอน|คืน|บัญชี|บช|acc|เลข|ธ\.|ธนาคาร"
    r"|ออมสิน|กรุง|กสิกร|ไทยพาณิชย์|ธ\.?ก\.?ส|(?<![a-z])(?:scb|k?bank|ktb|bbl|bay|ttb|gsb|baac|ghb)(?![a-z])",
    re.IGNORECASE,
)
_PAID_REACH = 40
_ONLY_WORDS = re.compile(r"[^0-9\n]{0,30}")


# A policy is of whom it insures, whoever sells it or asks for it beside it.
_POLICY = re.compile(
    r"กรมธรรม์|ประกันสังคม|ผู้ประกันตน|(?<![a-z])(?:policy|member(?:ship)?)\s?(?:no|number|id)",
    re.IGNORECASE,
)
_OF_THE_HOUSE = re.compile(
    r"บุคลากร|ของ\s?รพ|ของ\s?โรงพยาบาล|รถพยาบาล|รถ\s?refer|เจ้าหน้าที่|จนท|พนักงาน|สวัสดิการ|วิชาชีพ|อัคคี|อาคาร|ต่ออายุ",
    re.IGNORECASE,
)
_OF_RIGHTS = ("สิทธิ", "เคลม", "เบิก", "gop", "insured", "claim")
_HOUSE_REACH = 60


def _is_of_the_insured(scene: Scene, value: Value) -> bool:
    text, near = scene.text, max(0, value.start - _HOUSE_REACH)
    if not _POLICY.search(text, max(0, value.start - _PAID_REACH), value.start):
        return False
    if _OF_THE_HOUSE.search(text, near, value.end + _HOUSE_REACH):
        return False
    is_of_care = scene.cues.is_care_talk or has_any(scene.cues.lower, _OF_RIGHTS)
    return bool(scene.patients) or is_of_care


def _is_not_a_patients(scene: Scene, value: Value) -> bool:
    before = scene.text[max(0, value.start - _PAID_REACH) : value.start]
    if excuses.is_phone(scene.text[value.start : value.end]) and not _PAID.search(before):
        return True  # 'ผู้แทน AIA 062-771-3304': a phone, behind the name of an insurer
    owner = owner_of(scene, value.start, value.end)
    if _is_of_the_insured(scene, value):
        return False
    return not (owner is Owner.PATIENT or (owner is Owner.UNKNOWN and scene.cues.is_care_talk))


_NAMED = LabelledNumber(
    label=Label.ACCOUNT,
    names=Words(
        r"""
        กธ\.?(?<![ก-๙]กธ)(?<![ก-๙]กธ\.)(?=\s?(?:เลข|หมายเลข|[a-z0-9]))(?:\s?(?:เลขที่|เลข|หมายเลข))?|เลข(?:ที่)?\s?บัญชี|บัญชี(?!ยา|ชื่อ|กลาง)|บช\.?(?<![ก-๙]บช)|ธ\.\s?[ก-๙]{2,12}|ธนาคาร(?!เลือด)[ก-๙]{0,12}
        |โอน(?:เงิน)?(?:เข้า|คืน)(?:ที่)?|คืน(?:เงิน)?เข้า(?:ที่)?|ธ\.?ก\.?ส\.?|ไทยเครดิต|เกียรตินาคิน|ทิสโก้
        |กสิกร(?:ไทย)?|กรุงไทย|ไทยพาณิชย์|กรุงศรี|ออมสิน|ทหารไทย|ธนชาต|อาคารสงเคราะห์|พร้อมเพย์|พร้อมเพ|ทรูมันนี่|วอลเล็?[ทต]
        |กรมธรรม์\s?(?:เมืองไทย|ไทยประกัน|กรุงเทพ|อลิอันซ์|วิริยะ|ทิพย|เอไอเอ)?(?:ประกัน(?:ชีวิต|ภัย))?(?:\s?เลขที่)?|ผู้ประกันตน(?:\s?(?:ม\.|มาตรา)\s?[0-9]{2})?(?:\s?เลข(?:ที่)?)?|ประกัน(?:สังคม|ชีวิต|สุขภาพ|นักเรียน|อุบัติเหตุ|กลุ่ม|เดินทาง|ภัย)?\s?(?:ของ)?(?:คนไข้|ผู้ป่วย|ญาติ|เด็ก|น้อง|เขา|แก)?\s?เลข(?:ที่)?|บัตรประกัน|(?:เลข(?:ที่)?|รหัส|หมายเลข)\s?(?:กรมธรรม์|ประกันสังคม|ผู้ประกันตน|ปกส|ประกัน|สมาชิกประกัน)
        |พ\.?ร\.?บ\.?(?=[ก-๙ ]{0,24}\s?[a-z]{0,4}[0-9]{2,3}-[0-9a-z]{2,5}-?[0-9]{4})
        |เลข(?:ที่)?สมาชิก(?!สหกรณ์|ชมรม|สมาคม|กลุ่ม)|บัตรเครดิต|บัตรเดบิต|เลข(?:หน้า)?บัตรเครดิต
        """,
        r"""
        scb|kbank|ktb|bbl|bay|ttb|gsb|baac|ghb|uob|cimb|kkp|lhb|icbc|hsbc|citibank|bcel
          (?:\s?one)?|maybank|rhb|dbs|ocbc|kbz(?:\s?pay)?|aya\s?bank|acleda|aba\s?bank
          |bank\s?account|account|a/c|acct|acc\s?no
        |prompt\s?pay|pp(?=\s?0[689])|true\s?(?:wallet|money)|policy\s?(?:no|number|id|\#)?\.?
          |pol\.?\s?(?:no|number|\#)\.?|ins(?:urance)?\.?\s?pol\.?(?:\s?(?:no|number)\.?)?
          |social\s?security\s?(?:no|number|id|card)\.?
        |sso\s?(?:no|number|id|card)\.?|member(?:ship)?(?:\s?(?:no|number|id|card))?\.?
        |bupa|cigna|allianz|aetna|luma|pacific\s?cross|msig|axa|aia|iban|ins(?:urance)?\s?(?:policy\s?)?(?:no|number
          |id|card)\.?
        |credit\s?card|debit\s?card|visa|master\s?card
        """,
    ),
    shape=Shape(least=6, most=19, behind_words=6, behind_anything=8, phones_too=True),
    reason="account, policy or card label",
    must_find=(
        ("คืนเงินคนไข้ SCB 407-331882-9 ของเจ้าตัว", "407-331882-9"),
        ("ญาติเตียง 3 ขอโอนคืนเข้าพร้อมเพย์ 0917730482 ค่ะ", "0917730482"),
        ("คนไข้แขนหัก เลขกรมธรรม์ PA-0088-331277", "PA-0088-331277"),
        ("เลขกรมธรรม์คนไข้กรอกสลับ ที่ถูก MTL-88120-4417-60 แผน B", "MTL-88120-4417-60"),
        ("pt room 1407 policy no. AXA-OP 31-880-2256/B waiting", "AXA-OP 31-880-2256/B"),
        ("policy: TH/HLTH/00881/24 ของคนไข้ห้อง 8", "TH/HLTH/00881/24"),
        ("กรมธรรม์เลขที่ 67-V-118820 คนเจ็บรถล้ม", "67-V-118820"),
        ("เคลมประกันคนไข้เลขที่ H24-008812 ยังไม่อนุมัติ", "H24-008812"),
        ("คนไข้ส่งเลขสมาชิก Cigna มา CG-118820", "CG-118820"),
        ("รหัสสมาชิกประกัน 7711-0092 คนไข้ทำฟัน", "7711-0092"),
        ("คนไข้ส่งบัตร Cigna CGH-5500127-A มาแล้ว", "CGH-5500127-A"),
        ("คนไข้ใช้บัตร Cigna CG 7730-0148-22 ไม่ผ่าน", "CG 7730-0148-22"),
        ("กรมธรรม์เลขที่ : PA 6702-88/41170 คนไข้นิ้วขาด", "PA 6702-88/41170"),
        ("กธ.เลขที่ T 218-004-4719 ผู้ตาย", "T 218-004-4719"),
        ("คนไข้เคลม เลขกรมธรรม์ G-PA67/0098812", "G-PA67/0098812"),
        ("เลขผู้ประกันตนคนไข้เครื่อง 9 ที่ถูกคือ 31-0881450-7", "31-0881450-7"),
        ("ตัวแทนบริษัทประกันถามเคลม ปอดอักเสบ เลขกรมธรรม์ HL-20418-0072", "HL-20418-0072"),
        ("เลขประกันสังคมเก่า 22-0418835-6 ของช่างที่ตกหลังคา สิทธิยังไม่โอน", "22-0418835-6"),
        ("เลขกรมธรรม์ K 7204 3318 ของคนไข้ห้อง 4", "K 7204 3318"),
        ("พ.ร.บ. คนเจ็บ 31-208-004417/K เบิกแล้ว", "31-208-004417/K"),
        ("คืนมัดจำแม่คนไข้ เข้า DBS 0273 4410 8825", "0273 4410 8825"),
        ("ลูกคนไข้เปิดรับบริจาคค่ารถ กรุงไทย 664-0-28817-3", "664-0-28817-3"),
    ),
    must_leave=(
        "ต่ออายุประกันวิชาชีพพยาบาล เลขกรมธรรม์ NL-20418-0072 ค่าเบี้ยเบิกได้",
        "บัญชีรับบริจาค รพ. กรุงไทย 405-0-88120-9",
        "โอนพร้อมเพย์พี่แอ๋ว 0894410077",
        "โอนค่า CT นอกเวลาเข้า รพ. กรุงไทย 405-0-88120-9 ญาติโอนแล้ว",
        "เลขบัญชีกองทุนผู้ป่วยยากไร้ 020-1-22883-4",
        "โอนค่ายาให้ร้าน พรเจริญ กสิกร 711-2-00932-8 คนไข้จ่ายแล้ว",
        "ผู้แทนประกัน AIA 062-771-3304 มาคุยกับคนไข้ห้อง 5",
        "มูลนิธิรับบริจาคซื้อเตียงผู้ป่วยติดบ้าน ไทยพาณิชย์ 052-4-10038-6",
        "โอนกองทุนสวัสดิการ ธ.ออมสิน 020-3-91775-2 ชื่อบัญชี กองทุนพยาบาล",
    ),
    is_excused=_is_not_a_patients,
)


@dataclass(frozen=True, slots=True)
class AccountDetector:
    """By its label, or in the 3-1-5-1 groups in which Thai banks print their numbers."""

    label: Label = Label.ACCOUNT
    digits_least: int = 5
    must_find: tuple[tuple[str, str], ...] = (
        *_NAMED.must_find,
        ("บัตรเครดิตคนไข้ 4539 1488 0343 6467 รูดไม่ผ่าน", "4539 1488 0343 6467"),
        ("ของลูกคนไข้ห้อง 7 ค่ะ\n118-2-77305-4", "118-2-77305-4"),
        ("คืนคนไข้เข้า ธ.ก.ส. 020-147-885-326 2,400 บ.", "020-147-885-326"),
        ("คืนคนไข้ ออมสิน 020 1 2345 6779 500 บาท", "020 1 2345 6779"),
        ("กรมธรรม์คนไข้ T-884 201 7735 ยังไม่ให้", "T-884 201 7735"),
        ("คนไข้รถล้ม กรมธรรม์ 68-014-7720418/พ ยอด 12,000", "68-014-7720418/พ"),
        ("คืนเงินคนไข้ BCEL 010 11 00 00448172 001 ชื่อเจ้าตัว", "010 11 00 00448172 001"),
        ("ญาติคนไข้ลืมการ์ดคาเครื่อง EDC 4552 7719 0034 8821", "4552 7719 0034 8821"),
        ("บัตรเครดิตฝรั่งห้อง 9 5412-7734-0056-2299 วงเงินเต็ม", "5412-7734-0056-2299"),
        ("คนไข้ห้อง 6 เบิกประกัน กธ. T 88-204471-06 ด้วย", "T 88-204471-06"),
        ("บัตรเดบิตคนไข้ 4907331200417758 ตกหน้าห้องยา", "4907331200417758"),
        ("ยายเตียง 4 กองทุนอนุมัติแล้ว คืนเงินแก ธกส. 010-220-441-738", "010-220-441-738"),
        ("กรมธรรม์รถคนเจ็บเลข 21-2840-0118347 กู้ภัยถ่ายมา", "21-2840-0118347"),
    )
    must_leave: tuple[str, ...] = (
        *_NAMED.must_leave,
        "บัตรจอดรถเลข 4901 2288 7734 0056 หาย คนไข้จ่ายค่าปรับ",
        "เครื่อง EDC ห้องยาเสีย S/N 4552 7719 0034 8816 คนไข้รอจ่าย",
        "การ์ดจอเครื่องเอ็กซเรย์ รุ่น 4552771900348816 เสีย คนไข้รอ",
        "เราเบิกกองทุนผู้ป่วยยากไร้ได้ โอนเข้ากองทุน ออมสิน 0201 1774 0931",
        "พี่ติ๊กออกค่าข้าว คนไข้เยอะ โอนคืนแก ออมสิน 0201 1774 0931",
    )

    def find(self, scene: Scene) -> Iterator[Finding]:
        printed = [*self._printed(scene), *self._international(scene)]
        printed += _apart_from(printed, self._grouped(scene))
        yield from printed
        for finding in _apart_from(printed, _NAMED.find(scene)):
            yield _with_letters(scene.text, finding)

    def _printed(self, scene: Scene) -> Iterator[Finding]:
        for run in scene.cues.long_runs:
            if run.end() - run.start() <= _BANK_DIGITS:
                continue
            groups = groups_of(run)
            for part in (*parts(groups, _BANK_DIGITS), *parts(groups, _CARD_DIGITS)):
                if _is_printed(scene, part) and self._is_patients(scene, part.start, part.end):
                    reason = (
                        "account or card number in its printed groups, beside words of a patient"
                    )
                    yield Finding(part.start, part.end, self.label, Strength.LIKELY, reason)

    def _grouped(self, scene: Scene) -> Iterator[Finding]:
        """'ออมสิน 020 1 2345 6789': blanks break a number that its bank makes whole."""
        runs = [run for run in scene.cues.long_runs if _is_whole(scene.text, run)]
        names = _NAMED.names.find(scene.cues.lower, scene.cues.heard) if runs else ()
        for run in runs:
            start, end = _with_lead(scene.text, run), _before_a_sum(scene.text, run)
            i = bisect_left(names, (start,)) - 1
            is_named = i >= 0 and _ONLY_WORDS.fullmatch(scene.text, names[i].end, start)
            if is_named and self._is_patients(scene, start, end):
                reason = "account label + groups of digits"
                yield Finding(start, end, self.label, Strength.LIKELY, reason)

    def _international(self, scene: Scene) -> Iterator[Finding]:
        for match in _IBAN.finditer(scene.text):
            if (is_iban(match[0]) or _is_said(scene, match)) and self._is_patients(
                scene, *match.span()
            ):
                reason = "IBAN with its check number, beside words of a patient"
                yield Finding(*match.span(), self.label, Strength.CERTAIN, reason)

    def _is_patients(self, scene: Scene, start: int, end: int) -> bool:
        is_free = not scene.is_taken(start, end) and not excuses.is_teaching(scene, start)
        return is_free and is_patients(scene, start, end)


def _apart_from(known: list[Finding], others: Iterator[Finding]) -> list[Finding]:
    places = Places(known)
    return [other for other in others if not places.overlap(other.start, other.end)]


def _with_letters(text: str, finding: Finding) -> Finding:
    before = _LETTERS_BEFORE.search(text[max(0, finding.start - _LETTERS_REACH) : finding.start])
    behind = _LETTER_BEHIND.match(text, finding.end)
    start = finding.start - len(before[0]) if before else finding.start
    return replace(finding, start=start, end=behind.end() if behind else finding.end)


def _with_lead(text: str, run: re.Match[str]) -> int:
    """Where the run begins with the letters of an insurer in front of it."""
    led = _LED.search(text[max(0, run.start() - _LED_REACH) : run.start()])
    return run.start() - len(led[0]) if led else run.start()


def _is_whole(text: str, run: re.Match[str]) -> bool:
    """All digits of an account with blanks; of a policy where letters lead them."""
    if " " not in run[0] or "\n" in run[0]:
        return False
    is_led = _with_lead(text, run) < run.start()
    written = text[run.start() : _before_a_sum(text, run)]
    digits = sum(map(str.isdigit, written))
    return " " in written and digits in (_POLICY_DIGITS if is_led else _ACCOUNT_DIGITS)


def _before_a_sum(text: str, run: re.Match[str]) -> int:
    behind = _SUM.search(text, run.start(), run.end() + _UNIT_REACH)
    return behind.start() if behind and behind.end() <= run.end() else run.end()


def _is_printed(scene: Scene, part: Part) -> bool:
    if part.lengths == _BANK_GROUPS:
        return part.inside in ({"-"}, {" "}) and not part.around & {"-", "/"}
    # A card's number stands in one line: figures under each other are a column.
    is_grouped = part.lengths == _CARD_GROUPS and part.inside in ({"-"}, {" "})
    if not is_grouped and part.lengths != _CARD_UNBROKEN:
        return False
    if excuses.says_it_is_something_else(scene.text, part.start, part.end):
        return False
    if is_grouped and is_card_number(part.digits):
        return True
    before = max(0, part.start - _CARD_REACH)
    return _CARD_WORDS.search(scene.cues.lower, before, part.start) is not None


def _is_said(scene: Scene, match: re.Match[str]) -> bool:
    """'IBAN …' with a slip of the pen is an account as well."""
    return "iban" in scene.cues.lower[max(0, match.start() - 8) : match.start()]


def is_iban(written: str) -> bool:
    """The first four behind the rest, letters as 10 to 35: the remainder by 97 is 1."""
    bare = written.replace(" ", "")
    return int("".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])) % 97 == 1


def is_card_number(digits: str) -> bool:
    """The check of Luhn (ISO/IEC 7812), over every payment card."""
    doubled = [int(digit) * (2 - i % 2) for i, digit in enumerate(digits)]
    # Of 2 × 7 = 14 the digits are added: 1 + 4.
    return len(digits) == _CARD_DIGITS and sum(n // 10 + n % 10 for n in doubled) % 10 == 0


DETECTOR = AccountDetector()
