"""Names of patients and of their relatives.

A name is proposed by a word before it (a title, a kinship word, 'ชื่อ', 'คนไข้'), by its place
(the start of a line of a ward list, beside a bed), by a field, or by its letters alone; it counts
when all that speaks for a patient outweighs what speaks for somebody else, or for no name at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.detectors.names import evidence
from bot.detectors.names.belief import believed
from bot.detectors.names.candidates import candidates
from bot.detectors.names.proposals import propose
from bot.detectors.names.setting import Setting
from bot.detectors.names.signs import Look
from bot.detectors.names.verdict import reason_for
from bot.detectors.names.words import NAMING_PIECES
from bot.domain.findings import Finding, Label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.detectors.names.proposal import Proposal
    from bot.detectors.scene import Scene


@dataclass(frozen=True, slots=True)
class PersonDetector:
    label: Label = Label.PERSON
    digits_enough: int = 1
    wakes_when_long: bool = True

    @property
    def wakes_on(self) -> tuple[str, ...]:
        return (*evidence.PIECES, *NAMING_PIECES)

    def find(self, scene: Scene) -> Iterable[Finding]:
        setting = Setting(scene)
        if not setting.may_name_somebody:
            return ()
        return tuple(self._findings(setting))

    def _findings(self, setting: Setting) -> Iterator[Finding]:
        found = candidates(setting, propose(setting))
        look = Look(setting, found)
        for name in sorted((*look.patients_fields, *believed(look))):
            yield self._finding(name, setting)

    def _finding(self, name: Proposal, setting: Setting) -> Finding:
        reason = reason_for(name, setting)
        return Finding(name.start, name.end, self.label, reason.strength, reason.text)


DETECTOR = PersonDetector()
