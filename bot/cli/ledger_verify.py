"""`ledger verify`: does it hold? Exit code 0 it does, 1 it does not, 2 it could not be checked."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from bot.cli.common import migrated_parts
from bot.cli.progress import with_progress
from bot.domain.times import from_milliseconds, thai_date_time
from bot.errors import SealBrokenError, WongRaksaError
from bot.ledger import stranger
from bot.ledger.verify import Audit, Fault, is_opening
from bot.storage.keyring import unseal
from bot.storage.ledger_keys import is_signed
from bot.storage.ledger_reads import LedgerReader
from bot.storage.ledger_store import opening_bound_to

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from bot.bootstrap import Parts

_MOST_FAULTS = 20


def add_to(actions: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    parser = actions.add_parser("verify", help="the whole ledger, or a bundle; exit code 0, 1, 2")
    parser.add_argument(
        "bundle", type=Path, nargs="?", help="a bundle or receipt, instead of the ledger itself"
    )
    parser.add_argument("--key", help="the public key that you trust, or a file that holds it")
    parser.add_argument(
        "--checkpoint", type=Path, metavar="FILE", help="a checkpoint that was kept elsewhere"
    )
    parser.add_argument(
        "--without-facts", action="store_true", help="leave out what entries open to: quicker"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    try:
        code, lines = stranger.judge(lambda: _check(options))
    except WongRaksaError as error:
        code, lines = stranger.verdict(stranger.COULD_NOT_BE_CHECKED, [], str(error))
    sys.stdout.write("\n".join(lines) + "\n")
    return code


def _check(options: argparse.Namespace) -> Iterator[str]:
    if options.bundle is not None:
        if options.key is None:
            raise stranger.CannotCheckError(
                "--key is needed: without a key that you trust anybody could have made this"
            )
        yield from stranger.check_file(options.bundle, options.key, options.checkpoint)
        return
    yield from check_stored(migrated_parts(), options)


def check_stored(parts: Parts, options: argparse.Namespace) -> Iterator[str]:
    with parts.database.snapshot() as connection:
        yield from _Check(parts, connection, options).lines()


@dataclass(slots=True)
class _Facts:
    """How the second pass went: entries against what their commitments open to."""

    genuine: int = 0
    without_key: int = 0
    unexplained: int = 0
    first_unexplained: bytes = b""
    destroyed: frozenset[bytes] = frozenset()
    faults: list[Fault] = field(default_factory=list)


class _Check:
    """One look at the whole ledger, inside one snapshot."""

    def __init__(self, parts: Parts, connection: Connection, options: argparse.Namespace) -> None:
        self._parts = parts
        self._connection = connection
        self._options = options
        self._reader = LedgerReader(connection)
        self._strays: list[Fault] = []

    def lines(self) -> Iterator[str]:
        _refuse([_misshapen(table, key) for table, key in self._reader.misshapen()])
        keys = self._keys()
        if keys is None:
            yield from self._tail(0)
            _refuse(self._strays)
            return
        audit = Audit(keys, is_signed, self._reader.checkpoints(), self._kept(keys))
        size = self._reader.count()
        audit.walk(with_progress(self._reader.leaves(), size))
        audit.end()
        yield f"ledger {keys.origin}: {audit.size} places, {len(audit.checkpoints)} checkpoints"
        facts = _Facts() if self._options.without_facts else self._facts(size)
        yield self._say_facts(facts, audit.size)
        yield from _say_unexplained(facts)
        yield from (f"note: {remark}" for remark in audit.remarks)
        yield from self._tail(audit.size)
        _refuse([*audit.faults, *facts.faults, *self._strays])

    def _keys(self) -> stranger.Keys | None:
        """None where nothing was ever signed, and nothing is there that should have been."""
        records = self._reader.keys()
        if not records and self._reader.count() == 0 and not self._reader.checkpoints():
            if self._options.checkpoint is not None or self._options.key is not None:
                raise stranger.DoesNotHoldError("cut off: the whole ledger is gone")
            return None
        try:
            keys = stranger.Keys(records, is_signed)
        except stranger.CannotCheckError:
            raise stranger.DoesNotHoldError("its public keys are not there, or spoilt") from None
        if self._options.key is not None:
            keys.trust(stranger.text_or_file(self._options.key))
        self._check_secret_halves(keys)
        return keys

    def _check_secret_halves(self, keys: stranger.Keys) -> None:
        """Keys that somebody else made have no secret half under our MASTER_KEY."""
        for number, public in keys.public.items():
            if self._parts.ledger_keys.public_of(self._connection, number) not in (None, public):
                raise stranger.DoesNotHoldError(f"key {number} is not the one that was made here")

    def _kept(self, keys: stranger.Keys) -> Sequence[stranger.Checkpoint]:
        path = self._options.checkpoint
        return [] if path is None else [keys.checkpoint(stranger.read_text(path))]

    def _facts(self, size: int) -> _Facts:
        facts = _Facts(destroyed=self._reader.destroyed_keys())
        for row in with_progress(self._reader.openings(), size):
            self._check_facts(facts, *row)
        return facts

    def _check_facts(
        self, facts: _Facts, entry: bytes, salt: bytes, sealed: bytes, key: bytes, entered: object
    ) -> None:
        value = self._month_key(key)
        if not isinstance(entered, bytes):
            facts.faults.append(
                Fault("facts of an entry that is not there", entry_id=_shown(entry))
            )
        elif value is None:
            facts.without_key += 1
            if key not in facts.destroyed:
                facts.unexplained += 1
                facts.first_unexplained = facts.first_unexplained or entry
        elif _is_genuine(value, entry, salt, sealed, entered):
            facts.genuine += 1
        else:
            what = "its facts are not those that were entered"
            facts.faults.append(Fault(what, entry_id=_shown(entry)))

    def _month_key(self, key: bytes) -> bytes | None:
        try:
            return self._parts.keys.by_id(self._connection, UUID(key.decode())).value
        except (SealBrokenError, ValueError):
            return None

    def _say_facts(self, facts: _Facts, size: int) -> str:
        if self._options.without_facts:
            return "facts: not looked at"
        forgotten = max(size - facts.genuine - facts.without_key - len(facts.faults), 0)
        return (
            f"facts: {facts.genuine} as they were entered, {forgotten} forgotten, "
            f"{facts.without_key} without their key"
        )

    def _tail(self, size: int) -> Iterator[str]:
        """What no checkpoint covers, and what none that was kept elsewhere covers."""
        waiting = list(self._reader.unsealed())
        what = "it has no place, and is not on the database's own list of those that wait"
        self._strays = [Fault(what, entry_id=_shown(row[0])) for row in waiting if not row[2]]
        since = f", since {_at(min(row[1] for row in waiting))}" if waiting else ""
        yield f"unsealed tail: {len(waiting)} entries that no checkpoint covers yet{since}"
        kept = self._reader.newest_kept()
        self._strays += [_cut_off(one, size) for one in self._reader.kept_beyond(size)]
        if kept is None:
            yield "window of trust: all of it, since no checkpoint was ever kept elsewhere"
        else:
            yield (
                f"window of trust: {max(size - kept[0], 0) + len(waiting)} entries, all since the "
                f"checkpoint of {kept[0]} that was kept elsewhere on {_at(kept[1])}"
            )
        if self._options.checkpoint is None:
            yield "no checkpoint from elsewhere was compared: give yours with --checkpoint FILE"


def _misshapen(table: str, key: object) -> Fault:
    what = f"{table} holds a value of another type than was ever entered there"
    return Fault(what, entry_id=_shown(key))


def _cut_off(kept: int, size: int) -> Fault:
    return Fault(f"cut off: a checkpoint of {kept} entries was kept elsewhere", size)


def _say_unexplained(facts: _Facts) -> Iterator[str]:
    """A key may be lost without anybody's doing, so this is no fault; but it is not hidden among
    those that were destroyed on record."""
    if facts.unexplained:
        yield (
            f"note: {facts.unexplained} of those without their key name one whose destruction "
            "was never entered: it was lost, or the name of the key was changed; the first is of "
            f"entry {_shown(facts.first_unexplained)}"
        )


def _is_genuine(key: bytes, entry: bytes, salt: bytes, sealed: bytes, entered: bytes) -> bool:
    try:
        plain = unseal(key, sealed, opening_bound_to(UUID(entry.decode())))
        return is_opening(salt, plain, entered)
    except (SealBrokenError, TypeError, ValueError):
        return False


def _refuse(faults: Sequence[Fault]) -> None:
    if not faults:
        return
    first, *others = faults
    more = [f"\n  {fault}" for fault in others[: _MOST_FAULTS - 1]]
    if len(faults) > _MOST_FAULTS:
        more.append(f"\n  and {len(faults) - _MOST_FAULTS} more")
    raise stranger.DoesNotHoldError(f"{first}{''.join(more)}")


def _shown(entry_id: object) -> str:
    return entry_id.decode(errors="replace") if isinstance(entry_id, bytes) else repr(entry_id)


def _at(milliseconds: int) -> str:
    try:
        return thai_date_time(from_milliseconds(milliseconds))
    except (OverflowError, TypeError, ValueError):
        return "no time that can be"
