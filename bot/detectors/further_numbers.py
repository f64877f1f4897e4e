"""More numbers behind the first one of a label: in a row, in a list, or written like it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.detectors.excuses import is_phone
from bot.detectors.numbers import FIRST_GROUP, GROUP, Value, read_number

SIGN = r"""[ \t:;.\#=\-~>()\[\]"'“”‘’|,\\*+@/_?!{}]"""
WORD = r"""(?:ของ|คุณ|คนไข้|ผู้ป่วย|ผป\.?|คือ|เป็น|ตามนี้|ดังนี้|นี้|ค่ะ|คะ|ครับ|คับ|จ้า|จ้ะ|นะ|น้า|เลขที่|เลข|หมายเลข
  |บัตร|รหัส|ที่|ว่า|แก|เค้า|เขา|น้อง|ลูกสาว|ลูกชาย|ลูกเขย|ลูก|สามี|ภรรยา|ญาติ|แฟน|หลาน|ผัว|เมีย|แม่|พ่อ|ยาย|ตา|ลุง|ป้า|เพิ่น|เปิ้น|เจ้าตัว
  |(?:เตียง|ห้อง(?:พิเศษ|แยก)?|bed)[ ]?[0-9]{1,3}(?![0-9])|เก่า|ใหม่|เดิม|ชั่วคราว|จริง|ถูกต้อง
  |ถูก|ผิด|ได้|มี|ให้|อยู่|มา
  |no|number|num|nr|id|is|of|pt|patient|value|code)"""
_BULLET = r"(?:[-•*+>]|[0-9]{1,2}[.)](?![0-9]))"
# A line of a list may say which of two it holds: 'เก่า 480033', 'ใหม่: 0130052'.
_WHICH = (
    r"(?:(?:อัน|เลข|แฟ้ม|ตัว)?(?:เก่า|ใหม่|เดิม|แรก|หลัง|ที่ ?(?:[12]|สอง)(?![0-9]))|(?:old|new)(?![a-z]))"
)
_AND = re.compile(
    rf"(?:{SIGN}|→|ไม่ใช่|สลับ|แทน|แก้|ยกเลิก|เรา|ออก|เปิด|ใช้|อัน|ซ้ำ|เข้า|และ|กับ|กะ|หรือ|and|or|not|(?:in)?to|vs\.?"
    rf"|\n{{1,2}}(?:[ ]{{0,4}}{_BULLET}[ ]{{0,3}})?|{WORD}){{1,8}}",
    re.VERBOSE | re.IGNORECASE,
)
_IN_LIST = re.compile(
    rf"\n[ \t]{{0,4}}{_BULLET}?[ \t]{{0,4}}(?:{_WHICH}[ :=]{{0,3}})?"
    rf"(?P<value>{FIRST_GROUP}(?:[-/]{GROUP})*)"
)
# A line of words alone that names another kind of number ends a list of this kind.
_ANOTHER_HEADING = re.compile(
    r"\n[ \t]{0,4}(?:เลข|หมายเลข|รหัส|เบอร์|โทร|มือถือ|บัตร"
    r"|(?:hn|an|vn|ln|cid|pid|tel|phone|lot|ref)(?![a-z]))[^0-9\n]{0,24}(?=\n)",
    re.IGNORECASE,
)
# A year and a number within it: nothing else is written so.
_IN_PARTS = re.compile(r"[0-9]{2}(?:[-/][0-9]{4,7}|[-/][0-9]{2,6}[-/][0-9]{1,4})")
_PLAIN = re.compile(r"[0-9]{6,9}")
_DIGIT = re.compile("[0-9]")
_YEAR = 2
_ANOTHER = re.compile(
    r"(?:อีก(?:คน|ราย|ใบ|อัน|เลข|แฟ้ม|เคส)(?:นึง|หนึ่ง)?|(?:คน|ราย|ใบ|อัน|แฟ้ม)(?:ที่ ?(?:สอง|2)|หลัง|น้อง|พี่)"
    r"|(?:the )?other(?: one)?"
    r"|(?:เปิด|ออก)(?:เลข|อัน|visit|ใบ)?ใหม่(?=[ 0-9])"
    r"|(?:เปิด|ออก|แก้|เปลี่ยน|ย้าย)(?:เลข|อัน|visit|ใบ)?(?:ใหม่)?(?:ไป|ให้)?(?=เป็น)"
    r"|(?P<merged>(?:รวม|ย้าย|ยุบ|ผูก|merge)(?:แฟ้ม|ประวัติ|ข้อมูล|เลข|hn|d)?"
    r"(?: ?(?:แล้ว|ไป|มา|เป็น)){0,2}(?: ?(?:ไว้|เข้า|อยู่|ที่|กับ|ใน|into|to|with)){1,4}"
    r"|(?:ให้|มา|ไป)(?:ใช้|เปิด)(?:เลข|อัน|ตัว|แฟ้ม)?(?:ใหม่)?"
    r"|ใช้(?:เลข|อัน|ตัว|แฟ้ม|hn ?)ใหม่|(?:ตัว|เลข|แฟ้ม|อัน)(?:จริง|ปัจจุบัน|หลัก)(?:อยู่(?:ที่)?)?)"
    r"|(?:ฝาแฝด|แฝด(?:พี่|น้อง)) ?ต้อง(?:เป็น|ใช้)?"
    r"|ที่ถูก(?:ต้อง)?) ?(?:คือ|เป็น|:|=|is)? ?"
    r"(?P<value>[0-9][0-9/.\-]{4,14}[0-9])(?![0-9A-Za-z]|[/.\-][0-9])"
    r"(?! ?(?:บาท|฿|หน่วย|มก|กก|ซีซี|cc|ml|mg|ครั้ง|ราย|คน|เป็นเลข(?!hn| hn|รพ| รพ)))",
    re.IGNORECASE,
)
_OLD_AND_NEW = re.compile("เก่า|ใหม่|เดิม")
_OLD_BEFORE = re.compile(
    r"(?:เก่า|เดิม|(?<![a-z])old) ?[:=]? ?(?:คือ|เป็น)? ?(?P<value>[0-9][0-9/\-]{4,10}[0-9])"
    r" ?(?:,|/|กับ|และ|→|->)? ?(?:อัน|เลข|ตัว|แฟ้ม)?(?:ใหม่|ปัจจุบัน|new) ?[:=]? ?(?:คือ|เป็น)? ?\Z",
    re.IGNORECASE,
)
_OLD_REACH = 44
_LINES_MOST = 200
_OTHER_LINES_MOST = 2
_LIST_DIGITS = 5
_NEW_DIGITS = range(7, 11)


def in_form_of(first: str, text: str) -> Iterator[tuple[int, int]]:
    """Numbers with the year and parts of the first; of a plain one, with its digits mixed up."""
    is_plain = _PLAIN.fullmatch(first) is not None
    if not is_plain and _IN_PARTS.fullmatch(first) is None:
        return
    form = re.escape(first[:_YEAR]) + re.sub("[0-9]", "[0-9]", re.escape(first[_YEAR:]))
    for match in re.finditer(rf"(?<![0-9A-Za-z/.\-]){form}(?![0-9A-Za-z]|[/.\-][0-9])", text):
        if not is_plain or sorted(match[0]) == sorted(first):
            yield match.span()


def of_another(first: str, text: str) -> Iterator[tuple[int, int]]:
    """'คนนึง HN 5508831 อีกคน 6700412': with the digits and signs of the first, of somebody else."""
    for match in _ANOTHER.finditer(text):
        is_alike = _DIGIT.sub("0", match["value"]) == _DIGIT.sub("0", first)
        if is_alike or (match["merged"] and _may_be_the_new_one(match["value"])):
            yield match.span("value")


def _may_be_the_new_one(value: str) -> bool:
    """'HN 47-118820 ยกเลิก รวมไปที่ 680044170': hospitals number anew, with other digits."""
    return len(_DIGIT.findall(value)) in _NEW_DIGITS and not is_phone(value)


def more_values(text: str, first: Value) -> Iterator[Value]:
    """Further numbers of its length behind one label: 'HN 6500123, 6500124 และ 6500125'."""
    last = first
    while last.digits >= _LIST_DIGITS:
        link = _AND.match(text, last.end)
        value = read_number(text, link.end()) if link else None
        if value is None or value.digits < _LIST_DIGITS:
            return
        if abs(value.digits - first.digits) > 1 and not _is_the_new_one(text, last, value):
            return
        yield value
        last = value


def _is_the_new_one(text: str, last: Value, value: Value) -> bool:
    """'HN เก่า 42/11873 กับใหม่ 680033916': hospitals number anew, with more digits."""
    is_said = _OLD_AND_NEW.search(text, last.end, value.start) is not None
    return is_said and not is_phone(text[value.start : value.end])


def the_old_one(text: str, first: Value) -> Iterator[Value]:
    """'อันเก่า 47-018832 อันใหม่ 660052719 …': before a new number the one that it replaced."""
    before = _OLD_BEFORE.search(text, max(0, first.start - _OLD_REACH), first.start)
    if before is not None and not is_phone(before["value"]):
        digits = len(_DIGIT.findall(before["value"]))
        yield Value(*before.span("value"), digits)


def listed_values(text: str, position: int, least: int) -> Iterator[Value]:
    """Numbers under a heading: at the start of each line, or alone on one of the next lines."""
    at, other_lines = text.find("\n", position), 0
    for _ in range(_LINES_MOST):
        if at < 0 or other_lines > _OTHER_LINES_MOST:
            return
        if _ANOTHER_HEADING.match(text, at):
            return
        line = _IN_LIST.match(text, at)
        value = read_number(text, line.start("value")) if line else None
        if value is not None and value.digits >= least:
            yield value
        else:
            other_lines += 1
        at = text.find("\n", at + 1)
