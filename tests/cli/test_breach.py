"""`breach`, as a person types it."""

from __future__ import annotations

import zipfile

import pytest

from tests.cli.command import Folder, Said
from tests.storage.stage import stage_on
from tests.storage.test_export_reads import add_incident, group_of_two

CASE = "2569-000001"
WHO = ("--operator", "มาลี", "--reason", "เลขรับ 12/2569")


@pytest.fixture
def ready(folder: Folder) -> Folder:
    with stage_on(folder.database_url) as stage:
        group, sender = group_of_two(stage)
        add_incident(stage, group, sender, 1)
    return folder


def breach(folder: Folder, *given: str) -> Said:
    return folder.bot("breach", *given)


def test_from_declaring_to_closing(ready: Folder) -> None:
    assert breach(ready, "list").out == "no breach was ever declared\n"
    said = breach(ready, "declare", CASE, *WHO)
    assert said.code == 0
    assert said.out.startswith(f"{CASE}: 72 h 0 min left\n")
    assert "DPO_EMAIL is not set" in said.out
    assert "71 h 59 min left" in breach(ready, "list").out
    assert breach(ready, "note", CASE, "--text", "ถามหอผู้ป่วยแล้ว", "--operator", "มาลี").code == 0
    assert "office told in time" in breach(ready, "told", CASE, "--whom", "office", *WHO).out
    assert "closed: reported" in breach(ready, "close", CASE, "--as", "reported", *WHO).out
    shown = breach(ready, "show", CASE).out
    for word in ("breach.declared", "ถามหอผู้ป่วยแล้ว", "เลขรับ 12/2569", "operator:มาลี"):
        assert word in shown


def test_the_clock_can_begin_earlier(ready: Folder) -> None:
    said = breach(ready, "declare", CASE, "--known-at", "28/7/2569 09:00", *WHO)
    assert said.code == 0
    assert "OVERDUE by" in said.out
    assert "28 ก.ค. 2569 09:00" in breach(ready, "list").out


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("declare", "2569-999999", *WHO), "no incident has the number"),
        (("show", CASE), "was not declared a breach"),
        (("told", CASE, "--whom", "office", *WHO), "was not declared a breach"),
        (("declare", CASE, "--known-at", "1/1/2569 00:00", *WHO), "before the incident itself"),
        (("dossier", CASE, *WHO, "-o", "out.zip"), "was not declared a breach"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    ready: Folder, given: tuple[str, ...], said: str
) -> None:
    answer = breach(ready, *given)
    assert answer.code == 1
    assert said in answer.err
    assert answer.err.count("\n") == 1


def test_doctor_says_that_a_clock_is_running_and_that_nobody_was_told(ready: Folder) -> None:
    breach(ready, "declare", CASE, *WHO)
    said = ready.bot("doctor").out
    assert f"1 to report; {CASE}: 71 h 59 min left" in said
    assert "1 of 1 wait to be told" in said


def test_a_dossier_is_a_zip_and_says_loudly_what_does_not_stand(ready: Folder) -> None:
    """The test's own 'opened' entry is without its facts: that has to be seen."""
    breach(ready, "declare", CASE, *WHO)
    said = breach(ready, "dossier", CASE, *WHO, "-o", "out.zip")
    assert said.code == 1
    assert "DIFFERS: messages: records 2, ledger 0, 0 of 0 entries verified" in said.err
    with zipfile.ZipFile(ready.path / "out.zip") as folder:
        assert "SOME FIGURES DO NOT AGREE" in folder.read("dossier.html").decode()
    shown = breach(ready, "show", CASE).out
    assert "breach.dossier_made" in shown
    assert "breach.dossier_written" in shown
