"""`ledger`: verify it, export a period of it, prove one entry, and keep checkpoints elsewhere."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from uuid import UUID

from bot.cli import ledger_checkpoint, ledger_verify
from bot.cli.common import add_operator, migrated_parts, named_operator
from bot.cli.moments import day, day_after
from bot.cli.progress import with_progress
from bot.cli.records import enter
from bot.domain.ids import new_id
from bot.domain.times import thai_date_time
from bot.errors import UsageError
from bot.interchange.whole_file import Written, check_target, write_whole
from bot.ledger.bundle import Request, receipt, write_bundle
from bot.ledger.checkpoint import LedgerKey, origin_of
from bot.ledger.entry import EntryKind
from bot.storage.ledger_keys import all_keys
from bot.storage.ledger_proofs import (
    entries_between,
    entry_of,
    ledger_under,
    newest_signed,
    opened_entry,
)

if TYPE_CHECKING:
    import argparse
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.bootstrap import Parts
    from bot.ledger.bundle import Signed


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    parser = commands.add_parser("ledger", help="verify, export, prove, checkpoint")
    actions = parser.add_subparsers(required=True, metavar="action")
    ledger_verify.add_to(actions)
    ledger_checkpoint.add_to(actions)
    _add_export(actions)
    prove = actions.add_parser("prove", help="a receipt for one entry, for a stranger to check")
    prove.add_argument("entry", type=_entry_id, help="the entry's id")
    prove.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.json")
    prove.set_defaults(run=run_prove)
    keys = actions.add_parser("keys", help="the public keys, to be published")
    keys.set_defaults(run=run_keys)


def _add_export(actions: Any) -> None:  # noqa: ANN401
    export = actions.add_parser("export", help="entries of a period that a stranger can check")
    export.add_argument("--from", dest="since", type=day, required=True, metavar="DAY")
    export.add_argument(
        "--to", dest="until", type=day_after, required=True, metavar="DAY", help="this day, too"
    )
    add_operator(export)
    export.add_argument(
        "--with-facts", action="store_true", help="show what was entered, not only that it was"
    )
    export.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.zip")
    export.set_defaults(run=run_export)


def run_export(options: argparse.Namespace) -> int:
    by, why = named_operator(options)
    if options.until <= options.since:
        raise UsageError("--to: lies before --from; nothing was written")
    check_target(options.output)
    parts, export_id = migrated_parts(), new_id()
    request = _request(options, parts.clock.now())
    # Before anything is read: an export that fails half way was asked for all the same.
    facts = {**why, **request.as_json(), "with_facts": options.with_facts}
    enter(parts, EntryKind.LEDGER_EXPORTED, by, export_id, facts)
    parts.ledger_sealer.seal_all()

    def enter_written(written: Written) -> None:
        facts = {"bytes": written.bytes, "sha256": written.sha256}
        enter(parts, EntryKind.EXPORT_WRITTEN, by, export_id, facts)

    with parts.database.snapshot() as connection:
        bundle = _Bundle(parts, connection, request, with_facts=options.with_facts)
        written = write_whole(options.output, bundle.write, enter_written)
    sys.stdout.write(
        f"{options.output}: {bundle.found()}\n"
        f"SHA-256 {written.sha256}, entered in the ledger\n"
        "Whoever gets it needs the public key too, by another way: python -m bot ledger keys\n"
    )
    return 0


def _request(options: argparse.Namespace, now: datetime) -> Request:
    who, why = options.operator.strip(), options.reason.strip()
    return Request(options.since, options.until, operator=who, reason=why, made_at=now)


class _Bundle:
    """What goes into the file, out of one snapshot."""

    def __init__(
        self, parts: Parts, connection: Connection, request: Request, *, with_facts: bool
    ) -> None:
        self._request = request
        self._newest = _newest(connection)
        size = self._newest.size
        self._entries = entries_between(connection, request.since, request.until, size)
        if with_facts:
            show = partial(opened_entry, connection, parts.keys)
            self._entries = list(map(show, with_progress(self._entries, len(self._entries))))
        self._ledger = ledger_under(connection, self._newest)
        self._sign = partial(parts.ledger_keys.signed_note, connection)

    def write(self, file: BinaryIO) -> None:
        write_bundle(file, self._request, self._entries, self._ledger, self._sign)

    def found(self) -> str:
        shown = sum(bool(placed.facts) for placed in self._entries)
        count = len(self._entries)
        return f"{count} entries, {shown} with their facts, under {self._newest.size} in all"


def run_prove(options: argparse.Namespace) -> int:
    parts = migrated_parts()
    parts.ledger_sealer.seal_all()
    with parts.database.snapshot() as connection:
        newest = _newest(connection)
        placed = entry_of(connection, options.entry, newest.size)
        if placed is None:
            raise UsageError("no entry with this id has a place in the ledger")
        proof = receipt(placed, ledger_under(connection, newest))
    write_whole(options.output, lambda file: _write_all(file, proof), lambda _written: None)
    where = f"position {placed.position} of {newest.size}"
    at = thai_date_time(placed.entry.at)
    sys.stdout.write(f"{options.output}: {placed.entry.kind} of {at}, {where}\n")
    return 0


def run_keys(_options: argparse.Namespace) -> int:
    with migrated_parts().database.read() as connection:
        rows = all_keys(connection)
    if not rows:
        raise UsageError("there is no key yet: the first entry makes one, within seconds")
    origin = origin_of(rows[0].public)
    for row in rows:
        key = LedgerKey(row.number, row.public, row.introduced_at)
        sys.stdout.write(f"{key.name(origin)}\n")
    return 0


def _newest(connection: Connection) -> Signed:
    newest = newest_signed(connection)
    if newest is None:
        raise UsageError("nothing was entered yet, so there is nothing to prove")
    return newest


def _write_all(file: BinaryIO, content: bytes) -> None:
    file.write(content)


def _entry_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        msg = "an entry's id: 32 letters and digits, as 'ledger verify' and bundles show it"
        raise ArgumentTypeError(msg) from None
