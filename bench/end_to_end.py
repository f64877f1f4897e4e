"""Webhook in, warning at LINE, with everything on one machine, the load as well.

Every event has a sender of its own, whom the product has seen before, as in a hospital's week.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from sqlalchemy import func, select

from bench.deployment import SECRET, Deployment, deployed
from bench.footprint import memory_of
from bench.load import texts
from bench.load.blast import Blast, Blaster
from bench.load.bodies import Body
from bench.load.events import EventMaker, in_group
from bench.load.world import Chat, line_id
from bench.tables import Figure
from bot.bootstrap import Parts
from bot.domain.groups import Group, KnownBy
from bot.domain.ids import new_id
from bot.storage.tables import inbox, outbox

_GROUPS = 100
_PATIENCE_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Mix:
    """How much of a load is warned of, and how fast the product has to be with it."""

    name: str
    warned: float
    events: int
    target: int
    paced_seconds: float


MIXES = (Mix("5 % warned", 0.05, 6_000, 300, 20.0), Mix("all warned", 1.0, 1_600, 80, 20.0))


@dataclass(frozen=True, slots=True)
class Load:
    """Requests ready to be sent; `warned` maps the reply token to the request's number."""

    requests: Sequence[bytes]
    warned: dict[str, int]


class Stage:
    """A running deployment and senders who have not spoken yet in this measurement."""

    def __init__(self, deployment: Deployment, senders: Sequence[tuple[str, str]]) -> None:
        self._deployment = deployment
        self._parts = deployment.parts()
        self._senders = list(senders)
        self._maker = EventMaker(random.Random(time.monotonic_ns()))

    def load(self, events: int, warned: float) -> Load:
        requests, tokens = [], {}
        for number in range(events):
            group_id, person = self._senders.pop()
            is_warned = int((number + 1) * warned) > int(number * warned)
            text = texts.about_a_patient if is_warned else texts.benign
            source = in_group(group_id, person)
            event = self._maker.text(source, int(time.time() * 1000), text(self._maker.dice))
            requests.append(Body((event,)).request(SECRET))
            if is_warned:
                tokens[event["replyToken"]] = number
        return Load(requests, tokens)

    def fire(self, load: Load, per_second: float = 0.0) -> tuple[Blast, float]:
        """Until everything is settled and told; the seconds that took."""
        self._deployment.line.forget()
        start = time.monotonic()
        blast = Blaster(self._deployment.web_port).fire(load.requests, per_second)
        while self._is_busy():
            if time.monotonic() - start > _PATIENCE_SECONDS:
                msg = "the product does not keep up"
                raise TimeoutError(msg)
            time.sleep(0.1)
        return blast, time.monotonic() - start

    def _is_busy(self) -> bool:
        unsettled = select(func.count()).where(inbox.c.state != "settled")
        untold = select(func.count()).where(outbox.c.settled_at.is_(None), outbox.c.way != "ride")
        with self._parts.database.read() as connection:
            return bool(connection.scalar(unsettled) or connection.scalar(untold))

    def close(self) -> None:
        self._parts.database.close()


def measure() -> list[Figure]:
    """One deployment for all mixes; memory is read when it has worked."""
    needed = sum(mix.events + int(mix.target / 2 * mix.paced_seconds) for mix in MIXES) + 500
    with deployed("postgresql", workers=2) as deployment:
        stage = Stage(deployment, _known_senders(deployment, needed))
        deployment.start()
        stage.fire(stage.load(500, 0.2))  # caches, prepared statements, connections
        figures = [figure for mix in MIXES for figure in _measured(stage, mix, deployment)]
        figures += memory_of(deployment)
        stage.close()
    return figures


def _measured(stage: Stage, mix: Mix, deployment: Deployment) -> list[Figure]:
    load = stage.load(mix.events, mix.warned)
    _, seconds = stage.fire(load)
    rate = mix.events / seconds
    waits = _waits(stage, mix, deployment)
    half = f"{mix.name}, at {mix.target / 2:.0f}/s"
    cuts = quantiles(waits, n=100)
    return [
        Figure(f"{mix.name}: events through", rate, "events/s", f"≥ {mix.target}"),
        Figure(f"{half}: receipt to warning, p50", cuts[49], "s"),
        Figure(f"{half}: receipt to warning, p95", cuts[94], "s", "≤ 2"),
        Figure(f"{half}: receipt to warning, p99", cuts[98], "s"),
    ]


def _waits(stage: Stage, mix: Mix, deployment: Deployment) -> list[float]:
    """From the webhook's sending to the moment LINE has the warning, at half the load."""
    load = stage.load(int(mix.target / 2 * mix.paced_seconds), mix.warned)
    blast, _ = stage.fire(load, mix.target / 2)
    told = {to: at for at, to in deployment.line.times()}
    missing = set(load.warned) - set(told)
    if missing:
        msg = f"{len(missing)} warnings did not come by reply"
        raise RuntimeError(msg)
    return [told[token] - blast.sent_at[number] for token, number in load.warned.items()]


def _known_senders(deployment: Deployment, count: int) -> list[tuple[str, str]]:
    chats = [
        Chat(
            line_id("C", number),
            tuple(
                line_id("U", number * 100_000 + person) for person in range(count // _GROUPS + 1)
            ),
        )
        for number in range(_GROUPS)
    ]
    parts = deployment.parts()
    for chat in chats:
        _register(parts, chat)
    parts.database.close()
    senders = [(chat.line_id, person) for chat in chats for person in chat.people]
    random.Random(1).shuffle(senders)
    return senders


def _register(parts: Parts, chat: Chat) -> None:
    with parts.store.unit_of_work() as uow:
        group = uow.registry.add_group(Group(new_id(), chat.line_id, is_room=False))
        for person in chat.people:
            known = uow.registry.ensure_person(person)
            uow.registry.note_presence(group, known, known_by=KnownBy.SPOKE, at=parts.clock.now())
