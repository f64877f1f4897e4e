"""Names of patients and of their relatives.

A name is proposed by a word before it (a title, a kinship word, 'ชื่อ', 'คนไข้'), by its place
(the start of a line of a ward list, beside a bed) or by a field; it counts when the message says
that a patient is meant, and nothing says that it is somebody at work, in the news or made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.detectors.names import evidence, second_look
from bot.detectors.names.proposal import Proposal, Source, Taken
from bot.detectors.names.proposals import propose
from bot.detectors.names.setting import Setting
from bot.detectors.names.verdict import Reason, judge
from bot.domain.findings import Finding, Label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.detectors.scene import Scene


# Who is named as staff, or in a list of colleagues, gets no second look.
_SAID = frozenset((Source.STAFF, Source.FIELD))


@dataclass(frozen=True, slots=True)
class PersonDetector:
    label: Label = Label.PERSON
    digits_enough: int = 1

    @property
    def wakes_on(self) -> tuple[str, ...]:
        return evidence.PIECES

    def find(self, scene: Scene) -> Iterable[Finding]:
        setting = Setting(scene)
        if not setting.speaks_of_care:
            return ()
        return tuple(self._findings(setting))

    def _findings(self, setting: Setting) -> Iterator[Finding]:
        held, names = Taken(len(setting.text)), []
        for proposal in propose(setting):
            reason = judge(proposal, setting)
            if reason is not None or proposal.source in _SAID:
                held.add(proposal)
            if reason is not None:
                names.append((proposal.start, proposal.end))
                yield self._finding(proposal, reason)
        for proposal in second_look.propose(setting, names, held):
            reason = judge(proposal, setting)
            if reason is not None:
                yield self._finding(proposal, reason)

    def _finding(self, proposal: Proposal, reason: Reason) -> Finding:
        return Finding(proposal.start, proposal.end, self.label, reason.strength, reason.text)


DETECTOR = PersonDetector()
