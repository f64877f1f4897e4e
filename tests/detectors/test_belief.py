from __future__ import annotations

import pytest

from bench.detect.name_examples import CORPORA, Example, examples, labelled
from bench.detect.train_belief import Belief, Weighed, made_of
from bot.detectors.names.belief import (
    CLEAR,
    MOST,
    WEIGHTS,
    around,
    belief_weights,
    most_around,
)
from bot.detectors.names.surroundings import Said

KINDS = ("rule", "cue", "left", "read", "inside")


@pytest.mark.skipif(not all(path.exists() for path in CORPORA), reason="no open set beside us")
def test_the_weights_were_made_of_these_texts() -> None:
    """Making them again takes two minutes: 'python -m bench.detect.train_belief'."""
    made = WEIGHTS.read_text(encoding="utf-8").splitlines()[1]
    assert made == f"# of {made_of(examples(labelled()))}", "make train"


def test_a_sign_that_only_patients_names_have_speaks_for_one() -> None:
    known = [
        *(_place("tall", "old", is_patient=True) for _ in range(40)),
        *(_place("old", is_patient=False) for _ in range(40)),
    ]
    belief = Belief(known)
    assert belief.weigh(known[0]) > 0 > belief.weigh(known[-1])


@pytest.mark.parametrize("kind", KINDS)
def test_the_letters_around_add_no_more_than_is_said(kind: str) -> None:
    weights, steps = belief_weights(), range(-MOST - CLEAR, MOST + CLEAR + 1, 50)
    sums = (
        sum(weights.get(term, 0) * value for term, value in around(Said(named, whose), kind))
        for named in steps
        for whose in steps
    )
    assert max(sums) // 100 == most_around(kind)


def test_nothing_is_learnt_from_the_sets_that_stay_unread() -> None:
    unread = ("blind_c", "blind_i", "blind_n")
    assert not [path for path in CORPORA if path.parent.name in unread]


def _place(*signs: str, is_patient: bool) -> Weighed:
    example = Example(
        "somebody",
        is_name=True,
        is_patient=is_patient,
        is_heard=True,
        kind="rule",
        signs=signs,
        pieces=(),
    )
    return Weighed(example, 0, Said(0, 0))
