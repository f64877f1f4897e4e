"""Makes the word lists and the letter model that the PERSON detector reads.

One command, with the wheel of PyThaiNLP (version 5.4.0 was used), makes every file anew:

    python -m pip download --no-deps pythainlp==5.4.0 -d build
    python -m bench.detect.train_names build/pythainlp-5.4.0-py3-none-any.whl

Nothing is random, so the same wheel and the same lists give the same bytes. What the files hold,
where it comes from and how far it can be trusted is in bot/detectors/names/README.md.
"""

from __future__ import annotations

import argparse
import gzip
import math
import re
import sys
import tempfile
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

NAMES = Path(__file__).parents[2] / "bot/detectors/names"
LISTS = NAMES / "lists"
DATA = NAMES / "data"

THAI_WORD = re.compile(r"[ก-ฮะ-ฺเ-๎]+")
ENGLISH_WORD = re.compile(r"[a-z]{2,}")
# Costs are counted in hundredths of a nat and kept in steps of eight, so that each fits a byte.
HUNDREDTHS = 100
STEP = 8
BYTE = 255
# A letter seen only once behind three others tells no more than behind two.
FEWEST_SEEN = 2
ORDER = 4
# Words of a chat are frequent there, however rare they are in the books that were counted.
CHAT_COUNT = 3000
RARE_COUNT = 0.5
# Short lists of names from the borders weigh more, as there are few of them.
MINORITY_WEIGHT = 2
START, END = "^", "$"


def read_lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def read_list(name: str) -> list[str]:
    return [word for line in read_lines(LISTS / name) for word in line.split()]


def read_counts(path: Path) -> dict[str, float]:
    pairs = (line.split("\t")[:2] for line in read_lines(path))
    return {word: float(count) for word, count in pairs}


class Corpus:
    """The lists of PyThaiNLP that are used here."""

    def __init__(self, folder: Path) -> None:
        self.given = set(read_lines(folder / "person_names_female_th.txt"))
        self.given |= set(read_lines(folder / "person_names_male_th.txt"))
        self.family = set(read_lines(folder / "family_names_th.txt"))
        self.dictionary = set(read_lines(folder / "orst_words_th.txt"))
        self.words = set(read_lines(folder / "words_th.txt"))
        self.textbook = read_counts(folder / "ttc_freq.txt")
        self.national = read_counts(folder / "tnc_freq.txt")


def word_costs(corpus: Corpus, names: set[str]) -> dict[str, int]:
    """-log p of each ordinary word. A name that no dictionary explains is no ordinary word."""
    known = corpus.words | corpus.dictionary | set(corpus.textbook)
    ordinary = {w for w in known if THAI_WORD.fullmatch(w)}
    ordinary -= {w for w in names if w not in corpus.dictionary}
    counts = {word: corpus.national.get(word, 0.0) + RARE_COUNT for word in ordinary}
    for word in read_list("words_chat.txt"):
        counts[word] = max(counts.get(word, 0.0), CHAT_COUNT)
    # A single letter is a slip or a clipping, whatever the books counted.
    counts = {w: c for w, c in counts.items() if len(w) > 1 or w == "ณ"}
    total = sum(counts.values())
    return {w: round(-math.log(c / total) * HUNDREDTHS) for w, c in counts.items()}


def english_words(corpus: Corpus) -> set[str]:
    """Lower-case words of the national corpus that stand there mostly in lower case."""
    lower = {
        word
        for word, count in corpus.national.items()
        if ENGLISH_WORD.fullmatch(word) and count >= corpus.national.get(word.capitalize(), 0)
    }
    ours = read_list("words_clinical_latin.txt") + read_list("words_chat_latin.txt")
    return lower | set(ours)


def letter_costs(words: Iterable[tuple[str, int]]) -> dict[str, int]:
    """-log p of a letter after up to three others (interpolated, Witten and Bell 1991)."""
    seen: list[dict[str, Counter[str]]] = [defaultdict(Counter) for _ in range(ORDER)]
    for word, weight in words:
        padded = START * (ORDER - 1) + word + END
        for at in range(ORDER - 1, len(padded)):
            for size in range(ORDER):
                seen[size][padded[at - size : at]][padded[at]] += weight
    return dict(_costs(seen))


def _costs(seen: list[dict[str, Counter[str]]]) -> Iterable[tuple[str, int]]:
    def p(context: str, letter: str) -> float:
        after = seen[len(context)][context]
        kinds, total = len(after), sum(after.values())
        shorter = p(context[1:], letter) if context else 1 / 80
        return (after[letter] + kinds * shorter) / (total + kinds)

    for size in range(ORDER):
        for context, after in seen[size].items():
            for letter, count in after.items():
                if size == ORDER - 1 and count < FEWEST_SEEN:
                    continue
                yield context + letter, round(-math.log(p(context, letter)) * HUNDREDTHS)


def romanised(corpus: Corpus, romanise: Callable[[str], str]) -> list[tuple[str, int]]:
    names = sorted(corpus.given) + sorted(corpus.family)
    found = [(romanise(name), 1) for name in names]
    everyday = [(name.lower(), 12) for name in read_list("latin_names.txt")]
    return [(name, weight) for name, weight in found if name.isascii() and name] + everyday


def write_list(name: str, words: Iterable[str]) -> None:
    _write(name, "\n".join(sorted(words)).encode())


def write_table(name: str, costs: dict[str, int]) -> None:
    """The keys, a line each; a zero byte; a byte of cost for each key."""
    keys = sorted(costs)
    steps = bytes(min(round(costs[key] / STEP), BYTE) for key in keys)
    _write(name, "\n".join(keys).encode() + b"\0" + steps)


def _write(name: str, content: bytes) -> None:
    packed = gzip.compress(content, mtime=0)
    (DATA / name).write_bytes(packed)
    print(f"{name}: {len(packed):,} bytes")


def build(folder: Path) -> None:
    sys.path.insert(0, str(folder))
    from pythainlp.transliterate import romanize  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

    corpus = Corpus(folder / "pythainlp" / "corpus")
    nicknames, borders = set(read_list("nicknames.txt")), set(read_list("borders.txt"))
    never = set(read_list("not_names.txt"))
    given = {n for n in corpus.given if THAI_WORD.fullmatch(n) and len(n) > 1} - never
    family = {n for n in corpus.family if THAI_WORD.fullmatch(n) and len(n) > 2}
    DATA.mkdir(exist_ok=True)
    words = word_costs(corpus, given | family | borders)
    write_table("words.bin.gz", words)
    write_list("english.txt.gz", english_words(corpus))
    thai = [(n, 1) for n in sorted(given | family | nicknames)]
    thai += [(n, MINORITY_WEIGHT) for n in sorted(borders)]
    write_table("thai_letters.bin.gz", letter_costs(thai))
    write_table("latin_letters.bin.gz", letter_costs(romanised(corpus, romanize)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    wheel = parser.parse_args().wheel
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(wheel).extractall(folder)
        build(Path(folder))


if __name__ == "__main__":
    main()
