"""One look under way: what it has cost, what it has seen, and the way into files inside files."""

from __future__ import annotations

import hashlib
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from bot.domain.sights import Unseen
from bot.seeing.ending import ended
from bot.seeing.limits import MB, Limits
from bot.seeing.lines import Line, Seen, identified, safe_name, seen_in, spoken_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bot.domain.findings import Label
    from bot.domain.incidents import PatientNumber
    from bot.domain.sights import Look, Sight, SightKind
    from bot.ports import TextReader

NAME_OF_FILE = "name of the file"
_SIGHTS_MOST = 200
_NUMBERS_MOST = 5000


class CannotSeeError(Exception):
    """Raised where a file, or the rest of it, cannot be looked at, with the reason for people."""

    def __init__(self, why: Unseen) -> None:
        super().__init__(str(why))
        self.why = why


class Picture(Protocol):
    """What the eyes saw."""

    @property
    def sights(self) -> Sequence[Sight]: ...
    @property
    def numbers(self) -> Sequence[PatientNumber]: ...


class Sees(Protocol):
    """The eyes: a picture as an array of blue, green and red, and where it stands in words."""

    def look_at(self, image: Any, place: str) -> Picture: ...  # noqa: ANN401 - numpy's, in the child


class Costs:
    """What one look has cost so far. Readers count here before they go on."""

    def __init__(self, limits: Limits, now: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self._now = now
        self._end = now() + limits.seconds
        self._spent = dict.fromkeys(("pages", "text_pages", "characters", "members", "bytes"), 0)

    def check_time(self) -> None:
        if self._now() > self._end:
            raise CannotSeeError(Unseen.TOO_LONG)

    def page(self) -> None:
        self._spend("pages", 1, self.limits.pages)

    def text_page(self) -> None:
        self._spend("text_pages", 1, self.limits.text_pages)

    def member(self) -> None:
        self._spend("members", 1, self.limits.members)

    def characters(self, count: int) -> None:
        self._spend("characters", count, self.limits.characters)

    def unpacked(self, count: int) -> None:
        self._spend("bytes", count, self.limits.unpacked_mb * MB)

    def _spend(self, what: str, amount: int, most: int) -> None:
        self.check_time()
        if self._spent[what] + amount > most:
            raise CannotSeeError(Unseen.TOO_LARGE)
        self._spent[what] += amount


class Told(Protocol):
    """Who is told of each thing as it is seen: a crash later on loses only the rest."""

    def sight(self, sight: Sight) -> None: ...
    def number(self, number: PatientNumber) -> None: ...


class Report:
    """What was seen so far. A list of a thousand patients is told by its first rows, and by all
    of its numbers."""

    def __init__(self, told: Told | None = None) -> None:
        self._told = told
        self._sights: dict[Sight, None] = {}
        self._numbers: dict[PatientNumber, None] = {}
        self._kinds: set[tuple[SightKind, Label | None]] = set()
        self.unseen: Unseen | None = None
        self.saw = False
        self.is_unheard = False

    def sight(self, sight: Sight) -> None:
        kind = (sight.kind, sight.label)
        if sight in self._sights or (len(self._sights) >= _SIGHTS_MOST and kind in self._kinds):
            return
        self._sights[sight] = None
        self._kinds.add(kind)
        if self._told:
            self._told.sight(sight)

    def number(self, number: PatientNumber) -> None:
        if number in self._numbers or len(self._numbers) >= _NUMBERS_MOST:
            return
        self._numbers[number] = None
        if self._told:
            self._told.number(number)

    def miss(self, why: Unseen) -> None:
        """The first reason is the one that is told."""
        self.unseen = self.unseen or why

    def look(self) -> Look:
        return ended(
            tuple(self._sights),
            tuple(self._numbers),
            self.unseen,
            saw=self.saw,
            is_unheard=self.is_unheard,
        )


@dataclass(frozen=True)
class Glance:
    """What the reader of a format is given: it says what it found where, and what stayed unseen."""

    eyes: Sees
    reader: TextReader
    costs: Costs
    report: Report
    enter: Callable[[bytes, Glance], None]
    """Looks into a file inside this one."""
    name: str = ""
    where: str = ""
    depth: int = 0

    @property
    def limits(self) -> Limits:
        return self.costs.limits

    def place(self, words: str) -> str:
        return ", ".join(filter(None, (self.where, words)))

    def read(self, lines: Iterable[Line]) -> None:
        """Text of the file, line by line."""
        for seen in seen_in(self._counted(lines), self.reader):
            self.costs.check_time()
            self._add(seen)

    def field(self, value: str, label: Label, reason: str, place: str) -> None:
        """A value whose field says what it is."""
        self._add(identified(value, label, reason, self.place(place)))

    def read_name(self, name: str) -> None:
        self.read([Line(spoken_name(name), NAME_OF_FILE)])

    def see(self, image: Any, place: str) -> None:  # noqa: ANN401 - numpy's, in the child
        """A picture in the file, as the eyes take it."""
        self.costs.page()
        seen = self.eyes.look_at(image, self.place(place))
        self.report.saw = True
        self._add(Seen(tuple(seen.sights), tuple(seen.numbers)))

    def sight(self, sight: Sight) -> None:
        self.report.saw = True
        self.report.sight(replace(sight, place=self.place(sight.place)))

    def miss(self, why: Unseen) -> None:
        self.report.miss(why)

    def leave_sound(self) -> None:
        """Of a video whose pictures are looked at."""
        self.report.is_unheard = True

    def file(self, content: bytes, name: str, where: str) -> None:
        """A file inside this one."""
        inside = replace(self, name=name, where=where, depth=self.depth + 1)
        self.enter(content, inside)

    @contextmanager
    def tolerant(self) -> Iterator[None]:
        """What cannot be seen in here does not keep the rest from being looked at, as long as
        there is time. Any library may raise anything when it is given anything."""
        try:
            yield
        except CannotSeeError as stop:
            self.miss(stop.why)
        except MemoryError:
            self.miss(Unseen.TOO_LARGE)
        except Exception:  # noqa: BLE001 - see above
            self.miss(Unseen.BROKEN)
        self.costs.check_time()

    def safe_name(self, name: str) -> str:
        return safe_name(name, self.reader)

    def _add(self, seen: Seen) -> None:
        for sight in seen.sights:
            self.report.sight(sight)
        for number in seen.numbers:
            self.report.number(number)

    def _counted(self, lines: Iterable[Line]) -> Iterator[Line]:
        for line in lines:
            self.costs.characters(len(line.text) + 1)
            self.report.saw = True
            yield line._replace(place=self.place(line.place))


def fingerprint(content: bytes) -> bytes:
    """Tells a logo that stands on every slide from a new picture."""
    return hashlib.blake2b(content, digest_size=16).digest()
