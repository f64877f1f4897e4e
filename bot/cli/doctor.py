"""`doctor`: is everything as it should be, and if not, what to do."""

from __future__ import annotations

import shutil
import stat
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from bot.bootstrap import build
from bot.cli.common import table
from bot.domain.breaches import span_in_english, step_due
from bot.domain.times import thai_date_time
from bot.errors import (
    LookerNotStartedError,
    SealBrokenError,
    SettingsError,
    StoreUnavailableError,
    WongRaksaError,
)
from bot.settings import load_settings
from bot.storage.ledger_reads import LedgerState, state_of
from bot.storage.migrate import level, newest_level
from bot.storage.tables import heartbeats

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from bot.bootstrap import Parts
    from bot.storage.types import AnyRow

_PRIVATE = stat.S_IRWXG | stat.S_IRWXO
_WAITING_TOO_LONG = timedelta(minutes=1)
_LOOK_WAITING_TOO_LONG = timedelta(minutes=2)
_CLOCK_SILENT = timedelta(minutes=2)
_SENT_DAILY = timedelta(days=2)
_KEPT_BY_HAND = timedelta(days=8)
_LOOK_BACK = timedelta(days=7)
_LEAST_FREE_MB = 200


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the table. `todo` is empty when there is nothing to do."""

    what: str
    is_ok: bool
    found: str
    todo: str = ""


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    commands.add_parser("doctor", help="what is ok and what is not").set_defaults(run=run)


def run(_options: argparse.Namespace) -> int:
    checks = list(examine())
    rows = [(c.what, "ok" if c.is_ok else "not ok", c.found, c.todo) for c in checks]
    sys.stdout.write(table(("what", "state", "found", "what to do"), rows))
    return 0 if all(check.is_ok for check in checks) else 1


def examine() -> Iterator[Check]:
    try:
        settings = load_settings()
    except SettingsError as error:
        yield Check("settings", is_ok=False, found=str(error), todo="correct it in .env")
        return
    yield Check("settings", is_ok=True, found="complete")
    parts = build(settings)
    for check in _CHECKS:
        try:
            yield from check(parts)
        except StoreUnavailableError:
            yield Check(
                _name(check), is_ok=False, found="database does not answer", todo="see database"
            )
        except ProgrammingError:  # PostgreSQL's way to say that a table is missing
            yield Check(_name(check), is_ok=False, found="tables are missing", todo="see database")
        except WongRaksaError as error:
            yield Check(_name(check), is_ok=False, found=str(error), todo="see the line above")


def _name(check: Callable[[Parts], Iterator[Check]]) -> str:
    return check.__name__.removeprefix("_").replace("_", " ")


def _database(parts: Parts) -> Iterator[Check]:
    kind = "SQLite" if parts.settings.is_embedded else "PostgreSQL"
    try:
        with parts.database.read() as connection:
            now_at = level(connection)
    except StoreUnavailableError:
        yield Check(
            "database",
            is_ok=False,
            found=f"{kind} does not answer",
            todo="start it; check DATABASE_URL",
        )
        return
    is_newest = now_at == newest_level()
    todo = "" if is_newest else "python -m bot migrate"
    yield Check("database", is_ok=is_newest, found=f"{kind}, level {now_at or 'none'}", todo=todo)


def _keys(parts: Parts) -> Iterator[Check]:
    try:
        parts.keys.make_ready()
    except SealBrokenError:
        yield Check(
            "keys",
            is_ok=False,
            found="MASTER_KEY does not open them",
            todo="use the MASTER_KEY they were made with",
        )
        return
    except Exception as error:  # noqa: BLE001 - most likely missing tables, which has its own line
        yield Check("keys", is_ok=False, found=type(error).__name__, todo="python -m bot migrate")
        return
    yield Check("keys", is_ok=True, found="open with MASTER_KEY")


def _redis(parts: Parts) -> Iterator[Check]:
    url = parts.settings.redis_url
    if not url:
        needed = "not used" if parts.settings.is_embedded else "not set: events wait up to a second"
        yield Check("redis", is_ok=True, found=needed)
        return
    import redis  # noqa: PLC0415 - only where it is used

    try:
        redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2).ping()
    except redis.RedisError as error:
        yield Check(
            "redis",
            is_ok=False,
            found=type(error).__name__,
            todo="start it; check REDIS_URL. No event is lost meanwhile",
        )
        return
    yield Check("redis", is_ok=True, found="answers")


def _line(parts: Parts) -> Iterator[Check]:
    answer = parts.line_api.bot_info()
    if answer.is_ok:
        simulated = " (simulated)" if parts.settings.is_sandbox else ""
        yield Check("LINE token", is_ok=True, found=f"accepted{simulated}")
        yield from _line_quota(parts)
    elif answer.status in (401, 403):
        yield Check(
            "LINE token",
            is_ok=False,
            found=f"refused ({answer.status})",
            todo="set LINE_CHANNEL_ACCESS_TOKEN anew",
        )
    else:
        yield Check(
            "LINE token",
            is_ok=False,
            found=f"no clear answer ({answer.status})",
            todo="check the way to LINE_API_BASE",
        )


def _line_quota(parts: Parts) -> Iterator[Check]:
    limit = (parts.line_api.quota().body or {}).get("value")
    used = (parts.line_api.consumption().body or {}).get("totalUsage")
    if not isinstance(limit, int) or not isinstance(used, int):
        yield Check("LINE quota", is_ok=True, found="no limit, or not told")
        return
    left = limit - used
    todo = "" if left > 0 else "warnings go by free reply only until the month ends"
    yield Check("LINE quota", is_ok=left > 0, found=f"{left} of {limit} pushes left", todo=todo)


def _disk(parts: Parts) -> Iterator[Check]:
    """A database server's disk is not ours to see."""
    if not parts.settings.is_embedded:
        return
    folder = Path(make_url(parts.settings.database_url).database or "").absolute().parent
    if not folder.exists():
        return
    free = shutil.disk_usage(folder).free // 1_000_000
    is_ok = free >= _LEAST_FREE_MB
    todo = "" if is_ok else "make room: a full disk takes no more events"
    yield Check("disk", is_ok=is_ok, found=f"{free} MB free in {folder}", todo=todo)


