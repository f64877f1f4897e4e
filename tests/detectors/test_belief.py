from __future__ import annotations

import pytest

from bench.detect.name_examples import Example
from bench.detect.train_belief import Belief, Weighed
from bot.detectors.names.belief import (
    CLEAR,
    MOST,
    around,
    belief_weights,
    most_around,
)
from bot.detectors.names.row import row_of
from bot.detectors.names.surroundings import Place, Reading, Said

KINDS = ("rule", "cue", "left", "read", "inside", "amid")


def test_a_sign_that_only_patients_names_have_speaks_for_one() -> None:
    known = [
        *(_place("tall", "old", is_patient=True) for _ in range(40)),
        *(_place("old", is_patient=False) for _ in range(40)),
    ]
    belief = Belief(known)
    assert belief.weigh(known[0]) > 0 > belief.weigh(known[-1])


@pytest.mark.parametrize("kind", KINDS)
def test_the_words_around_add_no_more_than_is_said(kind: str) -> None:
    weights, steps = belief_weights(), range(-MOST - CLEAR, MOST + CLEAR + 1, 50)
    sums = (
        sum(weights.get(term, 0) * value for term, value in around(Said(named, whose), kind))
        for named in steps
        for whose in steps
    )
    assert max(sums) // 100 == most_around(kind)


def _place(*signs: str, is_patient: bool) -> Weighed:
    example = Example(
        "somebody",
        is_name=True,
        is_patient=is_patient,
        is_heard=True,
        is_piece=False,
        signs=signs,
        reading=Reading(row_of("ใคร"), ()),
        place=Place(0, 1, "rule"),
    )
    return Weighed(example, 0, Said(0, 0))
