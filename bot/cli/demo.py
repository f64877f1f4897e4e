"""While the product talks to the sandbox: its groups get the kinds that a hospital would give them.

The sandbox plays LINE and knows nothing of approvals, so the approved ward of its cast has to be
approved here. Its group ids are fixed for this reason.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from threading import Thread
from typing import TYPE_CHECKING

from bot import log
from bot.domain.groups import GroupKind
from bot.errors import StoreUnavailableError
from handlers import group_changes

if TYPE_CHECKING:
    from datetime import datetime

    from bot.bootstrap import Parts

logger = logging.getLogger("wongraksa.demo")

_BY = "operator:sandbox"
_PATIENCE_SECONDS = 90
_APPROVED = {
    "Ca1d0c0de5a4db0c5000000000000001a": (GroupKind.CARE_TEAM, "ดูแลผู้ป่วยหออายุรกรรม 2"),
    "Ca1d0c0de5a4db0c5000000000000004d": (GroupKind.REFERRAL_NETWORK, "ส่งต่อผู้ป่วยในเครือข่าย"),
}
_CLASSIFIED = {
    "Ca1d0c0de5a4db0c5000000000000002b": GroupKind.SOCIAL,
    "Ca1d0c0de5a4db0c5000000000000003c": GroupKind.HOSPITAL_WIDE,
    "Ca1d0c0de5a4db0c5000000000000005e": GroupKind.TEACHING,
}


def approve_in_background(parts: Parts) -> None:
    Thread(target=_approve_as_they_come, args=(parts,), name="demo", daemon=True).start()


def _approve_as_they_come(parts: Parts) -> None:
    """Each group once, after its join of this start: a join ends any earlier approval."""
    started_at, waiting = parts.clock.now(), {*_APPROVED, *_CLASSIFIED}
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while waiting and time.monotonic() < deadline:
        time.sleep(0.5)
        try:
            waiting -= {line_id for line_id in waiting if _settle(parts, line_id, started_at)}
        except StoreUnavailableError:
            continue
        except Exception as error:  # noqa: BLE001 - tables not made yet: a moment later they are
            logger.debug(log.line("demo.waits", at=log.trace_of(error)))


def _settle(parts: Parts, line_id: str, since: datetime) -> bool:
    now = parts.clock.now()
    with parts.store.unit_of_work() as uow:
        uow.lock(f"group:{line_id}")
        group = uow.registry.locate(line_id, None).group
        if group is None or group.changed_at is None or group.changed_at < since:
            return False
        if line_id in _APPROVED:
            kind, purpose = _APPROVED[line_id]
            # From before the weeks that the time-lapse plays, which are messages of the past.
            terms = group_changes.Terms(
                kind, purpose, "หัวหน้าหอ", now + timedelta(days=90), now - timedelta(days=60)
            )
            group_changes.approve(uow, group, terms, by=_BY, at=now)
        else:
            group_changes.classify(uow, group, kind=_CLASSIFIED[line_id], by=_BY, at=now)
    return True
