"""`retention`: the rule, the dry run, and the run itself."""

from __future__ import annotations

import pytest

from tests.cli.command import Folder
from tests.storage.stage import START, stage_on
from tests.storage.test_export_reads import add_disclosure, add_incident, group_of_two

WHY = ("--operator", "มาลี", "--reason", "committee 3/2569")


@pytest.fixture
def ready(folder: Folder) -> Folder:
    """Records of 2020: one that is over, one that stands, a disclosure."""
    with stage_on(folder.database_url) as stage:
        stage.clock.advance(days=-2500)
        group, sender = group_of_two(stage)
        span = (stage.clock.now() - START).total_seconds()
        add_incident(stage, group, sender, int(span), closed_at=stage.clock.now())
        add_incident(stage, group, sender, int(span) + 1)
        add_disclosure(stage, group, sender, int(span) + 2)
    return folder


def test_a_dry_run_lists_by_case_and_month_and_changes_nothing(ready: Folder) -> None:
    first = ready.bot("retention", "dry-run")
    assert (first.code, first.err) == (0, "")
    assert "2562-000001  2019-09" in first.out
    assert "2562-000002" not in first.out
    assert "disclosures  2019-09  1" in first.out
    assert ready.bot("retention", "dry-run").out == first.out
    assert not (ready.path / "var/erasures.jsonl").exists()


def test_a_run_erases_what_the_dry_run_listed_and_says_how_much(ready: Folder) -> None:
    said = ready.bot("retention", "run", *WHY)
    assert (said.code, said.err) == (0, "")
    assert "incidents          1" in said.out
    assert "older, but a message stands  1" in ready.bot("retention", "show").out
    assert "2562-000001" not in ready.bot("retention", "dry-run").out
    listed = ready.path / "var/erasures.jsonl"
    assert listed.stat().st_mode & 0o777 == 0o600
    assert ready.bot("ledger", "verify").code == 0
    assert "nothing was old enough" in ready.bot("retention", "run", *WHY).out


def test_nothing_is_erased_without_a_name_and_a_reason(ready: Folder) -> None:
    assert ready.bot("retention", "run").code == 2
    said = ready.bot("retention", "run", "--operator", "x", "--reason", " ")
    assert (said.code, "neither may be empty" in said.err) == (1, True)
    assert "2562-000001" in ready.bot("retention", "dry-run").out


def test_a_held_case_is_listed_and_kept_until_it_is_released(ready: Folder) -> None:
    assert ready.bot("retention", "hold", "2562-000001", *WHY).code == 0
    assert "committee 3/2569" in ready.bot("retention", "show").out
    ready.bot("retention", "run", *WHY)
    assert "2562-000001" not in ready.bot("retention", "dry-run").out
    assert ready.bot("retention", "release", "2562-000001", *WHY).code == 0
    assert "2562-000001" in ready.bot("retention", "dry-run").out
    assert "no incident" in ready.bot("retention", "hold", "1-1", *WHY).err


def test_less_than_ninety_days_is_refused(ready: Folder) -> None:
    ready.write_env(RETENTION_DAYS="89")
    said = ready.bot("retention", "show")
    assert said.code == 1
    assert "RETENTION_DAYS" in said.err
