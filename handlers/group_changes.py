"""The few doors through which a group is changed by a person: who did it, and an entry with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.groups import Approval, Group, GroupKind
from bot.ledger.entry import EntryKind

if TYPE_CHECKING:
    from datetime import datetime

    from bot.ports import UnitOfWork


def approve(
    uow: UnitOfWork,
    group: Group,
    *,
    kind: GroupKind,
    purpose: str,
    owner: str,
    review_at: datetime,
    by: str,
    at: datetime,
) -> Group:
    approved = replace(
        group,
        approval=Approval.APPROVED,
        kind=kind,
        purpose=purpose,
        owner=owner,
        review_at=review_at,
        changed_at=at,
    )
    facts = {
        "kind": kind.value,
        "purpose": purpose,
        "owner": owner,
        "review": review_at.isoformat(),
    }
    return _save(uow, approved, EntryKind.GROUP_APPROVED, facts, by=by, at=at)


def suspend(uow: UnitOfWork, group: Group, *, reason: str, by: str, at: datetime) -> Group:
    suspended = replace(group, approval=Approval.SUSPENDED, changed_at=at)
    facts = {"reason": reason}
    return _save(uow, suspended, EntryKind.GROUP_SUSPENDED, facts, by=by, at=at)


def simulate(uow: UnitOfWork, group: Group, *, on: bool, by: str, at: datetime) -> Group:
    changed = replace(group, is_simulated=on)
    return _save(uow, changed, EntryKind.GROUP_SIMULATION, {"on": on}, by=by, at=at)


def _save(
    uow: UnitOfWork,
    group: Group,
    kind: EntryKind,
    facts: dict[str, object],
    *,
    by: str,
    at: datetime,
) -> Group:
    uow.registry.save_group(group)
    uow.ledger.append(kind, by=by, at=at, subject=group.id, facts=facts)
    return group
