"""The hospital that a newcomer meets: invented people in five groups.

Group ids are fixed, so that whoever sets the product up may approve the ward beforehand.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.sandbox.delivery import body_of, headers_for
from bot.sandbox.people import Friendship, Person
from bot.sandbox.platform import Platform

WARD_ID = "Ca1d0c0de5a4db0c5000000000000001a"
CLUB_ID = "Ca1d0c0de5a4db0c5000000000000002b"
HOSPITAL_ID = "Ca1d0c0de5a4db0c5000000000000003c"
NETWORK_ID = "Ca1d0c0de5a4db0c5000000000000004d"
STUDENTS_ID = "Ca1d0c0de5a4db0c5000000000000005e"


@dataclass(frozen=True)
class Role:
    """Somebody of the cast: short key, display name as people choose them in LINE."""

    key: str
    name: str
    friendship: Friendship = Friendship.NEVER
    shares_id: bool = True


ROLES = (
    Role("aom", "พี่อ้อม IPD2", Friendship.FRIEND),
    Role("ton", "หมอต้น Med", Friendship.FRIEND),
    Role("fon", "ฝน พยาบาลเวรดึก"),
    Role("boy", "บอย เภสัช", Friendship.FRIEND),
    Role("jaew", "ป้าแจ๋ว การเงิน"),
    Role("prae", "หมอแพร รพช.บ้านสวน"),
    Role("nut", "นัท วิ่งทุกเช้า"),
    Role("it", "เก่ง ไอที", Friendship.FRIEND),
    Role("mint", "มิ้นท์ นศพ.ปี 5"),
    Role("som", "ส้ม ประชาสัมพันธ์", shares_id=False),
)


@dataclass(frozen=True)
class Gathering:
    group_id: str
    name: str
    roles: Sequence[str]


GATHERINGS = (
    Gathering(WARD_ID, "ทีมดูแลผู้ป่วย หอผู้ป่วยอายุรกรรม 2", ("aom", "ton", "fon", "boy")),
    Gathering(CLUB_ID, "ชมรมวิ่งโรงพยาบาล", ("aom", "ton", "jaew", "nut", "it", "som")),
    Gathering(
        HOSPITAL_ID,
        "ประชาสัมพันธ์ รพ. (ทุกคน)",
        ("aom", "ton", "fon", "boy", "jaew", "nut", "it", "som"),
    ),
    Gathering(NETWORK_ID, "ส่งต่อ รพ.เครือข่าย", ("ton", "prae", "aom")),
    Gathering(STUDENTS_ID, "นศพ. หมุนเวียนอายุรกรรม", ("ton", "mint")),
)


@dataclass(frozen=True)
class Cast:
    people: dict[str, Person]

    def __getitem__(self, key: str) -> Person:
        return self.people[key]


def user_id_of(key: str) -> str:
    """The same person has the same id after every start, or the product would not know them."""
    return "U" + key.encode().hex().ljust(32, "0")


def assemble(platform: Platform, *, has_bot: bool = True) -> Cast:
    people = {
        role.key: platform.add_person(
            role.name,
            user_id=user_id_of(role.key),
            friendship=role.friendship,
            shares_id=role.shares_id,
        )
        for role in ROLES
    }
    for gathering in GATHERINGS:
        members = [people[key] for key in gathering.roles]
        platform.add_group(gathering.name, members, has_bot=has_bot, group_id=gathering.group_id)
    return Cast(people)


def introduce(platform: Platform, *, patience_seconds: float = 60) -> bool:
    """Once the bot answers, its friends add it and every group invites it."""
    if not _bot_answers(platform, patience_seconds):
        return False
    for person in list(platform.world.people.values()):
        if person.is_friend:
            platform.follow(person)
    for gathering in GATHERINGS:
        if not platform.chat(gathering.group_id).has_bot:
            platform.invite_bot(gathering.group_id)
    return True


def _bot_answers(platform: Platform, patience_seconds: float) -> bool:
    deadline = time.monotonic() + patience_seconds
    while time.monotonic() < deadline:
        if _try_webhook(platform):
            return True
        time.sleep(0.3)
    return False


def _try_webhook(platform: Platform) -> bool:
    courier = platform.world.courier
    empty = body_of(courier.address.destination, [])
    headers = headers_for(courier.address.secret, empty)
    return courier.transport.post(courier.address.url, empty, headers).is_success
