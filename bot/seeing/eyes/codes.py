"""Barcodes and QR codes: what is in them, and whose it is.

A code on a wristband or a tube carries a patient's number, often bare. Most other codes carry
nothing of a patient, and some of them long numbers: products, parcels, payments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import zxingcpp

from bot.domain.findings import Finding, Label
from bot.ports import TextContext
from bot.seeing.eyes.strips import Corners, Strip

if TYPE_CHECKING:
    from bot.ports import TextReader
    from bot.seeing.eyes.models import Picture

_GOODS = frozenset(
    ("EAN8", "EAN13", "UPCA", "UPCE", "EAN2", "EAN5", "ISBN", "ITF14", "DataBar", "PZN")
)
_PAYMENT = "000201"
"""How every QR code for payment begins, by EMVCo's rules, PromptPay's too."""
_ADDRESS = re.compile(r"[a-z][a-z0-9+.\-]*:(?://|\S+@)|www\.|WIFI:|BEGIN:", re.IGNORECASE)
_BARE = re.compile(r"[A-Za-z]{0,2}[0-9][0-9/\-]{4,13}")
_BARE_DIGITS = range(5, 11)
_ALWAYS = frozenset((Label.HN, Label.NATIONAL_ID, Label.VISIT_NO, Label.PASSPORT))
# Words that stand beside the code on what is tied to a patient; two different ones are needed.
_OF_PATIENT = re.compile(
    r"""(?P<hn>\bh\.?\s?n\b)|(?P<patient>ผู้ป่วย|คนไข้|\bpatient\b|\bpt\b)
      |(?P<age>อายุ|\bage\b|\bdob\b|วันเกิด)|(?P<sex>\bsex\b|เพศ|\bmale\b|\bfemale\b)
      |(?P<place>\bward\b|หอผู้ป่วย|\bopd\b|\bipd\b|\bicu\b|เตียง)
      |(?P<tube>\bspecimen\b|สิ่งส่งตรวจ|\bserum\b|\bedta\b|\bclot\b|\bcbc\b|\burine\b|\bblood\b|\blab\b)
      |(?P<name>ชื่อ|\bname\b|นาย|นาง|น\.ส\.|ด\.ช\.|ด\.ญ\.|\bmrs?\b|\bmiss\b)""",
    re.VERBOSE | re.IGNORECASE,
)
_OF_THINGS = re.compile(
    r"ครุภัณฑ์|asset|serial|s/n|\blot\b|\bexp\b|พัสดุ|ผู้รับ|tracking|ใบเสร็จ|receipt|invoice|ราคา|บาท",
    re.IGNORECASE,
)
_WORDS_LEAST = 2


@dataclass(frozen=True, eq=False)
class Code:
    content: str
    kind: str
    strip: Strip


def find_codes(picture: Picture) -> list[Code]:
    found = zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)
    with_text = (one for one in found if one.text)
    return [Code(one.text, one.format.name, _strip(one.position)) for one in with_text]


def findings(code: Code, reader: TextReader, page_text: str) -> tuple[Finding, ...]:
    """What in the content is a patient's."""
    content = code.content
    if code.kind in _GOODS or content.startswith(_PAYMENT):
        return ()
    found = reader.assess(content, TextContext()).findings
    is_certain = any(finding.label in _ALWAYS for finding in found)
    if is_certain and not _is_bare_in_address(code, found):
        return found
    if _BARE.fullmatch(content) and _is_of_patient(content, page_text):
        return (Finding(0, len(content), Label.HN, reason="number in a code beside a patient"),)
    return ()


def _is_bare_in_address(code: Code, found: tuple[Finding, ...]) -> bool:
    """Thirteen digits of a link are the number of a meeting or a page."""
    bare = all(finding.label is Label.NATIONAL_ID for finding in found)
    return bare and _ADDRESS.match(code.content) is not None


def _is_of_patient(content: str, page_text: str) -> bool:
    if sum(map(str.isdigit, content)) not in _BARE_DIGITS or _OF_THINGS.search(page_text):
        return False
    words = {match.lastgroup for match in _OF_PATIENT.finditer(page_text)}
    return len(words) >= _WORDS_LEAST


def _strip(place: zxingcpp.Position) -> Strip:
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    points = np.array([(corner.x, corner.y) for corner in corners], dtype=np.float32)
    return Strip(_with_height(points))


def _with_height(corners: Corners) -> Corners:
    """Of bars only a scan line may be known: they are taken to be at least a third as high as
    they are wide."""
    strip = Strip(corners)
    least = strip.length / 3
    if strip.height >= least:
        return corners
    across = corners[1] - corners[0]
    down = np.array((-across[1], across[0]), dtype=np.float32) / max(strip.length, 1.0)
    more = down * (least - strip.height) / 2
    return np.array(
        (corners[0] - more, corners[1] - more, corners[2] + more, corners[3] + more),
        dtype=np.float32,
    )
