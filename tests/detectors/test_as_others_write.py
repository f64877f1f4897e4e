"""The same things as others would write them: each line of the files beside this one is a message.

What identifies is marked as in the labelled corpora, `⟦HN:6512345⟧`; a line without a mark must
stay quiet. `\\n` and `\\t` are a line break and a tab. What is still got wrong begins
with '? '. All of it is invented.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from bot.detectors.engine import DetectingReader
from bot.ports import TextContext
from tests.corpus.build import MARK

READER = DetectingReader()
STILL_WRONG = "? "
FILES = ("as_others_write.txt", "numbers_as_others_write.txt")
LINES = [
    line.replace("\\n", "\n").replace("\\t", "\t")
    for file in FILES
    for line in Path(__file__).with_name(file).read_text("utf-8").splitlines()
    if line and not line.startswith("# ")
]


def marked(text: str) -> str:
    """The text, with what is found in it in marks."""
    for finding in reversed(READER.assess(text, TextContext()).findings):
        value = text[finding.start : finding.end]
        text = f"{text[: finding.start]}⟦{finding.label.value}:{value}⟧{text[finding.end :]}"
    return text


def _case(line: str) -> ParameterSet:
    known = pytest.mark.xfail(reason="still got wrong", strict=True)
    is_known = line.startswith(STILL_WRONG)
    return pytest.param(line.removeprefix(STILL_WRONG), marks=known if is_known else ())


@pytest.mark.parametrize("line", [_case(line) for line in LINES], ids=range(len(LINES)))
def test_what_is_marked_is_found_and_nothing_else(line: str) -> None:
    assert marked(MARK.sub(r"\g<text>", line)) == line


def test_the_file_has_both_kinds_of_lines() -> None:
    quiet = [line for line in LINES if MARK.search(line) is None]
    assert len(LINES) > 2 * len(quiet) > 40
