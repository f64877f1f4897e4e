"""The command line: what it does, what it refuses, and that each refusal is one clear line."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest

from bot.bootstrap import Parts, build
from bot.cli.main import main
from bot.cli.run import make_first_env
from bot.domain.groups import Group
from bot.domain.ids import new_id
from bot.settings import load_settings
from bot.storage.migrate import migrate, newest_level
from bot.storage.tables import heartbeats, ledger_entries, looks, outbox
from tests.cli.command import Folder, Said
from tests.cli.forked import ROOT
from tests.sandbox.harness import line_sandbox
from tests.services.server import free_port, wait_until
from tests.storage.stage import Stage, settings_of
from tests.worker.test_sender import answering

GROUP = "C0123456789abcdef0123456789abcdef"


@contextmanager
def parts_of(folder: Folder, url: str = "") -> Iterator[Parts]:
    parts = build(settings_of(url or folder.database_url))
    yield parts
    parts.database.close()


def migrated(folder: Folder) -> None:
    """What `migrate` does, without starting another Python for it."""
    before = os.umask(0o077)
    with parts_of(folder) as parts:
        migrate(parts.database)
        parts.keys.make_ready()
        parts.seed_documents()
    os.umask(before)


def refusal(said: Said) -> str:
    assert said.code == 1
    assert said.out == ""
    (line,) = said.err.splitlines()
    return line


def checks(said: Said) -> dict[str, list[str]]:
    """What the doctor's table says, by what was looked at."""
    found: dict[str, list[str]] = {}
    for line in said.out.splitlines()[2:]:
        what, state, *rest = [cell for cell in line.split("  ") if cell]
        found.setdefault(what.strip(), []).append(
            f"{state.strip()}: {' '.join(map(str.strip, rest))}"
        )
    return found


# --- starting -------------------------------------------------------------------------------------


def test_who_names_no_command_is_shown_all_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "who sent a patient's data to whom" in capsys.readouterr().err


def test_without_settings_the_missing_one_is_named(tmp_path: Path) -> None:
    assert refusal(Folder(tmp_path).bot("group", "list")).startswith("Settings: ")


def test_before_migrating_it_says_what_to_do(folder: Folder) -> None:
    assert "python -m bot migrate" in refusal(folder.bot("group", "list"))


def test_migrating_makes_a_private_database_at_the_newest_level(folder: Folder) -> None:
    said = folder.bot("migrate")
    assert (said.code, said.out) == (0, f"database is at level {newest_level()}\n")
    assert folder.bot("migrate").code == 0
    file = folder.path / "var" / "wongraksa.db"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("command", ["migrate", "group list", "run --no-sandbox --port 0"])
def test_another_master_key_is_refused_by_name(folder: Folder, command: str) -> None:
    migrated(folder)
    folder.write_env(MASTER_KEY="A" * 43 + "=")
    said = folder.bot(*command.split())
    assert said.code != 0
    assert sum("MASTER_KEY: " in line for line in said.err.splitlines()) == 1


@pytest.mark.parametrize("command", ["worker", "clock"])
def test_workers_of_their_own_are_refused_with_sqlite(folder: Folder, command: str) -> None:
    migrated(folder)
    assert "PostgreSQL" in refusal(folder.bot(command))


def test_a_first_env_has_keys_of_its_own_for_its_owners_eyes_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MASTER_KEY", raising=False)
    one, other = tmp_path / "one.env", tmp_path / "other.env"
    make_first_env(one)
    make_first_env(other)
    before = one.read_text(encoding="utf-8")
    make_first_env(one)

    assert stat.S_IMODE(one.stat().st_mode) == 0o600
    assert one.read_text(encoding="utf-8") == before
    first, second = load_settings({}, one), load_settings({}, other)
    assert first.is_sandbox
    assert first.master_key != second.master_key
    assert first.line_channel_secret != second.line_channel_secret


def test_where_the_environment_has_the_keys_no_file_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MASTER_KEY", "x")
    make_first_env(tmp_path / ".env")
    assert list(tmp_path.iterdir()) == []


# --- run ------------------------------------------------------------------------------------------


