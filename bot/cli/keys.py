"""`keys`: which keys there are, a new version of each kind, and the end of a month's key."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from bot.cli.common import migrated_parts, operator, table
from bot.domain.times import thai_date_time
from bot.errors import UsageError
from bot.ledger.entry import EntryKind
from bot.storage.erasures import Erased
from bot.storage.keyring import ANNOUNCED, SIGNING, KeyKind, KeyRow

if TYPE_CHECKING:
    import argparse

    from bot.bootstrap import Parts

_MASTER = "master"


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    parser = commands.add_parser("keys", help="list, rotate, destroy")
    actions = parser.add_subparsers(required=True, metavar="action")
    actions.add_parser("list", help="all keys, without their bytes").set_defaults(run=run_list)
    rotate = actions.add_parser("rotate", help="a new version of one kind, while all runs")
    rotate.add_argument("kind", choices=[_MASTER, SIGNING, *(kind.value for kind in KeyKind)])
    rotate.set_defaults(run=run_rotate)
    destroy = actions.add_parser("destroy", help="make a month's sealed records unreadable")
    destroy.add_argument("period", help="as 'keys list' shows it, such as 2026-07")
    destroy.add_argument("--reason", required=True, help="why; goes on record")
    destroy.set_defaults(run=run_destroy)


def run_list(_options: argparse.Namespace) -> int:
    keys = migrated_parts().keys
    cells = [
        (row.kind, row.period, thai_date_time(row.created_at), _state(row)) for row in keys.listed()
    ]
    sys.stdout.write(table(("kind", "period", "made", "state"), cells))
    return 0


def _state(row: KeyRow) -> str:
    if not row.opens:
        return "does not open: MASTER_KEY is another one"
    return "in use" if row.is_in_use else "opens what it sealed"


def run_rotate(options: argparse.Namespace) -> int:
    parts = migrated_parts()
    if options.kind == _MASTER:
        return _rewrap(parts)
    if options.kind == SIGNING:
        return _change_signing(parts)
    kind = KeyKind(options.kind)
    with parts.store.unit_of_work() as uow:
        key = parts.keys.rotate(uow.connection, kind)
        facts = {"key": kind.value, "period": key.period}
        uow.ledger.append(
            EntryKind.KEY_ROTATED,
            by=operator(),
            at=parts.clock.now(),
            subject=key.id,
            facts=facts,
        )
    seconds = int(ANNOUNCED.total_seconds())
    sys.stdout.write(f"{kind.value}: {key.period} is made and will be used in {seconds} seconds\n")
    return 0


def _change_signing(parts: Parts) -> int:
    key = parts.ledger_keys.change(by=operator())
    sys.stdout.write(
        f"{SIGNING}: key {key.number} signs from now on, introduced by the one before it.\n"
        "Publish it: python -m bot ledger keys\n"
    )
    return 0


def _rewrap(parts: Parts) -> int:
    if not parts.settings.master_key_previous:
        msg = (
            "put the new key into MASTER_KEY and the old one into MASTER_KEY_PREVIOUS, restart "
            "the processes one after another, then run this again (docs/operations.md)"
        )
        raise UsageError(msg)
    with parts.store.unit_of_work() as uow:
        count = parts.keys.rewrap(uow.connection)
        if count:
            uow.ledger.append(
                EntryKind.KEY_ROTATED,
                by=operator(),
                at=parts.clock.now(),
                subject=None,
                facts={"key": _MASTER, "rewrapped": count},
            )
    sys.stdout.write(
        f"{count} keys are wrapped with MASTER_KEY now; MASTER_KEY_PREVIOUS can be taken out\n"
    )
    return 0


def run_destroy(options: argparse.Namespace) -> int:
    if not options.reason.strip():
        raise UsageError("--reason: may not be empty; it goes on record, nothing was destroyed")
    parts = migrated_parts()
    row = _month(parts, options.period)
    with parts.store.unit_of_work() as uow:
        parts.erasures.note(Erased.KEYS, [row.id])
        parts.keys.destroy(uow.connection, row.id)
        uow.ledger.append(
            EntryKind.KEY_DESTROYED,
            by=operator(),
            at=parts.clock.now(),
            subject=row.id,
            facts={"key": row.kind, "period": row.period, "reason": options.reason},
        )
    sys.stdout.write(
        f"{row.period}: destroyed. What it sealed is noise now; the ledger still verifies.\n"
        "Copies of the key are in every backup made before: destroy those too. Whoever "
        "restores one loses the key again at the start, by the list in ERASURES_FILE.\n"
    )
    return 0


def _month(parts: Parts, period: str) -> KeyRow:
    found = [
        row for row in parts.keys.listed() if (row.kind, row.period) == (KeyKind.MONTH, period)
    ]
    if not found:
        msg = f"there is no key of the month '{period}'; 'keys list' shows them"
        raise UsageError(msg)
    if found[0].is_in_use:
        msg = f"{period} is in use; run 'keys rotate month', wait a minute, and try again"
        raise UsageError(msg)
    return found[0]
