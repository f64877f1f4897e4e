"""Durable intake against a bare Flask app under the same gunicorn: A B A B, medians."""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from statistics import median

from bench.deployment import SECRET, Deployment, deployed
from bench.load import texts
from bench.load.blast import Blaster
from bench.load.bodies import Body
from bench.load.events import EventMaker, in_group
from bench.load.world import line_id
from bench.processes import Process
from bench.tables import Figure
from tests.services.server import free_port

_ROUNDS = 5
_REQUESTS = 3_000
# As many as one gunicorn worker has threads: LINE's own connections for a busy account.
_CONNECTIONS = 16
_TARGETS = {"sqlite": ("≥ 0.5", ""), "postgresql": ("≥ 0.3", "≥ 1000")}


def measure(database: str) -> list[Figure]:
    with deployed(database, workers=0) as deployment, _two_webs(deployment) as ports:
        rates = _alternately(ports, events_in_a_body=1)
        several = _alternately({"product": ports["product"]}, events_in_a_body=4)
    ratio_target, rate_target = _TARGETS[database]
    ratios = [ours / bare for ours, bare in zip(rates["product"], rates["bare"], strict=True)]
    return [
        Figure("bare Flask, one event a body", median(rates["bare"]), "bodies/s"),
        Figure("intake, one event a body", median(rates["product"]), "events/s", rate_target),
        Figure("ratio to the bare app", median(ratios), "×", ratio_target),
        Figure("intake, four events a body", 4 * median(several["product"]), "events/s"),
    ]


def _alternately(ports: Mapping[str, int], events_in_a_body: int) -> dict[str, list[float]]:
    """Rates in bodies a second, round by round; the first round only warms up."""
    rates: dict[str, list[float]] = {name: [] for name in ports}
    for number in range(_ROUNDS + 1):
        for name, port in ports.items():
            requests = _requests(number, events_in_a_body)
            blast = Blaster(port, _CONNECTIONS).fire(requests)
            if blast.refused:
                msg = f"{name} refused {blast.refused} requests"
                raise RuntimeError(msg)
            rates[name].append(blast.rate)
    return {name: measured[1:] for name, measured in rates.items()}


def _requests(seed: int, events_in_a_body: int) -> Sequence[bytes]:
    maker = EventMaker(random.Random(f"{seed} {events_in_a_body} {time.monotonic_ns()}"))
    now_ms = int(time.time() * 1000)
    count = _REQUESTS // events_in_a_body
    return [
        Body(tuple(_said(maker, now_ms) for _ in range(events_in_a_body))).request(SECRET)
        for _ in range(count)
    ]


def _said(maker: EventMaker, now_ms: int) -> dict[str, object]:
    source = in_group(line_id("C", maker.made % 60), line_id("U", maker.made))
    return maker.text(source, now_ms, texts.benign(maker.dice))


@contextmanager
def _two_webs(deployment: Deployment) -> Iterator[dict[str, int]]:
    """Both under the product's gunicorn settings; what is idle costs next to nothing."""
    apps = {"product": "bench.intake_app:app", "bare": "bench.bare:app"}
    if not deployment.is_embedded:
        apps["product"] = "wsgi:app"  # nobody works here, so the real door can be measured
    webs = {name: _web(deployment, name, app) for name, app in apps.items()}
    try:
        yield {name: port for name, (_, port) in webs.items()}
    finally:
        for process, _ in webs.values():
            process.stop()


def _web(deployment: Deployment, name: str, app: str) -> tuple[Process, int]:
    port = free_port()
    settings = "bot.web.gunicorn" if app == "wsgi:app" else "bench.gunicorn_settings"
    command = [sys.executable, "-m", "gunicorn", "--config", f"python:{settings}", app]
    environment = os.environ | deployment.environment | {"BIND": f"127.0.0.1:{port}"}
    process = Process(name, command, environment, deployment.directory)
    process.start()
    replace(deployment, web_port=port).wait_until_ready()
    return process, port