def is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_a_second_process_on_the_same_sqlite_is_refused_in_a_clear_line(folder: Folder) -> None:
    port = free_port()
    with folder.running("run", "--no-sandbox", "--port", str(port)):
        wait_until(lambda: is_ready(port), 30)
        second = folder.bot("run", "--no-sandbox", "--port", str(free_port()))
        taken = folder.bot("run", "--no-sandbox", "--port", str(port))
        assert is_ready(port)

    assert second.code != 0
    assert "another WongRaksa process is using this SQLite database" in second.err
    assert f"cannot listen on 127.0.0.1:{port}" in refusal(taken)


def test_a_taken_sandbox_port_is_refused_by_name(folder: Folder) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        folder.write_env(SANDBOX_PORT=str(port))
        said = refusal(folder.bot("run", "--port", str(free_port())))
    assert f"127.0.0.1:{port}" in said
    assert "SANDBOX_PORT" in said


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_sandbox_ends_with_a_product_that_is_killed(folder: Folder) -> None:
    port, sandbox_port = free_port(), free_port()
    folder.write_env(SANDBOX_PORT=str(sandbox_port))
    with folder.running("run", "--port", str(port)) as process:
        wait_until(lambda: answers(sandbox_port) and is_ready(port), 40)
        process.kill()
        wait_until(lambda: not answers(sandbox_port), 20)


def test_run_says_when_the_sandbox_has_ended(folder: Folder) -> None:
    port, sandbox_port = free_port(), free_port()
    folder.write_env(SANDBOX_PORT=str(sandbox_port))
    with folder.running("run", "--port", str(port)) as process:
        wait_until(lambda: answers(sandbox_port) and is_ready(port), 40)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        (sandbox,) = [
            int(child)
            for child in children
            if b"bot.sandbox" in Path(f"/proc/{child}/cmdline").read_bytes()
        ]
        os.kill(sandbox, signal.SIGKILL)
        wait_until(lambda: not answers(sandbox_port), 10)
        time.sleep(1)
        assert is_ready(port)
        process.terminate()
        assert process.stdout is not None
        assert "the simulated LINE has ended" in process.stdout.read()


def test_a_play_token_for_another_stand_in_starts_no_sandbox(folder: Folder) -> None:
    port, sandbox_port = free_port(), free_port()
    folder.write_env(LINE_API_BASE="http://127.0.0.1:9", SANDBOX_PORT=str(sandbox_port))
    with folder.running("run", "--port", str(port)) as process:
        wait_until(lambda: is_ready(port), 40)
        assert not answers(sandbox_port)
        process.terminate()
        assert process.stdout is not None
        assert str(sandbox_port) not in process.stdout.read()


def test_a_broken_decision_table_stops_the_start_and_names_its_line(tmp_path: Path) -> None:
    code = tmp_path / "code"
    for room in ("bot", "handlers", "policies"):
        shutil.copytree(ROOT / room, code / room, ignore=shutil.ignore_patterns("__pycache__"))
    table = code / "policies" / "decision_table.toml"
    text = table.read_text(encoding="utf-8").replace('"record_disclosure"', '"record_nothing"')
    table.write_text(text, encoding="utf-8")
    number = next(
        number
        for number, line in enumerate(text.splitlines(), 1)
        if "record_nothing" in line and line.startswith("actions")
    )
    (tmp_path / "run").mkdir()
    folder = Folder(tmp_path / "run", code=code)
    folder.write_env()

    assert f"decision_table.toml, line {number}:" in refusal(folder.bot("migrate"))
    started = folder.bot("run", "--no-sandbox", "--port", str(free_port()))
    assert started.code != 0
    assert f"decision_table.toml, line {number}:" in started.err


# --- groups ---------------------------------------------------------------------------------------


@pytest.fixture
def with_group(folder: Folder) -> Folder:
    migrated(folder)
    with parts_of(folder) as parts, parts.store.unit_of_work() as uow:
        uow.registry.add_group(Group(new_id(), GROUP, name="ทีมดูแล อายุรกรรม", member_count=34))
    return folder


APPROVAL = ("--purpose", "ดูแลคนไข้", "--kind", "care_team", "--owner", "หัวหน้าหอ")


def approve(folder: Folder, *more: str) -> Said:
    return folder.bot("group", "approve", GROUP, *APPROVAL, *more)


