from __future__ import annotations

import pytest

from bench.detect.train_second_look import (
    CORPORA,
    Example,
    examples,
    hundredths,
    learn,
    weigher,
)
from bot.detectors.names.lexicon import second_look_weights


@pytest.mark.skipif(not all(path.exists() for path in CORPORA), reason="no open set beside us")
def test_the_weights_are_those_that_the_training_makes() -> None:
    assert hundredths(learn(examples(CORPORA))) == second_look_weights()


def test_a_sign_that_only_names_have_speaks_for_one() -> None:
    known = [
        *(Example("a", "1", is_name=True, is_new=True, signs=("tall", "old")) for _ in range(20)),
        *(Example("a", "2", is_name=False, is_new=True, signs=("old",)) for _ in range(20)),
    ]
    weigh = weigher(learn(known))
    assert weigh(known[0]) > 0 > weigh(known[-1])


def test_nothing_is_learnt_from_the_sets_that_stay_unread() -> None:
    unread = ("blind_c", "blind_i")
    assert not [path for path in CORPORA if path.parent.name in unread]
