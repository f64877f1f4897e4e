"""What the tools promise holds for rooms and dependencies that are added later, too."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent

# They are not rooms: the package itself, and the door through which `python -m bot` enters.
NOT_ROOMS = {"__init__", "__main__", "__pycache__"}


def rooms() -> set[str]:
    entries = (ROOT / "bot").iterdir()
    names = {entry.stem for entry in entries if entry.is_dir() or entry.suffix == ".py"}
    return {f"bot.{name}" for name in names - NOT_ROOMS}


def layers(contract: dict[str, list[str]]) -> set[str]:
    return set(re.findall(r"[\w.]+", " ".join(contract["layers"])))


def direct_dependencies(file: str) -> set[str]:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    found = (re.match(r"[\w.-]+", line) for line in lines if not line.startswith(("-", "#")))
    return {name.group() for name in found if name}


def test_every_room_has_its_place_in_the_import_contract() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    with_layers = [contract for contract in contracts if contract["type"] == "layers"]
    assert len(with_layers) == 2
    for contract in with_layers:
        assert rooms() - layers(contract) == set()


def test_every_direct_dependency_has_its_reason() -> None:
    reasons = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| ([\w.-]+) \|", reasons, re.MULTILINE)) - {"Package", "---"}
    lists = ("requirements.in", "requirements-dev.in", "requirements-bench.in")
    assert named == set().union(*map(direct_dependencies, lists))


def test_the_lock_of_developers_holds_the_versions_that_hospitals_run() -> None:
    pinned = re.compile(r"^[\w.-]+==\S+", re.MULTILINE)
    runtime = set(pinned.findall((ROOT / "requirements.txt").read_text(encoding="utf-8")))
    developers = set(pinned.findall((ROOT / "requirements-dev.txt").read_text(encoding="utf-8")))
    assert runtime <= developers


def test_the_wsgi_door_does_not_know_the_sandbox() -> None:
    # The import contract sees packages only, and wsgi.py is a single file.
    assert "sandbox" not in (ROOT / "wsgi.py").read_text(encoding="utf-8")
