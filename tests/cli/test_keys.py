"""`keys`: what there is, new versions, another master key, the end of a month."""

from __future__ import annotations

import base64

import pytest

from bot.storage.keyring import KeyKind
from tests.cli.command import MASTER_KEY, Folder

NEW_MASTER = base64.b64encode(bytes(range(1, 33))).decode()


@pytest.fixture
def ready(folder: Folder) -> Folder:
    assert folder.bot("migrate").code == 0
    return folder


def test_a_new_version_of_a_key_is_made_and_listed(ready: Folder) -> None:
    said = ready.bot("keys", "rotate", "pepper")
    assert (said.code, said.out) == (0, "pepper: 2 is made and will be used in 60 seconds\n")
    listed = ready.bot("keys", "list").out
    assert [line.split()[1] for line in listed.splitlines() if line.startswith("pepper")] == [
        "1",
        "2",
    ]


def test_another_master_key_in_three_steps(ready: Folder) -> None:
    refused = ready.bot("keys", "rotate", "master")
    assert refused.code == 1
    assert "MASTER_KEY_PREVIOUS" in refused.err
    ready.write_env(MASTER_KEY=NEW_MASTER, MASTER_KEY_PREVIOUS=MASTER_KEY)
    said = ready.bot("keys", "rotate", "master")
    assert said.code == 0
    assert f"{len(KeyKind)} keys are wrapped" in said.out
    ready.write_env(MASTER_KEY=NEW_MASTER)
    assert ready.bot("keys", "list").out.count("in use") == len(KeyKind)
    ready.write_env(MASTER_KEY=MASTER_KEY)
    assert "MASTER_KEY: is not the one" in ready.bot("keys", "list").err


def test_the_key_of_the_running_month_is_not_destroyed(ready: Folder) -> None:
    month = next(
        line.split()[1]
        for line in ready.bot("keys", "list").out.splitlines()
        if line.startswith("month")
    )
    said = ready.bot("keys", "destroy", month, "--reason", "leaked")
    assert said.code == 1
    assert "in use; run 'keys rotate month'" in said.err
    said = ready.bot("keys", "destroy", "1999-01", "--reason", "leaked")
    assert "there is no key of the month '1999-01'" in said.err
    said = ready.bot("keys", "destroy", month, "--reason", " ")
    assert "--reason: may not be empty" in said.err


def test_the_key_that_signs_the_ledger_is_changed_and_listed(ready: Folder) -> None:
    for number in (1, 2):
        said = ready.bot("keys", "rotate", "signing")
        assert said.out.startswith(f"signing: key {number} signs from now on")
    listed = [line for line in ready.bot("keys", "list").out.splitlines() if "signing" in line]
    assert ["in use" in line for line in listed] == [False, True]
