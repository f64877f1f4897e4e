"""`records`: takes incidents and disclosures out of the house, in forms that others read.

An export is entered in the ledger twice: before its first byte, and before the file has its name.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from bot.cli.common import add_operator, migrated_parts, named_operator
from bot.cli.moments import day, day_after
from bot.cli.progress import with_progress
from bot.domain.exports import About, ExportedRecord, Period, RecordKind
from bot.domain.ids import new_id
from bot.errors import UsageError
from bot.interchange.forms import WRITERS, Format
from bot.interchange.whole_file import Written, check_target, write_whole
from bot.ledger.entry import EntryKind

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from bot.bootstrap import Parts

_KINDS = {
    "incidents": (RecordKind.INCIDENT,),
    "disclosures": (RecordKind.DISCLOSURE,),
    "all": tuple(RecordKind),
}


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    parser = commands.add_parser("records", help="export incidents and disclosures")
    actions = parser.add_subparsers(required=True, metavar="action")
    export = actions.add_parser(
        "export",
        help="write a file for Excel, a SIEM, or a system that speaks FHIR",
        description="No text of a message and no patient's number ever leaves; names of people "
        "and groups only with --names. Each run is entered in the ledger.",
    )
    export.add_argument("--format", required=True, choices=[one.value for one in Format])
    export.add_argument("--from", required=True, type=day, dest="start", help="first day")
    export.add_argument("--to", required=True, type=day_after, dest="end", help="last day")
    export.add_argument("--what", choices=list(_KINDS), default="all", help="default: all")
    export.add_argument("--names", action="store_true", help="with names of people and groups")
    export.add_argument("-o", "--output", required=True, type=Path, metavar="FILE")
    add_operator(export)
    export.set_defaults(run=run_export)


def run_export(options: argparse.Namespace) -> int:
    by, facts = named_operator(options)
    if options.end <= options.start:
        msg = "--to: lies before --from; nothing was written"
        raise UsageError(msg)
    check_target(options.output)
    export = _Export(migrated_parts(), options, by)
    written = export.run(facts)
    sys.stdout.write(
        f"{export.passed} records in {options.output} ({written.bytes} bytes)\n"
        f"SHA-256 {written.sha256}, entered in the ledger\n"
    )
    return 0


class _Export:
    """One run: what was asked for, and how many records have gone by."""

    def __init__(self, parts: Parts, options: argparse.Namespace, by: str) -> None:
        self._parts = parts
        self._options = options
        self._by = by
        self._id = new_id()
        self._period = Period(options.start, options.end)
        self.passed = 0

    def run(self, why: dict[str, object]) -> Written:
        kinds = _KINDS[self._options.what]
        total = self._parts.export_reads.count(self._period, kinds)
        # Before the first byte: even a file that a kill left half written is on record.
        self._enter(EntryKind.RECORDS_EXPORTED, {**why, **self._asked(total)})
        return write_whole(
            self._options.output, lambda file: self._write(file, total), self._enter_written
        )

    def _write(self, file: BinaryIO, total: int) -> None:
        records = self._parts.export_reads.records(
            self._period, _KINDS[self._options.what], with_names=self._options.names
        )
        about = about_file(self._parts, self._period, with_names=self._options.names)
        WRITERS[self._options.format](with_progress(self._counted(records), total), about, file)

    def _counted(self, records: Iterator[ExportedRecord]) -> Iterator[ExportedRecord]:
        for record in records:
            self.passed += 1
            yield record

    def _asked(self, total: int) -> dict[str, object]:
        options = self._options
        return {
            "what": options.what,
            "format": options.format,
            "from": options.start.isoformat(),
            "to": options.end.isoformat(),
            "names": options.names,
            "records": total,
        }

    def _enter_written(self, written: Written) -> None:
        facts = {"records": self.passed, "bytes": written.bytes, "sha256": written.sha256}
        self._enter(EntryKind.EXPORT_WRITTEN, facts)

    def _enter(self, kind: EntryKind, facts: dict[str, object]) -> None:
        enter(self._parts, kind, self._by, self._id, facts)


def enter(
    parts: Parts, kind: EntryKind, by: str, subject: UUID, facts: dict[str, object]
) -> datetime:
    """An entry of its own, committed when this returns."""
    now = parts.clock.now()
    with parts.store.unit_of_work() as uow:
        uow.ledger.append(kind, by=by, at=now, subject=subject, facts=facts)
    return now


def about_file(parts: Parts, period: Period, *, with_names: bool) -> About:
    return About(
        deployment=parts.settings.deployment,
        hospital=parts.settings.hospital_name,
        period=period,
        made_at=parts.clock.now(),
        with_names=with_names,
    )
