"""`evidence` as two people type it."""

from __future__ import annotations

import pytest

from bot.cli.evidence import _said
from bot.errors import UsageError
from tests.cli.command import Folder
from tests.storage.stage import stage_on
from tests.storage.test_evidence import SAID, add


@pytest.fixture
def case(folder: Folder) -> str:
    with stage_on(folder.database_url, evidence=True) as stage:
        return add(stage)[1]


def test_request_approve_open(folder: Folder, case: str) -> None:
    first = folder.bot(
        "evidence", "request", case, "--operator", "มาลี", "--role", "quality", "--reason", "x"
    )
    assert first.code == 0
    code = first.out.split(":")[0]
    again = ("evidence", "approve", code, "--role", "dpo", "--operator")
    assert "another person of another role" in folder.bot(*again, "มาลี").err
    said = folder.bot(*again, "สมชาย")
    assert (said.code, "both sat at the account" in said.out) == (0, True)
    shown = folder.bot("evidence", "open", code, "--operator", "มาลี")
    assert (shown.code, SAID in shown.out) == (0, True)
    twice = folder.bot("evidence", "open", code, "--operator", "มาลี")
    assert (twice.code, SAID in twice.out, "opened already" in twice.err) == (1, False, True)
    assert "opened" in folder.bot("evidence", "list").out
    assert folder.bot("ledger", "verify").code == 0


def test_an_empty_name_or_reason_is_refused(folder: Folder, case: str) -> None:
    rest = ("--role", "quality", "--reason")
    said = folder.bot("evidence", "request", case, "--operator", " ", *rest, "x")
    assert (said.code, "--operator" in said.err) == (1, True)
    said = folder.bot("evidence", "request", case, "--operator", "x", *rest, "x" * 501)
    assert (said.code, "--reason" in said.err) == (1, True)
    assert "nothing was ever requested" in folder.bot("evidence", "list").out


@pytest.mark.parametrize("text", ["", " ", "\x1b", "x" * 9_999])
def test_what_goes_on_record_is_neither_empty_nor_endless(text: str) -> None:
    with pytest.raises(UsageError, match="it goes on record"):
        _said(text, "--operator", 100)


def test_what_goes_on_record_is_one_line_without_controls() -> None:
    assert _said("สมใจ\n\x1b[2J ใจดี", "--operator", 100) == "สมใจ [2J ใจดี"
