"""The desk at which all requests arrive: faults, authorization, rate, answer, record."""

import time
from dataclasses import dataclass, replace

from bot.sandbox.api.exchange import Answer, Ask, refused
from bot.sandbox.api.routes import Route
from bot.sandbox.calls import Call
from bot.sandbox.clock import SECOND_MS
from bot.sandbox.faults import AFTERWARDS, CLOSING, REFUSALS, FaultKind, InjectedFault
from bot.sandbox.refusals import BAD_TOKEN, NO_AUTHORIZATION, Refusal
from bot.sandbox.world import World

BODY_BYTES = 2 * 1024 * 1024
BEARER = "Bearer "


@dataclass(frozen=True)
class Outcome:
    answer: Answer
    is_closed: bool = False
    """The connection is to be closed without an answer."""


def serve(world: World, route: Route, ask: Ask) -> Outcome:
    started, at_ms = time.perf_counter(), world.now_ms()
    with world.lock:
        ask = replace(ask, request_id=world.ids.request())
        fault = world.faults.strike(ask.method, ask.path)
    if fault is not None and fault.seconds:
        time.sleep(fault.seconds)
    outcome = _outcome(world, route, ask, fault)
    took_ms = (time.perf_counter() - started) * SECOND_MS
    world.note_call(_call(ask, outcome, fault, at_ms, round(took_ms, 1)))
    return outcome


def _outcome(world: World, route: Route, ask: Ask, fault: InjectedFault | None) -> Outcome:
    if fault is None or fault.kind is FaultKind.HANG:
        return Outcome(_identified(ask, _answer(world, route, ask)))
    if fault.kind in AFTERWARDS:
        _answer(world, route, ask)
    refusal = REFUSALS.get(fault.kind, Refusal(500, ""))
    return Outcome(_identified(ask, refused(refusal)), fault.kind in CLOSING)


def _answer(world: World, route: Route, ask: Ask) -> Answer:
    try:
        if route.calls_back:
            _admit(world, route, ask)
            return route.answer(world, ask)
        with world.lock:
            _admit(world, route, ask)
            return route.answer(world, ask)
    except Refusal as refusal:
        return refused(refusal)


def _admit(world: World, route: Route, ask: Ask) -> None:
    if not route.is_open:
        _authorize(world, ask)
    if world.switches.limits_rates:
        world.rates.take(route.bucket, world.now_ms())
    if len(ask.body) > BODY_BYTES:
        raise Refusal(413, "Request Entity Too Large")


def _authorize(world: World, ask: Ask) -> None:
    header = ask.headers.get("authorization", "")
    if not header.startswith(BEARER):
        raise Refusal(401, NO_AUTHORIZATION)
    if header.removeprefix(BEARER) != world.channel.access_token:
        raise Refusal(401, BAD_TOKEN)


def _identified(ask: Ask, answer: Answer) -> Answer:
    return replace(answer, headers={"x-line-request-id": ask.request_id, **answer.headers})


def _call(
    ask: Ask, outcome: Outcome, fault: InjectedFault | None, at_ms: int, took_ms: float
) -> Call:
    kind = None if fault is None else fault.kind
    return Call(
        request_id=ask.request_id,
        method=ask.method,
        path=ask.path,
        query="&".join(f"{name}={value}" for name, value in ask.query.items()),
        headers=dict(ask.headers),
        body=ask.body,
        status=0 if outcome.is_closed else outcome.answer.status,
        answer=outcome.answer.json if outcome.answer.data is None else None,
        at_ms=at_ms,
        took_ms=took_ms,
        fault=kind,
        carried_out=kind is None or kind is FaultKind.HANG or kind in AFTERWARDS,
    )
