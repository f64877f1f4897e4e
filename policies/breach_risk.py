"""How great the risk of a breach is to the patients: a proposal with its reasons. Pure.

The rule only ever proposes. It never says 'no risk': that frees the hospital from reporting, and
is for the data protection officer to decide and to answer for.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.findings import Label

# From so many people on, harm to some of them is likely whatever it is.
MANY_PEOPLE = 10
# LINE groups of this size have members who do not know each other.
WIDE_AUDIENCE = 100
# Taken back so soon, in a group so small, few can have kept it.
SHORT_MINUTES = 5
SMALL_AUDIENCE = 30

_OPENS_DOORS = {Label.NATIONAL_ID, Label.PASSPORT, Label.ACCOUNT}
_REACHES_SOMEBODY = {Label.PHONE, Label.EMAIL, Label.ONLINE_ID, Label.ADDRESS}
# Means something inside the hospital only.
_INSIDE_ONLY = {Label.HN, Label.VISIT_NO}


class RiskLevel(StrEnum):
    """How great a risk is proposed to be, from small to great."""

    UNLIKELY = "unlikely"
    LIKELY = "likely"
    HIGH = "high"


class RiskReason(StrEnum):
    """Why the rule proposes what it proposes."""

    OPENS_DOORS = "opens_doors"
    REACHES_SOMEBODY = "reaches_somebody"
    HEALTH = "health"
    MANY_PEOPLE = "many_people"
    WIDE_AUDIENCE = "wide_audience"
    UNKNOWN_AUDIENCE = "unknown_audience"
    STILL_STANDING = "still_standing"
    SHORT_AND_SMALL = "short_and_small"


@dataclass(frozen=True, slots=True)
class Exposed:
    """What was exposed, to how many, for how long. `minutes` is None while something stands."""

    labels: frozenset[Label]
    people_at_least: int
    members: int | None
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Risk:
    level: RiskLevel
    reasons: tuple[RiskReason, ...]


def propose_risk(exposed: Exposed) -> Risk:
    if _is_short_and_small(exposed):
        return Risk(RiskLevel.UNLIKELY, (RiskReason.SHORT_AND_SMALL,))
    high = tuple(reason for reason, holds in _makes_high(exposed) if holds)
    also = tuple(reason for reason, holds in _makes_likely(exposed) if holds)
    return Risk(RiskLevel.HIGH if high else RiskLevel.LIKELY, high + also)


def _is_short_and_small(exposed: Exposed) -> bool:
    return (
        exposed.labels <= _INSIDE_ONLY
        and exposed.people_at_least < MANY_PEOPLE
        and exposed.minutes is not None
        and exposed.minutes <= SHORT_MINUTES
        and exposed.members is not None
        and exposed.members <= SMALL_AUDIENCE
    )


def _makes_high(exposed: Exposed) -> tuple[tuple[RiskReason, bool], ...]:
    is_wide = exposed.members is not None and exposed.members >= WIDE_AUDIENCE
    return (
        (RiskReason.OPENS_DOORS, bool(exposed.labels & _OPENS_DOORS)),
        (RiskReason.MANY_PEOPLE, exposed.people_at_least >= MANY_PEOPLE),
        (RiskReason.WIDE_AUDIENCE, is_wide),
        (RiskReason.STILL_STANDING, exposed.minutes is None),
    )


def _makes_likely(exposed: Exposed) -> tuple[tuple[RiskReason, bool], ...]:
    return (
        (RiskReason.HEALTH, True),
        (RiskReason.REACHES_SOMEBODY, bool(exposed.labels & _REACHES_SOMEBODY)),
        (RiskReason.UNKNOWN_AUDIENCE, exposed.members is None),
    )


LEVELS = {
    RiskLevel.UNLIKELY: ("น่าจะไม่เกิดความเสี่ยง", "risk is unlikely"),
    RiskLevel.LIKELY: ("มีความเสี่ยง", "there is a risk"),
    RiskLevel.HIGH: ("มีความเสี่ยงสูง", "the risk is high"),
}
REASONS = {
    RiskReason.OPENS_DOORS: (
        "มีเลขที่ใช้แอบอ้างตัวตนหรือทำธุรกรรมได้ (เลขบัตรประชาชน หนังสือเดินทาง หรือบัญชี)",
        "numbers that serve to pass for somebody or to move money",
    ),
    RiskReason.REACHES_SOMEBODY: (
        "มีช่องทางที่ใช้ติดต่อหรือตามตัวผู้ป่วยได้",
        "ways to reach or find the patient",
    ),
    RiskReason.HEALTH: (
        "เป็นข้อมูลที่แสดงว่าเป็นผู้ป่วยของโรงพยาบาล จึงเกี่ยวกับสุขภาพ (มาตรา 26)",
        "it shows that somebody is a patient, and so concerns health (s.26)",
    ),
    RiskReason.MANY_PEOPLE: (
        f"มีผู้ป่วยตั้งแต่ {MANY_PEOPLE} คนขึ้นไป",
        f"{MANY_PEOPLE} patients or more",
    ),
    RiskReason.WIDE_AUDIENCE: (
        f"กลุ่มมีสมาชิกตั้งแต่ {WIDE_AUDIENCE} คนขึ้นไป",
        f"a group of {WIDE_AUDIENCE} members or more",
    ),
    RiskReason.UNKNOWN_AUDIENCE: (
        "ไม่ทราบจำนวนผู้ที่เห็นข้อความ",
        "it is not known how many could see it",
    ),
    RiskReason.STILL_STANDING: (
        "ข้อความยังอยู่ในกลุ่ม ยังไม่ถูกยกเลิกการส่ง",
        "a message still stands and has not been unsent",
    ),
    RiskReason.SHORT_AND_SMALL: (
        f"มีแต่เลขที่ใช้เฉพาะในโรงพยาบาล ยกเลิกภายใน {SHORT_MINUTES} นาที กลุ่มไม่เกิน {SMALL_AUDIENCE} คน",
        f"hospital numbers only, gone within {SHORT_MINUTES} min, at most {SMALL_AUDIENCE} members",
    ),
}
