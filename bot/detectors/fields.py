"""Tables with a heading and HL7 v2 messages: what a cell holds, its column says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bot.detectors import excuses
from bot.detectors.columns import labels_in_turn, said_columns
from bot.domain.findings import Label

if TYPE_CHECKING:
    from collections.abc import Iterator


class Field(NamedTuple):
    """A cell of a record that its place says to be of this label."""

    label: Label
    start: int
    end: int


_COLUMNS = {
    Label.HN: r"""hn|h\.n\.?|mrn|เลข\s?hn|เลขที่\s?รพ\.?|รหัสผู้ป่วย|รหัสคนไข้|เลขผู้ป่วย|patient_?id
        |hospital_?(?:no|number)""",
    Label.VISIT_NO: r"""vn|an|visit_?(?:no|id|number)?|admission_?(?:no|id)|ln|lab_?no
        |accession(?:_?no)?""",
    Label.NATIONAL_ID: r"""cid|pid|เลขบัตร(?:ประชาชน|ปชช)?|เลข\s?13\s?หลัก|id_?card|national_?id
        |citizen_?id|เลขประจำตัวประชาชน|ปชช\.?""",
    Label.PASSPORT: r"passport(?:_?no)?|พาสปอร์ต|หนังสือเดินทาง",
    Label.PHONE: r"""tel|phone|mobile(?:_?no)?|เบอร์(?:โทร(?:ศัพท์)?|ติดต่อ|ญาติ)?|โทร\.?|โทรศัพท์|มือถือ""",
    Label.DOB: r"dob|birth_?(?:date|day)?|(?:วัน|วันเดือนปี)?เกิด|วดป\.?\s?เกิด|ว/ด/ป\s?เกิด",
    Label.ADDRESS: r"addr(?:ess)?|ที่อยู่|บ้านเลขที่",
    Label.EMAIL: r"e-?mail|อีเมล",
    Label.ONLINE_ID: r"line(?:_?id)?|(?:ไอดี)?ไลน์|facebook|fb|เฟส",
}
_HEADS = tuple(
    (label, re.compile(rf"\s*[\"'\#*]?\s*(?:{names})\s*[\"']?\s*", re.VERBOSE | re.IGNORECASE))
    for label, names in _COLUMNS.items()
)
_HEADING = re.compile(
    r"(?<![A-Za-z])(?:hn|h\.n|mrn|vn|an|cid|pid|dob|tel|phone|mobile|addr|birth|passport"
    r"|visit)(?![A-Za-z]*=)|เลข|เบอร์|เกิด|โทร|รหัส|ที่อยู่",
    re.IGNORECASE,
)
_SEPARATORS = ("|", "\t", ";", ",", "/")
_WIDE_GAP = re.compile(r" {2,}|\t")
_DIGITS_OF_A_NUMBER = 4
_ROWS_MOST = 500
_HEADING_WORDS_MOST = 6
_LONE_NUMBER = re.compile(r"(?<![^\s])[0-9]{2}[0-9\-]{3,12}[0-9](?![^\s])")
_SEGMENT = re.compile(r"(?m)^[ \t]*(PID|PV1|NK1|ORC|OBR|MRG)\|([^\n\r]*)")
# Which field of which HL7 v2 segment holds what (HL7 v2.x, chapters 3 and 4).
_HL7 = {
    **dict.fromkeys([("PID", 2), ("PID", 3), ("PID", 4), ("MRG", 1)], Label.HN),
    **dict.fromkeys([("PID", 18), ("PV1", 19)], Label.VISIT_NO),
    # The numbers of an order: the one who asks gives the first, the laboratory the second.
    **dict.fromkeys([("ORC", 2), ("ORC", 3), ("OBR", 2), ("OBR", 3)], Label.VISIT_NO),
    **dict.fromkeys([("PID", 13), ("PID", 14), ("NK1", 5)], Label.PHONE),
    **dict.fromkeys([("PID", 11), ("NK1", 4)], Label.ADDRESS),
    ("PID", 7): Label.DOB,
    ("PID", 19): Label.NATIONAL_ID,
}
_FORMS = {
    Label.HN: re.compile(r"(?=(?:.*?[0-9]){4})[A-Za-z]{0,3}[0-9][0-9A-Za-z/.\- ]{2,16}"),
    Label.VISIT_NO: re.compile(r"(?=(?:.*?[0-9]){5})[A-Za-z]{0,3}[0-9][0-9A-Za-z/.\- ]{3,18}"),
    Label.NATIONAL_ID: re.compile(r"[0-9](?:[ \-.]?[0-9]){12}"),
    Label.PASSPORT: re.compile(r"(?=(?:.*?[0-9]){4})[A-Za-z0-9]{6,12}"),
    Label.PHONE: re.compile(r"\+?[0-9](?:[ \-().]{0,2}[0-9]){8,12}"),
    Label.DOB: re.compile(
        r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{2,4}|[0-9]{8}|[0-9]{1,2} ?[ก-๙.]{2,12} ?[0-9]{2,4}"
    ),
    Label.ADDRESS: re.compile(r"(?=.*[0-9]).{4,160}"),
    Label.EMAIL: re.compile(r"\S+@\S+\.\S+"),
    Label.ONLINE_ID: re.compile(r"(?=.*[A-Za-z])@?[A-Za-z0-9._\-]{4,30}"),
}


# 'OBR|1||LN6711210077': the cell says once more what it holds.
_OWN_LABEL = re.compile(r"\A(?:HN|VN|AN|LN)[-:. ]?(?=[0-9])")
# A number of one digit alone fills a field; an address or an id may have none.
_NUMBERS = frozenset((Label.HN, Label.VISIT_NO, Label.NATIONAL_ID, Label.PASSPORT, Label.PHONE))


def read_fields(text: str) -> tuple[Field, ...]:
    """All cells of the tables and segments of a text. Ordinary talk has none and costs little."""
    in_turn = tuple(Field(*cell) for cell in labels_in_turn(text))
    if "\n" not in text and "|" not in text:
        return in_turn
    if _HEADING.search(text) is None:
        return (*_segments(text), *in_turn)
    tables = tuple(_tables(text))
    said = (Field(*cell) for cell in said_columns(text))
    return (*_segments(text), *(tables or _single_spaced(text)), *said, *in_turn)


def _segments(text: str) -> Iterator[Field]:
    if "|" not in text:
        return
    for segment in _SEGMENT.finditer(text):
        at = segment.start(2)
        for place, written in enumerate(segment[2].split("|"), 1):
            label = _HL7.get((segment[1], place))
            if label is not None:
                yield from _checked(label, text, at, at + _first_part(written, label))
            at += len(written) + 1


def _first_part(written: str, label: Label) -> int:
    """Of '650012345^^^HN' the number; of an address all of its parts."""
    if label is Label.ADDRESS:
        return len(written)
    return len(re.split(r"[\^~]", written, maxsplit=1)[0])


def _tables(text: str) -> Iterator[Field]:
    lines = list(_lines(text))
    i = 0
    while i < len(lines) - 1:
        columns = _columns(text, *lines[i])
        i += 1
        if columns is None:
            continue
        while i < len(lines) and lines[i][1] > lines[i][0]:
            cells = list(_cells(text, *lines[i], columns.separator))
            if len(cells) < columns.fewest:
                break
            for place, label in columns.labels.items():
                if place < len(cells):
                    yield from _checked(label, text, *cells[place])
            i += 1


def _single_spaced(text: str) -> Iterator[Field]:
    """'วันที่ HN แผนก' over lines with one number each, all of a length: no more is asked."""
    lines = list(_lines(text))
    for i, line in enumerate(lines[:-1]):
        label = _only_number(text[slice(*line)])
        rows = list(_rows_below(text, lines, i + 1)) if label else []
        if label and len(rows) > 1:
            for start, end in rows:
                yield from _checked(label, text, start, end)


def _only_number(heading: str) -> Label | None:
    """HN or VN, if it is the only cell of numbers in a heading of words."""
    words = heading.split()
    if not 1 < len(words) <= _HEADING_WORDS_MOST or any(map(str.isdigit, heading)):
        return None
    labels = {_head(word) for word in words} & {Label.HN, Label.VISIT_NO}
    return labels.pop() if len(labels) == 1 else None


def _rows_below(text: str, lines: list[tuple[int, int]], first: int) -> Iterator[tuple[int, int]]:
    digits = 0
    for i in range(first, len(lines)):
        numbers = list(_LONE_NUMBER.finditer(text, *lines[i]))
        if len(numbers) != 1 or excuses.is_phone(numbers[0][0]):
            return
        count = sum(map(str.isdigit, numbers[0][0]))
        if digits not in (0, count):
            return
        digits = count
        yield numbers[0].span()


@dataclass(frozen=True, slots=True)
class _Columns:
    separator: str
    labels: dict[int, Label]
    fewest: int


def _columns(text: str, start: int, end: int) -> _Columns | None:
    """A heading: at least two cells, one of them a label of ours, and no numbers yet."""
    if end - start > _ROWS_MOST or _HEADING.search(text, start, end) is None:
        return None
    for separator in (*_SEPARATORS, ""):
        if separator not in text[start:end]:
            continue
        cells = list(_cells(text, start, end, separator))
        labels = {i: label for i, cell in enumerate(cells) if (label := _head(text[slice(*cell)]))}
        if labels and len(cells) > 1 and not any(_is_number(text[slice(*cell)]) for cell in cells):
            return _Columns(separator, labels, min(labels) + 1)
    return None


def _is_number(cell: str) -> bool:
    return sum(map(str.isdigit, cell)) >= _DIGITS_OF_A_NUMBER


def _head(cell: str) -> Label | None:
    return next((label for label, names in _HEADS if names.fullmatch(cell)), None)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.split("\n"):
        yield at, at + len(line)
        at += len(line) + 1


def _cells(text: str, start: int, end: int, separator: str) -> Iterator[tuple[int, int]]:
    """Cells without a separator of their own stand two spaces apart."""
    if separator:
        at = start
        for cell in text[start:end].split(separator):
            yield at, at + len(cell)
            at += len(cell) + 1
        return
    at = start
    for gap in _WIDE_GAP.finditer(text, start, end):
        yield at, gap.start()
        at = gap.end()
    yield at, end


def _checked(label: Label, text: str, start: int, end: int) -> Iterator[Field]:
    """The cell without its dressing, if it looks like what its column says."""
    cell = text[start:end]
    bare = _OWN_LABEL.sub("", cell.strip(" \t\"'*|"))
    if not bare or not _FORMS[label].fullmatch(bare):
        return
    if label in _NUMBERS and excuses.is_dummy_number(bare):
        return
    begin = start + cell.index(bare)
    if not excuses.is_masked(text, begin, begin + len(bare)):
        yield Field(label, begin, begin + len(bare))
