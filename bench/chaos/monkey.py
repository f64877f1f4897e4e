"""Kills what may die, at random moments, and starts it again after a random while."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bench.deployment import Deployment
from bench.processes import Process

# How long something stays dead, and how long nothing is killed.
_DEAD_SECONDS = (0.1, 2.0)


class Mortal(Protocol):
    def kill(self) -> None: ...

    def start(self) -> None: ...


@dataclass(slots=True)
class Monkey:
    """Works in the main thread: what it starts must not die with a lesser one."""

    victims: Mapping[str, Callable[[], None]]
    weights: Mapping[str, int]
    dice: random.Random
    pause_seconds: tuple[float, float]
    supervise: Callable[[], None]
    kills: Counter[str] = field(default_factory=Counter)

    def rage_until(self, is_over: Callable[[], bool]) -> None:
        while not is_over():
            if _sleep(self.dice.uniform(*self.pause_seconds), is_over):
                return
            (name,) = self.dice.choices(list(self.victims), [self.weights[n] for n in self.victims])
            self.victims[name]()
            self.kills[name] += 1
            self.supervise()


def monkey_for(
    deployment: Deployment, dice: random.Random, pause_seconds: tuple[float, float]
) -> Monkey:
    victims: dict[str, Callable[[], None]] = {
        name: _killing(process, dice) for name, process in deployment.processes.items()
    }
    weights = dict.fromkeys(victims, 3)
    if "web" in victims:
        victims["one web child"] = _killing_a_child(deployment.processes["web"], dice)
        weights["one web child"] = 3
    lookers = [p for name, p in deployment.processes.items() if name not in ("web", "clock")]
    victims["looker"] = _killing_a_looker(lookers, dice)
    weights["looker"] = 3
    for name, server in (("postgres", deployment.postgres), ("redis", deployment.redis)):
        if server is not None:
            victims[name], weights[name] = _killing(server, dice), 3
    return Monkey(victims, weights, dice, pause_seconds, deployment.supervise)


def _killing(victim: Mortal, dice: random.Random) -> Callable[[], None]:
    def kill() -> None:
        victim.kill()
        time.sleep(dice.uniform(*_DEAD_SECONDS))
        victim.start()

    return kill


def _killing_a_child(process: Process, dice: random.Random) -> Callable[[], None]:
    def kill() -> None:
        process.kill_a_child(dice.choice)

    return kill


def _killing_a_looker(processes: Sequence[Process], dice: random.Random) -> Callable[[], None]:
    """The process that looks, and not the one that it works for."""

    def kill() -> None:
        dice.choice(processes).kill_inside("bot.seeing.child")

    return kill


def _sleep(seconds: float, is_over: Callable[[], bool]) -> bool:
    """In small pieces; True when it is over meanwhile."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_over():
            return True
        time.sleep(0.05)
    return False
