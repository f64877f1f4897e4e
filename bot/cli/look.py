"""`look`: looks into pictures and files, and says what in them identifies a patient."""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.bootstrap import looker_for
from bot.cli.common import json_line
from bot.cli.progress import Bar
from bot.errors import UsageError
from bot.seeing.glance import NAME_OF_FILE
from bot.seeing.limits import MB
from bot.settings import load_hn_formats, load_look

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.domain.sights import Look, Sight
    from bot.ports import Looker


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    parser = commands.add_parser(
        "look",
        help="find patient data in pictures and files (JSON lines out)",
        description="Looks into pictures, documents, archives and videos and writes one JSON line "
        "for each: 'file', 'outcome', 'findings', 'ms', and 'why' where something could not be "
        "seen. Nothing is stored, unless --safe-copy says where.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument(
        "--safe-copy",
        metavar="DIR",
        help="write pictures with findings there as <name>.safe.jpg: faces blurred, "
        "identifiers blacked out, nothing else kept",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    copies = _folder(options.safe_copy)
    look = load_look()
    code = 0
    with closing(looker_for(look, load_hn_formats())) as looker:
        for file in _with_progress(options.files):
            try:
                content = _read(file, look.max_mb)
            except OSError as error:
                sys.stderr.write(f"{file}: cannot be read ({error.strerror})\n")
                code = 1
            else:
                said = _answer(looker, file, content, copies)
                sys.stdout.write(json_line(said))
                sys.stdout.flush()
    return code


def _read(file: str, max_mb: int) -> bytes:
    """One byte more than is allowed tells that it is too large."""
    with Path(file).open("rb") as opened:
        return opened.read(max_mb * MB + 1)


def _answer(looker: Looker, file: str, content: bytes, copies: Path | None) -> dict[str, object]:
    begin = time.monotonic()
    look = looker.look(content, Path(file).name)
    answer = {"file": file, **_said(look), "ms": round((time.monotonic() - begin) * 1000)}
    if copies is not None and look.sights:
        answer["safe_copy"] = _write_copy(looker.safe_copy(content), copies, _stem(look, file))
    return answer


def _stem(look: Look, file: str) -> str:
    """A safe copy is not called by what it hides."""
    is_telling = any(sight.place == NAME_OF_FILE for sight in look.sights)
    return "picture" if is_telling else Path(file).stem


def _said(look: Look) -> dict[str, object]:
    said: dict[str, object] = {
        "outcome": str(look.outcome),
        "findings": [_finding(sight) for sight in look.sights],
    }
    if look.unseen is not None:
        said |= {"why": str(look.unseen), "is_partial": look.is_partial}
    return said


def _finding(sight: Sight) -> dict[str, object]:
    """`label` for an identifier, `kind` for what is none; where it is, as far as that is known."""
    named = {"label": str(sight.label)} if sight.label else {"kind": str(sight.kind)}
    where = {"place": sight.place} if sight.place else {}
    region = {"region": sight.region.corners} if sight.region else {}
    return {**named, **where, **region, "masked": sight.masked, "reason": sight.reason}


# --- Safe copies ----------------------------------------------------------------------------


def _folder(name: str | None) -> Path | None:
    if name is None:
        return None
    folder = Path(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{name} cannot be made a folder ({error.strerror})") from None
    return folder


def _write_copy(copy: bytes | None, folder: Path, name: str) -> str | None:
    """Nothing that is there is written over: two wards may both send 'IMG_0001.jpg'."""
    if copy is None:
        return None
    for number in range(1, 10_000):
        path = folder / (f"{name}.safe.jpg" if number == 1 else f"{name}.{number}.safe.jpg")
        try:
            with path.open("xb") as file:
                file.write(copy)
        except FileExistsError:
            continue
        return str(path)
    return None


# --- Progress -------------------------------------------------------------------------------


def _with_progress(files: Sequence[str]) -> Iterator[str]:
    """A bar on the terminal where there are many; nothing in a pipe."""
    if len(files) == 1 or not sys.stderr.isatty():
        yield from files
        return
    bar = Bar(sys.stderr.write)
    for done, file in enumerate(files):
        bar.show(done / len(files), f"{done} of {len(files)}")
        yield file
    bar.clear()
