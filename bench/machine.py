"""On what, and when, a number was measured."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from bench.deployment import version_of
from tests.services.postgres import programs


def described() -> str:
    load = os.getloadavg()[0]
    facts = (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"{os.cpu_count()} cores ({_cpu()})",
        f"{_memory_gb():.0f} GB",
        f"Python {platform.python_version()}",
        version_of(str(programs() / "postgres"), "--version"),
        version_of("redis-server", "--version").split(" sha=")[0],
        f"load {load:.1f} before",
    )
    return ", ".join(facts)


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
