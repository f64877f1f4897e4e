"""How the small network of the names learns (bot/detectors/names/network.py says what it is).

Many rows are gone through at once, and then once more backward, for how each weight should change.
The steps are written out, so that nothing but NumPy is needed; a test compares them with what is
measured. The seed is fixed: on one machine the same texts give the same weights.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.detectors.names.network import Array

Indexes = NDArray[np.int64]
Weights = dict[str, Array]

# How many numbers stand for a word, for its letters, within the network, and for how it was seen.
OF_WORD, OF_LETTERS, MEMORY, OF_KIND, INNER = 64, 32, 64, 8, 64
BOTH = 2 * MEMORY
LAYERS = ("near", "far")
# Before the place, its first and its last word, behind it.
PLACES = 4
BATCH, EPOCHS = 64, 10
STEEPEST, DECAY, LONGEST_STEP = 3e-3, 0.02, 1.0
_WARM_UP = 0.3
# Left out at random while learning, so that nothing is relied on alone.
_OF_INPUT, _OF_WIDE, _OF_PLACES, _OF_INNER = 0.2, 0.3, 0.4, 0.3
_MOMENTUM, _SPREAD, _TINY = 0.9, 0.999, 1e-8


class Batch(NamedTuple):
    """Rows side by side, filled up with nothing, and the places that are asked about in them."""

    words: Indexes
    letters: Indexes
    marks: Array
    is_there: Array
    places: Indexes
    kinds: Indexes
    answers: Array
    counts: Array
    """How much each answer counts, for each question."""


class Letters(NamedTuple):
    """For each written word the numbers of its letters by threes, and one by how many."""

    threes: Indexes
    share: Array


@dataclass(frozen=True, slots=True)
class Sizes:
    words: int
    threes: int
    marks: int
    kinds: int


def fresh(sizes: Sizes, random: np.random.Generator) -> Weights:
    def spread(*shape: int, by: float | None = None) -> Array:
        width = by if by is not None else (1 / shape[0]) ** 0.5
        return (random.standard_normal(shape) * width).astype(np.float32)

    def nothing(size: int) -> Array:
        return np.zeros(size, np.float32)

    beside = 3 * (OF_WORD + OF_LETTERS + sizes.marks)
    letters = spread(sizes.threes, OF_LETTERS, by=0.3)
    letters[0] = 0  # fills up words of few letters, and says nothing
    gates = {f"{layer} gates": spread(BOTH, 2 * BOTH) for layer in LAYERS}
    return {
        "words": spread(sizes.words, OF_WORD, by=0.3),
        "letters": letters,
        "kinds": spread(sizes.kinds, OF_KIND, by=0.3),
        "beside": spread(beside, BOTH),
        "beside from": nothing(BOTH),
        **gates,
        **{f"{name} from": nothing(2 * BOTH) for name in gates},
        "inner": spread(PLACES * BOTH + OF_KIND, INNER),
        "inner from": nothing(INNER),
        "answer": spread(INNER, 2),
        "answer from": nothing(2),
    }


class Held(NamedTuple):
    """What two memories took in, word by word, how much they kept, and what they hold."""

    taken: Array
    left: Array
    keep: Array
    new: Array
    memory: Array


class Pass(NamedTuple):
    """What was worked out on the way to the answers, as it is needed on the way back."""

    beside: Array
    wide: Array
    near: Held
    far: Held
    at_places: Array
    inner: Array
    answers: Array
    left: tuple[Array, Array, Array]


def answers(
    weights: Weights, batch: Batch, letters: Letters, random: np.random.Generator | None = None
) -> Pass:
    """With `random` some of all is left out, as in learning."""
    said = _input(weights, batch, letters)
    left_input = _left(said.shape, _OF_INPUT, random)
    beside = _beside(said * left_input * batch.is_there)
    wide = np.maximum(beside @ weights["beside"] + weights["beside from"], 0)
    near = _held(weights, "near", wide, batch, random)
    far = _held(weights, "far", near.memory, batch, random)
    at_places = _at_places(weights, near.memory + far.memory, batch)
    left_places = _left(at_places.shape, _OF_PLACES, random)
    inner = np.maximum((at_places * left_places) @ weights["inner"] + weights["inner from"], 0)
    left_inner = _left(inner.shape, _OF_INNER, random)
    found = (inner * left_inner) @ weights["answer"] + weights["answer from"]
    left = (left_input, left_places, left_inner)
    return Pass(beside, wide, near, far, at_places, inner, found, left)


def _held(
    weights: Weights, layer: str, taken: Array, batch: Batch, random: np.random.Generator | None
) -> Held:
    left = _left(taken.shape, _OF_WIDE, random)
    gates = (taken * left) @ weights[f"{layer} gates"] + weights[f"{layer} gates from"]
    share = _sigmoid(gates[..., :BOTH]) * batch.is_there
    new = np.tanh(gates[..., BOTH:])
    return Held(taken, left, 1 - share, new, _remembered(1 - share, share * new))


def _at_places(weights: Weights, memory: Array, batch: Batch) -> Array:
    held = memory.reshape(-1, BOTH)[batch.places].reshape(len(batch.places), -1)
    return np.concatenate((held, weights["kinds"][batch.kinds]), axis=-1)


def loss(found: Array, batch: Batch) -> float:
    """How far the answers are from the truth: the mean over the places, both questions added."""
    surprise = np.logaddexp(0, found) - batch.answers * found
    return float((surprise * batch.counts).sum() / len(found))


def slopes(weights: Weights, batch: Batch, letters: Letters, done: Pass) -> Weights:
    """By how much the loss grows with each weight."""
    of: Weights = {}
    left_input, left_places, left_inner = done.left
    by_answer = (_sigmoid(done.answers) - batch.answers) * batch.counts / len(done.answers)
    of["answer"], of["answer from"] = _of_layer(done.inner * left_inner, by_answer)
    by_inner = (by_answer @ weights["answer"].T) * left_inner * (done.inner > 0)
    of["inner"], of["inner from"] = _of_layer(done.at_places * left_places, by_inner)
    by_places = (by_inner @ weights["inner"].T) * left_places
    of["kinds"] = _gathered(batch.kinds, by_places[:, -OF_KIND:], len(weights["kinds"]))
    by_memory = _by_memory(done.far.memory.shape, batch, by_places[:, :-OF_KIND])
    by_near = by_memory + _by_taken(weights, "far", done.far, by_memory, of)
    by_wide = _by_taken(weights, "near", done.near, by_near, of) * (done.wide > 0)
    of["beside"], of["beside from"] = _of_layer(done.beside, by_wide)
    by_input = _from_beside(by_wide @ weights["beside"].T) * left_input * batch.is_there
    of["words"] = _gathered(batch.words, by_input[..., :OF_WORD], len(weights["words"]))
    by_letters = by_input[..., OF_WORD : OF_WORD + OF_LETTERS]
    of["letters"] = _of_letters(batch, letters, by_letters, len(weights["letters"]))
    return of


def _by_memory(shape: tuple[int, ...], batch: Batch, by_places: Array) -> Array:
    rows = _gathered(batch.places.reshape(-1), by_places.reshape(-1, BOTH), shape[0] * shape[1])
    return rows.reshape(shape)


def _by_taken(weights: Weights, layer: str, held: Held, by_memory: Array, of: Weights) -> Array:
    """What is asked of what the memories took in; the slopes of their gates on the way."""
    through = _through(held.keep, by_memory)
    before = np.zeros_like(held.memory)
    before[:, 1:, :MEMORY] = held.memory[:, :-1, :MEMORY]
    before[:, :-1, MEMORY:] = held.memory[:, 1:, MEMORY:]
    share = 1 - held.keep
    by_share = through * (held.new - before) * share * held.keep
    by_new = through * share * (1 - held.new**2)
    by_gates = np.concatenate((by_share, by_new), axis=-1)
    name = f"{layer} gates"
    of[name], of[f"{name} from"] = _of_layer(held.taken * held.left, by_gates)
    return (by_gates @ weights[name].T) * held.left


def _input(weights: Weights, batch: Batch, letters: Letters) -> Array:
    seen, where = np.unique(batch.letters, return_inverse=True)
    spelt = weights["letters"][letters.threes[seen]].sum(axis=1) * letters.share[seen]
    return np.concatenate(
        (weights["words"][batch.words], spelt[where.reshape(batch.letters.shape)], batch.marks),
        axis=-1,
    )


def _of_letters(batch: Batch, letters: Letters, by_letters: Array, size: int) -> Array:
    seen, where = np.unique(batch.letters, return_inverse=True)
    by_word = _gathered(where, by_letters, len(seen)) * letters.share[seen]
    threes = letters.threes[seen]
    spread = np.repeat(by_word, threes.shape[1], axis=0)
    found = _gathered(threes, spread, size)
    found[0] = 0
    return found


def _beside(said: Array) -> Array:
    before, behind = np.zeros_like(said), np.zeros_like(said)
    before[:, 1:], behind[:, :-1] = said[:, :-1], said[:, 1:]
    return np.concatenate((before, said, behind), axis=-1)


def _from_beside(by_beside: Array) -> Array:
    before, said, behind = np.split(by_beside, 3, axis=-1)
    found = said.copy()
    found[:, :-1] += before[:, 1:]
    found[:, 1:] += behind[:, :-1]
    return found


def _remembered(keep: Array, taken: Array) -> Array:
    """What either memory holds at each word: half of the numbers run forward, half backward."""
    memory, size = np.empty_like(taken), taken.shape[1]
    ahead: Array = np.zeros((len(taken), MEMORY), np.float32)
    back = ahead
    for at in range(size):
        end = size - 1 - at
        ahead = keep[:, at, :MEMORY] * ahead + taken[:, at, :MEMORY]
        back = keep[:, end, MEMORY:] * back + taken[:, end, MEMORY:]
        memory[:, at, :MEMORY], memory[:, end, MEMORY:] = ahead, back
    return memory


def _through(keep: Array, by_memory: Array) -> Array:
    """What is asked of a memory is asked of what it kept as well, one word before the other."""
    beyond = np.zeros_like(keep)
    beyond[:, :-1, :MEMORY], beyond[:, 1:, MEMORY:] = keep[:, 1:, :MEMORY], keep[:, :-1, MEMORY:]
    return _swapped(_remembered(_swapped(beyond), _swapped(by_memory)))


def _swapped(both: Array) -> Array:
    """What runs forward in the place of what runs backward."""
    return np.concatenate((both[..., MEMORY:], both[..., :MEMORY]), axis=-1)


def _of_layer(taken: Array, by_given: Array) -> tuple[Array, Array]:
    flat = by_given.reshape(-1, by_given.shape[-1])
    return taken.reshape(-1, taken.shape[-1]).T @ flat, flat.sum(axis=0)


def _gathered(where: Indexes, rows: Array, size: int) -> Array:
    """The rows added up by their number."""
    flat, numbers = rows.reshape(-1, rows.shape[-1]), where.reshape(-1)
    order = np.argsort(numbers, kind="stable")
    seen, starts = np.unique(numbers[order], return_index=True)
    found = np.zeros((size, flat.shape[1]), np.float32)
    found[seen] = np.add.reduceat(flat[order], starts)
    return found


def _left(shape: tuple[int, ...], share: float, random: np.random.Generator | None) -> Array:
    if random is None:
        return np.ones((1,) * len(shape), np.float32)
    return (random.random(shape, np.float32) >= share).astype(np.float32) / np.float32(1 - share)


def _sigmoid(of: Array) -> Array:
    return 1 / (1 + np.exp(-of))


class Learner:
    """Takes steps downhill: larger at first and smaller in the end, each weight at its own pace."""

    def __init__(self, weights: Weights, steps: int) -> None:
        self.weights = weights
        self._steps = steps
        self._done = 0
        self._mean = {name: np.zeros_like(some) for name, some in weights.items()}
        self._square = {name: np.zeros_like(some) for name, some in weights.items()}

    def step(self, of: Weights) -> None:
        self._done += 1
        length = float(sum((some.astype(np.float64) ** 2).sum() for some in of.values())) ** 0.5
        pace, scale = self._pace(), min(1.0, LONGEST_STEP / (length + _TINY))
        early = (1 - _SPREAD**self._done) ** 0.5 / (1 - _MOMENTUM**self._done)
        for name, some in of.items():
            mean, square, slope = self._mean[name], self._square[name], some * scale
            mean += (1 - _MOMENTUM) * (slope - mean)
            square += (1 - _SPREAD) * (slope**2 - square)
            self.weights[name] -= pace * DECAY * self.weights[name]
            self.weights[name] -= pace * early * mean / (np.sqrt(square) + _TINY)

    def _pace(self) -> float:
        """Rises for a third of the way, then falls to nothing, along half waves."""
        way = self._done / self._steps
        if way < _WARM_UP:
            return STEEPEST * (0.04 + 0.48 * (1 - math.cos(math.pi * way / _WARM_UP)))
        return STEEPEST * (1 + math.cos(math.pi * (way - _WARM_UP) / (1 - _WARM_UP))) / 2


def shuffled(lengths: Sequence[int], random: np.random.Generator) -> Iterator[Indexes]:
    """Batches of rows that are about as long as each other, in any order."""
    about = np.array(lengths) // 6 + random.random(len(lengths))
    order = np.argsort(about, kind="stable")
    starts = np.arange(0, len(order), BATCH)
    random.shuffle(starts)
    for start in starts:
        yield order[start : start + BATCH]
