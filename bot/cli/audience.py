"""Who could read a record, as lines for people and as JSON: with its coverage, and since when we
know what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.times import thai_date_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from bot.domain.audience import Audience

    Names = Mapping[UUID, str]


def person_name(person_id: UUID | None, names: Names) -> str:
    if person_id is None:
        return "(LINE does not say who)"
    return names.get(person_id) or f"(no name) {person_id.hex[-8:]}"


def coverage(audience: Audience | None) -> str:
    """'31 of 34 named': nobody pretends to know the others."""
    if audience is None:
        return "not known: no roster was made"
    if audience.total is None:
        return f"{audience.named} named; LINE never said how many there are"
    late = audience.count.learnt_at if audience.count else None
    told = "" if late is None else f" (counted {thai_date_time(late)})"
    return f"{audience.named} of {audience.total} named{told}"


def audience_lines(audience: Audience | None, names: Names) -> Iterator[tuple[str, str]]:
    yield "could read it", coverage(audience)
    if audience is None:
        return
    for one in audience.recipients:
        yield "", f"{person_name(one.person_id, names)} · {one.known_by}"
    for fact in audience.late:
        said = "had been there" if fact.was_there else "had left before"
        when = thai_date_time(fact.learnt_at)
        yield "learnt later", f"{person_name(fact.person_id, names)} {said} · learnt {when}"
    for joiner in audience.joined:
        when = thai_date_time(joiner.at)
        yield "joined meanwhile", f"{person_name(joiner.person_id, names)} · {when}"


def audience_json(audience: Audience | None, names: Names) -> dict[str, object] | None:
    if audience is None:
        return None
    return {
        "named": audience.named,
        "total": audience.total,
        "recipients": [
            {"person": _person(one.person_id, names), "known_by": one.known_by.value}
            for one in audience.recipients
        ],
        "learnt_later": [
            {
                "person": _person(fact.person_id, names),
                "was_there": fact.was_there,
                "known_by": fact.known_by.value,
                "learnt_at": fact.learnt_at.isoformat(),
            }
            for fact in audience.late
        ],
        "joined_meanwhile": [
            {"person": _person(one.person_id, names), "at": one.at.isoformat()}
            for one in audience.joined
        ],
    }


def _person(person_id: UUID, names: Names) -> dict[str, str]:
    return {"id": str(person_id), "name": names.get(person_id, "")}