def test_a_group_is_listed_approved_simulated_shown_and_suspended(with_group: Folder) -> None:
    listed = with_group.bot("group", "list").out
    assert "ทีมดูแล อายุรกรรม" in listed
    assert "not approved" in listed

    year = load_year()
    approved = approve(with_group, "--review", f"31/5/{year + 543}")
    assert approved.out.startswith("ทีมดูแล อายุรกรรม: approved until 31 พ.ค. ")
    short = with_group.bot("group", "list").out.splitlines()[2].split()[0]
    assert with_group.bot("group", "simulate", short, "on").out == "simulation is on\n"
    shown = with_group.bot("group", "show", short).out
    for part in (GROUP, "care_team", "(simulation)", "ดูแลคนไข้", "หัวหน้าหอ", "34"):
        assert part in shown
    suspended = with_group.bot("group", "suspend", short, "--reason", "ย้ายทีม")
    assert suspended.out.startswith("ทีมดูแล อายุรกรรม: suspended")

    with parts_of(with_group) as parts, parts.database.read() as connection:
        kinds = connection.scalars(ledger_entries.select().with_only_columns(ledger_entries.c.kind))
        of_groups = sorted(kind for kind in kinds if kind.startswith("group."))
        assert of_groups == ["group.approved", "group.simulation", "group.suspended"]


def load_year() -> int:
    """A year whose May lies ahead, and no more than a year away."""
    now = datetime.now(UTC)
    return now.year if (now.month, now.day) < (5, 30) else now.year + 1


@pytest.mark.parametrize("review", ["2020-01-31", "31/5/2650"])
def test_a_review_date_in_the_past_or_far_away_is_refused(with_group: Folder, review: str) -> None:
    assert "--review" in refusal(approve(with_group, "--review", review))


def test_what_is_not_a_date_or_not_complete_is_refused_by_name(with_group: Folder) -> None:
    for said, name in (
        (approve(with_group, "--review", "tomorrow"), "--review"),
        (with_group.bot("group", "suspend", GROUP), "--reason"),
    ):
        assert said.code == 2
        assert name in said.err


def test_a_group_that_nobody_knows_is_refused(with_group: Folder) -> None:
    assert "0 groups match" in refusal(with_group.bot("group", "show", "C999"))


# --- parked ---------------------------------------------------------------------------------------


def test_parked_events_are_listed_without_contents_and_tried_again(folder: Folder) -> None:
    migrated(folder)
    assert folder.bot("parked", "list").out == "nothing is parked\n"
    with parts_of(folder) as parts:
        stage = Stage(parts, parts.clock, parts.settings)  # type: ignore[arg-type]
        stage.store(stage.text("คุณตาเตียงห้า"))
        (claimed,) = stage.claim()
        parts.queue.park(claimed, "ValueError at handlers/judging.py:88")

    listed = folder.bot("parked", "list").out
    assert "ValueError at handlers/judging.py:88" in listed
    assert "คุณตา" not in listed
    assert folder.bot("parked", "re-run", str(new_id())).out == "0 to be tried again\n"
    assert folder.bot("parked", "re-run", str(claimed.id)).out == "1 to be tried again\n"
    assert "parked list" in refusal(folder.bot("parked", "re-run", "1"))


# --- doctor ---------------------------------------------------------------------------------------


def test_a_healthy_product_is_found_healthy(folder: Folder) -> None:
    with line_sandbox() as line:
        folder.write_env(LINE_API_BASE=line.url)
        migrated(folder)
        beat(folder)
        said = folder.bot("doctor")

    assert [line for line in said.out.splitlines() if "not ok" in line] == []
    assert said.code == 0
    assert checks(said)["LINE token"] == ["ok: accepted (simulated)"]


@pytest.mark.parametrize(("free", "state"), [(199_999_999, "not ok"), (200_000_000, "ok")])
def test_a_disk_that_is_nearly_full_is_named(
    folder: Folder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    free: int,
    state: str,
) -> None:
    """In this process, where the disk can be a small one."""
    migrated(folder)
    monkeypatch.chdir(folder.path)
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: SimpleNamespace(free=free))
    main(["doctor"])
    (found,) = checks(Said(0, capsys.readouterr().out, ""))["disk"]
    assert found.startswith(f"{state}: {free // 1_000_000} MB free in {folder.path}/var")


def beat(folder: Folder) -> None:
    with parts_of(folder) as parts, parts.database.write() as connection:
        connection.execute(heartbeats.insert().values(name="clock", at=parts.clock.now()))


