"""One run: load, faults and kills; then quiet; then the questions."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import update

from bench.chaos.checker import complaints
from bench.chaos.monkey import monkey_for
from bench.chaos.state import Sent, State, read_state
from bench.deployment import SECRET, Deployment, deployed
from bench.line.contents import HN
from bench.load.courier import Courier, Delivery
from bench.load.factory import Factory
from bench.load.world import Standing, World, make_world
from bot.bootstrap import Parts, build
from bot.domain.buttons import decode
from bot.domain.groups import Approval, Group, GroupKind
from bot.domain.ids import new_id
from bot.storage.tables import inbox, looks, outbox
from bot.worker.house import make_upkeep

# After the last event was sent, this long for what was refused while something was dead.
_COURIER_PATIENCE_SECONDS = 180.0
_FAULT_RATE = 0.12
# When nothing ends for so long, what is still held is held by the dead: a look takes a second.
_STILL_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Plan:
    database: str
    events: int
    seconds: float
    seed: int
    groups: int = 60
    pause_seconds: tuple[float, float] = (1.5, 5.0)
    settle_seconds: float = 180.0


@dataclass(slots=True)
class Result:
    plan: Plan
    complaints: list[str] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    faults: Mapping[str, int] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    looks: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    settled_after_seconds: float = 0.0


def run(plan: Plan) -> Result:
    result = Result(plan)
    with deployed(plan.database, seed=plan.seed) as deployment:
        world = make_world(plan.groups, 6, plan.seed)
        _prepare(deployment, world)
        factory = _factory(plan, world)
        delivery = _rage(deployment, plan, factory, result)
        result.settled_after_seconds = _settle(deployment, plan.settle_seconds)
        deployment.stop()
        state = _forgotten(deployment)
        sent = _sent(deployment, factory, delivery)
        result.complaints = complaints(state, sent)
        _count(result, state, deployment, delivery)
    return result


def _prepare(deployment: Deployment, world: World) -> None:
    parts = deployment.parts()
    register(parts, world)
    parts.database.close()


def _factory(plan: Plan, world: World) -> Factory:
    step_ms = plan.seconds * 1000 / plan.events
    return Factory(world, plan.seed, int(time.time() * 1000), step_ms)


def _rage(deployment: Deployment, plan: Plan, factory: Factory, result: Result) -> Delivery:
    bodies = factory.bodies(plan.events)
    deployment.start()
    deployment.line.hold_contents()
    deployment.line.fail(_FAULT_RATE)
    courier = Courier(deployment.web_port, SECRET, seed=plan.seed)
    courier.start(bodies, plan.seconds, _COURIER_PATIENCE_SECONDS)
    monkey = monkey_for(deployment, random.Random(plan.seed), plan.pause_seconds)
    calm_at = time.monotonic() + plan.seconds
    monkey.rage_until(lambda: time.monotonic() > calm_at)
    deployment.line.fail(0.0)
    result.kills = monkey.kills
    return courier.join()


# --- quiet ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClockAhead:
    """Our own clock, set forward: nobody waits an hour for what an hour brings."""

    ahead: timedelta

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def _ahead(deployment: Deployment, **span: float) -> Parts:
    return build(deployment.settings, ClockAhead(timedelta(**span)))


def _settle(deployment: Deployment, seconds: float) -> float:
    """Until nothing waits, or for so long."""
    start, parts = time.monotonic(), deployment.parts()
    before, same = None, 0
    while (now := _unsettled(parts)).total() and time.monotonic() < start + seconds:
        deployment.supervise()
        same = same + 1 if now == before else 0
        if same >= _STILL_SECONDS:
            _end_leases(parts)
            same = 0
        before = now
        time.sleep(1.0)
    parts.database.close()
    return time.monotonic() - start


def _unsettled(parts: Parts) -> Counter[str]:
    """Events and tellings that have not ended; rides wait for their time and do not count."""
    events, tellings = parts.queue.counts(), parts.tell_queue.counts(parts.clock.now())
    events = Counter(events) + Counter(parts.look_queue.counts())
    return Counter({state: events.get(state, 0) for state in ("waiting", "claimed")}) + Counter(
        {state: tellings.get(state, 0) for state in ("waiting", "telling")}
    )


def _end_leases(parts: Parts) -> None:
    """What the dead held would be free after a minute; the minute would only be slept."""
    over = parts.clock.now() - timedelta(seconds=1)
    with parts.database.write() as connection:
        for table in (inbox, outbox, looks):
            held = update(table).where(table.c.lease_until.is_not(None))
            connection.execute(held.values(lease_until=over))


def _forgotten(deployment: Deployment) -> State:
    """A day later: payloads, rewrites and what waited for a ride are gone."""
    parts = _ahead(deployment, hours=26)
    make_upkeep(parts).run_all()
    state = read_state(parts)
    parts.database.close()
    return state


# --- what is compared -----------------------------------------------------------------------


def register(parts: Parts, world: World) -> None:
    """What the hospital has said of its groups before the first message."""
    now = parts.clock.now()
    with parts.store.unit_of_work() as uow:
        for chat in world.chats:
            uow.registry.add_group(
                Group(
                    new_id(),
                    chat.line_id,
                    is_room=False,
                    kind=GroupKind.CARE_TEAM,
                    approval=_approval(chat.standing),
                    # From before the first event of the run.
                    approved_from=now - timedelta(days=1),
                    review_at=now + timedelta(days=90),
                    is_simulated=chat.standing is Standing.SIMULATED,
                )
            )


def _approval(standing: Standing) -> Approval:
    return Approval.APPROVED if standing is Standing.APPROVED else Approval.NONE


def _sent(deployment: Deployment, factory: Factory, delivery: Delivery) -> Sent:
    return Sent(
        accepted=frozenset(delivery.accepted),
        expected=factory.expected,
        left=delivery.left,
        warnings=[token for telling in deployment.line.tellings() for token in warned_of(telling)],
        texts=[*factory.texts_used, HN],
        logs=deployment.logs(),
        contents=factory.contents,
    )


_THINGS = ("ข้อความ", "ภาพ", "วิดีโอ", "ไฟล์")
_WARNING_TITLES = (
    *(f"ช่วยเก็บ{thing}นี้กลับหน่อยนะคะ" for thing in _THINGS),
    "ยกเลิกการส่งไม่ได้แล้ว แต่ยังช่วยกันได้ค่ะ",
)


def warned_of(telling: Mapping[str, Any]) -> set[str]:
    """The token of the incident that this call warns of, by a warning's title and buttons."""
    strings = list(_strings(telling["messages"]))
    if not set(_WARNING_TITLES).intersection(strings):
        return set()
    pressed = (decode(text) for text in strings)
    return {press[1] for press in pressed if press is not None}


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    children = value.values() if isinstance(value, dict) else value
    if not isinstance(value, dict | list):
        return []
    return [text for child in children for text in _strings(child)]  # type: ignore[attr-defined]


def _count(result: Result, state: State, deployment: Deployment, delivery: Delivery) -> None:
    result.answers = delivery.answers
    result.faults = deployment.line.faults()
    result.outcomes = Counter(str(row["outcome"]) for row in state.inbox)
    result.looks = Counter(str(row["outcome"]) for row in state.looks)
    result.warnings = Counter(
        row["state"] for row in state.outbox if row["purpose"] == "first_warning"
    )
    result.entries = len(state.entries)
