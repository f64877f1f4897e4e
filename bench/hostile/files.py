"""The hostile files in their order, the same for the same seed.

`python -m bench.hostile.files DIR COUNT SEED` writes them down, with a list of their names, and one
good file. A process of its own makes them: what Pillow, FFmpeg and a hundred megabytes of noughts
leave behind shall not count as the worker's memory.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from random import Random

from bench.hostile.bombs import BOMBS
from bench.hostile.mutations import MUTATIONS
from tests.seeing.samples import SAMPLES, xlsx

# Names as they come from strangers' phones and from strangers' scripts.
_NAMES = (
    "a" * 10_000 + ".pdf",
    "\u202egpj.exe",
    "x\x00y\x1b[2J\r\n.docx",
    "../../../etc/passwd",
    "",
    ".",
    "\ud800\udfff.png",
    "ก่ื" * 2000 + ".xlsx",
    "HN 650012345 " * 700,
)


@dataclass(frozen=True, slots=True)
class HostileFile:
    what: str
    name: str
    make: Callable[[], bytes]


def hostile_files(count: int, seed: int) -> list[HostileFile]:
    """Every bomb, every odd name, and damaged files of every format until there are enough."""
    random = Random(seed)
    chosen = [HostileFile(what, f"{what}.bin", make) for what, make in BOMBS.items()]
    chosen += [HostileFile("odd name", name, samples) for name, samples in _odd_names()]
    random.shuffle(chosen)
    chosen = chosen[: count // 2]
    damaged = _damaged(random)
    chosen += [next(damaged) for _ in range(count - len(chosen))]
    random.shuffle(chosen)
    return chosen


def _odd_names() -> Iterator[tuple[str, Callable[[], bytes]]]:
    yield from zip(_NAMES, cycle(SAMPLES.values()), strict=False)


def _damaged(random: Random) -> Iterator[HostileFile]:
    extensions = [name.rpartition(".")[2] for name in SAMPLES]
    for name, sample in cycle(SAMPLES.items()):
        mutation = random.choice(MUTATIONS)
        own = Random(random.random())
        shown = name if random.random() > 0.2 else f"x.{random.choice(extensions)}"

        def make(
            sample: Callable[[], bytes] = sample,
            mutation: Callable[[bytes, Random], bytes] = mutation,
            own: Random = own,
        ) -> bytes:
            return mutation(sample(), own)

        yield HostileFile(f"{name}, {mutation.__name__}", shown, make)


def write_down(folder: Path, count: int, seed: int) -> None:
    files = hostile_files(count, seed)
    for i, file in enumerate(files):
        (folder / f"{i:04}").write_bytes(file.make())
    (folder / "good").write_bytes(xlsx())
    names = [{"what": file.what, "name": file.name} for file in files]
    (folder / "list.json").write_text(json.dumps(names), encoding="ascii")


if __name__ == "__main__":
    write_down(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