def test_what_is_not_healthy_is_named_with_what_to_do(folder: Folder) -> None:
    folder.write_env(REDIS_URL=f"redis://127.0.0.1:{free_port()}", PUSH_BUDGET_PER_MONTH="0")
    migrated(folder)
    (folder.path / ".env").chmod(0o644)
    with parts_of(folder) as parts:
        stage = Stage(parts, parts.clock, parts.settings)  # type: ignore[arg-type]
        stage.store(stage.text(user="U1"))
        (claimed,) = stage.claim()
        parts.queue.park(claimed, "ValueError")
        not_told(parts)
        look_of(parts, state="waiting")
        look_of(parts, state="parked")
        look_of(parts, state="settled", outcome="unreadable", reason="protected")

    said = folder.bot("doctor")

    found = checks(said)
    assert said.code == 1
    assert found["redis"][0].startswith("not ok: ConnectionError start it")
    assert found["LINE token"] == ["not ok: no clear answer (0) check the way to LINE_API_BASE"]
    assert found["file permissions"][0] == "not ok: .env chmod 600 .env"
    assert found["parked events"] == ["not ok: 1 python -m bot parked list"]
    waits = "1 waiting, 1 unreadable (protected) does a worker look?"
    assert found["pictures and files"] == [f"not ok: {waits}"]
    assert found["parked looks"] == ["not ok: 1 python -m bot parked list"]
    assert found["what was to be told"][0].startswith("not ok: 1 × warning (push_budget")
    assert found["upkeep"] == ["not ok: has never run make run"]


def look_of(parts: Parts, **how: str) -> UUID:
    """A look of an hour ago, and where it stands."""
    now = parts.clock.now()
    values = {
        "id": new_id(),
        "task": "look",
        "kind": "image",
        "event_row_id": new_id(),
        "received_at": now - timedelta(hours=1),
        "due_at": now - timedelta(hours=1),
        "settled_at": now if how["state"] == "settled" else None,
        "park_reason": "ValueError at bot/seeing" if how["state"] == "parked" else None,
        **how,
    }
    with parts.database.write() as connection:
        connection.execute(looks.insert().values(values))
    return UUID(str(values["id"]))


def test_parked_looks_are_listed_and_tried_again(folder: Folder) -> None:
    migrated(folder)
    with parts_of(folder) as parts:
        parked = look_of(parts, state="parked")
    listed = folder.bot("parked", "list").out

    assert f"{parked}  look  image" in listed
    assert "ValueError at bot/seeing" in listed
    assert folder.bot("parked", "re-run", str(parked)).out == "1 to be tried again\n"


def not_told(parts: Parts) -> None:
    now = parts.clock.now()
    values = {
        "id": new_id(),
        "key": "warning:1",
        "saying": "warning",
        "language": "th",
        "purpose": "first_warning",
        "way": "push",
        "state": "not_told",
        "reason": "push_budget",
        "retry_key": new_id(),
        "created_at": now,
        "due_at": now,
        "expires_at": now,
        "settled_at": now,
    }
    with parts.database.write() as connection:
        connection.execute(outbox.insert().values(values))


def test_a_wrong_master_key_and_a_refused_token_are_named(folder: Folder) -> None:
    migrated(folder)
    with answering(401, b'{"message":"Authentication failed"}') as url:
        folder.write_env(MASTER_KEY="A" * 43 + "=", LINE_API_BASE=url)
        said = folder.bot("doctor")

    assert said.code == 1
    assert checks(said)["keys"][0].startswith("not ok: MASTER_KEY does not open them")
    assert checks(said)["LINE token"][0].startswith("not ok: refused (401)")


def test_wrong_settings_are_one_line_of_the_table(folder: Folder) -> None:
    folder.write_env(WORK_THREADS="many")
    said = folder.bot("doctor")
    assert said.code == 1
    assert checks(said) == {
        "settings": ["not ok: WORK_THREADS: must be a whole number from 1 to 64 correct it in .env"]
    }


def test_a_database_without_tables_or_without_a_server_is_named(
    folder: Folder, postgres_url: str
) -> None:
    folder.write_env(DATABASE_URL=postgres_url)
    said = folder.bot("doctor")
    assert said.code == 1
    assert checks(said)["database"] == ["not ok: PostgreSQL, level none python -m bot migrate"]

    folder.write_env(DATABASE_URL=f"postgresql://u@127.0.0.1:{free_port()}/db")
    said = folder.bot("doctor")
    assert said.code == 1
    assert checks(said)["database"][0].startswith("not ok: PostgreSQL does not answer")
    assert "store" in refusal(folder.bot("migrate")).lower()
