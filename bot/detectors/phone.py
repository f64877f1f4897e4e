"""Phone numbers of patients and relatives (numbering plan of the NBTC: mobile 06, 08, 09 with ten
digits, fixed lines 02 to 07 with nine; foreign ones with a plus)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.detectors import excuses
from bot.detectors.digits import Part, groups_of, parts
from bot.detectors.owner import Owner, owner_of
from bot.domain.findings import Finding, Label, Strength

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.detectors.scene import Scene

_MOBILE = re.compile(r"0[689]\d{8}|66[689]\d{8}|660[689]\d{8}")
_FIXED = re.compile(r"0[2-57]\d{7}|66[2-57]\d{7}")
_PLANNED = re.compile(rf"{_MOBILE.pattern}|{_FIXED.pattern}")
# Mobiles of Laos (020) and Myanmar (09) are as long as nothing of ours.
_NEIGHBOURS = re.compile(r"020\d{8}|09\d{9}")
_DOTTED_GROUPS = (2, 3, 4), (3, 3, 3)
_FIRST_DIGITS = "06OoIl"
_LENGTHS = (12, 11, 10, 9)
_BANK_GROUPS = (3, 1, 5, 1)
# A fixed line with a digit too many, in the groups of a mobile: '038.771.4420'.
_MOBILE_GROUPS = (3, 3, 4)
_NAMED = re.compile(
    r"(?:โทร(?:ศัพท์)?\.?|เบอร?์?|มือถือ|tel\.?|phone|mobile|call|📞|☎️?|📱|ติดต่อ|whatsapp|viber"
    r"|wa)[^0-9+\n]{0,25}\+?\Z",
    re.IGNORECASE,
)
# What nobody is called for but a patient, or a patient's family.
_CALLED_IN = re.compile(
    r"โทรตาม(?= ?(?:\Z|ที|ด้วย|กลับ|มา|ให้|แล้ว|คนที่|[0-9]))|ตาม(?:กลับ|มา|ตัว|ให้มา)|โทรเตือน|เตือนนัด|ฟังผล"
    r"|แจ้งผล|(?:หยุด|งด|ปรับ|เปลี่ยน|ขาด)ยา"
    r"|โทรก่อน(?:เข้า|ไป|ถึง)"
    r"|มา(?:ตรวจ|เจาะ|รับยา|ฉีด|ทำแผล| ?admit|นอน ?รพ)|(?:เลื่อน|ขาด|ผิด)นัด|เลื่อนผ่า|นัดผ่า|นัดใหม่|นัดพรุ่งนี้"
    r"|วิกฤต|critical|(?<![a-z])loss(?![a-z])|ไม่มา(?:ตาม)?นัด|นัด[^\n0-9]{0,24}ไม่มา",
    re.IGNORECASE,
)
_CALLED = re.compile("โทรกลับ|โทรหา|โทรแจ้ง|โทรบอก|โทรถาม|ติดต่อ")
_NO_ANSWER = re.compile(r" ?(?:แล้ว|ก็|ยัง)?(?:ไม่(?:มีคน)?รับ|ไม่ติด|ไม่มีสัญญาณ|ปิดเครื่อง|รับสาย|ติดต่อไม่ได้)")
_ABOUT_THINGS = re.compile(
    r"อุปกรณ์|น้ำยา|เครื่อง(?!ใน)|อะไหล่|ซ่อม|ขนส่ง|พัสดุ|ข้าว|อาหาร|งบ|เสนอ|สมัคร|ขาย|เช่า|จอง|ประชุม|อบรม|สัมมนา|(?<![a-z])lot(?![a-z])"
    r"|สั่ง(?:ของ|ยา|ซื้อ)|คลินิกเปิด|ราคา|รุ่น|ถุงเลือด|ธนาคารเลือด|แล็บนอก|ศพ|ธุรการ|เลขา|เปล(?![ก-๙])"
)
_CALL_REACH = 60
_BEGINS_A_MOBILE = re.compile(r"(?:0|\(?\+?66[ )\-]{0,2}0?)[689]")
_NAME_REACH = 36
_AREA_REACH = 5
_EXTENSION = re.compile(r" ?(?:ต่อ|ext\.?|#) ?[0-9]{1,5}(?![0-9])", re.IGNORECASE)
_FOREIGN = re.compile(
    r"(?<![0-9])(?:\+|00)(?!66)[1-9][0-9]{0,2}(?:[ \-().]{0,2}[0-9]){6,12}(?![0-9])"
)


@dataclass(frozen=True, slots=True)
class PhoneDetector:
    """The numbering plan proposes, the owner decides."""

    label: Label = Label.PHONE
    digits_least: int = 6
    must_find: tuple[tuple[str, str], ...] = (
        ("เบอร์เมียคนไข้ 062-887-0413 คับ", "062-887-0413"),
        ("โทรหาคนไข้ที่ +66 86 771 0925", "+66 86 771 0925"),
        ("ญาติเตียง 21 📞0➖9➖2➖4➖4➖1➖7➖7➖0➖8➖3", "0➖9➖2➖4➖4➖1➖7➖7➖0➖8➖3"),
        ("ลูกสาวคนไข้ ศูนย์แปดหนึ่ง เจ็ดเจ็ดสี่ สองหนึ่งศูนย์เก้า", "ศูนย์แปดหนึ่ง เจ็ดเจ็ดสี่ สองหนึ่งศูนย์เก้า"),
        ("0812345679 (ลูกสาวคนไข้)", "0812345679"),
        ("โทร.ญาติ 081.550.2218 หรือ 02.774.0091", "02.774.0091"),
        ("เบอร์ญาติลาว 020 5511 8820 คนไข้ห้องแยก", "020 5511 8820"),
        ("เมียคนไข้พม่า โทร 09-7712-88201", "09-7712-88201"),
        ('to=66918830476 msg="นัดคลินิกเบาหวาน งดอาหาร"', "66918830476"),
        ("โทรหาคนไข้ (02) 774 – 0091", "(02) 774 – 0091"),
        ("แม่คนไข้ (08)(44)(71)(90)(36) โทรได้", "(08)(44)(71)(90)(36)"),
        ("ญาติคนไข้ (+66) 81-774-0091", "(+66) 81-774-0091"),
        ("บุตรผู้ป่วยขอให้โทรกลับ 038.771.4420 พรุ่งนี้", "038.771.4420"),
        ("เบอแม่เด็กที่ไม่มาฉีดเข็ม O8l-4OO-2297", "O8l-4OO-2297"),
        ("เมียคนไข้เตียง 11 ฝากเบอร์ไว้ 06 2 44 9 1 7 0 83", "06 2 44 9 1 7 0 83"),
        ("แม่ขอรู้ว่ากินยาไหม โทรกลับ 0 8 4 - 6 6 2 - 0 9 3 7", "0 8 4 - 6 6 2 - 0 9 3 7"),
        ("โทรตามคนไข้ของหมอฟ้า เบอร์ในระบบ 02-991-7440", "02-991-7440"),
        ("ผลเลือดวิกฤต K 6.8 ตามกลับด่วน 0953301187", "0953301187"),
        ("ผลชิ้นเนื้อออก โทรแจ้งมาฟังผล 0953301187", "0953301187"),
        ("หอบเหนื่อยอยู่คนเดียว โทรกลับ 0953301187 ไม่มีคนรับ", "0953301187"),
        ("สามีคนไข้อังกฤษ โทร 0044 7700 900417", "0044 7700 900417"),
        ("ลูกคนไข้รอหมอตั้งแต่เช้า ให้โทรหา 0815502218", "0815502218"),
        ("แม่น้องที่ล้มหัวแตกให้เบอร์ไว้ เผื่อหมอศัลย์อยากโทรถาม ๐๖๑๕๕๐๒๒๑๘", "๐๖๑๕๕๐๒๒๑๘"),
        ("เบอร์ญาติในแฟ้มเตียง 8 ผิด คนรับเป็นร้านหมูกระทะ ที่ถูก 061-7780-453", "061-7780-453"),
        ("เบอร์คนไข้ที่ให้ศูนย์ refer ไปผิด ที่ถูก 062-904-1186 แจ้งด้วย", "062-904-1186"),
        ("ญาติเตียง 12 ทิ้งเบอร์ไว้ที่ป้อมยาม 081-990-2254", "081-990-2254"),
        ("แม่เด็กชักให้เบอร์ไว้กับพี่แอ๋ว 0917724038 ก่อนลงไป", "0917724038"),
        ("เมียคนไข้เตียง 9 จดเบอร์ไว้ให้ รปภ. 064 210 7793", "064 210 7793"),
        ("ลูกเขยคนไข้ ศูนย์แปดหนึ่ง เจ็ดสองตัว สี่หก ศูนย์สองสาม", "ศูนย์แปดหนึ่ง เจ็ดสองตัว สี่หก ศูนย์สองสาม"),
        ("ที่นัดฟังชิ้นเนื้อวันนี้ไม่มา โทร +66 81 774 2109 ไม่ติด", "+66 81 774 2109"),
        ("เมีย อส.ทพ. เจ็บครรภ์ ให้โทรแจ้งที่ 065 0092 713", "065 0092 713"),
        ("ยายน้อง thalassemia โทร 065 0092 713 รับแต่ไม่ได้ยิน", "065 0092 713"),
        ("หลานคนไข้ที่รออยู่หน้าห้องยา ศูนย์แปดหนึ่ง เจ็ดเจ็ดสี่ สองหนึ่งศูนย์เก้า", "ศูนย์แปดหนึ่ง เจ็ดเจ็ดสี่ สองหนึ่งศูนย์เก้า"),
    )
    must_leave: tuple[str, ...] = (
        "เด็กถูกทำร้าย ประสานบ้านพักเด็กฯ 1300 หรือคุณเปิ้ล 02-354-7583",
        "ประสาน OSCC คุณเปิ้ล 02-354-7583 เรื่องคนไข้เตียง 3",
        "เบอร์ร้านน้ำแข็งผิด ที่ถูก 061-7780-453 คนไข้เยอะ",
        "เบอร์วอร์ดในใบนัดคนไข้ผิด ที่ถูกคือ 061-7780-453",
        "คนส่งน้ำเกลือฝากเบอร์ไว้กับพี่นก 0872217743 คนไข้ห้อง 3 รอ",
        "ช่างประปาทิ้งเบอร์ไว้หน้าห้อง 087 441 9027 เผื่อน้ำไม่ไหล",
        "โทรประสาน รพ.สต.บ้านแพะ 053-447-120 รับคนไข้ต่อพรุ่งนี้",
        "คนไข้กลับแล้ว ฝากกุญแจไว้กับยาม 093-118-4402",
        "เซลส์ฝากเบอร์ไว้ที่พัสดุ 081-990-2254 เรื่องเตียงคนไข้",
        "เบอร์กลาง รพ.ปลายทาง 043-771-208 ต่อ 1402",
        "on call ศัลย์คืนนี้ 081-447-2093 เคสไส้ติ่งตามได้",
        "โทรเรียกเปล 0814472093 คนไข้ห้อง 4 กลับบ้าน",
        "เวรเสาร์ใครแทนได้โทรบอก 0814472093 คนไข้นัด 40",
        "เคสเพิ่มตาม on-call นุ่น 081-447-2093 คนไข้ OR 3",
        "คนไข้เตียง 4 ฝึกเดินแล้ว ติดขัดโทรหาได้เลย 081-447-2093",
        "ฝากคนไข้เตียง 9 ด้วย โทรผม 081-447-2093",
        "พญ.อรพรรณ 081-447-2093",
        "เซลส์ชื่อ คุณเมธาวี โทร 081-902-4436",
        "ฉุกเฉิน 1669",
        "คนไข้เตียง 4 จะกลับแล้ว\nเบอร์แท็กซี่ 0815502218",
        "เบอร์สถานทูต 081-550-2218 คนไข้รัสเซีย",
        "เบอร์วินหน้าตึก 0815502218 คนไข้เรียกได้",
        "คนไข้โทรเข้ามาที่ 043-224-118 แล้วไม่มีคนรับ",
        "Fax ผลคนไข้ไปที่ 043-224-119",
        "ผู้ใหญ่บ้าน 081-550-2218 เป็นคนพาคนไข้มา",
        "ครูประจำชั้น 081-550-2218 พาคนไข้มาส่ง",
        "เบอร์ล่ามพม่า(มูลนิธิ) 086-1104493 คุณส่อ ตรวจคนไข้วันเสาร์ด้วย",
        "มือถือช่างแอร์ตึกใหม่ 081-550-2218 คุณเอก คนไข้ร้อนมาก",
        "เบอร์เซลส์ที่ดูเครื่องฟอกไต 089-310-4471 (คุณติ๊ก)",
        "0812345679",
        "น้ำยาล้างไตหมด โทรตาม 0953301187 ไม่รับสาย",
        "ปวดหัวกับงบ เลื่อนนัดประชุม โทร 0953301187",
        "เคส refer จากลาวโทรหาด่านก่อน 042-991-220",
        "คนไข้รอเตียง ประสานไว้แล้ว 042-991-220 เบอร์เวรด่าน",
        "ร้อยเวรขอผลเคสชกต่อย ส่งธุรการ เบอร์เค้า 098-221-7406",
        "ตู้ยาล็อก แจ้ง service 02-117-4459 เคส 2024100517",
        "ส่งคนไข้ได้มั้ย โทร 02-838-5555 ต่อ admission",
        "ticket 20411 ผู้แจ้ง ห้องยา อาการ ปริ้นเตอร์เสีย มือถือ 0815502218",
        "ส่งคนไข้ชายแดน ลานจอด ฮ. เคลียร์แล้ว เบอร์ผู้หมวด 081-550-2218",
        "สั่งข้าวเวรดึก คนไข้เยอะ เจ้าประจำ 02-447-1182",
    )

    def find(self, scene: Scene) -> Iterator[Finding]:
        for start, end in (*_thai_numbers(scene), *_foreign_numbers(scene.text)):
            if self._is_patients(scene, start, end):
                reason = "phone number beside words of a patient or relative"
                last = _with_extension(scene.text, end)
                yield Finding(start, last, self.label, Strength.LIKELY, reason)

    def _is_patients(self, scene: Scene, start: int, end: int) -> bool:
        text = scene.text
        return (
            not scene.is_taken(start, end)
            and not excuses.is_dummy_number(text[start:end])
            and not excuses.is_teaching(scene, start)
            and not excuses.says_it_is_something_else(text, start, end)
            and _is_of_somebody_in_care(scene, start, end)
        )


def _is_of_somebody_in_care(scene: Scene, start: int, end: int) -> bool:
    """A patient's by the words beside it, or called as only patients are: 'ตามกลับมา admit 08…'."""
    owner = owner_of(scene, start, end)
    if owner is not Owner.UNKNOWN:
        return owner is Owner.PATIENT
    text = scene.text
    if _BEGINS_A_MOBILE.match(text, start) is None or not scene.cues.is_care_talk:
        return False
    line = text.rfind("\n", 0, start) + 1
    before = text[max(line, start - _CALL_REACH) : start]
    is_called = _CALLED_IN.search(before) or (
        _CALLED.search(before) and _NO_ANSWER.match(text, end)
    )
    return bool(is_called) and _ABOUT_THINGS.search(before) is None