def _files(parts: Parts) -> Iterator[Check]:
    for path in _private_files(parts):
        if path.exists():
            is_private = not path.stat().st_mode & _PRIVATE
            todo = "" if is_private else f"chmod 600 {path}"
            yield Check("file permissions", is_ok=is_private, found=f"{path}", todo=todo)


def _private_files(parts: Parts) -> Iterator[Path]:
    yield Path(".env")
    if parts.settings.is_embedded:
        database = make_url(parts.settings.database_url).database or ""
        yield from (Path(database + ending) for ending in ("", "-wal", "-shm"))


def _events(parts: Parts) -> Iterator[Check]:
    oldest = parts.queue.oldest_waiting_at()
    counts = parts.queue.counts()
    waits = oldest is not None and parts.clock.now() - oldest > _WAITING_TOO_LONG
    waiting = counts.get("waiting", 0) + counts.get("claimed", 0)
    found = f"{waiting} waiting" + (f", oldest of {thai_date_time(oldest)}" if oldest else "")
    yield Check(
        "events", is_ok=not waits, found=found, todo="is a worker running?" if waits else ""
    )
    parked = counts.get("parked", 0)
    todo = "python -m bot parked list" if parked else ""
    yield Check("parked events", is_ok=not parked, found=str(parked), todo=todo)


def _looks(parts: Parts) -> Iterator[Check]:
    """What pictures and files came to; what was not seen is named with its reason."""
    oldest, counts = parts.look_queue.oldest_waiting_at(), parts.look_queue.counts()
    waits = oldest is not None and parts.clock.now() - oldest > _LOOK_WAITING_TOO_LONG
    ends = parts.look_queue.ends(parts.clock.now() - _LOOK_BACK)
    todo = "does a worker look?" if waits else ""
    waiting = counts.get("waiting", 0) + counts.get("claimed", 0)
    found = ", ".join([f"{waiting} waiting", *(f"{row.number} {_end(row)}" for row in ends)])
    yield Check("pictures and files", is_ok=not todo, found=found, todo=todo)
    parked = counts.get("parked", 0)
    todo = "python -m bot parked list" if parked else ""
    yield Check("parked looks", is_ok=not parked, found=str(parked), todo=todo)


def _looker(parts: Parts) -> Iterator[Check]:
    """Started for this: what it is made of may be missing on this machine."""
    try:
        parts.looker.make_ready()
    except LookerNotStartedError:
        todo = "scripts/setup run; until then pictures wait, and are parked after an hour"
        yield Check("looker", is_ok=False, found="cannot start", todo=todo)
    else:
        yield Check("looker", is_ok=True, found="starts")
    parts.close_looker()


def _end(row: AnyRow) -> str:
    return f"{row.outcome} ({row.reason})" if row.reason else str(row.outcome)


def _to_tell(parts: Parts) -> Iterator[Check]:
    oldest = parts.tell_queue.oldest_waiting_at()
    waits = oldest is not None and parts.clock.now() - oldest > _WAITING_TOO_LONG
    found = f"oldest of {thai_date_time(oldest)}" if oldest else "nothing waits"
    todo = "does LINE answer? is a worker running?" if waits else ""
    yield Check("to be told", is_ok=not waits, found=found, todo=todo)


