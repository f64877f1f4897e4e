"""Places where a name may stand, in labelled lines and messages: is one there, and whose?

Lines stand in `bench/detect/roles`: 'P|' with one patient's or relative's name in square brackets,
'S|' with somebody else's, 'Q|' with nobody's. Messages stand in `bench/detect/messages`, with all
names marked, and in the corpora that were read and in our tests, with patients' names marked; the
sets that stay unread are not among them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from bench.detect.accuracy import Span, read_messages
from bot.detectors.cues import Cues
from bot.detectors.engine import ALL_DETECTORS
from bot.detectors.names import surroundings
from bot.detectors.names.candidates import Candidate, amid_words, candidates
from bot.detectors.names.proposals import propose
from bot.detectors.names.row import Row
from bot.detectors.names.setting import Setting
from bot.detectors.names.signs import Look, signs
from bot.detectors.names.surroundings import Reading
from bot.detectors.normalise import normalise
from bot.detectors.scene import Scene
from bot.domain.findings import Label
from bot.domain.text import NormalisedText

ROOT = Path(__file__).parents[2]
LINES = Path(__file__).parent / "roles"
MESSAGES = Path(__file__).parent / "messages"
CORPORA = tuple(
    ROOT / path
    for path in (
        "../shared/corpus/dev.messages.jsonl",
        "tests/corpus/messages.jsonl",
        *(
            f"tests/corpus/{name}/messages.jsonl"
            for name in (
                "blind_a",
                "blind_b",
                *(f"set_{letter}" for letter in "cdefghijkmnopqrsvwx"),
            )
        ),
    )
)
# Somebody else's name, in messages that were written to learn from.
OTHER = "OTHER"
# Short messages of our tests, identifiers marked as ⟦PERSON:…⟧, a line break written \\n.
SHORT = ROOT / "tests/detectors/as_others_write.txt"
# Names in both that are no patient's, marked one by one.
OTHERS = (LINES / "of_corpora.txt", LINES / "of_short_lines.txt")
_READ_AGAIN = 12
Place = tuple[int, int]
_MARK = re.compile(r"⟦(?P<label>[A-Z_]+):(?P<text>[^⟦⟧]+)⟧")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text, where its patients' names stand, somebody else's, and other identifiers."""

    author: str
    text: str
    patients: tuple[Place, ...] = ()
    others: tuple[Place, ...] = ()
    numbers: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """One place where a name may stand."""

    author: str
    is_name: bool
    is_patient: bool
    is_heard: bool
    """Not short talk, in which the detector looks for no name."""
    is_piece: bool
    """Amid words: a piece of a name, or a name and more."""
    signs: tuple[str, ...]
    reading: Reading
    place: surroundings.Place

    @property
    def kind(self) -> str:
        """How the name was seen."""
        return self.place.kind

    @property
    def told(self) -> tuple[object, ...]:
        """All that is learnt from, but for the words around."""
        names = self.is_name, self.is_patient, self.is_heard, self.is_piece
        return (self.author, *names, self.signs, self.place)

    @property
    def is_of_lines(self) -> bool:
        """Out of the lines that were written to be hard, not out of messages."""
        return self.author.startswith("lines_")

    def weight(self, of_messages: float) -> float:
        """What this place counts, where one of a line counts one."""
        return 1.0 if self.is_of_lines else of_messages


def labelled() -> Iterator[Labelled]:
    for path in sorted(LINES.glob("lines_*.txt")):
        yield from _lines_of(path)
    others: dict[str, list[Place]] = {}
    for line in (line for path in OTHERS for line in _lines_of(path)):
        others.setdefault(line.text, []).extend(line.others)
    for said in (*_of_corpora(), *_of_short_lines()):
        yield replace(said, others=tuple(others.get(said.text, ())))
    yield from _of_messages()


def _of_corpora() -> Iterator[Labelled]:
    for path in CORPORA:
        for message in read_messages(path):
            yield _labelled(message.text, message.spans, "/".join(path.parts[-3:-1]))


def _of_short_lines() -> Iterator[Labelled]:
    for line in SHORT.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("# "):
            yield _marked(line.removeprefix("? "), SHORT.stem)  # '?': still got wrong