def _with_extension(text: str, end: int) -> int:
    extension = _EXTENSION.match(text, end)
    return extension.end() if extension else end


def _thai_numbers(scene: Scene) -> Iterator[tuple[int, int]]:
    text = scene.text
    for run in scene.cues.long_runs:
        taken = 0
        for part in _in_order(run):
            if part.start >= taken and _is_phone(text, part):
                taken = part.end
                start = _with_sign(text, part)
                yield start, part.end + _is_left_open(text, start, part.end)


def _with_sign(text: str, part: Part) -> int:
    """Where it begins with its plus, or with the bracket around '(02)' and '(+66)'."""
    start = part.start - text.endswith("+", 0, part.start)
    is_closed = ")" in text[part.start : part.start + _AREA_REACH]
    return start - (is_closed and text.endswith("(", 0, start))


def _is_left_open(text: str, start: int, end: int) -> bool:
    """Whether the bracket behind belongs to it: '(08)(44)(71)(90)(36)'."""
    is_open = text.count("(", start, end) > text.count(")", start, end)
    return is_open and text.startswith(")", end)


def _in_order(run: re.Match[str]) -> list[Part]:
    groups = groups_of(run)
    return sorted(
        (part for length in _LENGTHS for part in parts(groups, length, _FIRST_DIGITS)),
        key=lambda part: (part.start, not _PLANNED.fullmatch(part.digits), -len(part.digits)),
    )


def _is_phone(text: str, part: Part) -> bool:
    if part.lengths == _BANK_GROUPS or any(sign in "-./" for sign in part.around):
        return False
    if _MOBILE.fullmatch(part.digits):
        return True
    is_named = _NAMED.search(text[max(0, part.start - _NAME_REACH) : part.start]) is not None
    if _FIXED.fullmatch(part.digits):
        is_dotted = part.inside == {"."} and part.lengths in _DOTTED_GROUPS
        return is_named or is_dotted or part.inside <= {"-", " "}
    if is_named and _NEIGHBOURS.fullmatch(part.digits):
        return True
    is_mobile = part.digits[1] in "689" or part.lengths == _MOBILE_GROUPS
    is_slip = part.digits[0] == "0" and is_mobile and not part.around & part.inside
    return is_named and is_slip


def _foreign_numbers(text: str) -> Iterator[tuple[int, int]]:
    if "+" in text or "00" in text:
        for match in _FOREIGN.finditer(text):
            before = text[max(0, match.start() - _NAME_REACH) : match.start()]
            if match[0].startswith("+") or _NAMED.search(before):
                yield match.span()


DETECTOR = PhoneDetector()
