"""A reader that remembers its last answers.

A row that turns out to change something is judged twice: while only looking, and in its unit of
work. The second time the answer is there already, so that nobody waits for the reading while the
database is held. It lives in this process only, for a few texts, and is never written anywhere.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.domain.findings import Assessment
    from bot.ports import TextContext, TextReader

# A batch of rows, each read with and without the names of members, for a few threads.
_KEPT = 256


class RememberingReader:
    def __init__(self, reader: TextReader) -> None:
        self._reader = reader
        self._answers: OrderedDict[tuple[int, int], Assessment] = OrderedDict()
        self._lock = Lock()

    def assess(self, text: str, context: TextContext) -> Assessment:
        # Hashes of this process, salted at its start: no text is kept.
        key = (hash(text), hash(context))
        with self._lock:
            known = self._answers.get(key)
        if known is not None:
            return known
        answer = self._reader.assess(text, context)
        with self._lock:
            self._answers[key] = answer
            if len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
        return answer
