"""What somebody means: a group or a person by an id, a part of one, or a name; a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.domain.groups import Group, Person
    from bot.domain.incidents import Incident
    from bot.ports import UnitOfWork

_SHOWN = 10


def short_id(one: Group | Person) -> str:
    """The random end of the id: its beginning is the time, and alike for those of one day."""
    return one.id.hex[-8:]


def find_group(uow: UnitOfWork, wanted: str) -> Group:
    found = [
        g for g in uow.registry.groups() if g.line_id == wanted or short_id(g).startswith(wanted)
    ]
    found = found or [g for g in uow.registry.groups() if str(g.id) == wanted]
    if len(found) != 1:
        msg = f"{len(found)} groups match '{wanted}'; 'group list' shows their ids"
        raise UsageError(msg)
    uow.lock(f"group:{found[0].line_id}")
    return uow.registry.group(found[0].id) or found[0]


def find_incident(uow: UnitOfWork, case: str) -> Incident:
    incident = uow.incidents.by_case(case)
    if incident is None:
        raise UsageError(f"no incident has the number '{case}'; nothing was changed")
    return incident


def find_person(uow: UnitOfWork, wanted: str) -> Person:
    """Names are sealed, so that the database cannot look for them: each is opened and compared."""
    asked = wanted.strip()
    everybody = uow.registry.people()
    found = [one for one in everybody if asked in (one.line_id, str(one.id), short_id(one))]
    found = found or [one for one in everybody if asked and asked == one.name]
    if len(found) != 1:
        shown = "".join(f"\n  {short_id(one)}  {one.name}" for one in found[:_SHOWN])
        raise UsageError(f"{len(found)} people match; the end of an id names one{shown}")
    return found[0]