def _told(parts: Parts) -> Iterator[Check]:
    since = parts.clock.now() - _LOOK_BACK
    failures = parts.tell_queue.not_told(since)
    if not failures:
        yield Check("what was to be told", is_ok=True, found="all told in the last 7 days")
    for row in failures:
        found = f"{row.number} × {row.saying} ({row.reason}, LINE said {row.last_status})"
        yield Check(
            "what was to be told",
            is_ok=False,
            found=found,
            todo=_TODO.get(row.reason, "see docs/operations.md"),
        )
    budget = parts.settings.push_budget_per_month
    used = parts.tell_queue.budget_used()
    yield Check(
        "push budget",
        is_ok=used < budget or budget == 0,
        found=f"{used} of {budget} used this month",
    )


_TODO = {
    "push_budget": "raise PUSH_BUDGET_PER_MONTH, or leave it: replies stay free",
    "line_quota": "the LINE plan's month is used up",
    "reply_unclear": "nothing: it probably arrived",
    "line_refused": "is the bot still in the group, the token right?",
    "too_late": "LINE or the database was away for a day",
}


def _clock(parts: Parts) -> Iterator[Check]:
    with parts.database.read() as connection:
        beat = connection.scalar(select(heartbeats.c.at).where(heartbeats.c.name == "clock"))
    is_alive = beat is not None and parts.clock.now() - beat < _CLOCK_SILENT
    found = f"last beat {thai_date_time(beat)}" if beat else "has never run"
    todo = "" if is_alive else ("make run" if parts.settings.is_embedded else "python -m bot clock")
    yield Check("upkeep", is_ok=is_alive, found=found, todo=todo)


def _ledger(parts: Parts) -> Iterator[Check]:
    with parts.database.read() as connection:
        state = state_of(connection)
    now, oldest = parts.clock.now(), state.oldest_unsealed_at
    waits = oldest is not None and now - oldest > _WAITING_TOO_LONG
    todo = "is anything running? if so: python -m bot ledger verify" if waits else ""
    found = f"{state.unsealed} wait" + (f", oldest of {thai_date_time(oldest)}" if oldest else "")
    yield Check("ledger sealer", is_ok=not waits, found=found, todo=todo)
    if state.checkpoint is None:
        yield Check("ledger checkpoint", is_ok=True, found="none yet: nothing was entered")
        return
    found = f"{state.checkpoint.size} entries, {thai_date_time(state.checkpoint.at)}"
    yield Check("ledger checkpoint", is_ok=True, found=found)
    yield _kept_elsewhere(parts, state)


def _kept_elsewhere(parts: Parts, state: LedgerState) -> Check:
    """By e-mail every day where that is set; else by hand, which a week may pass without."""
    longest = _SENT_DAILY if parts.settings.dpo_email else _KEPT_BY_HAND
    kept_at = state.first_at if state.kept is None else state.kept.at
    is_old = kept_at is not None and parts.clock.now() - kept_at > longest
    found = "never yet"
    if state.kept is not None:
        found = f"{state.kept.size} entries, {thai_date_time(state.kept.at)} ({state.kept.way})"
    by_mail = "does the mail server answer? python -m bot ledger checkpoint --send"
    by_hand = "python -m bot ledger checkpoint --page FILE.html, or set DPO_EMAIL"
    todo = (by_mail if parts.settings.dpo_email else by_hand) if is_old else ""
    return Check("checkpoint elsewhere", is_ok=not is_old, found=found, todo=todo)


def _breaches(parts: Parts) -> Iterator[Check]:
    """The most urgent one, and whether its steps were told by e-mail."""
    running, now = parts.breach_reads.running(), parts.clock.now()
    if not running:
        yield Check("breaches", is_ok=True, found="none waits to be reported")
        return
    first = running[0]
    left = span_in_english(first.time_left(now))
    state = f"overdue by {left}" if first.is_overdue(now) else f"{left} left"
    found = f"{len(running)} to report; {first.case_number}: {state}"
    yield Check("breaches", is_ok=False, found=found, todo="python -m bot breach list")
    untold = [one for one in running if step_due(one, now) is not None]
    todo = "tell the officer yourself; set DPO_EMAIL, or see whether the mail server answers"
    is_told = f"{len(untold)} of {len(running)} wait to be told"
    yield Check("breach e-mail", is_ok=not untold, found=is_told, todo=todo if untold else "")


_CHECKS = (
    _database,
    _keys,
    _redis,
    _line,
    _disk,
    _files,
    _events,
    _looks,
    _looker,
    _to_tell,
    _told,
    _clock,
    _ledger,
    _breaches,
)
