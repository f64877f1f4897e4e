from __future__ import annotations

import numpy as np
import pytest

from bench.detect import recurrent
from bench.detect.recurrent import Batch, Letters, Sizes, Weights
from bot.detectors.names.network import Array

RANDOM = np.random.default_rng(7)
SIZES = Sizes(words=20, threes=30, marks=2, kinds=4)
LETTERS = Letters(
    np.vstack((np.zeros((1, 5), np.int64), RANDOM.integers(1, 30, (15, 5)))),
    np.vstack((np.zeros((1, 1)), np.full((15, 1), 0.2))),
)
WEIGHTS: Weights = {
    name: table.astype(np.float64) for name, table in recurrent.fresh(SIZES, RANDOM).items()
}
# A longer step reaches over the bend of a layer that is cut off at nothing, now and then.
STEP = 1e-6


def some_rows() -> Batch:
    random = np.random.default_rng(11)  # its own: the same rows whatever tests ran before
    rows, size = 3, 6
    is_there = np.ones((rows, size, 1))
    is_there[1, 4:] = is_there[2, 5:] = 0
    return Batch(
        words=random.integers(0, 20, (rows, size)),
        letters=random.integers(0, 16, (rows, size)),
        marks=random.random((rows, size, 2)),
        is_there=is_there,
        places=np.array([[0, 1, 2, 3], [6, 7, 7, 8], [13, 14, 15, 16]]),
        kinds=np.array([1, 2, 3]),
        answers=random.integers(0, 2, (3, 2)).astype(np.float64),
        counts=random.random((3, 2)),
    )


@pytest.mark.parametrize("name", WEIGHTS)
def test_the_slopes_are_those_that_are_measured(name: str) -> None:
    batch, table = some_rows(), WEIGHTS[name]
    slopes = recurrent.slopes(WEIGHTS, batch, LETTERS, recurrent.answers(WEIGHTS, batch, LETTERS))
    steepest = np.argsort(np.abs(slopes[name]), axis=None)[-10:]
    places = [*zip(*np.unravel_index(steepest, table.shape), strict=True)]
    assert [slopes[name][at] for at in places] == pytest.approx(
        [_measured(batch, table, at) for at in places], rel=1e-4, abs=1e-9
    )
    assert np.abs(slopes[name]).max() > 0


def test_learning_goes_downhill() -> None:
    weights = recurrent.fresh(SIZES, np.random.default_rng(1))
    batch, learner = some_rows(), recurrent.Learner(weights, steps=60)
    first = recurrent.loss(recurrent.answers(weights, batch, LETTERS).answers, batch)
    for _ in range(60):
        done = recurrent.answers(weights, batch, LETTERS)
        learner.step(recurrent.slopes(weights, batch, LETTERS, done))
    last = recurrent.loss(recurrent.answers(weights, batch, LETTERS).answers, batch)
    assert last < first / 4


def test_every_row_is_in_one_batch() -> None:
    lengths = list(range(1, 200))
    batches = list(recurrent.shuffled(lengths, np.random.default_rng(3)))
    assert sorted(number for batch in batches for number in batch) == list(range(199))


def _measured(batch: Batch, table: Array, at: tuple[int, ...]) -> float:
    kept = table[at]
    losses = []
    for moved in (kept + STEP, kept - STEP):
        table[at] = moved
        losses.append(recurrent.loss(recurrent.answers(WEIGHTS, batch, LETTERS).answers, batch))
    table[at] = kept
    return (losses[0] - losses[1]) / (2 * STEP)
