"""Names in fields: JSON and FHIR, HL7 v2, and tables with a header."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.detectors.names.proposal import Proposal, Source, Taken
from bot.detectors.waking import bit_of

if TYPE_CHECKING:
    from bot.detectors.names.setting import Setting

_SURE = 2000
_JSON_NAME = re.compile(
    r"""
    ["'] (?P<key> (?:(?:pt|patient|full|first|last|middle|given|family|sur|th|en|p|f|l|m|
    mother|father|relative|contact)[_ -]?){0,4}
         (?:name|family|given|lname|fname|fn|ln) (?:[_ -]?(?:th|en|thai|eng|patient))? | (?:ชื่อ|
         นามสกุล|สกุล)[^"']{0,12} ) ["']
    \s{0,3}[:=]\s{0,3} \[?\s{0,3} ["'] (?P<value>[^"'\n]{2,60}) ["']
    """,
    re.VERBOSE | re.IGNORECASE,
)
_XML_NAME = re.compile(
    r"<(?P<tag>(?:pt|patient|full|first|last|given|family|f|l)?_?name|family|"
    r"given)>(?P<value>[^<\n]{2,60})</",
    re.IGNORECASE,
)
# HL7 v2: PID-5 is the patient, NK1-2 the next of kin; family^given^middle^suffix^prefix.
_HL7_FIELD = {"PID": 5, "NK1": 2, "GT1": 3, "IN1": 16}
_HL7_SEGMENT = re.compile(r"(?<![A-Z0-9])(PID|NK1|GT1|IN1)\|([^\n\r]{0,600})")
_HL7_NAME = re.compile(r"[^\^|~&]+(?:\^[^\^|~&]+)?")
_TITLE = re.compile(
    r"(?:นางสาว|นาย|นาง|น\.?ส\.?|ด\.?[ชญ]\.?|เด็กชาย|เด็กหญิง|mrs?\.?|miss|ms\.?|haji|hajjah|hj\.?)\s*(?=\S)",
    re.IGNORECASE,
)
_STAFF_KEY = re.compile(
    r"doctor|staff|provider|user|nurse|dr|file|host|ward|drug|clinic|dept", re.IGNORECASE
)
_DELIMITERS = (",", "|", "\t", ";", "/")
_NAME_COLUMN = re.compile(
    r"^(?:(?:pt|patient|full|first|last|f|l|p|given|family|sur|th|"
    r"en)?[ _.-]?name(?:[ _-]?(?:th|en))?|fname|lname|ชื่อ|นามสกุล|สกุล|"
    r"ชื่อ[ -]{0,3}(?:นาม)?สกุล|ชื่อผู้ป่วย|ชื่อคนไข้|ผู้ป่วย|คนไข้|patient|surname|given|family)$",
    re.IGNORECASE,
)
_STAFF_COLUMN = re.compile(
    r"^(?:แพทย์|หมอ|พยาบาล|ผู้(?:ทำ|ตรวจ|รับ|ส่ง|บันทึก|รายงาน|รับผิดชอบ)|เจ้าหน้าที่|จนท\.?|staff|surgeon|doctor|dr\.?|md|nurse|rn|scrub)",
    re.IGNORECASE,
)
_NAMES_A_COLUMN = bit_of(
    ("แพทย์", "หมอ", "พยาบาล", "ผู้", "จนท", "staff", "surgeon", "doctor", "nurse")
)
_NAMES_A_COLUMN |= bit_of(("name", "ชื่อ", "สกุล", "ผู้ป่วย", "คนไข้", "patient", "given", "family"))
# 'mr_replica', 'ward-03': how programs name their things.
_A_KEY = re.compile(r"[a-z0-9]+(?:[_\-][a-z0-9]+)+")
_MASKED = re.compile(r"[{*█•]|x{3}", re.IGNORECASE)
_NO_NAME = frozenset(
    (
        *("ว่าง", "เตียงว่าง", "ไม่มี", "ไม่ระบุ", "ไม่ทราบชื่อ", "รับใหม่", "จอง", "ปิด", "-", "ยกเลิก"),
        *("จำหน่าย", "จำหน่ายแล้ว", "กลับบ้าน", "กลับบ้านแล้ว", "ย้ายตึก", "ย้ายแล้ว", "เสียชีวิต", "รอรับใหม่"),
    )
)
_A_NAME = re.compile(r"[^\d:;{}\[\]()<>=]{2,60}$")


# '"pname": "นาง"': the title has a field of its own.
_ONLY_A_TITLE = re.compile(
    r"\W*(?:นาย|นาง(?:สาว)?|น\.?\s?ส\.?|ด\.?\s?[ชญ]\.?|เด็ก(?:ชาย|หญิง)|mr|mrs|ms|miss)?\W*",
    re.IGNORECASE,
)


def propose(setting: Setting, _taken: Taken) -> Iterator[Proposal]:
    text = setting.text
    if '"' in text or "'" in text:
        yield from _values(text, _JSON_NAME)
    if "</" in text:
        yield from _values(text, _XML_NAME)
    if "|" in text:
        yield from _hl7(text)
    if "\n" in text and setting.heard & _NAMES_A_COLUMN:
        yield from _table(text)


def _values(text: str, pattern: re.Pattern[str]) -> Iterator[Proposal]:
    for match in pattern.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        if _STAFF_KEY.search(match[1]) or re.search(
            r'(?:doctor|staff|provider|practitioner|user)"?\s*:\s*[\[{]\s*$', before, re.IGNORECASE
        ):
            continue
        value = match["value"]
        is_name = _ONLY_A_TITLE.fullmatch(value) is None and _A_KEY.fullmatch(value) is None
        if is_name and not _MASKED.search(value):
            yield _field(text, *match.span("value"), f"field {match[1]}")


def _hl7(text: str) -> Iterator[Proposal]:
    for segment in _HL7_SEGMENT.finditer(text):
        start = segment.start(2)
        for number, field in enumerate(segment[2].split("|"), start=1):
            if number == _HL7_FIELD[segment[1]]:
                name = _HL7_NAME.match(field)
                if name is not None and "{" not in name[0]:
                    yield _field(
                        text, start + name.start(), start + name.end(), f"{segment[1]}-{number}"
                    )
                break
            start += len(field) + 1


def _table(text: str) -> Iterator[Proposal]:
    lines = list(re.finditer(r"[^\n]+", text))
    for at, header in enumerate(lines[:-1]):
        for delimiter in _DELIMITERS:
            of_staff = _columns(header[0], delimiter, _STAFF_COLUMN)
            columns = _columns(header[0], delimiter, _NAME_COLUMN)
            for row in lines[at + 1 :] if of_staff else ():
                yield from _cells(text, row, delimiter, of_staff, Source.STAFF)
            for row in lines[at + 1 :] if columns else ():
                yield from _cells(text, row, delimiter, columns, Source.FIELD)
            if columns or of_staff:
                return


def _columns(header: str, delimiter: str, kind: re.Pattern[str]) -> list[int]:
    if delimiter not in header:
        return []
    titles = [title.strip().strip("\"'") for title in header.split(delimiter)]
    return [at for at, title in enumerate(titles) if kind.match(title)]


def _cells(
    text: str, row: re.Match[str], delimiter: str, columns: list[int], source: Source
) -> Iterator[Proposal]:
    cells = row[0].split(delimiter)
    if len(cells) <= max(1, *columns):
        return  # a line of talk below the table
    position, spans = row.start(), []
    for cell in cells:
        spans.append((position, position + len(cell)))
        position += len(cell) + len(delimiter)
    first, last = columns[0], columns[0]
    for column in columns[1:]:
        if column == last + 1:
            last = column
    start, end = spans[first][0], spans[last][1]
    cell = text[start:end].strip()
    if _A_NAME.match(cell) and cell not in _NO_NAME:
        yield _field(text, start, end, "column of names")._replace(source=source)


def _field(text: str, start: int, end: int, cue: str) -> Proposal:
    """The name of a field, without blanks, quotes and title."""
    while start < end and text[start] in " \t\"',|;":
        start += 1
    while end > start and text[end - 1] in " \t\"'^":
        end -= 1
    title = _TITLE.match(text, start, end)
    if title is not None and title.end() < end:
        start = title.end()
    return Proposal(
        start, end, Source.FIELD, cue, _SURE, 2, is_listed=True, is_plain=False, cue_start=start
    )
