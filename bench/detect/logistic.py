"""Logistic regression over many rare signs, made small by a penalty: Newton's method, each step
solved by conjugate gradients. Nothing is random, so the same rows give the same weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

NEWTON_STEPS = 10
GRADIENT_STEPS = 40
_NEAR_ENOUGH = 1e-3


@dataclass(frozen=True, slots=True)
class Rows:
    """Each row's signs, one row behind the other, and how much of each; none is empty."""

    signs: NDArray[np.int64]
    values: Numbers
    starts: NDArray[np.int64]
    width: int

    @classmethod
    def of(cls, rows: Sequence[Sequence[tuple[int, float]]], width: int) -> Rows:
        lengths = np.array([len(row) for row in rows], dtype=np.int64)
        starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        signs = np.fromiter((sign for row in rows for sign, _ in row), dtype=np.int64)
        values = np.fromiter((value for row in rows for _, value in row), dtype=np.float64)
        return cls(signs, values, starts, width)

    def weighed(self, weights: Numbers) -> Numbers:
        return np.add.reduceat(weights[self.signs] * self.values, self.starts)

    def gathered(self, of_rows: Numbers) -> Numbers:
        """For each sign, what the rows that have it hold together."""
        lengths = np.diff(np.append(self.starts, len(self.signs)))
        spread = np.repeat(of_rows, lengths) * self.values
        return np.bincount(self.signs, weights=spread, minlength=self.width).astype(np.float64)


def learn(rows: Rows, is_so: Numbers, weight: Numbers, penalty: float) -> Numbers:
    """The weight of each sign; the first sign is in every row and costs nothing."""
    costs = np.full(rows.width, penalty)
    costs[0] = 1e-6
    weights = np.zeros(rows.width)
    for _ in range(NEWTON_STEPS):
        likely = likelihood(rows.weighed(weights))
        slope = rows.gathered(weight * (likely - is_so)) + costs * weights
        bend = weight * likely * (1 - likely)
        step = _solved(partial(_bent, rows, bend, costs), -slope)
        weights += step
        if np.abs(step).max() < _NEAR_ENOUGH:
            break
    return weights


def likelihood(reading: Numbers) -> Numbers:
    return np.asarray(1 / (1 + np.exp(-np.clip(reading, -30, 30))))


def balanced(is_so: Numbers, weight: Numbers) -> Numbers:
    """Both answers weigh the same: whoever wrote the lines chose how many there are of each."""
    share = float((weight * is_so).sum() / weight.sum())
    if not 0 < share < 1:
        return weight
    return np.asarray(weight * np.where(is_so > 0, 0.5 / share, 0.5 / (1 - share)))


def _bent(rows: Rows, bend: Numbers, costs: Numbers, way: Numbers) -> Numbers:
    return rows.gathered(bend * rows.weighed(way)) + costs * way


def _solved(bent: Callable[[Numbers], Numbers], aim: Numbers) -> Numbers:
    found, rest = np.zeros_like(aim), aim.copy()
    way, left = rest.copy(), float(rest @ rest)
    enough = left * _NEAR_ENOUGH**2
    for _ in range(GRADIENT_STEPS):
        if left <= enough:
            break
        turned = bent(way)
        size = left / float(way @ turned)
        found += size * way
        rest -= size * turned
        left, before = float(rest @ rest), left
        way = rest + (left / before) * way
    return found
