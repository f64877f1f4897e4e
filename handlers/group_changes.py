"""The few doors through which a group is changed by a person: who did it, and an entry with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.groups import Approval, Group, GroupKind
from bot.ledger.entry import EntryKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Terms:
    """What an approval says: which kind of group, for what, who answers, until when."""

    kind: GroupKind
    purpose: str
    owner: str
    review_at: datetime
    approved_from: datetime | None = None


def approve(uow: UnitOfWork, group: Group, terms: Terms, *, by: str, at: datetime) -> Group:
    approved = replace(
        group,
        approval=Approval.APPROVED,
        kind=terms.kind,
        purpose=terms.purpose,
        owner=terms.owner,
        approved_from=terms.approved_from or at,
        review_at=terms.review_at,
        changed_at=at,
    )
    facts = {
        "kind": terms.kind.value,
        "purpose": terms.purpose,
        "owner": terms.owner,
        "review": terms.review_at.isoformat(),
    }
    return _save(uow, approved, EntryKind.GROUP_APPROVED, facts, by=by, at=at)


def suspend(uow: UnitOfWork, group: Group, *, reason: str, by: str, at: datetime) -> Group:
    suspended = replace(group, approval=Approval.SUSPENDED, changed_at=at)
    facts = {"reason": reason}
    return _save(uow, suspended, EntryKind.GROUP_SUSPENDED, facts, by=by, at=at)


def classify(uow: UnitOfWork, group: Group, *, kind: GroupKind, by: str, at: datetime) -> Group:
    """What kind of group it is, without approving it."""
    classified = replace(group, kind=kind)
    facts = {"kind": kind.value}
    return _save(uow, classified, EntryKind.GROUP_CLASSIFIED, facts, by=by, at=at)


def simulate(uow: UnitOfWork, group: Group, *, on: bool, by: str, at: datetime) -> Group:
    changed = replace(group, is_simulated=on)
    return _save(uow, changed, EntryKind.GROUP_SIMULATION, {"on": on}, by=by, at=at)


def ask_acknowledgement(uow: UnitOfWork, group: Group, *, on: bool, by: str, at: datetime) -> Group:
    """Whether members are asked to tap that they have seen a disclosure."""
    changed = replace(group, asks_acknowledgement=on)
    return _save(uow, changed, EntryKind.GROUP_ACKNOWLEDGEMENT, {"on": on}, by=by, at=at)


def _save(
    uow: UnitOfWork,
    group: Group,
    kind: EntryKind,
    facts: Mapping[str, object],
    *,
    by: str,
    at: datetime,
) -> Group:
    uow.registry.save_group(group)
    uow.ledger.append(kind, by=by, at=at, subject=group.id, facts=facts)
    return group
