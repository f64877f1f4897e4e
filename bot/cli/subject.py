"""`subject`: all that is held on one patient or one member of staff, erased or restricted.

The bundle is made first, whatever is done then. What was asked is entered before anything is read.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.cli.common import add_operator, migrated_parts, named_operator, table
from bot.cli.found import find_person
from bot.cli.records import enter
from bot.cli.typed import secretly
from bot.domain.findings import Label
from bot.domain.groups import Language
from bot.domain.ids import new_id
from bot.domain.patient_numbers import one_spelling
from bot.errors import UsageError
from bot.interchange.subject_form import Bundle, Whose, write_subject
from bot.interchange.whole_file import check_target, write_whole
from bot.ledger.entry import EntryKind
from bot.worker.policy import shipped_catalogue
from handlers.identities import identity

if TYPE_CHECKING:
    import argparse
    from uuid import UUID

    from bot.bootstrap import Parts
    from bot.domain.holdings import Holdings
    from bot.domain.incidents import PatientNumber
    from bot.interchange.whole_file import Written
    from bot.storage.unit_of_work import SqlUnitOfWork

# A full name is shared by several patients: what speaks of one cannot be told from the others'.
_NUMBERS = {
    "hn": Label.HN,
    "national_id": Label.NATIONAL_ID,
    "visit": Label.VISIT_NO,
    "passport": Label.PASSPORT,
    "phone": Label.PHONE,
}
_FEWEST_SIGNS = 4


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    parser = commands.add_parser("subject", help="what is held on one patient or member of staff")
    who = parser.add_subparsers(required=True, metavar="whose")
    patient = who.add_parser(
        "patient", help="by a number, which is asked for and never shown or kept"
    )
    what = patient.add_mutually_exclusive_group(required=True)
    for name, label in _NUMBERS.items():
        option = f"--{name.replace('_', '-')}"
        what.add_argument(option, nargs="?", const="", metavar="NUMBER", help=label.value)
    done = _add_rest(patient, run_patient)
    done.add_argument("--erase", action="store_true", help="then erase what may be erased")
    staff = who.add_parser("staff", help="by LINE's id, or by the name in LINE")
    by = staff.add_mutually_exclusive_group(required=True)
    by.add_argument("--line-id", dest="person", metavar="ID", help="LINE's id, or the end of ours")
    by.add_argument("--name", dest="person", metavar="NAME", help="as it stands in LINE")
    _add_rest(staff, run_staff)


def _add_rest(parser: argparse.ArgumentParser, run: Any) -> Any:  # noqa: ANN401
    done = parser.add_mutually_exclusive_group()
    done.add_argument("--restrict", action="store_true", help="then hide it from ordinary lists")
    done.add_argument("--lift", action="store_true", help="then end that")
    parser.add_argument("--names", action="store_true", help="with the names of senders")
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="FILE.zip")
    add_operator(parser)
    parser.set_defaults(run=run, erase=False)
    return done


def run_patient(options: argparse.Namespace) -> int:
    by, why = named_operator(options)
    check_target(options.output)
    number = _number(options)
    parts = migrated_parts()
    asked = _Asked(parts, options, by, why, Whose.PATIENT, number.label.value)
    held = asked.answer(lambda: parts.subjects.of_patient(number))
    if options.erase:
        _erase(asked, number)
    asked.restrict(held)
    return 0


def run_staff(options: argparse.Namespace) -> int:
    by, why = named_operator(options)
    check_target(options.output)
    parts = migrated_parts()
    with parts.store.unit_of_work() as uow:
        person = find_person(uow, options.person)
    asked = _Asked(parts, options, by, why, Whose.STAFF, "", person.id)
    held = asked.answer(lambda: parts.subjects.of_person(person.id))
    asked.restrict(held)
    return 0


def _number(options: argparse.Namespace) -> PatientNumber:
    for name, label in _NUMBERS.items():
        given = getattr(options, name)
        if given is not None:
            number = identity(label, secretly(given, name))
            spelt = one_spelling(number)
            if spelt is not None and len(spelt.value) >= _FEWEST_SIGNS:
                return number
    raise UsageError("too short to mean one patient; nothing was looked for")


@dataclass
class _Asked:
    """One request: who asks why, on whom, and what is entered about it."""

    parts: Parts
    options: argparse.Namespace
    by: str
    why: dict[str, object]
    whose: Whose
    kind: str
    subject: UUID | None = None

    def __post_init__(self) -> None:
        self._id = self.subject or new_id()

    def enter(self, kind: EntryKind, **facts: object) -> None:
        enter(self.parts, kind, self.by, self._id, self.said(**facts))

    def enter_in(self, uow: SqlUnitOfWork, kind: EntryKind, **facts: object) -> None:
        """With what it is about, in one transaction."""
        now = self.parts.clock.now()
        uow.ledger.append(kind, by=self.by, at=now, subject=self._id, facts=self.said(**facts))

    def said(self, **facts: object) -> dict[str, object]:
        return {**self.why, "whose": self.whose.value, "looked_for_by": self.kind, **facts}

    def answer(self, read: Any) -> Holdings:  # noqa: ANN401 - a function without arguments
        self.enter(EntryKind.SUBJECT_ASKED, names=self.options.names)
        held: Holdings = read()
        settings, catalogue = self.parts.settings, shipped_catalogue()
        bundle = Bundle(
            whose=self.whose,
            kind=self.kind,
            holdings=held,
            hospital=settings.hospital_name,
            made_at=self.parts.clock.now(),
            with_names=self.options.names,
            kinds={one.value: catalogue.name_kinds(one.value, Language.THAI) for one in Label},
        )
        output = self.options.output
        write_whole(output, lambda file: write_subject(bundle, file), self._written)
        sys.stdout.write(f"{len(held.records)} records in {output}\n")
        return held

    def _written(self, written: Written) -> None:
        self.enter(EntryKind.SUBJECT_WRITTEN, bytes=written.bytes, sha256=written.sha256)

    def restrict(self, held: Holdings) -> None:
        options = self.options
        if not (options.restrict or options.lift):
            return
        traces = [one.trace for one in held.records]
        kind = EntryKind.SUBJECT_RESTRICTED if options.restrict else EntryKind.SUBJECT_LIFTED
        with self.parts.store.unit_of_work() as uow:
            changed = self.parts.subjects.restrict(uow, traces, is_restricted=options.restrict)
            self.enter_in(uow, kind, records=changed)
        now = "hidden from ordinary lists" if options.restrict else "shown in lists again"
        sys.stdout.write(f"{changed} records are {now}\n")


def _erase(asked: _Asked, number: PatientNumber) -> None:
    subjects = asked.parts.subjects
    with asked.parts.store.unit_of_work() as uow:
        found, gone = subjects.erase(uow, number)
        asked.enter_in(uow, EntryKind.SUBJECT_ERASED, erased=dict(gone))
    rows = [(what, str(count)) for what, count in sorted(gone.items())]
    sys.stdout.write(table(("erased", "number"), rows))
    for case in found.kept_cases:
        sys.stdout.write(f"{case}: kept, on hold or declared a breach; the bundle says why\n")
