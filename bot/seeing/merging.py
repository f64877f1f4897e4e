"""One line out of two readings: Latin and digits from one model, Thai from the other.

The model that knows no Thai is sure of Latin letters and digits only; of Thai it makes letters
that it is not sure of. So its sure runs are taken, at their places, and the rest is the Thai
model's. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.seeing.glyphs import Glyph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_SURE = 0.9
_SURE_LETTERS = 0.95
_SHORTEST_WORD = 2
_WRITTEN = re.compile(r"[\x20-\x7e]+")
_THAI = re.compile(r"[\u0e00-\u0e7f]")
_WIDE_GAP = 1.2
_THAI_WINS_WHEN = 0.85
_SHORT_AND_SMALL = re.compile(r"[a-z]{1,3}")
# A label in front of a number that is sure: it may itself be less so.
_LABELLED = re.compile(r"(?:H\.?N|A\.?N|V\.?N|L\.?N|I\.?D|DOB|Tel)\.?[\s:.]*(?=\d{2})")
_LABEL_SURE = 0.4
# Letters are marked where the model sees their core: this share of their pitch belongs to them.
_AROUND = 0.6


@dataclass(frozen=True, slots=True)
class Reading:
    """What a line says; `glyphs` are its characters with their places, blanks included."""

    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        return "".join(glyph.text for glyph in self.glyphs)


def needs_thai(latin: Sequence[Glyph]) -> bool:
    """Whether anything in this line is not plainly Latin letters and digits."""
    printed = [glyph for glyph in latin if glyph.text.strip()]
    return not printed or any(
        glyph.sure < _SURE_LETTERS or not _WRITTEN.fullmatch(glyph.text) for glyph in printed
    )


def merged(latin: Sequence[Glyph], thai: Sequence[Glyph], slender: float) -> Reading:
    """`slender`: the line's width over its height; tells a gap between words from one in a word."""
    runs = [run for run in _sure_runs(latin) if not _is_thai_after_all(run, thai)]
    extents = [_extent(run) for run in runs]
    kept = [*(glyph for run in runs for glyph in run), *_outside(thai, extents)]
    kept.sort(key=lambda glyph: glyph.middle)
    return Reading(tuple(_with_blanks(kept, slender)))


def alone(latin: Sequence[Glyph]) -> Reading:
    return Reading(tuple(latin))


def _sure_runs(latin: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Neighbours that the Latin model is sure of; one lone letter may be anything."""
    run: list[Glyph] = []
    labels = _labels(latin)
    for number, glyph in enumerate(latin):
        if _is_sure(glyph) or (number in labels and glyph.sure >= _LABEL_SURE):
            run.append(glyph)
            continue
        yield from _worth(run)
        run = []
    yield from _worth(run)


def _labels(latin: Sequence[Glyph]) -> set[int]:
    text = "".join(glyph.text[:1] or " " for glyph in latin)
    return {number for label in _LABELLED.finditer(text) for number in range(*label.span())}


def _is_sure(glyph: Glyph) -> bool:
    if not _WRITTEN.fullmatch(glyph.text):
        return False
    return glyph.sure >= (_SURE_LETTERS if glyph.text.isalpha() else _SURE)


def _worth(run: list[Glyph]) -> Iterator[list[Glyph]]:
    while run and not run[0].text.isalnum():
        run = run[1:]
    while run and not run[-1].text.isalnum():
        run = run[:-1]
    text = "".join(glyph.text for glyph in run)
    if len(text) >= _SHORTEST_WORD or text.isdigit():
        yield run


def _is_thai_after_all(run: Sequence[Glyph], thai: Sequence[Glyph]) -> bool:
    """Two or three small Latin letters where the Thai model is sure of Thai: Thai."""
    if not _SHORT_AND_SMALL.fullmatch("".join(glyph.text for glyph in run)):
        return False
    there = [glyph for glyph in _inside(thai, run) if glyph.text.strip()]
    is_thai = any(_THAI.match(glyph.text) for glyph in there)
    return is_thai and sum(glyph.sure for glyph in there) / len(there) >= _THAI_WINS_WHEN


def _extent(run: Sequence[Glyph]) -> tuple[float, float]:
    pitch = (run[-1].middle - run[0].middle) / max(1, len(run) - 1)
    around = _AROUND * (pitch or run[0].end - run[0].start)
    return run[0].middle - around, run[-1].middle + around


def _inside(glyphs: Iterable[Glyph], run: Sequence[Glyph]) -> list[Glyph]:
    start, end = _extent(run)
    return [glyph for glyph in glyphs if start <= glyph.middle <= end]


def _outside(glyphs: Iterable[Glyph], extents: Sequence[tuple[float, float]]) -> list[Glyph]:
    return [
        glyph for glyph in glyphs if not any(start <= glyph.middle <= end for start, end in extents)
    ]


def _with_blanks(glyphs: Sequence[Glyph], slender: float) -> Iterator[Glyph]:
    """A blank where one model's run ends and the other's begins, and at a wide gap."""
    before: Glyph | None = None
    for glyph in glyphs:
        if before is not None and _parts(before, glyph, slender):
            yield Glyph(" ", 1.0, before.end, glyph.start)
        before = glyph
        yield glyph


def _parts(before: Glyph, glyph: Glyph, slender: float) -> bool:
    if before.text.isspace() or glyph.text.isspace():
        return False
    changes_script = bool(_THAI.match(before.text)) != bool(_THAI.match(glyph.text))
    between_words = _is_letter(before.text) and _is_letter(glyph.text)
    return (changes_script and between_words) or (glyph.start - before.end) * slender > _WIDE_GAP


def _is_letter(text: str) -> bool:
    return text[-1:].isalnum() or bool(_THAI.match(text))
