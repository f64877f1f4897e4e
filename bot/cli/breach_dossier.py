"""`breach dossier`: the papers of a breach, with every figure held against the ledger."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.cli.common import add_operator, migrated_parts, named_operator
from bot.cli.records import enter
from bot.domain.dossier import Agreement
from bot.errors import UsageError
from bot.interchange.dossier_form import Dossier, write_dossier
from bot.interchange.whole_file import Written, check_target, write_whole
from bot.ledger.entry import EntryKind
from bot.worker.breach_papers import gather

if TYPE_CHECKING:
    import argparse


def add_to(actions: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    parser = actions.add_parser(
        "dossier",
        help="a zip with the dossier and draft notices, to be printed on A4",
        description="Names of people and groups only with --names; numbers of patients never.",
    )
    parser.add_argument("case", metavar="CASE", help="the incident's number, such as 2569-000042")
    parser.add_argument("--names", action="store_true", help="with names of people and groups")
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="FILE.zip")
    add_operator(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    by, why = named_operator(options)
    check_target(options.output)
    parts = migrated_parts()
    breach = parts.breach_reads.by_case(options.case)
    if breach is None:
        raise UsageError(f"'{options.case}' was not declared a breach; 'breach list' shows them")
    asked = {**why, "breach": str(breach.id), "names": options.names}
    enter(parts, EntryKind.DOSSIER_MADE, by, breach.incident_id, asked)
    dossier = gather(parts, options.case, with_names=options.names)

    def enter_written(written: Written) -> None:
        facts = {"breach": str(breach.id), "bytes": written.bytes, "sha256": written.sha256}
        enter(parts, EntryKind.DOSSIER_WRITTEN, by, breach.incident_id, facts)

    written = write_whole(options.output, lambda f: write_dossier(dossier, f), enter_written)
    sys.stdout.write(f"{options.output}: SHA-256 {written.sha256}, entered in the ledger\n")
    return _say(dossier)


def _say(dossier: Dossier) -> int:
    """Exit code 1 where a figure does not stand: the papers say so as well, in red."""
    bad = [line for line in dossier.lines if line.agreement is not Agreement.AGREES]
    for line in bad:
        sys.stderr.write(
            f"{line.agreement.value.upper()}: {line.english}: records {line.recorded}, ledger "
            f"{line.entered}, {line.verified} of {line.entries} entries verified\n"
        )
    if dossier.ledger.missing:
        sys.stderr.write(f"{dossier.ledger.missing} entries are missing from the ledger\n")
    if not dossier.all_agree:
        sys.stderr.write("do not use these figures before you know why: bot ledger verify\n")
        return 1
    sys.stdout.write(
        f"{len(dossier.lines)} of {len(dossier.lines)} figures agree with the ledger\n"
    )
    return 0
