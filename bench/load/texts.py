"""Invented Thai talk, with and without an invented patient in it."""

from __future__ import annotations

import random

BENIGN = (
    "พรุ่งนี้ใครอยู่เวรเช้าบ้างคะ",
    "ประชุมเลื่อนเป็นบ่ายสองนะครับ",
    "ฝากดูตู้ยาด้วยค่ะ ขอบคุณค่ะ",
    "รับทราบค่ะ",
    "เตียงว่างสองเตียงแล้วครับ",
    "ขอคนช่วยเข็นเปลหน้าห้องฉุกเฉินหน่อยค่ะ",
    "กินข้าวกันหรือยังคะ วันนี้มีส้มตำ",
    "แล็บออกแล้วนะคะ เข้าไปดูในระบบได้เลย",
    "ขอบคุณทุกคนมากครับ เหนื่อยกันมาทั้งวัน",
    "ใครเห็นกุญแจห้องประชุมบ้างคะ ☺️",
)
_AROUND = (
    ("ฝากตามผลแล็บ ", " ด้วยค่ะ"),
    ("คนไข้เตียงห้า ", " ความดันตกครับ"),
    ("ขอประวัติ ", " หน่อยนะคะ"),
    ("", " กลับบ้านได้แล้วค่ะ"),
)


def hospital_number(dice: random.Random) -> str:
    return f"{dice.randint(50, 69)}{dice.randint(1_000_000, 9_999_999)}"


def citizen_number(dice: random.Random) -> str:
    """Thirteen digits, the last one right."""
    digits = [dice.randint(1, 8), *(dice.randint(0, 9) for _ in range(11))]
    weighted = sum(digit * weight for digit, weight in zip(digits, range(13, 1, -1), strict=True))
    return "".join(map(str, [*digits, (11 - weighted % 11) % 10]))


def about_a_patient(dice: random.Random) -> str:
    before, after = dice.choice(_AROUND)
    if dice.random() < 0.2:
        return before + citizen_number(dice) + after
    return f"{before}HN {hospital_number(dice)}{after}"


def benign(dice: random.Random) -> str:
    return dice.choice(BENIGN)
