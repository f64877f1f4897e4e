"""The word lists and letter models, read once, when the first text asks for them."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import ahocorasick

_HERE = Path(__file__).parent
_ASIDE = "#"
_GIVEN = ("person_names_female_th.txt", "person_names_male_th.txt")
_FAMILY = ("family_names_th.txt",)
_THAI_WORD = re.compile(r"[ก-ฮะ-ฺเ-๎]+")
_STEP = 8
_RARE_WORD = 1000
_LONGEST_WORD = 16
_SHORTEST_NAME, _LONGEST_NAME = 2, 20


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Costs are hundredths of a nat: what one has to believe to read the letters so."""

    words: dict[str, int]
    given: frozenset[str]
    family: frozenset[str]
    nicknames: frozenset[str]
    borders: frozenset[str]
    thai_letters: dict[str, int]
    beginnings: dict[str, Beginning]


class Beginning(Enum):
    """What the first letters of a run may be; a word that is as common as names is no name."""

    LISTED = 1
    COMMON_WORD = 2
    RARE_WORD = 3


@dataclass(frozen=True, slots=True)
class LatinLexicon:
    english: frozenset[str]
    names: frozenset[str]
    not_names: frozenset[str]
    letters: dict[str, int]


@cache
def lexicon() -> Lexicon:
    words = _table("words.bin.gz")
    given = _bundled(_GIVEN, 2) - _listed("not_names.txt") | _listed("given.txt")
    borders = _listed("borders.txt")
    return Lexicon(
        words=words,
        given=given,
        family=_bundled(_FAMILY, 3),
        nicknames=_listed("nicknames.txt"),
        borders=borders,
        thai_letters=_table("thai_letters.bin.gz"),
        beginnings=_beginnings(words, given | borders),
    )


def _beginnings(words: dict[str, int], names: frozenset[str]) -> dict[str, Beginning]:
    return dict.fromkeys(names, Beginning.LISTED) | {
        word: Beginning.COMMON_WORD if cost < _RARE_WORD else Beginning.RARE_WORD
        for word, cost in words.items()
        if cost < _RARE_WORD or word not in names
    }


@cache
def word_finder() -> ahocorasick.Automaton:
    """Finds the common words in a run of letters, each with its length and its cost."""
    finder = ahocorasick.Automaton()
    for word, cost in lexicon().words.items():
        if len(word) <= _LONGEST_WORD:
            finder.add_word(word, (len(word), cost))
    finder.make_automaton()
    return finder


@cache
def name_finder(least_cost: int) -> ahocorasick.Automaton:
    """Finds names of the lists, each with its length; none that is a word cheaper than this."""
    known, finder = lexicon(), ahocorasick.Automaton()
    for name in known.given | known.nicknames | known.borders:
        is_dear = known.words.get(name, least_cost) >= least_cost
        if is_dear and _SHORTEST_NAME <= len(name) <= _LONGEST_NAME and _THAI_WORD.fullmatch(name):
            finder.add_word(name, len(name))
    finder.make_automaton()
    return finder


@cache
def latin_lexicon() -> LatinLexicon:
    return LatinLexicon(
        english=frozenset(_packed("english.txt.gz")) | _listed("words_english.txt"),
        names=frozenset(name.lower() for name in _listed("latin_names.txt")),
        not_names=_listed("not_names_latin.txt"),
        letters=_table("latin_letters.bin.gz"),
    )


def _bundled(names: tuple[str, ...], least_letters: int) -> frozenset[str]:
    """Names in Thai script from the lists in PyThaiNLP's package, read where it is installed.

    The package itself is not imported: only its files are wanted.
    """
    folder = _pythainlp_corpus()
    lines = (line.strip() for name in names for line in _lines(folder / name))
    return frozenset(
        line for line in lines if len(line) >= least_letters and _THAI_WORD.fullmatch(line)
    )


def _pythainlp_corpus() -> Path:
    spec = find_spec("pythainlp")
    if spec is None or not spec.submodule_search_locations:
        msg = "pythainlp is not installed; run scripts/setup"
        raise ModuleNotFoundError(msg)
    return Path(spec.submodule_search_locations[0]) / "corpus"


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8-sig").splitlines()


def _packed(name: str) -> list[str]:
    return _unpacked(name).decode().split("\n")


def _table(name: str) -> dict[str, int]:
    """The keys, a line each; a zero byte; a byte for each key: its cost in steps of eight."""
    keys, _, steps = _unpacked(name).partition(b"\0")
    return dict(zip(keys.decode().split("\n"), [step * _STEP for step in steps], strict=True))


def _unpacked(name: str) -> bytes:
    return gzip.decompress((_HERE / "data" / name).read_bytes())


def _listed(name: str) -> frozenset[str]:
    lines = (_HERE / "lists" / name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith(_ASIDE) for word in line.split())


@cache
def clinical_words() -> frozenset[str]:
    """Latin words that only care uses."""
    return _listed("words_clinical_latin.txt")


@cache
def care_words() -> frozenset[str]:
    """Thai words that only care uses, within whatever other letters."""
    return _listed("words_care.txt")


@cache
def signs_of_care() -> frozenset[str]:
    """Thai words of signs, treatments and diagnoses, within whatever other letters."""
    return _listed("words_clinical.txt")
