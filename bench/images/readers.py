"""Who looks at the pictures: the eyes of the product, and plain Tesseract for comparison."""

from __future__ import annotations

import io
import os
import resource
import time
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from PIL import Image
from tesserocr import PSM, PyTessBaseAPI

from bench.images.pictures import Wanted
from bot.detectors.engine import DetectingReader, detectors_for
from bot.detectors.mask import patient_numbers
from bot.domain.sights import LookOutcome
from bot.ports import TextContext
from bot.seeing.ending import ended
from bot.seeing.eyes import models
from bot.seeing.files.pictures import first_picture
from bot.seeing.picture import Eyes

_OURS, PLAIN = "WongRaksa", "tesseract tha+eng"
NAMES = (_OURS, PLAIN)


@dataclass(frozen=True)
class Answer:
    outcome: Wanted
    numbers: frozenset[str]
    seconds: float
    memory_mb: float


class _Reader(Protocol):
    def look(self, content: bytes) -> tuple[LookOutcome, frozenset[str]]: ...


class _Ours:
    def __init__(self) -> None:
        self._eyes = Eyes(DetectingReader(detectors_for(())))

    def look(self, content: bytes) -> tuple[LookOutcome, frozenset[str]]:
        picture = first_picture(content)
        assert picture is not None
        seen = self._eyes.look_at(picture)
        look = ended(seen.sights, seen.numbers, None, saw=True)
        return look.outcome, frozenset(number.value for number in seen.numbers)


class _PlainTesseract:
    """The whole page at once, Thai and English together; then the same text detector."""

    def __init__(self) -> None:
        self._reader = DetectingReader(detectors_for(()))
        self._api = PyTessBaseAPI(path=f"{models.thai_data()}/", lang="tha+eng", psm=PSM.AUTO)

    def look(self, content: bytes) -> tuple[LookOutcome, frozenset[str]]:
        self._api.SetImage(Image.open(io.BytesIO(content)).convert("RGB"))
        text = self._api.GetUTF8Text()
        findings = self._reader.assess(text, TextContext()).findings
        numbers = frozenset(number.value for number in patient_numbers(text, findings))
        return LookOutcome.IDENTIFIERS if findings else LookOutcome.NONE, numbers


@cache
def _reader(name: str) -> _Reader:
    return _Ours() if name == _OURS else _PlainTesseract()


def prepare(name: str) -> None:
    """One thread a model, and the models loaded before the clock runs."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    _reader(name)


def answer(name: str, content: bytes) -> Answer:
    """Seconds are those of the processor: one core, however busy the machine is."""
    before = time.process_time()
    outcome, numbers = _reader(name).look(content)
    seconds = time.process_time() - before
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Answer(Wanted(outcome), numbers, seconds, memory)
