"""Records as the product leaves them, in bulk: a third incidents, the rest disclosures.

Fifty patients have six records each, whatever the size; every other record is about somebody else.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text

from bot.bootstrap import Parts
from bot.domain.audience import Movement
from bot.domain.findings import Label
from bot.domain.groups import Group, KnownBy
from bot.domain.ids import new_id, new_public_token
from bot.domain.incidents import PatientNumber
from bot.storage.keyring import keyed_hash
from bot.storage.tables import (
    disclosures,
    identifier_tokens,
    incident_messages,
    incidents,
    membership_changes,
    roster_members,
    rosters,
)

PATIENTS = 50
RECORDS_OF_EACH = 6
_GROUPS = 100
_MEMBERS = 30
_ROSTERS_OF_GROUP = 4
_AT_ONCE = 10_000
_YEAR = timedelta(days=365)

Row = dict[str, Any]


@dataclass(frozen=True)
class House:
    """Groups with their rosters, and the people in them."""

    rosters: list[tuple[UUID, UUID]]
    senders: list[UUID]


def number_of(patient: int) -> PatientNumber:
    return PatientNumber(Label.HN, f"65{patient:07}")


def make_house(parts: Parts) -> House:
    with parts.store.unit_of_work() as uow:
        groups = [uow.registry.add_group(Group(new_id(), f"C{n:031}")) for n in range(_GROUPS)]
        people = [uow.registry.ensure_person(f"U{n:031}").id for n in range(_GROUPS * 5)]
    dice, since = random.Random(1), parts.clock.now() - _YEAR
    made: list[tuple[UUID, UUID]] = []
    with parts.database.write() as connection:
        for group in groups:
            members = dice.sample(people, _MEMBERS)
            for number in range(_ROSTERS_OF_GROUP):
                roster = _roster(group.id, number, since)
                connection.execute(insert(rosters).values(roster))
                connection.execute(insert(roster_members), list(_in(roster["id"], members)))
                made.append((group.id, roster["id"]))
            connection.execute(insert(membership_changes), _changes(group.id, people, dice, since))
    return House(made, people)


def _roster(group_id: UUID, number: int, since: Any) -> Row:  # noqa: ANN401 - a time
    return {
        "id": new_id(),
        "group_id": group_id,
        "number": number + 1,
        "roster_changes": number,
        "effective_at": since + number * _YEAR / _ROSTERS_OF_GROUP,
        "member_count": _MEMBERS + 4,
    }


def _in(roster_id: UUID, members: list[UUID]) -> Iterator[Row]:
    for person_id in members:
        yield {"roster_id": roster_id, "person_id": person_id, "known_by": KnownBy.SPOKE.value}


def _changes(group_id: UUID, people: list[UUID], dice: random.Random, since: Any) -> list[Row]:  # noqa: ANN401
    """A change of membership every ten days."""
    return [
        {
            "group_id": group_id,
            "person_id": dice.choice(people),
            "at": since + number * _YEAR / 36,
            "movement": dice.choice(list(Movement)).value,
            "known_by": KnownBy.JOIN_EVENT.value,
            "noted_at": since + number * _YEAR / 36,
        }
        for number in range(36)
    ]


def add_patients(parts: Parts, house: House) -> None:
    pepper = parts.keys.pepper()
    digests = [
        keyed_hash(pepper.value, number.label.value, number.value)
        for number in map(number_of, range(PATIENTS))
        for _ in range(RECORDS_OF_EACH)
    ]
    _write(parts, house, digests, 0)


def fill(parts: Parts, house: House, start: int, end: int) -> None:
    dice = random.Random(start)
    for first in range(start, end, _AT_ONCE):
        count = min(_AT_ONCE, end - first)
        _write(parts, house, [dice.randbytes(32) for _ in range(count)], first)
    with parts.database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


def _write(parts: Parts, house: House, digests: list[bytes], seed: int) -> None:
    dice, since = random.Random(f"{seed} {len(digests)}"), parts.clock.now() - _YEAR
    rows: dict[str, list[Row]] = {"incident": [], "message": [], "disclosure": [], "token": []}
    for index, digest in enumerate(digests):
        group_id, roster_id = dice.choice(house.rosters)
        at, record_id = since + _YEAR * dice.random(), new_id()
        common = {
            "id": record_id,
            "group_id": group_id,
            "roster_id": roster_id,
            "person_id": dice.choice(house.senders),
            "policy_version": 1,
        }
        token = {"id": new_id(), "digest": digest, "pepper_version": 1, "label": "HN"}
        if index % 3 == 0:
            message_id = new_id()
            rows["incident"].append(_incident(common, at))
            rows["message"].append(_message(message_id, record_id, at))
            owner = {"incident_message_id": message_id, "disclosure_id": None}
        else:
            rows["disclosure"].append(_disclosure(common, at))
            owner = {"incident_message_id": None, "disclosure_id": record_id}
        rows["token"].append({**token, **owner})
    _insert(parts, rows)


def _insert(parts: Parts, rows: dict[str, list[Row]]) -> None:
    tables = {
        "incident": incidents,
        "message": incident_messages,
        "disclosure": disclosures,
        "token": identifier_tokens,
    }
    with parts.database.write() as connection:
        for name, table in tables.items():
            if rows[name]:
                connection.execute(insert(table), rows[name])


def _incident(common: Row, at: Any) -> Row:  # noqa: ANN401 - a time
    return {
        **common,
        "token": new_public_token(),
        "opened_at": at,
        "last_message_at": at,
        "is_simulated": False,
    }


def _message(message_id: UUID, incident_id: UUID, at: Any) -> Row:  # noqa: ANN401
    return {
        "id": message_id,
        "incident_id": incident_id,
        "occurred_at": at,
        "text_at": at,
        "labels": "HN",
        "reasons": "rule",
        "standing": "unsent",
        "ended_at": at + timedelta(minutes=4),
    }


def _disclosure(common: Row, at: Any) -> Row:  # noqa: ANN401
    return {
        **common,
        "occurred_at": at,
        "text_at": at,
        "labels": "HN",
        "reasons": "rule",
        "channel": "group",
        "basis": "care",
    }