def _of_messages() -> Iterator[Labelled]:
    for path in sorted(MESSAGES.glob("messages_*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield _marked(line, path.stem)


def _marked(line: str, author: str) -> Labelled:
    return _labelled(*unmarked(line.replace("\\n", "\n").replace("\\t", "\t")), author)


def unmarked(line: str) -> tuple[str, list[Span]]:
    """The bare text of a line with marks, and where each marked piece stands in it."""
    spans, text, end = [], "", 0
    for mark in _MARK.finditer(line):
        text += line[end : mark.start()]
        spans.append((len(text), len(text) + len(mark["text"]), mark["label"]))
        text, end = text + mark["text"], mark.end()
    return text + line[end:], spans


def _labelled(text: str, spans: Iterable[Span], author: str) -> Labelled:
    places: dict[str, list[Place]] = {}
    for start, end, label in spans:
        kind = label if label in {Label.PERSON, OTHER} else ""
        places.setdefault(kind, []).append((start, end))
    return Labelled(author, text, *(tuple(places.get(of, ())) for of in (Label.PERSON, OTHER, "")))


def _lines_of(path: Path) -> Iterator[Labelled]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line[1:2] == "|":
            yield of_line(line, path.stem)


def of_line(line: str, author: str) -> Labelled:
    before, _, rest = line[2:].replace("\\n", "\n").partition("[")
    name, _, behind = rest.partition("]")
    text = before + name + behind
    place = ((len(before), len(before) + len(name)),)
    if line[0] == "Q":
        return Labelled(author, text)
    return Labelled(author, text, place) if line[0] == "P" else Labelled(author, text, (), place)


def examples(texts: Iterable[Labelled]) -> list[Example]:
    return [example for text in texts for example in _examples_of(text)]


def fingerprint(texts: Sequence[Labelled]) -> str:
    """Changes with any of the texts, and with how every twelfth of them is read.

    Reading all of them takes a minute; what changes none of two thousand changes no weight.
    """
    made = hashlib.sha256()
    for text in texts:
        made.update(repr(text).encode())
    for example in examples(texts[::_READ_AGAIN]):
        made.update(repr((example.told, *example.reading.row)).encode())
    return made.hexdigest()


def _examples_of(said: Labelled) -> Iterator[Example]:
    text = normalise(said.text)
    setting = Setting(_before_names(text))
    look = Look(setting, candidates(setting, propose(setting)))
    for candidate in look.known:
        place = text.original_span(candidate.name.start, candidate.name.end)
        if candidate.place is not None and _is_clear(place, said, candidate):
            yield _example(candidate, candidate.place, _whose(place, said), look)
    for candidate in amid_words(setting, look.places_amid):
        assert candidate.place is not None
        place = _first_word(candidate.place, setting.row, text)
        if not _overlaps(place, said.numbers):
            yield _example(candidate, candidate.place, _whose_first_word(place, said), look)


def _first_word(at: surroundings.Place, row: Row, text: NormalisedText) -> Place:
    return text.original_span(row.starts[at.first], row.ends[at.behind - 1])


def _is_clear(place: Place, said: Labelled, candidate: Candidate) -> bool:
    """A piece of a name is neither one nor none, unless a rule took it for one."""
    if _overlaps(place, said.numbers):
        return False
    names = (*said.patients, *said.others)
    is_piece = _overlaps(place, names) and not _begins(place, names)
    return candidate.how in {"rule", "left"} or not is_piece


class _Truth(NamedTuple):
    author: str
    is_name: bool
    is_patient: bool
    is_piece: bool = False


def _whose(place: Place, said: Labelled) -> _Truth:
    is_patient = _overlaps(place, said.patients)
    return _Truth(said.author, is_patient or _overlaps(place, said.others), is_patient)


def _whose_first_word(place: Place, said: Labelled) -> _Truth:
    """Amid words a name is one only from its beginning to the end of its first word."""
    is_patient = place in _first_words(said.text, said.patients)
    is_name = is_patient or place in _first_words(said.text, said.others)
    is_piece = not is_name and _overlaps(place, (*said.patients, *said.others))
    return _Truth(said.author, is_name, is_patient, is_piece)


def _example(candidate: Candidate, at: surroundings.Place, truth: _Truth, look: Look) -> Example:
    return Example(
        **truth._asdict(),
        is_heard=look.setting.may_name_somebody,
        signs=tuple(sorted(set(signs(candidate, look)))),
        reading=look.reading,
        place=at,
    )


def _first_words(text: str, names: Iterable[Place]) -> set[Place]:
    return {(start, start + len(text[start:end].split(maxsplit=1)[0])) for start, end in names}


def _before_names(text: NormalisedText) -> Scene:
    scene = Scene(text.text, Cues(text.text))
    for detector in ALL_DETECTORS:
        if detector.label is Label.PERSON:
            break
        scene = scene.with_found(tuple(detector.find(scene)))
    return scene


def _overlaps(place: Place, places: Iterable[Place]) -> bool:
    return any(place[0] < end and start < place[1] for start, end in places)


def _begins(place: Place, places: Iterable[Place]) -> bool:
    return any(place[0] == start for start, _ in places)
