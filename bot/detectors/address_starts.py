"""Where a Thai address may begin, and the words without which no text holds one."""

from __future__ import annotations

import re

from bot.detectors.address_words import (
    BESIDE,
    BRANDS,
    ENDINGS,
    HUTS,
    LANDMARKS,
    MOO_SHORT,
    SAID_BEFORE_MOO,
    SAID_HOUSE,
    SAID_MOOS,
    SAID_STROKES,
    SIDES,
)
from bot.detectors.waking import bit_of

# A house number is worth a look only where the next part of an address follows it.
_STARTS = (
    r"""(?<![0-9A-Za-z/.,\-:])
        (?:[0-9]{1,4}/[0-9]{1,4},\s?){0,5}[0-9]{1,4}(?:\s?(?:/|\(?ทับ\)?)\s?[0-9]{1,4}){0,2}(?:/?[ก-ฮ](?=\s))?[\s,]{1,3}
        (?:หมู่|ม\.|ม(?=\s?[0-9])|ซอย|ซ\.|ตรอก|แยก|ถนน|ถ\.|มบ\.|ชุมชน|คุ้ม|บ้าน|บ\.|คอนโด|หอ|แฟลต|อพาร์|แมนชั่น|อาคาร
          |โรงแรม|รีสอร์|ทาวน์|แคมป์|ป[๊็]?อก|ตำบล|ต\.|แขวง|ห้อง|ชั้น|ตึก|โซน|moo|mu\s|m\.\s?[0-9]|soi
          |[a-z]+\s(?:rd|road|st|villa|resort|hotel|hostel|mansion|residence|condo)|condo|apartment)
      |(?<![0-9A-Za-z/.,\-:])[0-9]{1,4}(?:(?:/[0-9]{1,4}){1,2}(?:ม\.\s?[0-9]|หมู่|ซ\.(?!\s?ม)|ซอย|ถ\.|ถนน|บ\.(?=[ก-๙]{3})
          |บ้าน|มบ\.|ต\.(?!\s?ค))|(?:ม\.\s?[0-9]{1,2}(?![0-9])|หมู่(?:ที่)?\s?[0-9])(?=\s?(?:บ้าน|บ\.|ต\.|ตำบล|ซ\.|ซอย)))
      |บล\.\s?[0-9]
      |"""
    + MOO_SHORT
    + r"""|หมู่
      |ซอย|ซ\.|ตรอก|ชุมชน|คุ้ม|หย่อมบ้าน|ป๊?อกบ้าน|บ้าน|บ\.|คอนโด|หอพัก|แฟลต|อพาร์|แมนชั่น|แคมป์|อาคาร|เลขที่|ห้องเช่า|ห้องแถว|ตึกแถว|บังกะโล|ทาวน์|โซน
      |หอ(?:(?<![ก-๙]หอ)|(?<=อยู่หอ)|(?<=พักหอ)|(?<=ที่หอ))(?!พัก|ผู้ป่วย|ประชุม|สมุด|บ(?![ุู])|ม(?!ณี)|ย)(?=[ก-๙]{3,24}\s?(?:ห้อง|ชั้น|ตึก)\s?[0-9])
      |ห้อง(?=\s?[0-9])
      |โรงแรม|รีสอร์
      |ตลาด(?=[ก-๙]{2,30}\s?(?:ห้อง|ล็อ[กค]|แผง|ตึกแถว|เลขที่|ซ\.|ซอย))
      |ท้าย|ไร่|สวน|ฟาร์ม|condo|apartment|moo|soi|house
      |(?-i:[A-Z][a-z]+\s){1,4}(?-i:Resort|Hotel|Villa|Hostel|Condo|Mansion|Residence|Guesthouse|Bungalow)"""
)
_FLATS = (
    rf"|{BRANDS}|(?<![ก-๙])[ก-๙]{{2,20}}?[ ]?(?:{ENDINGS})[ก-๙ ]{{0,18}}[0-9]{{0,2}}[ ]?"
    "(?:ตึก|อาคาร|ชั้น|ห้อง)"
)
_WAYS = rf"|{BESIDE}(?:{LANDMARKS})|{'|'.join(HUTS)}|{SAID_HOUSE}|{SAID_BEFORE_MOO}"
_START = re.compile(_STARTS, re.VERBOSE | re.IGNORECASE)
_RARE_START = re.compile(_STARTS + _FLATS + _WAYS, re.VERBOSE | re.IGNORECASE)
_RARE_BIT = bit_of(
    (
        *ENDINGS.split("|"),
        *BRANDS.split("|"),
        *HUTS,
        *SAID_STROKES,
        *SAID_MOOS,
        *(beside + mark for beside in SIDES for mark in LANDMARKS.replace("\\", "").split("|")),
    )
)
# A text without one of these has no such row.
WORDS = (
    *("ม.", "หมู่", "ซ.", "ซอย", "ตรอก", "ถ.", "ถนน", "บ้าน", "บ.", "คอนโด", "หอพัก", "แฟลต", "อาคาร"),
    *(
        "อพาร์",
        "แมนชั่น",
        "ชุมชน",
        "แคมป์",
        "เลขที่",
        "ห้องเช่า",
        "ห้องแถว",
        "ตึกแถว",
        "บังกะโล",
        "คุ้ม",
        "ทาวน์",
        "โรงแรม",
    ),
    *(" หอ", "อยู่หอ", "พักหอ", "ที่หอ"),
    *("บล.", "ป๊อก", "ป็อก", "พักพิง", "ตลาด", *HUTS, *SAID_STROKES),
    *("รีสอร์", "moo", "soi", "road", "rd", "condo", "apartment", "house", "mu ", "m.", "resort"),
    *("hotel", "villa", "hostel", "mansion", "residence", "bungalow"),
    *ENDINGS.split("|"),
    *BRANDS.split("|"),
)


def start_of(heard: int) -> re.Pattern[str]:
    """Where a row may begin, in a text that was listened to: flats and ways are rarely heard."""
    return _RARE_START if heard & _RARE_BIT else _START
