"""The weights that are kept are those of the texts that are kept; 'make train' makes them again."""

from __future__ import annotations

import gzip

import pytest

from bench.detect import train_belief, train_surroundings
from bench.detect.name_examples import CORPORA, Labelled, labelled
from bot.detectors.names import belief, surroundings

# Unread, or read for the rules alone.
NOT_LEARNT_FROM = ("blind_za", "blind_zb", "set_t", "set_u", "set_y", "set_z")

pytestmark = pytest.mark.skipif(
    not all(path.exists() for path in CORPORA), reason="no open set beside us"
)


@pytest.fixture(scope="module")
def texts() -> tuple[Labelled, ...]:
    return tuple(labelled())


def test_the_letters_around_names_were_learnt_from_these_texts(texts: tuple[Labelled, ...]) -> None:
    first = gzip.decompress(surroundings.WEIGHTS.read_bytes()).partition(b"\n")[0]
    assert first.decode() == f"of\t{train_surroundings.made_of(texts)}", "make train"


def test_the_signs_of_names_were_learnt_from_these_texts(texts: tuple[Labelled, ...]) -> None:
    made = belief.WEIGHTS.read_text(encoding="utf-8").splitlines()[1]
    assert made == f"# of {train_belief.made_of(texts)}", "make train"


def test_nothing_is_learnt_from_the_sets_that_measure() -> None:
    assert not [path for path in CORPORA if path.parent.name in NOT_LEARNT_FROM]
