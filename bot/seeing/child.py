"""The process that looks: `python -m bot.seeing.child`, started by bot/seeing/isolated.py.

It reads questions from standard input and writes answers to what was standard output; whatever
libraries print goes nowhere. It knows no keys, no settings and no database.
"""

from __future__ import annotations

import os
import signal
from importlib import import_module
from typing import TYPE_CHECKING, Any

from bot import log
from bot.seeing import confine, wire
from bot.seeing.limits import MB, Limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.incidents import PatientNumber
    from bot.domain.sights import Sight

# The parent ends a look that takes too long; should it be gone, so is this process, soon after.
_GRACE_SECONDS = 15


_QUESTION_MOST = 1024 * MB


def main() -> None:
    confine.leave_network()
    confine.die_with_parent(0)
    answers = _Answers(os.dup(1))
    _silence()
    questions = _questions()
    first, _ = next(questions)
    try:
        desk = _Desk(first, answers)
    except Exception as error:  # noqa: BLE001 - whatever is missing, the parent shall know
        answers.say({"is": "failed", "error": log.place_of(error)})
        return
    answers.say({"is": "ready"})
    for head, body in questions:
        desk.answer(head, body)


class _Desk:
    """Answers questions, one after another, with what was loaded once."""

    def __init__(self, first: dict[str, Any], answers: _Answers) -> None:
        # The libraries of files and pictures are loaded here and nowhere else in the product.
        from bot.detectors.engine import DetectingReader, detectors_for  # noqa: PLC0415
        from bot.seeing.files.look import FileLooker  # noqa: PLC0415

        limits = Limits(**first["limits"])
        reader = DetectingReader(detectors_for(first["hn_formats"]))
        module, _, name = first["eyes"].partition(":")
        self._eyes = getattr(import_module(module), name)(reader)
        self._files = FileLooker(self._eyes, reader, limits)
        self._seconds = limits.seconds
        self._answers = answers
        confine.give_up_rights(limits.memory_mb)

    def answer(self, head: dict[str, Any], body: bytes) -> None:
        signal.alarm(int(self._seconds) + _GRACE_SECONDS)
        if head["do"] == "look":
            look = self._files.look(body, head["name"], self._answers)
            self._answers.say(wire.written_end(look))
        else:
            self._answers.say({"is": "copy"}, self._eyes.copy(body) or b"")
        signal.alarm(0)


class _Answers:
    """Says things as they are seen."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe

    def sight(self, sight: Sight) -> None:
        self.say(wire.written_sight(sight))

    def number(self, number: PatientNumber) -> None:
        self.say(wire.written_number(number))

    def say(self, head: dict[str, Any], body: bytes = b"") -> None:
        left = memoryview(wire.packed(head, body))
        while left:
            left = left[os.write(self._pipe, left) :]


def _questions() -> Iterator[tuple[dict[str, Any], bytes]]:
    unpacker = wire.Unpacker(_QUESTION_MOST)
    while chunk := os.read(0, MB):
        yield from unpacker.feed(chunk)


def _silence() -> None:
    """Libraries print what they think of a file, sometimes with what is in it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


if __name__ == "__main__":
    main()
