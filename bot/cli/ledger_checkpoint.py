"""`ledger checkpoint`: signs the present state, and helps to keep it elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from bot.cli.checkpoint_page import page_of
from bot.cli.common import migrated_parts, operator
from bot.errors import UsageError
from bot.interchange.whole_file import Written, check_target, write_whole
from bot.ledger.checkpoint import LedgerKey, origin_of
from bot.storage.ledger_keys import all_keys
from bot.storage.ledger_proofs import Kept, record_kept
from bot.storage.ledger_sealer import newest_checkpoint, note_of
from bot.worker.checkpoint_post import CheckpointPost

if TYPE_CHECKING:
    import argparse

    from bot.bootstrap import Parts
    from bot.storage.types import AnyRow


def add_to(actions: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    parser = actions.add_parser("checkpoint", help="sign the present state, to be kept elsewhere")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE.txt", help="write it there")
    parser.add_argument("--page", type=Path, metavar="FILE.html", help="a page to print, with QR")
    parser.add_argument("--send", action="store_true", help="e-mail it to DPO_EMAIL now")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    parts = migrated_parts()
    if options.send:
        size = CheckpointPost(parts).send(by=operator())
        if size is None:
            raise _NOTHING
        sys.stdout.write(f"the checkpoint of {size} entries was sent to {_dpo(parts)}\n")
        return 0
    parts.ledger_sealer.seal_all()
    row, note, key = _newest(parts)
    if options.output is None and options.page is None:
        sys.stdout.write(note)
        return 0
    if options.output is not None:
        _keep(parts, row, note, "file", options.output)
    if options.page is not None:
        _keep(parts, row, page_of(note, key=key, at=row.at), "page", options.page)
    return 0


_NOTHING = UsageError("nothing was entered yet, so there is nothing to sign")


def _newest(parts: Parts) -> tuple[AnyRow, str, str]:
    """The checkpoint, its note, and the key that signed it as it is published."""
    with parts.database.read() as connection:
        row = newest_checkpoint(connection)
        if row is None:
            raise _NOTHING
        keys = all_keys(connection)
        signer = keys[row.key_number - 1]
        name = LedgerKey(signer.number, signer.public, signer.introduced_at)
        return row, note_of(connection, row), name.name(origin_of(keys[0].public))


def _keep(parts: Parts, row: AnyRow, text: str, way: str, path: Path) -> None:
    """The file has its name only when it is on record, and the other way round."""
    check_target(path)
    today = parts.keys.make_ready()
    kept = Kept(row.size, way, str(path), operator(), parts.clock.now())

    def write(file: BinaryIO) -> None:
        file.write(text.encode())

    def record(_written: Written) -> None:
        with parts.database.write() as connection:
            record_kept(connection, today, kept)

    write_whole(path, write, record)
    sys.stdout.write(f"{path}: {row.size} entries. Keep it where this machine cannot change it\n")


def _dpo(parts: Parts) -> str:
    return parts.settings.dpo_email
