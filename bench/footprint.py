"""Memory of the processes, and how long they take to start."""

from __future__ import annotations

import re
import time
from pathlib import Path

from bench.deployment import Deployment, deployed
from bench.processes import Process
from bench.tables import Figure
from tests.services.server import wait_until

_START_SECONDS = 30.0


def memory_of(deployment: Deployment) -> list[Figure]:
    """The largest of each kind; PSS counts what processes share in equal parts."""
    processes = deployment.processes
    web = [*processes["web"].family()]
    workers = [
        pid for name in processes if name.startswith("worker") for pid in processes[name].family()
    ]
    return [
        Figure(
            "web, largest process, RSS", max(_megabytes(pid, "Rss") for pid in web), "MB", "≤ 200"
        ),
        Figure("web, all processes, PSS", sum(_megabytes(pid, "Pss") for pid in web), "MB"),
        Figure("worker, RSS", max(_megabytes(pid, "Rss") for pid in workers), "MB", "≤ 300"),
        Figure("worker, PSS", max(_megabytes(pid, "Pss") for pid in workers), "MB"),
    ]


def _megabytes(pid: int, what: str) -> float:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
    found = re.search(rf"^{what}:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def measure_start() -> list[Figure]:
    """From the command to the first answer, or to the worker's own word that it works."""
    figures = []
    with deployed("postgresql", workers=1) as deployment:
        for name in ("web", "worker-1", "clock"):
            seconds = _seconds_to_start(deployment, deployment.processes[name])
            figures.append(Figure(f"start of {name.partition('-')[0]}", seconds, "s", "≤ 3"))
    with deployed("sqlite") as deployment:
        seconds = _seconds_to_start(deployment, deployment.processes["product"])
        figures.append(Figure("start of the one process on SQLite", seconds, "s", "≤ 3"))
    return figures


def _seconds_to_start(deployment: Deployment, process: Process) -> float:
    start = time.monotonic()
    process.start()
    if process.name in ("web", "product"):
        deployment.wait_until_ready()
    else:
        wait_until(lambda: ".started" in process.log.read_text(errors="replace"), _START_SECONDS)
    return time.monotonic() - start
